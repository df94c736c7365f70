// Package logging makes the program's log: structured lines, at a level, in a
// format and to a place that are configured, with what might be a secret or a
// person taken out on the way.
//
// Nothing about a patient is ever given to a log. The redaction here is the
// second wall, for the text of an error that somebody else wrote.
package logging

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
)

// Options says what is logged, how and where. The zero value is warnings, as
// JSON, to the writer that New is given.
type Options struct {
	// Level is debug, info, warn or error.
	Level string
	// Format is json or text.
	Format string
	// File is appended to, readable by the owner only; empty means the writer.
	File string
}

// New returns the log and what closes it. Without a file it writes to stream.
// Options that cannot be used are a *breach.Refusal.
func New(o Options, stream io.Writer) (*slog.Logger, func() error, error) {
	level := slog.LevelWarn
	if o.Level != "" {
		if err := level.UnmarshalText([]byte(o.Level)); err != nil || strings.ContainsAny(o.Level, "+-") {
			return nil, nil, breach.Refuse("log_level", "Give debug, info, warn or error.", "%q is not a level of the log", o.Level)
		}
	}
	if o.Format != "" && o.Format != "json" && o.Format != "text" {
		return nil, nil, breach.Refuse("log_format", "Give json or text.", "%q is not a format of the log", o.Format)
	}
	closeLog := func() error { return nil }
	if o.File != "" {
		if err := os.MkdirAll(filepath.Dir(o.File), 0o700); err != nil {
			return nil, nil, err
		}
		// Appending, so that several workers and a program that cuts the file off can share it.
		file, err := os.OpenFile(o.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, err
		}
		stream, closeLog = file, file.Close
	}
	options := &slog.HandlerOptions{Level: level}
	var lines slog.Handler = slog.NewJSONHandler(stream, options)
	if o.Format == "text" {
		lines = slog.NewTextHandler(stream, options)
	}
	return slog.New(Redacting(lines)), closeLog, nil
}
