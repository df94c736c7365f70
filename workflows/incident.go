package workflows

import (
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/temporalx"
)

const (
	// rollUpEvery is how often an incident counts its practices when nothing
	// else makes it do so.
	rollUpEvery = 24 * time.Hour
	// gather is how long single approvals are gathered into one mail run.
	gather = 10 * time.Second
)

// The steps of an incident, each of which rests by itself when it fails.
const (
	stepLaunch = "launch"
	stepTell   = "tell"
	stepLists  = "lists"
	stepAgain  = "again"
	stepMail   = "mail"
	stepCount  = "count"
)

// Incident looks after one incident from the loaded findings to the last closed practice.
func Incident(ctx workflow.Context, in IncidentInput) error {
	i := &incident{
		in: in, ref: activities.IncidentRef{IncidentID: in.IncidentID},
		mailDue: in.MailDue, single: in.Single, tell: in.Tell, lists: in.Lists, again: in.Again,
	}
	if i.in.NextRun == 0 {
		i.in.NextRun = 1
	}
	if err := i.setup(ctx); err != nil {
		return err
	}
	return i.run(ctx)
}

type incident struct {
	in  IncidentInput
	ref activities.IncidentRef
	one workflow.Mutex
	// roll is where the incident stood when last counted.
	roll activities.RollUp
	// mailDue: approved letters wait; single says that single approvals said so,
	// which are gathered for a moment.
	mailDue, single bool
	// printing: a mail run is under way.
	printing bool
	// changed: something happened since the last count.
	changed bool
	// tell is why the practices must look again, "" when they need not.
	tell string
	// lists are further lists, whose practices may have been closed.
	lists []int
	// again are practices whose workflows are to be started again.
	again []StartAgain
	// rests are steps that could not be done.
	rests rests
	// alarm is the timer for the nearest instant that it waits for; counted is when the
	// practices were counted last.
	alarm   alarm
	counted time.Time
}

func (i *incident) setup(ctx workflow.Context) error {
	i.one = workflow.NewMutex(ctx)
	i.changed = true
	workflow.Go(ctx, i.listen)
	err := workflow.SetUpdateHandlerWithOptions(ctx, UpdateAct, i.act, workflow.UpdateHandlerOptions{
		Validator: i.validate, Description: "What a person decided or recorded about the whole incident.",
	})
	if err != nil {
		return err
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, UpdateAmended, i.amended, workflow.UpdateHandlerOptions{
		Description: "A further list of findings was loaded.",
	})
}

// run does what the incident's state asks for until every practice is closed. What
// fails rests, and everything else goes on: an incident never ends by a failure.
func (i *incident) run(ctx workflow.Context) error {
	for ctx.Err() == nil {
		switch i.next(ctx) {
		case stepLaunch:
			i.try(ctx, stepLaunch, i.launch)
		case stepTell:
			i.try(ctx, stepTell, i.tellPractices)
		case stepLists:
			// After they were told: who still runs has heard of it.
			i.try(ctx, stepLists, i.reopen)
		case stepAgain:
			i.try(ctx, stepAgain, i.startAgain)
		case stepMail:
			i.print(ctx)
		case stepCount:
			i.try(ctx, stepCount, i.rollUp)
		case stepClose:
			closed := false
			i.try(ctx, stepClose, func(ctx workflow.Context) (err error) {
				closed, err = i.close(ctx)
				return err
			})
			if closed {
				return nil
			}
		default:
			if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !i.printing {
				return i.continueAsNew(ctx)
			}
			i.wait(ctx)
		}
	}
	return ctx.Err()
}

// next is the first step that the state asks for and that may be tried now, "" when
// there is nothing to do but wait.
func (i *incident) next(ctx workflow.Context) string {
	now := workflow.Now(ctx)
	for _, s := range []struct {
		step string
		due  bool
	}{
		{stepLaunch, !i.in.Launched},
		{stepTell, i.tell != ""},
		{stepLists, len(i.lists) > 0},
		{stepAgain, len(i.again) > 0},
		{stepMail, i.mailDue && !i.printing},
		{stepCount, i.changed},
		{stepClose, i.done()},
	} {
		if s.due && i.rests.may(now, s.step) {
			return s.step
		}
		if s.due && s.step == stepLaunch {
			return "" // nothing else can be before it
		}
	}
	return ""
}

// done: nothing is left to do but to close.
func (i *incident) done() bool {
	return i.roll.Practices > 0 && i.roll.Open == 0 && !i.pending() && !i.printing && !i.changed
}

