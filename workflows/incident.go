package workflows

import (
	"fmt"
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

// Incident looks after one incident from the loaded findings to the last closed practice.
func Incident(ctx workflow.Context, in IncidentInput) error {
	i := &incident{in: in, ref: activities.IncidentRef{IncidentID: in.IncidentID}, mailDue: in.MailDue}
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
	// changed: something happened since the last count.
	changed bool
	// tell is why the practices must look again, "" when they need not.
	tell string
	// lists are further lists, whose practices may have been closed.
	lists []int
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

func (i *incident) run(ctx workflow.Context) error {
	if !i.in.Launched {
		if err := i.admit(ctx); err != nil {
			return err
		}
		if err := i.launch(ctx); err != nil {
			return err
		}
		i.in.Launched = true
	}
	return i.watch(ctx)
}

// admit confirms that the list of findings is whole in the database.
func (i *incident) admit(ctx workflow.Context) error {
	return workflow.ExecuteActivity(short(ctx, "Confirm that the findings are loaded"), steps.AdmitIncident, i.ref).Get(ctx, nil)
}

// launch starts a workflow for each practice and waits until all have started,
// not until they end: they live for months.
func (i *incident) launch(ctx workflow.Context) error {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: temporalx.LaunchID(i.in.IncidentID), TaskQueue: queue(ctx),
		ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON, StaticSummary: "Start a workflow for each practice",
		TypedSearchAttributes: temporal.NewSearchAttributes(temporalx.IncidentKey.ValueSet(i.in.IncidentID)),
	})
	if err := workflow.ExecuteChildWorkflow(ctx, LaunchType, LaunchInput{IncidentID: i.in.IncidentID}).Get(ctx, nil); err != nil {
		return err
	}
	return workflow.ExecuteActivity(short(ctx, "Every practice has its workflow"), steps.MarkRunning, i.ref).Get(ctx, nil)
}

// watch does what the incident's state asks for until every practice is closed.
func (i *incident) watch(ctx workflow.Context) error {
	for ctx.Err() == nil {
		switch {
		case i.tell != "":
			i.tellPractices(ctx)
		case len(i.lists) > 0:
			// After they were told: who still runs has heard of it.
			if err := i.reopen(ctx); err != nil {
				return err
			}
		case i.mailDue:
			if err := i.mailRun(ctx); err != nil {
				return err
			}
		case i.changed:
			i.rollUp(ctx)
		case i.roll.Practices > 0 && i.roll.Open == 0:
			if done, err := i.close(ctx); done || err != nil {
				return err
			}
		case workflow.GetInfo(ctx).GetContinueAsNewSuggested():
			return i.continueAsNew(ctx)
		default:
			i.wait(ctx)
		}
	}
	return ctx.Err()
}

// rollUp counts where the incident stands.
func (i *incident) rollUp(ctx workflow.Context) {
	i.changed = false
	err := workflow.ExecuteActivity(sweep(ctx, "Count where the practices stand"), steps.RollUpIncident, i.ref).Get(ctx, &i.roll)
	if err != nil {
		workflow.GetLogger(ctx).Error("roll-up failed", "error", err)
		return
	}
	// Normally word comes when letters are approved; this finds those whose
	// word was lost with a process.
	i.mailDue = i.mailDue || i.roll.LettersReady > 0
	i.show(ctx)
}

