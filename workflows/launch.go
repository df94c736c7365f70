package workflows

import (
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
	for first := 0; first < len(page.Keys); first += launchBurst {
		burst := page.Keys[first:min(first+launchBurst, len(page.Keys))]
		if err := startPractices(ctx, in, burst); err != nil {
			return LaunchResult{}, err
		}
	}
	in.Started += len(page.Keys)
	if len(page.Keys) < launchPage || len(in.Keys) > 0 {
		return LaunchResult{Started: in.Started}, nil
	}
	in.After = page.Keys[len(page.Keys)-1]
	return LaunchResult{}, workflow.NewContinueAsNewError(ctx, LaunchType, in)
}

// startPractices starts one burst and waits until each has started. Without
// that wait, continue-as-new could end this run before the starts are made.
//
// A practice that was closed has had its workflow; after a further list it gets
// another, and so does one whose workflow was ended from outside. One that still
// runs keeps it.
func startPractices(ctx workflow.Context, in LaunchInput, keys []string) error {
	incidentID, reuse := in.IncidentID, enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	if in.List > 0 || in.Again {
		reuse = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	}
	starts := make([]workflow.ChildWorkflowFuture, len(keys))
	for n, key := range keys {
		child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
			WorkflowID: temporalx.PracticeID(incidentID, key), TaskQueue: queue(ctx),
			ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
			WorkflowIDReusePolicy: reuse,
			StaticSummary:         temporalx.Line("Practice " + key),
			StaticDetails:         "One practice's duties in incident " + temporalx.Text(incidentID) + ". Current details say where it stands.",
			TypedSearchAttributes: temporal.NewSearchAttributes(
				temporalx.IncidentKey.ValueSet(incidentID), temporalx.PracticeKey.ValueSet(key)),
		})
		starts[n] = workflow.ExecuteChildWorkflow(child, PracticeType, PracticeInput{IncidentID: incidentID, PracticeKey: key})
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
