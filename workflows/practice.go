package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/temporalx"
)

// acknowledgmentWait is how long a practice stays open only for its
// acknowledgment after everything owed is done. No law asks for one.
const acknowledgmentWait = 30 * 24 * time.Hour

// Practice looks after one practice from the plan to the last duty.
func Practice(ctx workflow.Context, in PracticeInput) error {
	p := &practice{in: in, ref: activities.PracticeRef{IncidentID: in.IncidentID, PracticeKey: in.PracticeKey}, announced: in.Announced}
	if err := p.setup(ctx); err != nil {
		return err
	}
	return p.run(ctx)
}

type practice struct {
	in  PracticeInput
	ref activities.PracticeRef
	// state is where the practice stands, as the latest step said.
	state activities.PracticeState
	// one step at a time: two results out of order would show an older state as the newer.
	one workflow.Mutex
	// changes counts applied states, so that a wait can tell that something happened.
	changes int
	// stale: the database changed since state was read.
	stale bool
	// listed: a further list came, which may have opened the practice again.
	listed bool
	// announced is the papers hash whose letters the incident was told of.
	announced string
	// quiet: the incident is about to print what is approved and need not be told.
	quiet bool
	// shown is what the search attributes last said.
	shown string
	// trouble is a refusal by the program itself that a person must resolve.
	trouble string
	// watched are the obligations that have their deadline timer, reached the
	// latest stage noted of each.
	watched map[string]bool
	reached map[string]reached
	// ctx is the workflow's own context: a timer must outlive the message that
	// first showed its obligation.
	ctx workflow.Context
}

func (p *practice) setup(ctx workflow.Context) error {
	p.one = workflow.NewMutex(ctx)
	p.watched, p.reached = map[string]bool{}, map[string]reached{}
	p.ctx = ctx
	p.stale = true
	workflow.Go(ctx, p.listen)
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateAct, p.act, workflow.UpdateHandlerOptions{
		Validator: p.validate, Description: "What a person decided or recorded about this practice.",
	})
}

