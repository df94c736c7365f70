package workflows

import (
	"strings"
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

// The steps of a practice, each of which rests by itself when it fails.
const (
	stepPlan      = "plan"
	stepDays      = "days"
	stepLeave     = "leave"
	stepPapers    = "papers"
	stepNotice    = "notice"
	stepMessage   = "message"
	stepDefault   = "default"
	stepAnnounce  = "announce"
	stepWorksheet = "worksheet"
	stepClose     = "close"
)

// Practice looks after one practice from the plan to the last duty.
func Practice(ctx workflow.Context, in PracticeInput) error {
	p := &practice{
		in: in, ref: activities.PracticeRef{IncidentID: in.IncidentID, PracticeKey: in.PracticeKey},
		announced: in.Announced, lapses: in.Lapses, expects: in.ActFollows,
	}
	if err := p.setup(ctx); err != nil {
		return err
	}
	return p.run(ctx)
}

// hearing is how long a workflow that was started for an act waits for it.
const hearing = time.Minute

type practice struct {
	// expects: an act is to come for which it was started; heard: one came.
	expects, heard bool

	in  PracticeInput
	ref activities.PracticeRef
	// state is where the practice stands, as the latest step said.
	state activities.PracticeState
	// one short step at a time: two results out of order would show an older state as
	// the newer. Papers and e-mail, which can take long, do not hold it.
	one workflow.Mutex
	// changes counts applied states, so that a wait can tell that something happened.
	changes int
	// stale: the database changed since state was read.
	stale bool
	// busy: papers are being made, or the notice is being sent. Others let that go
	// first until turns.
	busy  bool
	turns time.Time
	// acting is how many acts are under way. settles is until when papers wait for what
	// the practice answered; zero while nothing of it waits.
	acting  int
	settles time.Time
	// announced is the papers hash whose letters the incident was told of.
	announced string
	// quiet: the incident is about to print what is approved and need not be told.
	quiet bool
	// lapses is when it closes without the practice's acknowledgment; zero while
	// something is owed.
	lapses time.Time
	// shown is what the search attributes last said.
	shown string
	// rests are steps that could not be done.
	rests rests
	// noted is the latest stage noted of each obligation.
	noted map[string]noted
	// alarm is the timer for the nearest instant that it waits for.
	alarm alarm
	// ctx is the workflow's own context: what takes long must outlive the step that
	// began it.
	ctx workflow.Context
}

func (p *practice) setup(ctx workflow.Context) error {
	p.one = workflow.NewMutex(ctx)
	p.noted = map[string]noted{}
	p.ctx = ctx
	if in := p.in.Opened; in != nil {
		p.begin(ctx, *in)
	} else {
		p.stale = true
	}
	workflow.Go(ctx, p.listen)
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateAct, p.act, workflow.UpdateHandlerOptions{
		Validator: p.validate, Description: "What a person decided or recorded about this practice.",
	})
}

// begin goes on from where the launch left the practice. Its columns were given with
// the start, and are not written again.
func (p *practice) begin(ctx workflow.Context, opened activities.PracticeState) {
	p.shown = shownOf(opened, opened.NeedsPerson)
	p.apply(ctx, opened)
}

// run is the story: whatever the state asks for next, until nothing is owed.
func (p *practice) run(ctx workflow.Context) error {
	for ctx.Err() == nil {
		switch p.next(ctx) {
		case stepDays:
			p.noteDays(ctx)
		case stepPlan:
			p.refresh(ctx)
		case stepPapers:
			p.preparePapers(ctx)
		case stepWorksheet:
			p.updateWorksheet(ctx)
		case stepNotice:
			p.notifyPractice()
		case stepMessage:
			p.writeToPractice()
		case stepDefault:
			p.applyDefault(ctx)
		case stepAnnounce:
			p.announceLetters(ctx)
		case stepClose:
			p.close(ctx)
		case stepLeave:
			if again, err := p.leave(ctx); err != nil || !again {
				return err
			}
		default:
			if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !p.busy {
				return p.continueAsNew(ctx)
			}
			p.wait(ctx)
		}
	}
	return ctx.Err()
}

