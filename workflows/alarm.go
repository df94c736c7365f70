package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// alarm is a timer that is set for one instant at a time. One that is set for the
// instant it has already costs nothing; one that is not wanted any more is taken back,
// where the SDK's own waits leave theirs to go off for nobody, months later.
type alarm struct {
	at   time.Time
	ring workflow.Future
	drop workflow.CancelFunc
}

// sleep waits until woken says so or the instant at comes, zero for no instant. rang
// says that it was the instant. The timer stays set: a next wait for the same instant
// goes on with it.
func (a *alarm) sleep(ctx workflow.Context, at time.Time, why string, woken func() bool) (rang bool, err error) {
	if woken() {
		return false, nil
	}
	a.set(ctx, at, why)
	err = workflow.Await(ctx, func() bool { return a.rings() || woken() })
	if err != nil || !a.rings() {
		return false, err
	}
	a.off()
	return true, nil
}

// set has it go off at an instant, and at no other.
func (a *alarm) set(ctx workflow.Context, at time.Time, why string) {
	if a.at.Equal(at) {
		return
	}
	a.off()
	if at.IsZero() {
		return
	}
	ctx, a.drop = workflow.WithCancel(ctx)
	a.at = at
	a.ring = workflow.NewTimerWithOptions(ctx, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: clip(why)})
}

// off takes the timer back.
func (a *alarm) off() {
	if a.drop != nil {
		a.drop()
	}
	*a = alarm{}
}

// rings reports whether its instant has come.
func (a *alarm) rings() bool { return a.ring != nil && a.ring.IsReady() }

// await waits until woken says so, for at most a while.
func await(ctx workflow.Context, most time.Duration, why string, woken func() bool) error {
	var a alarm
	defer a.off()
	_, err := a.sleep(ctx, workflow.Now(ctx).Add(most), why, woken)
	return err
}