// pending: somebody asked for something that is not done yet.
func (i *incident) pending() bool {
	return i.mailDue || i.tell != "" || len(i.lists) > 0 || len(i.again) > 0
}

// try does a step, and lets it rest when it fails.
func (i *incident) try(ctx workflow.Context, step string, do func(workflow.Context) error) {
	switch err := do(ctx); {
	case err == nil:
		i.rests.done(step)
	case ctx.Err() == nil:
		i.rests.failed(workflow.Now(ctx), step, err)
		workflow.GetLogger(ctx).Error("a step of the incident failed and is tried again later", "step", step, "error", err)
	}
}

// launch confirms that the list of findings is whole in the database, starts a
// workflow for each practice and waits until all have started, not until they end:
// they live for months.
func (i *incident) launch(ctx workflow.Context) error {
	err := workflow.ExecuteActivity(short(ctx, "Confirm that the findings are loaded"), steps.AdmitIncident, i.ref).Get(ctx, nil)
	if err != nil {
		return err
	}
	err = i.launchBy(ctx, temporalx.LaunchID(i.in.IncidentID), "Start a workflow for each practice", LaunchInput{IncidentID: i.in.IncidentID})
	if err != nil {
		return err
	}
	i.in.Launched = true
	return nil
}

// launchBy has practices' workflows started.
func (i *incident) launchBy(ctx workflow.Context, id, summary string, in LaunchInput) error {
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: id, TaskQueue: queue(ctx),
		ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON, StaticSummary: summary,
		TypedSearchAttributes: temporal.NewSearchAttributes(temporalx.IncidentKey.ValueSet(i.in.IncidentID)),
	})
	if err := workflow.ExecuteChildWorkflow(child, LaunchType, in).Get(ctx, nil); err != nil {
		return err
	}
	return workflow.ExecuteActivity(short(ctx, "Every practice has its workflow"), steps.MarkRunning, i.ref).Get(ctx, nil)
}

// rollUp counts where the incident stands.
func (i *incident) rollUp(ctx workflow.Context) error {
	i.changed = false
	err := workflow.ExecuteActivity(count(ctx, "Count where the practices stand"), steps.RollUpIncident, i.ref).Get(ctx, &i.roll)
	if err != nil {
		i.changed = true
		return err
	}
	// Normally word comes when letters are approved; this finds those whose
	// word was lost with a process.
	i.counted = workflow.Now(ctx)
	i.mailDue = i.mailDue || (i.roll.LettersReady > 0 && !i.printing)
	i.show(ctx)
	return nil
}

// print prints the letters of every practice approved by now, beside everything
// else. A run that fails keeps its number: the next try goes on with it.
func (i *incident) print(ctx workflow.Context) {
	i.printing = true
	workflow.Go(ctx, func(ctx workflow.Context) {
		defer func() { i.printing = false }()
		i.try(ctx, stepMail, i.mailRun)
	})
}

func (i *incident) mailRun(ctx workflow.Context) error {
	if i.single {
		// Where approve --all came there is no need to gather.
		err := await(ctx, gather, "Gather further approvals into one mail run", func() bool { return !i.single })
		if err != nil {
			return err
		}
	}
	i.mailDue, i.single = false, false
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: temporalx.MailRunID(i.in.IncidentID, i.in.NextRun), TaskQueue: queue(ctx),
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:         fmt.Sprintf("Print letters, run %d", i.in.NextRun),
		TypedSearchAttributes: temporal.NewSearchAttributes(temporalx.IncidentKey.ValueSet(i.in.IncidentID)),
	})
	var printed MailRunResult
	err := workflow.ExecuteChildWorkflow(child, MailRunType, MailRunInput{IncidentID: i.in.IncidentID, Run: i.in.NextRun}).Get(ctx, &printed)
	i.changed = true
	if err != nil {
		i.mailDue = true
		return err
	}
	// A run that found nothing to print keeps its number for the next one, but
	// not its workflow ID.
	if printed.Pieces > 0 {
		i.in.NextRun++
	}
	return nil
}

// tellPractices lets every practice look at what changed for the whole incident.
func (i *incident) tellPractices(ctx workflow.Context) error {
	reason := i.tell
	i.tell, i.changed = "", true
	list := 0
	if n := len(i.lists); n > 0 {
		list = i.lists[n-1]
	}
	err := workflow.ExecuteActivity(sweep(ctx, "Tell the practices: "+reason), steps.TellPractices,
		activities.TellInput{IncidentID: i.in.IncidentID, Reason: reason, List: list, MailRunFollows: i.mailDue}).Get(ctx, nil)
	if err != nil && i.tell == "" {
		i.tell = reason
	}
	return err
}

