package workflows

import (
	"fmt"
	"slices"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/temporalx"
)

const (
	// launchPage is how many practices one run starts: a run may have at most
	// 2,000 children pending and warns at 10,240 events, of which a start takes three.
	launchPage = 500
	// launchBurst is how many starts are asked for at once. 2,001 in one
	// workflow task would fail the whole task, for ever.
	launchBurst = 100
	// openBurst is how many practices are opened in one step. Where each of them stands is
	// five thousand bytes of the step's result, which may have two million; and a step that
	// a dead worker leaves behind is done again from its beginning.
	openBurst = 20
)

// Launch starts a workflow for each practice of an incident, page by page. The
// practices live on by themselves; nothing here waits for their end.
func Launch(ctx workflow.Context, in LaunchInput) (LaunchResult, error) {
	page := activities.PageResult{Keys: in.Keys}
	if len(in.Keys) == 0 {
		err := workflow.ExecuteActivity(patient(ctx, "Next page of practices"), steps.PageOfPractices,
			activities.PageInput{IncidentID: in.IncidentID, After: in.After, Limit: launchPage, List: in.List, OpenOnly: in.Again}).Get(ctx, &page)
		if err != nil {
			return LaunchResult{}, err
		}
	}
	if err := launchAll(ctx, in, page.Keys); err != nil {
		return LaunchResult{}, err
	}
	in.Started += len(page.Keys)
	if len(page.Keys) < launchPage || len(in.Keys) > 0 {
		return LaunchResult{Started: in.Started}, nil
	}
	in.After = page.Keys[len(page.Keys)-1]
	return LaunchResult{}, workflow.NewContinueAsNewError(ctx, LaunchType, in)
}

// launchAll opens practices and starts their workflows. Those that had a workflow before
// are not opened: what their own workflow was told of is its to do.
func launchAll(ctx workflow.Context, in LaunchInput, keys []string) error {
	if in.List > 0 || in.Again || !openTogether.Taken(ctx) {
		for burst := range slices.Chunk(keys, launchBurst) {
			if err := startPractices(ctx, in, burst, make([]*activities.PracticeState, len(burst))); err != nil {
				return err
			}
		}
		return nil
	}
	// All are asked for at once, so that every worker has its share of them.
	var opening []workflow.Future
	for burst := range slices.Chunk(keys, openBurst) {
		step := opened(ctx, fmt.Sprintf("Open %d practices: what is owed, and their papers", len(burst)))
		opening = append(opening, workflow.ExecuteActivity(step, steps.OpenPractices,
			activities.OpenInput{IncidentID: in.IncidentID, Keys: burst, At: workflow.Now(ctx)}))
	}
	for burst := range slices.Chunk(keys, openBurst) {
		var result activities.OpenResult
		err := opening[0].Get(ctx, &result)
		opening = opening[1:]
		if err != nil || len(result.States) != len(burst) {
			// They do for themselves what was not done for them.
			result.States = make([]*activities.PracticeState, len(burst))
		}
		if err := startPractices(ctx, in, burst, result.States); err != nil {
			return err
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return workflow.ExecuteActivity(patient(ctx, "Tell practices what changed while they were opened"), steps.TellChanged,
		activities.ChangedInput{IncidentID: in.IncidentID, Keys: keys}).Get(ctx, nil)
}

// startPractices starts one burst and waits until each has started. Without
// that wait, continue-as-new could end this run before the starts are made.
//
// A practice that was closed has had its workflow; after a further list it gets
// another, and so does one whose workflow was ended from outside. One that still
// runs keeps it. Those that were opened begin from where states, in the order of keys,
// says that they stand.
func startPractices(ctx workflow.Context, in LaunchInput, keys []string, states []*activities.PracticeState) error {
	incidentID, reuse := in.IncidentID, enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	if in.List > 0 || in.Again {
		reuse = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	}
	starts := make([]workflow.ChildWorkflowFuture, len(keys))
	for n, key := range keys {
		about := []temporal.SearchAttributeUpdate{temporalx.IncidentKey.ValueSet(incidentID), temporalx.PracticeKey.ValueSet(key)}
		if states[n] != nil {
			about = append(about, columns(*states[n], states[n].NeedsPerson)...)
		}
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID: temporalx.PracticeID(incidentID, key), TaskQueue: queue(ctx),
			ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
			WorkflowIDReusePolicy: reuse,
			StaticSummary:         temporalx.Line("Practice " + key),
			StaticDetails:         "One practice's duties in incident " + temporalx.Text(incidentID) + ". Current details say where it stands.",
			TypedSearchAttributes: temporal.NewSearchAttributes(about...),
		})
		starts[n] = workflow.ExecuteChildWorkflow(child, PracticeType, PracticeInput{IncidentID: incidentID, PracticeKey: key, Opened: states[n]})
	}
	for _, start := range starts {
		err := start.GetChildWorkflowExecution().Get(ctx, nil)
		// A practice that runs already was started by an earlier try of this page.
		if err != nil && !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			return err
		}
	}
	return nil
}
