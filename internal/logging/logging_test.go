package logging_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/logging"
)

var times = regexp.MustCompile(`(?m)^(\{)?"?time"?[=:]\S*?(,| |$)`)

func logged(t *testing.T, format string, write func(*slog.Logger)) string {
	t.Helper()
	var out bytes.Buffer
	logger, end, err := logging.New(logging.Options{Level: "debug", Format: format}, &out)
	require.NoError(t, err)
	write(logger)
	require.NoError(t, end())
	// A line's own time can have any digits.
	return times.ReplaceAllString(out.String(), "")
}

func TestWhatMayBeASecretOrAPersonIsTakenOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ secret, text string }{
		{"hunter2", "cannot connect to postgres://duenotice:hunter2@db.example.org:5432/duenotice"},
		{"hunter2", "postgres://duenotice:p@hunter2@db.example.org/x"},
		{"hunter2", "host=db password=hunter2 sslmode=disable"},
		{"hunter2", "host=db password='hunter2 and more' port=1"},
		{"hunter2", `{"password":"hunter2"}`},
		{"SG.abc", "the key SG.abc.def-123 was refused"},
		{"eyJhbGci", "Authorization: Bearer eyJhbGci.x.y=="},
		{"AGE-SECRET-KEY-1QQ", "identity AGE-SECRET-KEY-1QQPQ"},
		{"quilla.marsh", "no mail for quilla.marsh+x@mail.example.org"},
		{"078-05-1120", "row 078-05-1120"},
		{"555", "call (202) 555-0171, 202-555-0172 or +1 202.555.0173"},
		{"4111", "card 4111 1111 1111 1111"},
		{"Wychelm", "returned from 17 North Wychelm Street, Apt 4"},
	} {
		for _, format := range []string{"json", "text"} {
			out := logged(t, format, func(l *slog.Logger) {
				l.Info(c.text)
				l.Error("x", "Error", errors.New(c.text))
				l.Error("x", "error", fmt.Errorf("while: %w", errors.New(c.text)))
				l.With("reason", c.text).WithGroup("g").Warn("x", "status", c.text)
			})
			require.NotContains(t, out, c.secret, format)
			require.Contains(t, out, logging.Redacted)
			require.Equal(t, 4, strings.Count(out, "\n"))
		}
	}
}

func TestWhatNobodyLookedAtIsLeftOut(t *testing.T) {
	t.Parallel()
	type person struct{ LastName string }
	out := logged(t, "json", func(l *slog.Logger) {
		l.Info("x", "last_name", "Quillonbury", "Error", person{"Quillonbury"}, "practice", &person{"Quillonbury"},
			slog.Group("incident", "first_name", "Quillonbury", "count", 3), "name", map[string]string{"a": "Quillonbury"})
		l.Info("x", "Error", &pgconn.PgError{Code: "22007", Message: `invalid input syntax for type date: "Quillonbury"`, Detail: "Quillonbury"})
		l.Info("x", "Error", fmt.Errorf("the list is not loaded: %w", &pgconn.PgError{Code: "23505", Message: "Key (Quillonbury) exists"}))
	})
	require.NotContains(t, out, "Quillonbury")
	require.Contains(t, out, "23505")
	require.Contains(t, out, "the list is not loaded")
	require.Contains(t, out, `"count":3`)
}

func TestWhatAnEngineerNeedsStays(t *testing.T) {
	t.Parallel()
	out := logged(t, "json", func(l *slog.Logger) {
		l.Error("Activity error.", "WorkflowID", "practice:EX-2026-03:P-17", "RunID", "01a21254-5557-7592-8721-079baf23741d",
			"Attempt", 3, "Duration", time.Second, "Error", errors.New("P-17 is due 2026-05-15 under 45 CFR 164.404(b); see https://example.org/notice and 127.0.0.1:7233"))
	})
	for _, want := range []string{"practice:EX-2026-03:P-17", "01a21254-5557-7592-8721-079baf23741d", `"Attempt":3`, "2026-05-15 under 45 CFR 164.404(b)", "https://example.org/notice and 127.0.0.1:7233"} {
		require.Contains(t, out, want)
	}
}

func TestLevelFormatAndPlace(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logs", "worker.log")
	var stream bytes.Buffer
	for range 2 {
		logger, end, err := logging.New(logging.Options{Level: "INFO", Format: "text", File: path}, &stream)
		require.NoError(t, err)
		logger.Debug("hidden")
		logger.Info("shown")
		require.NoError(t, end())
	}
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(content), "level=INFO msg=shown"))
	require.NotContains(t, string(content), "hidden")
	require.Empty(t, stream.String())
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	logger, _, err := logging.New(logging.Options{}, &stream)
	require.NoError(t, err)
	logger.Info("hidden")
	logger.Warn("shown")
	require.Equal(t, 1, strings.Count(stream.String(), "\n"))
	require.True(t, strings.HasPrefix(stream.String(), "{"))

	for _, wrong := range []logging.Options{{Level: "loud"}, {Level: "info+3"}, {Format: "xml"}} {
		_, _, err := logging.New(wrong, &stream)
		_, ok := breach.AsRefusal(err)
		require.True(t, ok, "%+v", wrong)
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("postgres://u:p@h/x", "a@b.c")
	f.Fuzz(func(t *testing.T, before, after string) {
		const password = "hunter2hunter2"
		require.NotContains(t, logging.Scrub(before+" postgres://u:"+password+"@host/db "+after), password)
	})
}
