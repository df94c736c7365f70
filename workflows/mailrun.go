package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
)

const (
	// batchesPerStep is how many batches one step renders: at most 50,000 letters.
	batchesPerStep = 10
	// stepsAtOnce bounds the steps waiting at one time; the papers queue decides
	// how many really run.
	stepsAtOnce = 8
)

// MailRun prints the letters of every practice that is approved: plan, render
// in batches, tell the practices.
func MailRun(ctx workflow.Context, in MailRunInput) (MailRunResult, error) {
	var plan activities.MailRunPlan
	err := workflow.ExecuteActivity(sweep(ctx, "Gather the approved letters in ZIP order"), steps.PlanMailRun,
		activities.MailRunInput{IncidentID: in.IncidentID, Run: in.Run}).Get(ctx, &plan)
	if err != nil || plan.Pieces == 0 {
		return MailRunResult{Passed: plan.Passed}, err
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("%d letters in %d batches", plan.Pieces, plan.Batches))

	result, failure := render(ctx, in, plan)
	// Also when a batch could not be printed: the others are.
	err = workflow.ExecuteActivity(sweep(ctx, "Tell the practices that their letters are printed"), steps.TellPractices,
		activities.TellInput{IncidentID: in.IncidentID, MailRun: in.Run, Reason: "letters printed"}).Get(ctx, nil)
	if failure != nil {
		return result, failure
	}
	return result, err
}

// render has all batches printed, a few steps at a time.
func render(ctx workflow.Context, in MailRunInput, plan activities.MailRunPlan) (MailRunResult, error) {
	result := MailRunResult{Batches: plan.Batches}
	running, failure := 0, error(nil)
	for first := 1; first <= plan.Batches; first += batchesPerStep {
		last := min(first+batchesPerStep-1, plan.Batches)
		if err := workflow.Await(ctx, func() bool { return running < stepsAtOnce }); err != nil {
			return result, err
		}
		running++
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer func() { running-- }()
			var printed activities.RenderResult
			err := workflow.ExecuteActivity(typeset(ctx, fmt.Sprintf("Print batches %d to %d of %d", first, last, plan.Batches)),
				steps.RenderBatches, activities.RenderInput{IncidentID: in.IncidentID, Run: in.Run, First: first, Last: last}).Get(ctx, &printed)
			if err != nil {
				failure = err
				return
			}
			result.Pieces += printed.Pieces
			result.Pages += printed.Pages
		})
	}
	if err := workflow.Await(ctx, func() bool { return running == 0 }); err != nil {
		return result, err
	}
	if result.Pieces == 0 {
		result.Pieces = plan.Pieces // an earlier try printed them all
	}
	return result, failure
}