// mailRun prints the letters of every practice approved by now.
func (i *incident) mailRun(ctx workflow.Context) error {
	if i.single {
		if err := i.pause(ctx, gather, "Gather further approvals into one mail run"); err != nil {
			return err
		}
	}
	i.mailDue, i.single, i.changed = false, false, true
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: temporalx.MailRunID(i.in.IncidentID, i.in.NextRun), TaskQueue: queue(ctx),
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:         fmt.Sprintf("Print letters, run %d", i.in.NextRun),
		TypedSearchAttributes: temporal.NewSearchAttributes(temporalx.IncidentKey.ValueSet(i.in.IncidentID)),
	})
	var printed MailRunResult
	err := workflow.ExecuteChildWorkflow(child, MailRunType, MailRunInput{IncidentID: i.in.IncidentID, Run: i.in.NextRun}).Get(ctx, &printed)
	if err != nil {
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
func (i *incident) tellPractices(ctx workflow.Context) {
	reason := i.tell
	i.tell, i.changed = "", true
	list := 0
	if n := len(i.lists); n > 0 {
		list = i.lists[n-1]
	}
	err := workflow.ExecuteActivity(sweep(ctx, "Tell the practices: "+reason), steps.TellPractices,
		activities.TellInput{IncidentID: i.in.IncidentID, Reason: reason, List: list, MailRunFollows: i.mailDue}).Get(ctx, nil)
	if err != nil {
		workflow.GetLogger(ctx).Error("practices not told", "error", err)
	}
}

// wait sleeps until something happens, at most a day.
func (i *incident) wait(ctx workflow.Context) {
	_ = i.pause(ctx, rollUpEvery, "Count where the practices stand, daily")
	i.changed = true
}

func (i *incident) pause(ctx workflow.Context, most time.Duration, summary string) error {
	if wake := i.roll.WakeAt.Sub(workflow.Now(ctx)); wake > 0 && wake < most {
		most, summary = wake, "A law-enforcement hold ends, 45 CFR 164.412"
	}
	gathering := most == gather
	_, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
		Timeout: most, TimerOptions: workflow.TimerOptions{Summary: summary},
	}, func() bool {
		if gathering {
			return !i.single // approve --all came: no need to gather
		}
		return i.changed || i.mailDue || i.tell != "" || len(i.lists) > 0
	})
	return err
}

// close closes the incident; it is not done when a further list came meanwhile.
func (i *incident) close(ctx workflow.Context) (done bool, err error) {
	if err := workflow.ExecuteActivity(short(ctx, "Every practice is closed: close the incident"), steps.CloseIncident, i.ref).Get(ctx, nil); err != nil {
		return false, err
	}
	i.roll.Headline = "closed: " + i.roll.Headline
	i.show(ctx)
	err = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	return len(i.lists) == 0, err
}

// reopen gives the practices of further lists a workflow again where theirs has ended.
func (i *incident) reopen(ctx workflow.Context) error {
	for len(i.lists) > 0 {
		list := i.lists[0]
		i.lists = i.lists[1:]
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID: temporalx.ListLaunchID(i.in.IncidentID, list), TaskQueue: queue(ctx),
			ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON, StaticSummary: fmt.Sprintf("Start the closed practices of list %d again", list),
			TypedSearchAttributes: temporal.NewSearchAttributes(temporalx.IncidentKey.ValueSet(i.in.IncidentID)),
		})
		err := workflow.ExecuteChildWorkflow(child, LaunchType, LaunchInput{IncidentID: i.in.IncidentID, List: list}).Get(ctx, nil)
		if err != nil {
			return err
		}
	}
	i.changed = true
	return workflow.ExecuteActivity(short(ctx, "Every practice has its workflow"), steps.MarkRunning, i.ref).Get(ctx, nil)
}

func (i *incident) continueAsNew(ctx workflow.Context) error {
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
		return err
	}
	next := i.in
	next.MailDue = i.mailDue
	return workflow.NewContinueAsNewError(ctx, IncidentType, next)
}

func (i *incident) show(ctx workflow.Context) {
	phase := "running"
	if i.roll.Open == 0 {
		phase = "closed"
	}
	workflow.SetCurrentDetails(ctx, "**"+markdown(i.in.Entity)+"** "+i.roll.Headline+"\n\n"+i.roll.Table)
	updates := []temporal.SearchAttributeUpdate{
		temporalx.PhaseKey.ValueSet(phase),
		temporalx.NeedsPersonKey.ValueSet(i.roll.NeedsPerson > 0),
		temporalx.LateKey.ValueSet(i.roll.Late > 0),
	}
	if !i.roll.NextDueEnds.IsZero() {
		updates = append(updates, temporalx.NextDueKey.ValueSet(i.roll.NextDueEnds))
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, updates...); err != nil {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}
