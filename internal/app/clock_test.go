package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
)

// databaseClock is a database's, whose answer takes so long.
type databaseClock struct {
	says  time.Time
	takes func()
}

func (c databaseClock) Clock(context.Context) (time.Time, error) {
	c.takes()
	return c.says, nil
}

func TestClocksMayBeALittleApart(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		ours, theirs, takes time.Duration
		apart               bool
	}{
		"the same":                            {},
		"a minute ahead":                      {ours: time.Minute},
		"a minute behind":                     {theirs: time.Minute},
		"more than a minute ahead":            {ours: time.Minute + 1, apart: true},
		"more than a minute behind":           {theirs: time.Minute + 1, apart: true},
		"an hour ahead":                       {ours: time.Hour, apart: true},
		"the answer took its time":            {theirs: 5 * time.Minute, takes: 6 * time.Minute},
		"the answer took its time and is off": {theirs: 8 * time.Minute, takes: 6 * time.Minute, apart: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noon.Add(c.ours)
			err := app.SameClock(t.Context(), databaseClock{noon.Add(c.theirs), func() { now = now.Add(c.takes) }}, func() time.Time { return now })
			refusal, refused := breach.AsRefusal(err)
			require.Equal(t, c.apart, refused, "%v", err)
			if refused {
				require.Equal(t, "clock_apart", refusal.Code)
			}
		})
	}
}
