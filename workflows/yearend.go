package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/temporalx"
)

// YearEndLog prepares the log of breaches of fewer than 500 people discovered
// in a calendar year, which HHS must have within 60 days of the year's end (45
// CFR 164.408(c)), then waits for the last day and looks again. Each practice's
// own workflow warns of its own deadline; this is the overview.
func YearEndLog(ctx workflow.Context, in YearEndLogInput) (activities.YearResult, error) {
	if in.Year == 0 {
		in.Year = workflow.Now(ctx).UTC().Year() - 1
	}
	log, err := prepareLog(ctx, in.Year)
	if err != nil {
		return log, err
	}
	showLog(ctx, in.Year, log)
	if left := log.DueEnds.Sub(workflow.Now(ctx)); left > 0 && log.Filed < log.Entries {
		_, err := workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
			Timeout: left,
			TimerOptions: workflow.TimerOptions{
				Summary: fmt.Sprintf("HHS annual log for %d due %s, 45 CFR 164.408(c)", in.Year, log.Due),
			},
		}, func() bool { return false })
		if err != nil {
			return log, err
		}
	}
	if log, err = prepareLog(ctx, in.Year); err != nil {
		return log, err
	}
	showLog(ctx, in.Year, log)
	return log, nil
}

// prepareLog has the log prepared, and asks again after a rest when that fails for
// good: the schedule would start the next log only a year later. It ends with an error
// when the workflow is canceled.
func prepareLog(ctx workflow.Context, year int) (log activities.YearResult, err error) {
	prepare := sweep(ctx, fmt.Sprintf("Prepare the log of breaches under 500 discovered in %d", year))
	for resting := (rests{}); ; {
		err = workflow.ExecuteActivity(prepare, steps.PrepareAnnualLog, activities.YearInput{Year: year}).Get(ctx, &log)
		if err == nil || ctx.Err() != nil {
			return log, err
		}
		now := workflow.Now(ctx)
		resting.failed(now, "prepare", err)
		err = workflow.NewTimerWithOptions(ctx, resting.next(now).Sub(now), workflow.TimerOptions{Summary: "Try again what could not be done"}).Get(ctx, nil)
		if err != nil {
			return log, err
		}
	}
}

func showLog(ctx workflow.Context, year int, log activities.YearResult) {
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("HHS annual log for **%d**: %d breaches under 500, %d filed, due **%s**, %s.",
		year, log.Entries, log.Filed, log.Due, temporalx.Text("45 CFR 164.408(c)")))
	open := log.Filed < log.Entries
	err := workflow.UpsertTypedSearchAttributes(ctx,
		temporalx.NeedsPersonKey.ValueSet(open),
		temporalx.LateKey.ValueSet(open && !workflow.Now(ctx).Before(log.DueEnds)),
		temporalx.NextDueKey.ValueSet(log.DueEnds))
	if err != nil && !temporal.IsCanceledError(err) {
		workflow.GetLogger(ctx).Error("search attributes not set", "error", err)
	}
}
