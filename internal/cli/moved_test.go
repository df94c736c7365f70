package cli_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// orders is somebody's own workflow, on a queue of theirs, that has a step of ours done
// with what they copied.
func orders(ctx workflow.Context, step string, copied converter.RawValue) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: temporalx.Queue, StartToCloseTimeout: time.Minute})
	return workflow.ExecuteActivity(ctx, step, copied).Get(ctx, nil)
}

// TestAnotherAccountWithoutAKeyClosesNothing: it reaches Temporal, copies what lies in
// a practice's history, and has every step of a practice and of an incident done with
// it. Nothing is done, status says so, and the practice's pack verifies and tells it.
func TestAnotherAccountWithoutAKeyClosesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "DEMO-2026-03"
	o.startWorker()
	o.must("start", syntheticCase(t, 2, 4))
	c := testkit.TemporalOf(o.env).Client(t, client.Options{})
	var copied []*commonpb.Payload
	testkit.Await(t, func() bool {
		copied = nil
		for events := c.GetWorkflowHistory(t.Context(), temporalx.PracticeID(id, "P-00002"), "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
			event, err := events.Next()
			require.NoError(t, err)
			require.NoError(t, proxy.VisitPayloads(t.Context(), event, proxy.VisitPayloadsOptions{SkipSearchAttributes: true,
				Visitor: func(_ *proxy.VisitPayloadsContext, p []*commonpb.Payload) ([]*commonpb.Payload, error) {
					if codec.PlaceOf(p[0]).Purpose == codec.ActivityInput {
						copied = append(copied, p...)
					}
					return p, nil
				}}))
		}
		return len(copied) >= 2
	})
	w := worker.New(c, "theirs", worker.Options{})
	w.RegisterWorkflowWithOptions(orders, workflow.RegisterOptions{Name: "orders"})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	before := o.status(id)
	for _, step := range []string{"ClosePractice", "CloseIncident", "ReachStages", "PlanMailRun", "RenderBatches", "ActOnPractice", "TellPractices"} {
		for n, p := range copied[:2] {
			run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: fmt.Sprintf("practice:%s:P-00001:%s%d", id, step, n), TaskQueue: "theirs"}, "orders", step, converter.NewRawValue(p))
			require.NoError(t, err)
			require.ErrorContains(t, run.Get(t.Context(), nil), "activity error", step)
		}
	}
	// The word that opens a practice's eyes, from another practice's history.
	_, err := c.WorkflowService().SignalWorkflowExecution(t.Context(), &workflowservice.SignalWorkflowExecutionRequest{
		Namespace: o.env["TEMPORAL_NAMESPACE"], WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: temporalx.PracticeID(id, "P-00001")},
		SignalName: activities.SignalFactsChanged, Input: &commonpb.Payloads{Payloads: copied[:1]},
	})
	require.NoError(t, err)
	var seen []casebook.Trouble
	testkit.Await(t, func() bool {
		seen = nil
		signal := false
		for _, x := range o.status(id).Troubles {
			if x.Kind == casebook.TroubleRefused {
				seen = append(seen, x)
				signal = signal || x.Part == string(codec.Signal)
			}
		}
		return signal && len(seen) == 8
	}, func() string { return o.must("status", id) })
	for _, x := range seen {
		// The workflows that were made up for it are of no practice that there is.
		require.Equal(t, x.Part == string(codec.Signal), x.Practice == "P-00001")
		require.Equal(t, id, x.Incident)
		require.Contains(t, x.What, "a payload was made for something else")
	}
	after := o.status(id)
	require.Equal(t, before.Phases, after.Phases)
	text := o.must("status", id)
	require.Contains(t, text, "incident "+id+": could not believe what came through Temporal: ")
	require.Contains(t, text, "practice P-00001: could not believe what came through Temporal: ")
	require.Contains(t, text, "Find out who")
	require.Contains(t, o.do("doctor").out, "could not believe what came through Temporal")
	require.Contains(t, []int{4, 5}, o.do("status", id, "--exit-code").code)
}