// run is the story: whatever the state asks for next, until nothing is owed.
func (p *practice) run(ctx workflow.Context) error {
	for {
		switch {
		case p.stale:
			p.refresh(ctx)
		case p.trouble != "":
			p.wait(ctx, time.Time{}, "")
		case p.state.Phase == casebook.PhaseClosed:
			if again, err := p.leave(ctx); err != nil || !again {
				return err
			}
		case p.state.PapersStale:
			p.preparePapers(ctx)
		case p.state.NoticeDue:
			p.notifyPractice(ctx)
		case p.state.LettersReady && p.announced != p.state.PapersSHA256:
			p.announceLetters(ctx)
		case p.state.Finished && (p.state.Acknowledged || !p.state.Notifiable):
			if again, err := p.close(ctx); err != nil || !again {
				return err
			}
		case p.state.Finished:
			p.awaitAcknowledgment(ctx)
		case workflow.GetInfo(ctx).GetContinueAsNewSuggested():
			return p.continueAsNew(ctx)
		default:
			p.wait(ctx, p.state.WakeAt, p.state.WakeReason)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// refresh asks the rulebook what is owed and where the practice stands.
func (p *practice) refresh(ctx workflow.Context) {
	p.stale, p.listed = false, false
	p.step(ctx, short(ctx, "Work out what is owed and by when"), steps.PlanPractice, p.ref)
}

func (p *practice) preparePapers(ctx workflow.Context) {
	p.step(ctx, typeset(ctx, "Prepare the notice, people list, HHS worksheet, deadlines and media releases"),
		steps.PreparePapers, activities.PapersInput{PracticeRef: p.ref, At: workflow.Now(ctx)})
}

func (p *practice) notifyPractice(ctx workflow.Context) {
	p.step(ctx, post(ctx, "E-mail the notice to the practice, 45 CFR 164.410"), steps.SendNotice, p.ref)
}

// announceLetters tells the incident that letters wait to be printed.
func (p *practice) announceLetters(ctx workflow.Context) {
	p.announced = p.state.PapersSHA256
	if p.quiet {
		return
	}
	// A practice outlives nothing it needs here: should the incident be gone,
	// there is no mail run to ask for.
	_ = workflow.SignalExternalWorkflow(ctx, temporalx.IncidentID(p.in.IncidentID), "", SignalLettersApproved, nil).Get(ctx, nil)
}

// step runs one activity and takes over the state it returns.
func (p *practice) step(ctx, options workflow.Context, activity, input any) {
	if err := p.one.Lock(ctx); err != nil {
		return
	}
	defer p.one.Unlock()
	var state activities.PracticeState
	if err := workflow.ExecuteActivity(options, activity, input).Get(ctx, &state); err != nil {
		if !temporal.IsCanceledError(err) {
			p.inTrouble(ctx, err)
		}
		return
	}
	p.apply(ctx, state)
}

// inTrouble leaves the case open for a person instead of failing it: the
// deadlines go on, and the next message tries again.
func (p *practice) inTrouble(ctx workflow.Context, err error) {
	p.trouble = "stopped: " + err.Error()
	if refusal, ok := activities.RefusalOf(err); ok {
		p.trouble = "stopped: " + refusal.Error()
	}
	p.changes++
	p.show(ctx)
}

func (p *practice) apply(ctx workflow.Context, state activities.PracticeState) {
	p.state, p.trouble = state, ""
	p.changes++
	if !state.LettersReady {
		// When they are ready again, after a hold say, the incident is told again.
		p.announced, p.quiet = "", false
	}
	p.watchDeadlines()
	p.show(ctx)
}

// wait sleeps until something changes, or until an instant if there is one.
func (p *practice) wait(ctx workflow.Context, until time.Time, reason string) {
	seen := p.changes
	changed := func() bool { return p.changes != seen || p.stale }
	if until.IsZero() {
		_ = workflow.Await(ctx, changed) // cancellation is seen by the caller
		return
	}
	// It may have come while the state was on its way here, and is then not waited
	// for but looked at again, at a pace that two clocks that differ cannot hurry.
	left := max(until.Sub(workflow.Now(ctx)), time.Second)
	happened, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
		Timeout: left, TimerOptions: workflow.TimerOptions{Summary: clip(reason)},
	}, changed)
	if err == nil && !happened {
		p.stale = true
	}
}

func (p *practice) awaitAcknowledgment(ctx workflow.Context) {
	seen := p.changes
	happened, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
		Timeout: acknowledgmentWait,
		TimerOptions: workflow.TimerOptions{
			Summary: "Everything owed is done; closes without the practice's acknowledgment in 30 days",
		},
	}, func() bool { return p.changes != seen || p.stale })
	if err == nil && !happened {
		// Nothing owed waits for it: close and say that it never came.
		p.state.Acknowledged = true
	}
}

// close closes the practice; again says that a further list opened it meanwhile.
func (p *practice) close(ctx workflow.Context) (again bool, err error) {
	why := "everything owed is done"
	if !p.state.Notifiable {
		why = "nothing is owed: " + p.state.Reason
	}
	var closed activities.ClosePracticeResult
	err = workflow.ExecuteActivity(short(ctx, "Close the practice: "+why), steps.ClosePractice,
		activities.ClosePracticeInput{PracticeRef: p.ref, Why: why, ListNumber: p.state.ListNumber}).Get(ctx, &closed)
	if err != nil {
		return false, err
	}
	if closed.Later {
		p.stale, p.listed = true, false
		return true, nil
	}
	p.state.Phase, p.state.NeedsPerson = casebook.PhaseClosed, ""
	p.show(ctx)
	if closed.Open == 0 {
		_ = workflow.SignalExternalWorkflow(ctx, temporalx.IncidentID(p.in.IncidentID), "", SignalPracticeClosed, nil).Get(ctx, nil)
	}
	return p.leave(ctx)
}

// leave lets people who are just being answered get their answer; again says
// that word of a further list came meanwhile, and that it has to look.
func (p *practice) leave(ctx workflow.Context) (again bool, err error) {
	err = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	// What listen, which runs after this, has not taken yet.
	var word activities.FactsChanged
	for workflow.GetSignalChannel(ctx, activities.SignalFactsChanged).ReceiveAsync(&word) {
		p.hear(word)
	}
	again, p.listed = p.listed, false
	return again, err
}

func (p *practice) continueAsNew(ctx workflow.Context) error {
	if _, err := p.leave(ctx); err != nil {
		return err
	}
	next := p.in
	next.Announced = p.announced
	return workflow.NewContinueAsNewError(ctx, PracticeType, next)
}