// wait sleeps until something happens, at most a day.
func (i *incident) wait(ctx workflow.Context) {
	now := workflow.Now(ctx)
	until, summary := i.counted.Add(rollUpEvery), "Count where the practices stand, daily"
	if !until.After(now) {
		until = now.Add(rollUpEvery) // it could not be counted, which rests by itself
	}
	sooner := func(at time.Time, why string) {
		if at.After(now) && at.Before(until) {
			until, summary = at, why
		}
	}
	sooner(i.roll.WakeAt, "A law-enforcement hold ends, 45 CFR 164.412")
	sooner(i.rests.next(now), "Try again what could not be done")
	printing := i.printing
	rang, _ := i.alarm.sleep(ctx, until, summary, func() bool { return i.next(ctx) != "" || i.printing != printing })
	if rang && i.next(ctx) == "" {
		i.changed = true
	}
}

// close closes the incident; it is not done when something came meanwhile.
func (i *incident) close(ctx workflow.Context) (done bool, err error) {
	var closed activities.CloseIncidentResult
	err = workflow.ExecuteActivity(short(ctx, "Every practice is closed: close the incident"), steps.CloseIncident, i.ref).Get(ctx, &closed)
	if err != nil {
		return false, err
	}
	if closed.Open {
		i.changed = true
		return false, nil
	}
	i.roll.Headline = "closed: " + i.roll.Headline
	i.show(ctx)
	if err := i.settle(ctx); err != nil {
		return false, err
	}
	return !i.pending() && !i.changed, nil
}

// settle lets people who are just being answered get their answer, and takes the
// word that listen, which runs after this, has not taken yet.
func (i *incident) settle(ctx workflow.Context) error {
	err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	for _, w := range i.words() {
		c := workflow.GetSignalChannel(ctx, w.signal)
		for c.Len() > 0 {
			w.take(ctx, c)
		}
	}
	return err
}

// reopen gives the practices of further lists a workflow again where theirs has ended.
func (i *incident) reopen(ctx workflow.Context) error {
	for len(i.lists) > 0 {
		list := i.lists[0]
		err := i.launchBy(ctx, temporalx.ListLaunchID(i.in.IncidentID, list), fmt.Sprintf("Start the closed practices of list %d again", list),
			LaunchInput{IncidentID: i.in.IncidentID, List: list})
		if err != nil {
			return err
		}
		i.lists = slices.DeleteFunc(i.lists, func(l int) bool { return l == list })
	}
	i.changed = true
	return nil
}

// startAgain gives practices a workflow whose own has ended, whatever ended it.
func (i *incident) startAgain(ctx workflow.Context) error {
	for len(i.again) > 0 {
		word := i.again[0]
		if word.All || len(word.Keys) > 0 {
			err := i.launchBy(ctx, temporalx.AgainLaunchID(i.in.IncidentID), "Start the workflows of practices again",
				LaunchInput{IncidentID: i.in.IncidentID, Again: true, Keys: word.Keys})
			if err != nil {
				return err
			}
		}
		i.again = i.again[1:]
	}
	i.changed = true
	return nil
}

// continueAsNew goes on in a new run, with everything that is pending.
func (i *incident) continueAsNew(ctx workflow.Context) error {
	if err := i.settle(ctx); err != nil {
		return err
	}
	next := i.in
	next.MailDue, next.Single, next.Tell, next.Lists, next.Again = i.mailDue, i.single, i.tell, i.lists, i.again
	return workflow.NewContinueAsNewError(ctx, IncidentType, next)
}

func (i *incident) show(ctx workflow.Context) {
	phase := "running"
	if i.roll.Open == 0 {
		phase = "closed"
	}
	workflow.SetCurrentDetails(ctx, "**"+temporalx.Text(i.in.Entity)+"** "+i.roll.Headline+"\n\n"+i.roll.Table)
	updates := []temporal.SearchAttributeUpdate{
		temporalx.PhaseKey.ValueSet(phase),
		temporalx.NeedsPersonKey.ValueSet(i.roll.NeedsPerson > 0 || len(i.rests) > 0),
		temporalx.LateKey.ValueSet(i.roll.Late > 0),
	}
	if !i.roll.NextDueEnds.IsZero() {
		updates = append(updates, temporalx.NextDueKey.ValueSet(i.roll.NextDueEnds))
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}
