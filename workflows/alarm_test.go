package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/casebook"
)

// timers counts the timers that a practice sets and takes back.
type timers struct{ set, off, rang int }

func (d *desk) timers() *timers {
	var t timers
	d.env.SetOnTimerScheduledListener(func(string, time.Duration) { t.set++ })
	d.env.SetOnTimerCanceledListener(func(string) { t.off++ })
	d.env.SetOnTimerFiredListener(func(string) { t.rang++ })
	return &t
}

// TestAPracticeHasOneTimerForAllItsDays: for five duties of three days, one is set at a
// time, word that changes nothing sets none, and none is left to go off for nobody.
func TestAPracticeHasOneTimerForAllItsDays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	d.state.Deadlines = nil
	for n, due := range []string{"2026-05-15", "2026-05-15", "2026-05-20", "2026-05-15", "2026-06-01"} {
		one := deadline(due, d.env.Now())
		one.ObligationID += string(rune('a' + n))
		d.state.Deadlines = append(d.state.Deadlines, one)
	}
	had := d.timers()
	for n := range 20 {
		d.after(time.Duration(n+1)*time.Hour, d.tell)
	}
	d.after(24*time.Hour, func() {
		// Those of the test's own callbacks are not the workflow's.
		require.Equal(t, timers{set: 1}, *had, "the same instant, however often it is looked at")
	})
	d.after(31*24*time.Hour, func() {
		require.Equal(t, []string{"30 days", "30 days", "30 days"}, names(d.stages))
		require.Equal(t, 1, d.noting, "what comes together is noted together")
	})
	d.after(36*24*time.Hour, func() {
		require.Equal(t, timers{set: 3, rang: 2}, *had)
		d.settle()
		d.tell()
	})
	d.run(t)
	require.Equal(t, 3, had.set)
}

// TestATimerThatIsNotWantedIsTakenBack: else it goes off in the months after, and wakes
// a practice of which nothing has changed.
func TestATimerThatIsNotWantedIsTakenBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	had := d.timers()
	d.after(time.Hour, func() {
		d.state.WakeAt, d.state.WakeReason = d.env.Now().Add(10*24*time.Hour), "the practice is reminded"
		d.tell()
	})
	d.after(2*time.Hour, func() {
		require.Equal(t, timers{set: 2, off: 1}, *had, "the nearest instant, and no other")
		d.state.WakeAt = time.Time{}
		d.tell()
	})
	d.after(20*24*time.Hour, func() {
		require.Equal(t, timers{set: 3, off: 2}, *had)
		d.settle()
		d.tell()
	})
	d.run(t)
}

// TestDaysThatHaveComeAreNotedBeforeThePapers in one step, and take no timer.
func TestDaysThatHaveComeAreNotedBeforeThePapers(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 5, 17, 9, 0, 0, 0, time.UTC)
	d := newDesk(t, start)
	second := deadline("2026-05-16", start)
	second.ObligationID = "second"
	d.state.Deadlines = append(d.state.Deadlines, second)
	d.state.PapersStale = true
	had := d.timers()
	d.env.OnActivity(steps.PreparePapers, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.PapersInput) (activities.PracticeState, error) {
			require.Equal(t, 1, d.noting)
			d.state.PapersStale = false
			return d.state, nil
		})
	d.after(time.Hour, func() {
		require.Equal(t, []string{casebook.StageOverdue, casebook.StageOverdue}, names(d.stages))
		require.Zero(t, had.set)
		d.settle()
		d.tell()
	})
	d.run(t)
}

// TestADayIsNotedWhileNothingCanBeDecided: a worker without the rulebook refuses every
// plan, and the days already known go on.
func TestADayIsNotedWhileNothingCanBeDecided(t *testing.T) {
	t.Parallel()
	d := newDesk(t, discovered.Start(time.UTC).Add(15*time.Hour))
	refusing := false
	d.deciding = func() error {
		if refusing {
			return errRefused()
		}
		return nil
	}
	d.after(time.Hour, func() { refusing = true; d.tell() })
	d.after(61*24*time.Hour, func() {
		require.Equal(t, []string{"30 days", "14 days", "7 days", "3 days", "1 day", "due today", "overdue"}, names(d.stages))
		refusing = false
		d.settle()
		d.tell()
	})
	d.run(t)
}
