package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
)

// TestPrintedLettersAreListedWhenTheDatabaseMayHaveForgottenSome: each list costs a bucket's
// requests. A database that was put back is looked at when that is first seen, and so is
// what somebody said is to be taken over; letters that are printed one batch after the other
// are no reason.
func TestPrintedLettersAreListedWhenTheDatabaseMayHaveForgottenSome(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	both := []string{"001-001", "notices-001"}
	never, seen, alarm := app.PrintedLook(time.Time{}, nil, 0, false), app.PrintedLook(at, both, 1, false), app.PrintedLook(at, both, 1, true)
	for name, c := range map[string]struct {
		due     func(known []string, adopted int, now time.Time) bool
		known   []string
		adopted int
		after   time.Duration
		want    bool
	}{
		"a worker that has just started":   {never, both, 0, 0, true},
		"nothing changed":                  {seen, both, 1, time.Minute, false},
		"more are printed":                 {seen, append([]string{"001-002"}, both...), 1, time.Minute, false},
		"one is forgotten":                 {seen, both[:1], 1, time.Minute, true},
		"one is forgotten, others printed": {seen, []string{"001-001", "002-001", "002-002"}, 1, time.Minute, true},
		"all are forgotten":                {seen, nil, 1, time.Minute, true},
		"one is to be taken over":          {seen, both, 2, time.Second, true},
		"an alarm stands":                  {alarm, both, 1, time.Second, true},
		"nobody looked for long":           {seen, both, 1, app.PrintedEvery, true},
	} {
		require.Equal(t, c.want, c.due(c.known, c.adopted, at.Add(c.after)), name)
	}
}
