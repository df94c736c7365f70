package app_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// made are the papers of practices in the order in which they were made.
type made struct {
	mu  sync.Mutex
	all []activities.PracticeRef
}

func (m *made) add(of activities.PracticeRef) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, of)
}

// last is where the incident's last is among all, once there are want of it; 0 before.
func (m *made) last(incident string, want int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	for n, of := range m.all {
		if of.IncidentID == incident {
			if want--; want == 0 {
				return n + 1
			}
		}
	}
	return 0
}

// TestASmallIncidentDoesNotWaitForALargeOne: on a real server, papers of hundreds of
// practices wait when a small incident is started, and one is made at a time.
func TestASmallIncidentDoesNotWaitForALargeOne(t *testing.T) {
	t.Parallel()
	const large, small, queue = 150, 3, "fair"
	server := testkit.Temporal(t, temporalx.SearchAttributes()...)
	c := server.Client(t, client.Options{})
	sizes := map[string]int{"LARGE": large, "SMALL": small}
	var papers made
	// Opened together they would wait in a few steps of many practices each: here each
	// waits by itself, as when its papers are made anew.
	alone := func(worker.PreferredVersionProviderInput) *worker.VersionPreference {
		return &worker.VersionPreference{Version: workflow.DefaultVersion}
	}
	start(t, c, queue, worker.Options{PreferredVersionProvider: alone}, func(w worker.Worker) {
		workflows.Register(w)
		deskOf(w, sizes)
	})
	incident := func(id string) {
		of := breach.Incident{ID: id, Discovered: civil.MustParse("2026-03-16")}
		_, err := c.ExecuteWorkflow(t.Context(), app.IncidentOptions(of, queue), workflows.IncidentType, workflows.IncidentInput{IncidentID: id})
		require.NoError(t, err)
	}
	incident("LARGE")
	awaitBacklog(t, server, c, temporalx.PapersQueue(queue), large)
	incident("SMALL")
	awaitBacklog(t, server, c, temporalx.PapersQueue(queue), large+small)
	start(t, c, temporalx.PapersQueue(queue), worker.Options{DisableWorkflowWorker: true, MaxConcurrentActivityExecutionSize: 1}, func(w worker.Worker) {
		step(w, "PreparePapers", func(ctx context.Context, in activities.PapersInput) (activities.PracticeState, error) {
			if share := activity.GetInfo(ctx).Priority.FairnessKey; share != in.IncidentID {
				return activities.PracticeState{}, fmt.Errorf("it is of the share of %q", share)
			}
			papers.add(in.PracticeRef)
			return stateOf(), nil
		})
	})
	last := 0
	testkit.Await(t, func() bool {
		last = papers.last("SMALL", small)
		return last > 0
	}, func() string { return "the small incident's papers were not made" })
	require.Less(t, last, large/3, "it had its share, and did not wait for the other's end")
}

func start(t *testing.T, c client.Client, queue string, options worker.Options, register func(worker.Worker)) {
	t.Helper()
	w := worker.New(c, queue, options)
	register(w)
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
}

func step(w worker.Worker, name string, do any) {
	w.RegisterActivityWithOptions(do, activity.RegisterOptions{Name: name})
}

// stateOf is a practice that waits for people.
func stateOf() activities.PracticeState {
	return activities.PracticeState{Phase: casebook.PhaseApproval, Notifiable: true, PapersSHA256: "hash"}
}

// deskOf stands in for the database: incidents of so many practices, whose papers are to be made.
func deskOf(w worker.Worker, sizes map[string]int) {
	nothing := func(context.Context, activities.IncidentRef) error { return nil }
	step(w, "AdmitIncident", nothing)
	step(w, "MarkRunning", nothing)
	step(w, "RollUpIncident", func(_ context.Context, in activities.IncidentRef) (activities.RollUp, error) {
		return activities.RollUp{Practices: sizes[in.IncidentID], Open: sizes[in.IncidentID]}, nil
	})
	step(w, "PageOfPractices", func(_ context.Context, in activities.PageInput) (page activities.PageResult, _ error) {
		for n := range sizes[in.IncidentID] {
			page.Keys = append(page.Keys, fmt.Sprintf("P%03d", n))
		}
		return page, nil
	})
	step(w, "PlanPractice", func(context.Context, activities.PracticeRef) (activities.PracticeState, error) {
		state := stateOf()
		state.PapersStale = true
		return state, nil
	})
}

// awaitBacklog waits until so many steps wait for a worker.
func awaitBacklog(t *testing.T, server testkit.TemporalServer, c client.Client, queue string, want int64) {
	t.Helper()
	var waiting int64
	testkit.Await(t, func() bool {
		described, err := c.WorkflowService().DescribeTaskQueue(t.Context(), &workflowservice.DescribeTaskQueueRequest{
			Namespace: server.Namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: queue}, TaskQueueType: enums.TASK_QUEUE_TYPE_ACTIVITY, ReportStats: true,
		})
		waiting = described.GetStats().GetApproximateBacklogCount()
		return err == nil && waiting >= want
	}, func() string { return fmt.Sprintf("%d of %d steps wait", waiting, want) })
}