// next is the step that the state asks for now, "" when there is nothing to do but
// wait. A step that rests keeps back only what would rest on it.
func (p *practice) next(ctx workflow.Context) string {
	now := workflow.Now(ctx)
	if len(p.came(now)) > 0 && !p.courteous(now) && p.rests.may(now, stepDays) {
		// Before everything else, and whatever else cannot be done: that a day came is
		// evidence.
		return stepDays
	}
	step := ""
	switch {
	case p.stale:
		step = stepPlan
	case p.state.Phase == casebook.PhaseClosed && p.state.WorksheetStale:
		step = stepWorksheet
	case p.state.Phase == casebook.PhaseClosed:
		step = stepLeave
	case p.state.PapersStale:
		step = stepPapers
	case p.state.LettersReady && p.announced != p.state.PapersSHA256:
		step = stepAnnounce
	case p.state.NoticeDue:
		step = stepNotice
	case p.state.DefaultDue:
		step = stepDefault
	case p.state.MessageDue != "":
		step = stepMessage
	case p.state.WorksheetStale:
		// After what others wait for, and before the case is closed over it.
		step = stepWorksheet
	case p.state.Finished && (p.state.Acknowledged || !p.state.Notifiable || p.lapsed(now)):
		step = stepClose
	}
	waits := p.busy && (step == stepPapers || step == stepNotice || step == stepMessage || step == stepWorksheet || step == stepClose)
	// Each act may change what papers say: those that follow each other get them once.
	waits = waits || p.gathering(now) && (step == stepPapers || step == stepWorksheet)
	if waits || !p.rests.may(now, step) {
		return ""
	}
	return step
}

// courteous reports whether what takes long may go first for a moment.
func (p *practice) courteous(now time.Time) bool { return p.busy && now.Before(p.turns) }

// gathering reports whether acts are under way, or about to come from what the practice
// answered. An answer that cannot become its act now is not waited for longer than a moment.
func (p *practice) gathering(now time.Time) bool {
	return p.state.ActsFirst && p.acting > 0 || now.Before(p.settles)
}

// refresh asks the rulebook what is owed and where the practice stands.
func (p *practice) refresh(ctx workflow.Context) {
	if err := p.turn(ctx); err != nil {
		return
	}
	defer p.one.Unlock()
	// Only now: what came while it waited for its turn is seen with this look.
	p.stale = false
	if err := p.take(ctx, short(ctx, "Work out what is owed and by when"), steps.PlanPractice, p.ref); err != nil {
		p.stale = true
		p.inTrouble(ctx, stepPlan, err)
		return
	}
	p.rests.done(stepPlan)
}

// step runs one short activity, when it is its turn.
func (p *practice) step(ctx, options workflow.Context, activity, input any) error {
	if err := p.turn(ctx); err != nil {
		return err
	}
	defer p.one.Unlock()
	return p.take(ctx, options, activity, input)
}

// turn waits until no other short step runs, and for a moment for what takes long:
// most of it takes no longer, and then everything stands in one order.
func (p *practice) turn(ctx workflow.Context) error {
	if err := p.one.Lock(ctx); err != nil {
		return err
	}
	now := workflow.Now(ctx)
	if !p.courteous(now) {
		return nil
	}
	err := await(ctx, p.turns.Sub(now), "Let the papers or the e-mail go first, for a moment", func() bool { return !p.busy })
	if err != nil {
		p.one.Unlock()
	}
	return err
}

// take runs one activity. The state it returns is taken over unless another one came
// meanwhile, which may be the newer: then the practice looks again.
func (p *practice) take(ctx, options workflow.Context, activity, input any) error {
	seen := p.changes
	options = workflow.WithPriority(options, temporalx.Near(p.state.NextDueEnds, workflow.Now(ctx)))
	var state activities.PracticeState
	if err := workflow.ExecuteActivity(options, activity, input).Get(ctx, &state); err != nil {
		return err
	}
	if p.changes != seen {
		p.stale = true
		return nil
	}
	p.apply(ctx, state)
	return nil
}

func (p *practice) preparePapers(ctx workflow.Context) {
	p.work(stepPapers, typeset(p.ctx, "Prepare the notice, people list, HHS worksheet, deadlines and media releases"),
		steps.PreparePapers, activities.PapersInput{PracticeRef: p.ref, At: workflow.Now(ctx)})
}

func (p *practice) updateWorksheet(ctx workflow.Context) {
	p.work(stepWorksheet, typeset(p.ctx, "Bring the HHS worksheet and the calendar up to what is recorded"),
		steps.UpdateWorksheet, activities.PapersInput{PracticeRef: p.ref, At: workflow.Now(ctx)})
}

func (p *practice) notifyPractice() {
	p.work(stepNotice, post(p.ctx, "E-mail the notice to the practice, 45 CFR 164.410"), steps.SendNotice, p.ref)
}

