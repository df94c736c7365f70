package workflows

import (
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/temporalx"
)

// close closes the practice, unless a further list opened it meanwhile.
func (p *practice) close(ctx workflow.Context) {
	var closed activities.ClosePracticeResult
	err := workflow.ExecuteActivity(short(ctx, "Close the practice"), steps.ClosePractice, p.ref).Get(ctx, &closed)
	if err != nil {
		p.inTrouble(ctx, stepClose, err)
		return
	}
	p.rests.done(stepClose)
	if closed.Later {
		p.stale = true
		return
	}
	p.state.Phase, p.state.NeedsPerson = casebook.PhaseClosed, ""
	p.show(ctx)
	if closed.Open == 0 {
		_ = workflow.SignalExternalWorkflow(ctx, temporalx.IncidentID(p.in.IncidentID), "", SignalPracticeClosed, nil).Get(ctx, nil)
	}
}

// leave lets people who are just being answered get their answer; again says
// that word of a change came meanwhile, or that what was decided opened the
// practice again, and that it has to look.
func (p *practice) leave(ctx workflow.Context) (again bool, err error) {
	if p.expects {
		p.expects = false
		err = await(ctx, hearing, "Wait for the act that this was started for", func() bool { return p.heard })
		if err != nil {
			return false, err
		}
	}
	err = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	p.drain(ctx)
	return p.stale || p.state.Phase != casebook.PhaseClosed, err
}

// drain takes what listen, which runs after this, has not taken yet.
func (p *practice) drain(ctx workflow.Context) {
	var word activities.FactsChanged
	for workflow.GetSignalChannel(ctx, activities.SignalFactsChanged).ReceiveAsync(&word) {
		p.hear(word)
	}
}

// continueAsNew goes on in a new run, which begins by looking at the database: of
// what is pending only that is carried which is not there.
func (p *practice) continueAsNew(ctx workflow.Context) error {
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	p.drain(ctx)
	next := p.in
	next.Announced, next.Lapses, next.Opened = p.announced, p.lapses, nil
	return workflow.NewContinueAsNewError(ctx, PracticeType, next)
}
