package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
)

// TestPrintedLettersAreListedWhenTheDatabaseMayHaveForgottenSome: each list costs a bucket's
// requests. A database that was put back is looked at when that is first seen; letters that
// are printed one batch after the other are no reason.
func TestPrintedLettersAreListedWhenTheDatabaseMayHaveForgottenSome(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	batches := func(names ...string) map[string]bool {
		printed := map[string]bool{}
		for _, name := range names {
			printed[name] = true
		}
		return printed
	}
	never := app.PrintedLook(time.Time{}, nil, false)
	seen, alarm := app.PrintedLook(at, batches("001-001", "001-002"), false), app.PrintedLook(at, batches("001-001", "001-002"), true)
	for name, c := range map[string]struct {
		due   func(map[string]bool, time.Time) bool
		there map[string]bool
		after time.Duration
		want  bool
	}{
		"a worker that has just started":   {never, batches("001-001"), 0, true},
		"nothing changed":                  {seen, batches("001-001", "001-002"), time.Minute, false},
		"more are printed":                 {seen, batches("001-001", "001-002", "001-003"), time.Minute, false},
		"one is forgotten":                 {seen, batches("001-001"), time.Minute, true},
		"one is forgotten, others printed": {seen, batches("001-001", "002-001", "002-002"), time.Minute, true},
		"all are forgotten":                {seen, nil, time.Minute, true},
		"an alarm stands":                  {alarm, batches("001-001", "001-002"), time.Second, true},
		"nobody looked for long":           {seen, batches("001-001", "001-002"), app.PrintedEvery, true},
	} {
		require.Equal(t, c.want, c.due(c.there, at.Add(c.after)), name)
	}
}
