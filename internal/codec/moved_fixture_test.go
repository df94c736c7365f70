package codec_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/codec"
	"duenotice/internal/testkit"
)

const (
	caseQueue     = "cases"
	postQueue     = "cases-post"
	strangerQueue = "strangers"
)

// ref is the input and the answer of everything here, so that only its place keeps a
// payload from being taken.
type ref struct{ Practice, Said string }

// done is what the activities did, and was told what the workflow took.
type done struct {
	mu   sync.Mutex
	seen []string
}

func (d *done) add(what string, r ref) (ref, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, what+" "+r.Practice)
	return ref{r.Practice, "done"}, nil
}

func (d *done) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.seen)
}

// leads is a practice: it does a step of its own, is told things, has its notice
// posted by another queue until that is answered as it should be, has a child, and
// continues as new once.
func (d *done) leads(ctx workflow.Context, in ref) (ref, error) {
	for _, name := range []string{"act", "amended"} {
		if err := workflow.SetUpdateHandler(ctx, name, func(ctx workflow.Context, r ref) (ref, error) {
			return d.add(name, r)
		}); err != nil {
			return ref{}, err
		}
	}
	if err := workflow.SetQueryHandler(ctx, "ask", func(r ref) (ref, error) { return r, nil }); err != nil {
		return ref{}, err
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		var r ref
		for workflow.GetSignalChannel(ctx, "told").Receive(ctx, &r) {
			_, _ = d.add("told", r)
		}
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.GetSignalChannel(ctx, "nudged").Receive(ctx, nil) {
			_, _ = d.add("nudged", in)
		}
	})
	retry := &temporal.RetryPolicy{InitialInterval: time.Millisecond, MaximumInterval: 10 * time.Millisecond}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute, HeartbeatTimeout: time.Minute, RetryPolicy: retry})
	if err := workflow.ExecuteActivity(ctx, "close", in).Get(ctx, nil); err != nil {
		return ref{}, err
	}
	post := workflow.WithTaskQueue(ctx, postQueue)
	for {
		var r ref
		err := workflow.ExecuteActivity(post, "post", in).Get(ctx, &r)
		if err == nil && r.Practice == in.Practice {
			break
		}
		if err == nil {
			_, _ = d.add("BELIEVED", r)
		}
	}
	if err := workflow.ExecuteActivity(post, "quiet", in).Get(ctx, nil); err != nil {
		return ref{}, err
	}
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: time.Minute})
	if err := workflow.ExecuteLocalActivity(local, d.local, in).Get(ctx, nil); err != nil {
		return ref{}, err
	}
	var kept ref
	if err := workflow.SideEffect(ctx, func(workflow.Context) any { return in }).Get(&kept); err != nil {
		return ref{}, err
	}
	workflow.GetVersion(ctx, "a change", workflow.DefaultVersion, 1)
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: workflow.GetInfo(ctx).WorkflowExecution.ID + ":child"})
	var answered ref
	if err := workflow.ExecuteChildWorkflow(child, "child", in).Get(ctx, &answered); err != nil {
		return ref{}, err
	}
	if err := workflow.SignalExternalWorkflow(ctx, "watch", "", "told", in).Get(ctx, nil); err != nil {
		return ref{}, err
	}
	if in.Said == "" {
		return ref{}, workflow.NewContinueAsNewError(ctx, "leads", ref{in.Practice, "again"})
	}
	return answered, nil
}

func (d *done) local(_ context.Context, r ref) (ref, error) { return d.add("local", r) }

func child(_ workflow.Context, in ref) (ref, error) { return in, nil }

// watch runs until it is ended.
func watch(ctx workflow.Context) error {
	var r ref
	for {
		workflow.GetSignalChannel(ctx, "told").Receive(ctx, &r)
	}
}

func (d *done) close(ctx context.Context, r ref) (ref, error) {
	activity.RecordHeartbeat(ctx, r)
	return d.add("close", r)
}

func (d *done) post(ctx context.Context, r ref) (ref, error) {
	var last ref
	if activity.HasHeartbeatDetails(ctx) && activity.GetHeartbeatDetails(ctx, &last) == nil {
		_, _ = d.add("BELIEVED HEARTBEAT", last)
	}
	return d.add("post", r)
}

func (d *done) quiet(_ context.Context, r ref) error {
	_, err := d.add("quiet", r)
	return err
}

// house is a namespace with a worker.
type house struct {
	server  testkit.TemporalServer
	done    *done
	own     client.Client
	outside client.Client
	mu      sync.Mutex
	refused []*codec.Refusal
	options client.Options
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{server: testkit.Temporal(t), done: &done{}}
	newCodec(t, "k1").Telling(func(r *codec.Refusal) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.refused = append(h.refused, r)
	}).ApplyToWorker(&h.options)
	var plain client.Options
	newCodec(t, "k1").Apply(&plain)
	h.own, h.outside = h.server.Client(t, plain), h.server.Client(t, client.Options{})
	w := worker.New(h.server.Client(t, h.options), caseQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(h.done.leads, workflow.RegisterOptions{Name: "leads"})
	w.RegisterWorkflowWithOptions(child, workflow.RegisterOptions{Name: "child"})
	w.RegisterWorkflowWithOptions(watch, workflow.RegisterOptions{Name: "watch"})
	w.RegisterActivityWithOptions(h.done.close, activity.RegisterOptions{Name: "close"})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return h
}

