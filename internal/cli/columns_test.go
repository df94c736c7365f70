package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cases"
)

// TestAColumnByAnotherNameIsRefusedUntilSomebodySaysWhatItIs, by the case or by
// the command, and the plan is that of the list with the right name.
func TestAColumnByAnotherNameIsRefusedUntilSomebodySaysWhatItIs(t *testing.T) {
	t.Parallel()
	at := terminal{now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	dir := cases.Folder(t, "country-pr")
	change := func(name, old, replacement string) {
		path := filepath.Join(dir, name)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(content), old)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(content), old, replacement, 1)), 0o600))
	}
	right := at.run(t, "plan", dir, "--json")
	require.Zero(t, right.code, right.err)

	change("findings.csv", ",zip,", ",Zip Code,")
	r := at.run(t, "validate", dir)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "column 10, Zip Code, looks like zip")
	require.Equal(t, 3, at.run(t, "plan", dir).code)

	r = at.run(t, "plan", dir, "--json", "--ignore-column", "Zip Code")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, `"no_usable_address": 1`, "without its ZIP nobody can be written to")

	change("incident.yaml", "letters:", "columns: {Zip Code: zip}\nletters:")
	require.Zero(t, at.run(t, "validate", dir).code)
	r = at.run(t, "plan", dir, "--json")
	require.Zero(t, r.code, r.err)
	require.Equal(t, right.out, r.out)
}

// TestAnIncidentWhoseDayIsNotKnownRuns through the workflows to its end.
func TestAnIncidentWhoseDayIsNotKnownRuns(t *testing.T) {
	t.Parallel()
	at := terminal{now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	dir := cases.Folder(t, "breach-date-unknown")
	r := at.run(t, "simulate", dir, "--until", "2026-12-31")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "Individual notice: MISSED")
	require.Zero(t, at.run(t, "validate", dir).code)
}

// TestWhatTheSenderRefusesIsNotStarted: nothing of the case is loaded, and no
// server is asked.
func TestWhatTheSenderRefusesIsNotStarted(t *testing.T) {
	t.Parallel()
	at := terminal{now: time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)}
	r := at.run(t, "start", cases.Folder(t, "idn-email-run"), "--by", "Ada Rivera")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "practices.csv line 2, email")
	require.NotContains(t, r.err, "josé")
}
