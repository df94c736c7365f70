package play

import (
	"context"
	"fmt"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/rehearsal"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

type temporalCount = rehearsal.Temporal

// countTemporal reads the histories of some practices, and of every other workflow of
// the incident, all their runs.
func countTemporal(ctx context.Context, c client.Client, incident string, practices []string) (count temporalCount, err error) {
	for _, key := range practices {
		if err := countRuns(ctx, c, fmt.Sprintf("WorkflowId = '%s'", temporalx.PracticeID(incident, key)), &count.Practices); err != nil {
			return count, err
		}
		count.Sampled++
	}
	// By its type, since a practice's workflow is known by nothing else that is listed.
	err = countRuns(ctx, c, fmt.Sprintf("WorkflowType != '%s'", workflows.PracticeType), &count.Others)
	return count, err
}

func countRuns(ctx context.Context, c client.Client, query string, use *rehearsal.Use) error {
	var page []byte
	for {
		list, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: query, NextPageToken: page})
		if err != nil {
			return fmt.Errorf("Temporal does not list %s: %w", query, err)
		}
		for _, e := range list.GetExecutions() {
			id, run := e.GetExecution().GetWorkflowId(), e.GetExecution().GetRunId()
			if strings.HasPrefix(id, "temporal-sys-") {
				continue // the server's own, which nobody pays for
			}
			if err := countHistory(ctx, c, id, run, use); err != nil {
				return err
			}
		}
		if page = list.GetNextPageToken(); len(page) == 0 {
			return nil
		}
	}
}

func countHistory(ctx context.Context, c client.Client, id, run string, use *rehearsal.Use) error {
	described, err := c.DescribeWorkflowExecution(ctx, id, run)
	if err != nil {
		return fmt.Errorf("Temporal does not describe %s: %w", id, err)
	}
	use.Bytes += described.GetWorkflowExecutionInfo().GetHistorySizeBytes()
	events := c.GetWorkflowHistory(ctx, id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	var actions temporalx.Actions
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return fmt.Errorf("the history of %s cannot be read: %w", id, err)
		}
		use.Events++
		actions.Add(event)
	}
	use.Actions += actions.Count()
	return nil
}
