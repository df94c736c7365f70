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
	year := activities.YearInput{Year: in.Year}
	var log activities.YearResult
	prepare := sweep(ctx, fmt.Sprintf("Prepare the log of breaches under 500 discovered in %d", in.Year))
	if err := workflow.ExecuteActivity(prepare, steps.PrepareAnnualLog, year).Get(ctx, &log); err != nil {
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
	if err := workflow.ExecuteActivity(prepare, steps.PrepareAnnualLog, year).Get(ctx, &log); err != nil {
		return log, err
	}
	showLog(ctx, in.Year, log)
	return log, nil
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