// posts works on the queue where strangers poll meanwhile.
func (h *house) posts(t *testing.T) (stop func()) {
	t.Helper()
	w := worker.New(h.server.Client(t, h.options), postQueue, worker.Options{DisableWorkflowWorker: true})
	w.RegisterActivityWithOptions(h.done.post, activity.RegisterOptions{Name: "post"})
	w.RegisterActivityWithOptions(h.done.quiet, activity.RegisterOptions{Name: "quiet"})
	require.NoError(t, w.Start())
	return w.Stop
}

func (h *house) starts(t *testing.T, practice string) client.WorkflowRun {
	t.Helper()
	run, err := h.own.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: "practice:EX:" + practice, TaskQueue: caseQueue, StaticSummary: practice,
	}, "leads", ref{Practice: practice})
	require.NoError(t, err)
	return run
}

// refusedSince is what was refused after the first from.
func (h *house) refusedSince(from int) []*codec.Refusal {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.refused[from:])
}

func (h *house) count() int { return len(h.refusedSince(0)) }

// awaitRefused waits until something was refused as what, and says why.
func (h *house) awaitRefused(t *testing.T, from int, what string, used func(codec.Place) bool) *codec.Refusal {
	t.Helper()
	var found *codec.Refusal
	testkit.Await(t, func() bool {
		for _, r := range h.refusedSince(from) {
			if used(r.Used) {
				found = r
			}
		}
		return found != nil
	}, func() string { return what })
	return found
}

func (h *house) tell(t *testing.T, practice, signal string) {
	t.Helper()
	require.NoError(t, h.own.SignalWorkflow(t.Context(), "practice:EX:"+practice, "", signal, ref{Practice: practice}))
}

func (h *house) asks(t *testing.T, practice, update string) {
	t.Helper()
	handle, err := h.own.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: "practice:EX:" + practice, UpdateName: update, Args: []any{ref{Practice: practice}}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(t, err)
	var answer ref
	require.NoError(t, handle.Get(t.Context(), &answer))
	require.Equal(t, ref{practice, "done"}, answer)
	value, err := h.own.QueryWorkflow(t.Context(), "practice:EX:"+practice, "", "ask", ref{Practice: practice})
	require.NoError(t, err)
	require.NoError(t, value.Get(&answer))
	require.Equal(t, practice, answer.Practice)
}

// lives runs a whole practice, so that there is something to steal, and returns the
// ciphertexts of its histories by the place they belong to.
func (h *house) lives(t *testing.T, practice string) map[codec.Place]*commonpb.Payload {
	t.Helper()
	_, err := h.own.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "watch", TaskQueue: caseQueue}, "watch")
	require.NoError(t, err)
	run := h.starts(t, practice)
	first := run.GetRunID()
	h.tell(t, practice, "told")
	h.tell(t, practice, "nudged")
	for _, update := range []string{"act", "amended"} {
		h.asks(t, practice, update)
	}
	stop := h.posts(t)
	defer stop()
	var result ref
	require.NoError(t, run.Get(t.Context(), &result))
	require.Equal(t, practice, result.Practice)
	require.Zero(t, h.count(), "nothing of our own is refused: %v", h.refusedSince(0))

	all := map[codec.Place]*commonpb.Payload{}
	for id, runs := range map[string][]string{"practice:EX:" + practice: {first, ""}, "practice:EX:" + practice + ":child": {""}, "watch": {""}} {
		for _, run := range runs {
			for events := h.outside.GetWorkflowHistory(t.Context(), id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
				event, err := events.Next()
				require.NoError(t, err)
				require.NoError(t, proxy.VisitPayloads(t.Context(), event, proxy.VisitPayloadsOptions{SkipSearchAttributes: true,
					Visitor: func(_ *proxy.VisitPayloadsContext, found []*commonpb.Payload) ([]*commonpb.Payload, error) {
						for _, p := range found {
							require.Equal(t, codec.Encoding, string(p.GetMetadata()[converter.MetadataEncoding]))
							all[codec.PlaceOf(p)] = proto.CloneOf(p)
						}
						return found, nil
					}}))
			}
		}
	}
	kinds := map[codec.Purpose]bool{}
	for place := range all {
		kinds[place.Purpose] = true
	}
	for _, purpose := range []codec.Purpose{
		codec.WorkflowInput, codec.WorkflowResult, codec.ActivityInput, codec.ActivityResult, codec.Signal, codec.UpdateInput, codec.UpdateResult, codec.SideEffect, codec.Own,
	} {
		require.True(t, kinds[purpose], purpose)
	}
	return all
}

func of(p *commonpb.Payload) *commonpb.Payloads {
	return &commonpb.Payloads{Payloads: []*commonpb.Payload{p}}
}
