package app

import (
	"context"
	"sync/atomic"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/workflows"
)

// releases knows how many changes of the workflows' course are taken up, as the
// database said last. A worker that was not told yet takes none up.
type releases struct{ taken atomic.Int64 }

// prefer says by which path a run goes that comes to a change for the first time: by
// the new one only once every worker that lives knows it. A run that another worker
// takes over a moment later is then one that it can carry on.
func (r *releases) prefer(in worker.PreferredVersionProviderInput) *worker.VersionPreference {
	number := workflows.Change(in.ChangeID).Number()
	if number > 0 && number <= int(r.taken.Load()) {
		return nil // the newest
	}
	return &worker.VersionPreference{Version: workflow.DefaultVersion, ClampToSupportedRange: true}
}

// OnEarlierPaths counts, for each change of the workflows' course that has any, the runs
// that go by the path from before it until they end or go on as a new run.
func OnEarlierPaths(ctx context.Context, c client.Client) (map[workflows.Change]int, error) {
	left := map[workflows.Change]int{}
	for _, change := range workflows.AllChanges() {
		counted, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Query: change.Before()})
		if err != nil {
			return nil, err
		}
		if n := int(counted.GetCount()); n > 0 {
			left[change] = n
		}
	}
	return left, nil
}
