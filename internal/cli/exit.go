package cli

import (
	"context"
	"errors"
	"fmt"

	"duenotice/activities"
	"duenotice/internal/logging"
)

// Exit codes, as the contract has them.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3
	exitLate    = 4
	exitWaiting = 5
	// exitUnverified: the evidence, or what was recorded, does not verify.
	exitUnverified = 6
	// exitUnwatched: no worker takes work, or a server is away.
	exitUnwatched = 7
)

// codeError ends the program with a code. A nil err says that everything was said already.
type codeError struct {
	code int
	err  error
}

func (e *codeError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *codeError) Unwrap() error { return e.err }

// usage says what is wrong with the command line.
func usage(format string, args ...any) error {
	return &codeError{exitUsage, fmt.Errorf(format, args...)}
}

// failed marks an error of the surroundings: a refusal within it concerns the
// configuration, not the input.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return &codeError{exitFailed, err}
}

// finish says what went wrong and returns the exit code.
func (p *program) finish(err error) int {
	if err == nil {
		return exitDone
	}
	code, say := exitFailed, err
	var coded *codeError
	refusal, refused := activities.RefusalOf(err)
	switch {
	case errors.As(err, &coded):
		code = coded.code
		if coded.err == nil {
			return code
		}
	case !p.began:
		code = exitUsage
	case errors.Is(err, context.Canceled):
		say = errors.New("interrupted; what was handed to the worker goes on, and the same command can be given again")
	case refused:
		code, say = exitRefused, refusal
	}
	word := "duenotice: "
	if code == exitRefused {
		word = "refused: "
	}
	fmt.Fprintln(p.Err, p.paint(p.Err, red, word)+logging.WithoutRows(say))
	if code == exitUsage {
		fmt.Fprintln(p.Err, "Add --help to see how the command is written.")
	}
	return code
}