// writeToPractice sends what a practice gets after its notice: the code for its page,
// or a reminder.
func (p *practice) writeToPractice() {
	p.work(stepMessage, post(p.ctx, "E-mail the practice: "+strings.ReplaceAll(p.state.MessageDue, "_", " ")), steps.SendMessage, p.ref)
}

// applyDefault lets the contract's default take the place of the answer that the
// practice did not give in its time.
func (p *practice) applyDefault(ctx workflow.Context) {
	if err := p.step(ctx, short(ctx, "The practice did not answer in its time: its contract's default holds"), steps.ApplyDefault, p.ref); err != nil {
		p.inTrouble(ctx, stepDefault, err)
		return
	}
	p.rests.done(stepDefault)
}

// courtesy is how long others wait for a step that can take long, and how long such a
// step waits for what the practice answered.
const courtesy = 10 * time.Second

// work runs a step that can take or be tried for long, because a disk is full or a
// mail service away. Meanwhile the practice watches its days, hears what changes
// and answers people.
func (p *practice) work(step string, options workflow.Context, activity, input any) {
	p.busy, p.turns = true, workflow.Now(p.ctx).Add(courtesy)
	workflow.Go(p.ctx, func(ctx workflow.Context) {
		defer func() { p.busy = false }()
		if err := p.take(ctx, options, activity, input); err != nil {
			p.inTrouble(ctx, step, err)
			return
		}
		p.rests.done(step)
	})
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

// inTrouble leaves the case open instead of failing it: the days are watched and
// people answered, and the step is tried again after a while or when something changes.
func (p *practice) inTrouble(ctx workflow.Context, step string, err error) {
	if temporal.IsCanceledError(err) {
		return
	}
	p.rests.failed(workflow.Now(ctx), step, err)
	p.changes++
	p.show(ctx)
}

func (p *practice) apply(ctx workflow.Context, state activities.PracticeState) {
	p.state = state
	p.changes++
	if !state.LettersReady {
		// When they are ready again, after a hold say, the incident is told again.
		p.announced, p.quiet = "", false
	}
	switch {
	case !state.AnswersWait:
		p.settles = time.Time{}
	case p.settles.IsZero():
		p.settles = workflow.Now(ctx).Add(courtesy)
	}
	switch {
	case !state.Finished:
		p.lapses = time.Time{}
	case p.lapses.IsZero():
		p.lapses = workflow.Now(ctx).Add(acknowledgmentWait)
	}
	p.show(ctx)
}

// lapsed: nothing owed waits for the acknowledgment, and it never came.
func (p *practice) lapsed(now time.Time) bool { return !p.lapses.IsZero() && !now.Before(p.lapses) }

// wait sleeps until there is something to do: something changed, a day comes, a hold
// ends, a step has rested, or the practice's acknowledgment is not waited for any more.
func (p *practice) wait(ctx workflow.Context) {
	now := workflow.Now(ctx)
	until, reason, ripe := time.Time{}, "", func() bool { return false }
	sooner := func(at time.Time, why string) bool {
		if !at.After(now) || (!until.IsZero() && !at.Before(until)) {
			return false
		}
		until, reason = at, why
		return true
	}
	if p.state.Finished && !p.state.Acknowledged && p.state.Phase != casebook.PhaseClosed {
		sooner(p.lapses, "Everything owed is done; closes without the practice's acknowledgment in 30 days")
	}
	sooner(p.nextDay(now))
	if p.courteous(now) && len(p.came(now)) > 0 {
		sooner(p.turns, "Let the papers or the e-mail go first, for a moment")
	}
	sooner(p.rests.next(now), "Try again what could not be done")
	sooner(p.settles, "Let what the practice answered become acts first, for a moment")
	wake := p.state.WakeAt
	if !wake.IsZero() && !wake.After(now) {
		// It came while the state was on its way here: it is looked at again, at a pace
		// that two clocks that differ cannot hurry.
		wake = now.Add(time.Second)
	}
	if sooner(wake, p.state.WakeReason) {
		ripe = func() bool { return !workflow.Now(ctx).Before(wake) }
	}
	seen := p.changes
	woken := func() bool { return p.changes != seen || p.next(ctx) != "" }
	// Cancellation is seen by the caller.
	if rang, _ := p.alarm.sleep(ctx, until, reason, woken); rang && ripe() {
		p.stale = true
	}
}
