package app

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

// EnsureYearEndSchedule makes the Schedule that prepares the log of breaches
// under 500 on January 2, eight weeks before it is due. Made once; a worker
// that finds it there leaves it as people may have set it. Its workflow runs on the
// task queue queue.
func EnsureYearEndSchedule(ctx context.Context, c client.Client, queue string, zone *time.Location) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: temporalx.YearEndScheduleID,
		Spec: client.ScheduleSpec{
			// At nine in the morning: between one and three, daylight saving can skip or repeat the hour.
			Calendars: []client.ScheduleCalendarSpec{{
				Month: []client.ScheduleRange{{Start: 1}}, DayOfMonth: []client.ScheduleRange{{Start: 2}},
				Hour: []client.ScheduleRange{{Start: 9}},
			}},
			TimeZoneName: zone.String(),
		},
		Action: &client.ScheduleWorkflowAction{
			ID: temporalx.YearEndScheduleID, Workflow: workflows.YearEndLogType, TaskQueue: queue,
			Args:          []any{workflows.YearEndLogInput{}},
			StaticSummary: "HHS annual log of breaches under 500, 45 CFR 164.408(c)",
		},
		Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP,
	})
	return unlessThere(err)
}

// EnsurePostingSchedule makes the Schedule that looks at the notices posted on pages, an
// hour after the last time. Nothing is made where the installation looks at none; one that
// was made before then starts a workflow that finds nothing to do.
func EnsurePostingSchedule(ctx context.Context, c client.Client, queue string) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:   temporalx.PostingScheduleID,
		Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: time.Hour}}, Jitter: 5 * time.Minute},
		Action: &client.ScheduleWorkflowAction{
			ID: temporalx.PostingScheduleID, Workflow: workflows.PostingLooksType, TaskQueue: queue,
			Args:          []any{workflows.PostingLooksInput{}},
			StaticSummary: "Looks at posted notices, 45 CFR 164.404(d)(2)(ii)",
		},
		Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP,
	})
	return unlessThere(err)
}

func unlessThere(err error) error {
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return err
}
