package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/logging"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// panicking works for a while as the worker does, on the same server, database,
// keys and log, but with a database and workflows that panic with the canaries in
// hand, as a mistake of ours would. It returns when both were met.
func panicking(t *testing.T, o *office, incidentID, logs string) {
	t.Helper()
	store, err := postgres.Open(t.Context(), o.env["DUENOTICE_DATABASE_URL"])
	require.NoError(t, err)
	defer store.Close()
	before, err := os.ReadFile(logs)
	require.NoError(t, err)
	logger, closeLog, err := logging.New(logging.Options{Level: o.env["DUENOTICE_LOG_LEVEL"], File: logs}, io.Discard)
	require.NoError(t, err)
	options := client.Options{Logger: sdklog.NewStructuredLogger(logger)}
	codecOf(t, o).ApplyToWorker(&options)
	temporal := testkit.TemporalOf(o.env).Client(t, options)

	zone, err := time.LoadLocation(o.env["DUENOTICE_TIMEZONE"])
	require.NoError(t, err)
	out := outfolder.New(o.out)
	steps := &activities.Activities{
		Store: &quoting{Store: store}, Books: rulebooks.Kept(), Out: out, Mail: mail.NewEMLFolder(out), Workflows: temporal, Now: time.Now, Zone: zone,
	}
	work := worker.New(temporal, temporalx.Queue, worker.Options{
		DisableRegistrationAliasing: true, Interceptors: []interceptor.WorkerInterceptor{&quotingOnce{}},
	})
	workflows.Register(work)
	work.RegisterActivity(steps)
	require.NoError(t, work.Start())
	// Whatever the worker before had left to do: a word to a practice is a task for
	// its workflow, and then for an activity.
	told := 0
	for _, practice := range practiceKeys(o) {
		if temporal.SignalWorkflow(t.Context(), temporalx.PracticeID(incidentID, practice), "", activities.SignalFactsChanged, activities.FactsChanged{}) == nil {
			told++
		}
	}
	require.GreaterOrEqual(t, told, len(shapes))
	met := func() bool {
		said, err := os.ReadFile(logs)
		require.NoError(t, err)
		since := said[len(before):]
		return bytes.Count(since, []byte("(*quoting).Practice")) >= len(shapes) && bytes.Contains(since, []byte("(*quotingWorkflow).ExecuteWorkflow"))
	}
	testkit.Await(t, met, func() string { return "the worker's log tells of no panic in an activity and in a workflow" })
	work.Stop()
	require.NoError(t, closeLog())
}

// shapes are what code panics with.
var shapes = []func(string) any{
	func(text string) any { return text },
	func(text string) any { return errors.New(text) },
	func(text string) any { return struct{ LastName string }{text} },
}

// quoted is all that is known of the planted person.
func quoted() string {
	return "no letter for " + strings.Join(slices.Collect(maps.Values(canaries)), " | ")
}

// quoting is a database whose reader of a practice breaks on a person's row.
type quoting struct {
	activities.Store
	mu    sync.Mutex
	times int
}

func (q *quoting) Practice(context.Context, string, string) (casebook.Practice, error) {
	q.mu.Lock()
	shape := shapes[q.times%len(shapes)]
	q.times++
	q.mu.Unlock()
	panic(shape(quoted()))
}

// quotingOnce lets the first workflow that the worker is given break.
type quotingOnce struct {
	interceptor.WorkerInterceptorBase
	once sync.Once
}

func (q *quotingOnce) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	w := &quotingWorkflow{once: &q.once}
	w.Next = next
	return w
}

type quotingWorkflow struct {
	interceptor.WorkflowInboundInterceptorBase
	once *sync.Once
}

func (w *quotingWorkflow) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	w.once.Do(func() { panic(fmt.Sprintf("%s (%s)", quoted(), workflow.GetInfo(ctx).WorkflowExecution.ID)) })
	return w.Next.ExecuteWorkflow(ctx, in)
}
