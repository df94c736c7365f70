package codec_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	querypb "go.temporal.io/api/query/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	updatepb "go.temporal.io/api/update/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/codec"
	"duenotice/internal/testkit"
)

// orders is a stranger's own workflow, on a queue of the stranger's, that has an
// activity of ours done with what the stranger stole.
func orders(ctx workflow.Context, name string, p converter.RawValue) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: caseQueue, StartToCloseTimeout: time.Minute})
	return workflow.ExecuteActivity(ctx, name, p).Get(ctx, nil)
}

// TestWhatWasMovedIsRefused: ciphertexts of a real history of another practice, and of
// the same in another namespace, are given by somebody without a key to everything
// that takes a payload.
func TestWhatWasMovedIsRefused(t *testing.T) {
	t.Parallel()
	h, elsewhere := newHouse(t), newHouse(t)
	var stolen []*commonpb.Payload // one of each purpose and name
	for n, from := range []map[codec.Place]*commonpb.Payload{h.lives(t, "P2"), elsewhere.lives(t, "P1")} {
		last := ""
		for _, place := range slices.SortedFunc(maps.Keys(from), func(a, b codec.Place) int {
			return strings.Compare(fmt.Sprint(a.Purpose, a.Name, a.Of), fmt.Sprint(b.Purpose, b.Name, b.Of))
		}) {
			kind := string(place.Purpose) + place.Name
			if n == 1 && !slices.Contains([]string{"leads", "told", "act", "close", "post"}, place.Name) {
				continue // of the other namespace, what is most like it
			}
			if kind != last {
				stolen = append(stolen, from[place])
			}
			last = kind
		}
	}
	require.Greater(t, len(stolen), 20)
	victim := h.starts(t, "P1")
	h.asks(t, "P1", "act")
	testkit.Await(t, func() bool { return slices.Contains(h.done.all(), "close P1") })
	before := len(h.done.all())
	w := worker.New(h.outside, strangerQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(orders, workflow.RegisterOptions{Name: "orders"})
	require.NoError(t, w.Start())
	defer w.Stop()
	service, ns := h.outside.WorkflowService(), h.server.Namespace
	practice := &commonpb.WorkflowExecution{WorkflowId: "practice:EX:P1"}

	for n, p := range stolen {
		made := codec.PlaceOf(p)
		moved := func(what string, used func(codec.Place) bool, since int) {
			r := h.awaitRefused(t, since, fmt.Sprintf("%s given as %s", made, what), used)
			require.ErrorIs(t, r, codec.ErrMoved)
			require.Equal(t, made, r.Made)
		}
		as := func(purpose codec.Purpose, name string) func(codec.Place) bool {
			return func(used codec.Place) bool { return used.Purpose == purpose && used.Name == name }
		}
		since := h.count()
		for _, signal := range []string{"told", "nudged"} {
			_, err := service.SignalWorkflowExecution(t.Context(), &workflowservice.SignalWorkflowExecutionRequest{
				Namespace: ns, WorkflowExecution: practice, SignalName: signal, Input: of(p),
			})
			require.NoError(t, err)
			moved(signal, as(codec.Signal, signal), since)
		}
		for _, update := range []string{"act", "amended"} {
			answer, err := service.UpdateWorkflowExecution(t.Context(), &workflowservice.UpdateWorkflowExecutionRequest{
				Namespace: ns, WorkflowExecution: practice, WaitPolicy: &updatepb.WaitPolicy{LifecycleStage: enums.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED},
				Request: &updatepb.Request{Meta: &updatepb.Meta{UpdateId: fmt.Sprint(update, n)}, Input: &updatepb.Input{Name: update, Args: of(p)}},
			})
			require.NoError(t, err)
			require.NotNil(t, answer.GetOutcome().GetFailure())
			moved(update, as(codec.UpdateInput, update), since)
		}
		_, err := service.QueryWorkflow(t.Context(), &workflowservice.QueryWorkflowRequest{
			Namespace: ns, Execution: practice, Query: &querypb.WorkflowQuery{QueryType: "ask", QueryArgs: of(p)},
		})
		require.Error(t, err)
		moved("query", as(codec.QueryInput, "ask"), since)

		// In a workflow of the same ID as another practice's, which does not run.
		_, err = service.StartWorkflowExecution(t.Context(), &workflowservice.StartWorkflowExecutionRequest{
			Namespace: ns, WorkflowId: "practice:EX:P3", WorkflowType: &commonpb.WorkflowType{Name: "leads"},
			TaskQueue: &taskqueuepb.TaskQueue{Name: caseQueue}, Input: of(p), RequestId: fmt.Sprint("start", n),
		})
		require.NoError(t, err)
		moved("start", as(codec.WorkflowInput, "leads"), since)
		require.Error(t, h.outside.GetWorkflow(t.Context(), "practice:EX:P3", "").Get(t.Context(), nil), "it ends at once")

		run, err := h.outside.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "practice:EX:P4", TaskQueue: strangerQueue}, "orders", "close", converter.NewRawValue(p))
		require.NoError(t, err)
		require.Error(t, run.Get(t.Context(), nil))
		moved("activity", as(codec.ActivityInput, "close"), since)
	}
	require.Len(t, h.done.all(), before, "nothing was done: %v", h.done.all()[before:])

	// The stranger answers in the place of the queue that posts; each time it is asked
	// for again, and at the end, by who should, answered.
	took := func() *workflowservice.PollActivityTaskQueueResponse {
		for {
			ctx, cancel := context.WithTimeout(t.Context(), testkit.Patience)
			task, err := service.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: ns, TaskQueue: &taskqueuepb.TaskQueue{Name: postQueue}})
			cancel()
			require.NoError(t, err)
			if len(task.GetTaskToken()) > 0 {
				require.Equal(t, "post", task.GetActivityType().GetName())
				return task
			}
		}
	}
	var earlier *commonpb.Payload
	for _, p := range append(slices.Clone(stolen), nil, &commonpb.Payload{Data: []byte("x")}) {
		since := h.count()
		task := took()
		var answer *commonpb.Payloads
		if p != nil {
			answer = of(p)
		}
		_, err := service.RespondActivityTaskCompleted(t.Context(), &workflowservice.RespondActivityTaskCompletedRequest{Namespace: ns, TaskToken: task.GetTaskToken(), Result: answer})
		require.NoError(t, err)
		r := h.awaitRefused(t, since, codec.PlaceOf(p).String(), func(used codec.Place) bool { return used.Purpose == codec.ActivityResult })
		require.Equal(t, task.GetActivityId(), r.Used.Of)
		require.True(t, r.Replayed)
		require.False(t, r.At.IsZero())
		// Its own input for its own result: the same practice, activity and identity.
		earlier = task.GetInput().GetPayloads()[0]
	}
	// A heartbeat, and a failure that says of itself that it was refused.
	since := h.count()
	task := took()
	_, err := service.RespondActivityTaskCompleted(t.Context(), &workflowservice.RespondActivityTaskCompletedRequest{Namespace: ns, TaskToken: task.GetTaskToken(), Result: of(earlier)})
	require.NoError(t, err)
	require.ErrorIs(t, h.awaitRefused(t, since, "the input of an earlier step", func(used codec.Place) bool { return used.Purpose == codec.ActivityResult }), codec.ErrMoved)
	task = took()
	_, err = service.RecordActivityTaskHeartbeat(t.Context(), &workflowservice.RecordActivityTaskHeartbeatRequest{Namespace: ns, TaskToken: task.GetTaskToken(), Details: of(stolen[0])})
	require.NoError(t, err)
	since = h.count()
	failing := newStrangersFailure()
	_, err = service.RespondActivityTaskFailed(t.Context(), &workflowservice.RespondActivityTaskFailedRequest{Namespace: ns, TaskToken: task.GetTaskToken(), Failure: failing})
	require.NoError(t, err)
	stop := h.posts(t)
	defer stop()
	require.ErrorIs(t, h.awaitRefused(t, since, "heartbeat", func(used codec.Place) bool { return used.Purpose == codec.Heartbeat }), codec.ErrMoved)
	var result ref
	require.NoError(t, victim.Get(t.Context(), &result), "it was never stuck")
	require.Equal(t, "P1", result.Practice)
	for _, did := range h.done.all() {
		require.NotContains(t, did, "BELIEVED")
	}
}

// quietly has one step done that answers nothing.
func quietly(ctx workflow.Context, in ref) (int, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: postQueue, StartToCloseTimeout: time.Minute})
	for tries := 1; ; tries++ {
		if err := workflow.ExecuteActivity(ctx, "quiet", in).Get(ctx, nil); err == nil || ctx.Err() != nil {
			return tries, ctx.Err()
		}
	}
}

// TestDoneIsNotAnybodysWord: a step without a result is not done because a stranger
// says so with nothing, nor with the receipt of the same step of an earlier run.
func TestDoneIsNotAnybodysWord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := worker.New(h.server.Client(t, h.options), "quietly", worker.Options{})
	w.RegisterWorkflowWithOptions(quietly, workflow.RegisterOptions{Name: "quietly"})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	service, ns := h.outside.WorkflowService(), h.server.Namespace
	var receipt *commonpb.Payloads
	for range 2 {
		run, err := h.own.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "practice:EX:P1", TaskQueue: "quietly"}, "quietly", ref{Practice: "P1"})
		require.NoError(t, err)
		var task *workflowservice.PollActivityTaskQueueResponse
		for len(task.GetTaskToken()) == 0 {
			ctx, cancel := context.WithTimeout(t.Context(), testkit.Patience)
			task, err = service.PollActivityTaskQueue(ctx, &workflowservice.PollActivityTaskQueueRequest{Namespace: ns, TaskQueue: &taskqueuepb.TaskQueue{Name: postQueue}})
			cancel()
			require.NoError(t, err)
		}
		since, did := h.count(), len(h.done.all())
		_, err = service.RespondActivityTaskCompleted(t.Context(), &workflowservice.RespondActivityTaskCompletedRequest{Namespace: ns, TaskToken: task.GetTaskToken(), Result: receipt})
		require.NoError(t, err)
		reason := codec.ErrMissing
		if receipt != nil {
			reason = codec.ErrMoved
		}
		r := h.awaitRefused(t, since, "a receipt", func(used codec.Place) bool { return used.Purpose == codec.ActivityResult })
		require.ErrorIs(t, r, reason)
		require.Len(t, h.done.all(), did)
		stop := h.posts(t)
		var tries int
		require.NoError(t, run.Get(t.Context(), &tries))
		stop()
		require.Equal(t, 2, tries)
		for events := h.outside.GetWorkflowHistory(t.Context(), "practice:EX:P1", run.GetRunID(), false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
			event, err := events.Next()
			require.NoError(t, err)
			if result := event.GetActivityTaskCompletedEventAttributes().GetResult(); result != nil {
				receipt = result
			}
		}
		require.NotNil(t, receipt)
	}
}

// TestAnAnswerToAPersonIsOfTheirQuestion: a client is given an earlier answer to the
// same act, an answer to another, a query's to another query.
func TestAnAnswerToAPersonIsOfTheirQuestion(t *testing.T) {
	t.Parallel()
	c := newCodec(t, "k1")
	right := codec.Place{Namespace: "default", Workflow: "practice:EX:P1", Purpose: codec.UpdateResult, Name: "act", Of: "act-2"}
	conv, _ := c.In(right, right.Of)
	for _, wrong := range []codec.Place{
		{Namespace: "default", Workflow: "practice:EX:P1", Purpose: codec.UpdateResult, Name: "act", Of: "act-1"},
		{Namespace: "default", Workflow: "practice:EX:P1", Purpose: codec.UpdateResult, Name: "amended", Of: "act-2"},
		{Namespace: "default", Workflow: "practice:EX:P1", Purpose: codec.UpdateInput, Name: "act", Of: "act-2"},
		{Namespace: "default", Workflow: "practice:EX:P2", Purpose: codec.UpdateResult, Name: "act", Of: "act-2"},
		{Namespace: "other", Workflow: "practice:EX:P1", Purpose: codec.UpdateResult, Name: "act", Of: "act-2"},
	} {
		sealed, err := c.Seal(wrong, payload(t, ref{"P1", "done"}))
		require.NoError(t, err)
		var read ref
		require.ErrorIs(t, conv.FromPayloads(of(sealed), codec.Opening(right, &read)), codec.ErrMoved)
		require.ErrorIs(t, conv.FromPayloads(of(sealed), &read), codec.ErrMoved, "nor without saying what it is for")
		require.Empty(t, read)
	}
}

// TestWhatHasNoPlaceIsNotSent: what an interceptor cannot see would be refused where it
// arrives, so it is refused where it is sent.
func TestWhatHasNoPlaceIsNotSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	start := h.own.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: "x", TaskQueue: caseQueue, WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, "leads", ref{Practice: "x"})
	_, err := h.own.UpdateWithStartWorkflow(t.Context(), client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start, UpdateOptions: client.UpdateWorkflowOptions{UpdateName: "act", WaitForStage: client.WorkflowUpdateStageCompleted, WorkflowID: "x"},
	})
	require.ErrorContains(t, err, "cannot start a workflow here")
	_, err = h.own.ScheduleClient().Create(t.Context(), client.ScheduleOptions{ID: "s", Action: &client.ScheduleWorkflowAction{ID: "s", Workflow: child, TaskQueue: caseQueue, Args: []any{ref{}}}})
	require.ErrorContains(t, err, "has to name the type")
}

// TestAScheduleStartsWhatItIsFor on a real server, which appends a time to the ID.
func TestAScheduleStartsWhatItIsFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	schedule, err := h.own.ScheduleClient().Create(t.Context(), client.ScheduleOptions{
		ID: "yearly", Action: &client.ScheduleWorkflowAction{ID: "yearly", Workflow: "child", TaskQueue: caseQueue, Args: []any{ref{Practice: "all"}}},
	})
	require.NoError(t, err)
	require.NoError(t, schedule.Trigger(t.Context(), client.ScheduleTriggerOptions{}))
	var id string
	testkit.Await(t, func() bool {
		found, err := schedule.Describe(t.Context())
		require.NoError(t, err)
		for _, a := range found.Info.RecentActions {
			id = a.StartWorkflowResult.WorkflowID
		}
		return id != ""
	})
	require.NotEqual(t, "yearly", id)
	var result ref
	require.NoError(t, h.own.GetWorkflow(t.Context(), id, "").Get(t.Context(), &result))
	require.Equal(t, "all", result.Practice)
	require.Zero(t, h.count())
}

// newStrangersFailure is a refusal in clear, as a stranger can write one.
func newStrangersFailure() *failurepb.Failure {
	return &failurepb.Failure{Message: word, Source: "GoSDK", FailureInfo: &failurepb.Failure_ApplicationFailureInfo{
		ApplicationFailureInfo: &failurepb.ApplicationFailureInfo{Type: "refused"},
	}}
}

// TestATextThatIsNotOursIsNotPassedOn: what a step failed with reaches people.
func TestATextThatIsNotOursIsNotPassedOn(t *testing.T) {
	t.Parallel()
	var options client.Options
	newCodec(t, "k1").Apply(&options)
	at := func(workflow string) converter.FailureConverter {
		return converter.WithFailureConverterSerializationContext(options.FailureConverter,
			converter.ActivitySerializationContext{Namespace: "default", WorkflowID: workflow, ActivityType: "post"})
	}
	refused := temporal.NewApplicationError("no such act", "refused", ref{"P1", "refused"})
	own := at("P1").FailureToError(at("P1").ErrorToFailure(refused))
	require.ErrorContains(t, own, "no such act")
	for name, failure := range map[string]*failurepb.Failure{
		"another practice's": at("P2").ErrorToFailure(refused), "in clear": newStrangersFailure(),
		"with a cause in clear": {Message: "activity error", Cause: newStrangersFailure(), FailureInfo: &failurepb.Failure_ActivityFailureInfo{ActivityFailureInfo: &failurepb.ActivityFailureInfo{}}},
	} {
		before := proto.CloneOf(failure)
		err := at("P1").FailureToError(failure)
		require.NotContains(t, err.Error(), word, name)
		require.NotContains(t, err.Error(), "no such act", name)
		var as *temporal.ApplicationError
		require.ErrorAs(t, err, &as, name)
		require.NotEqual(t, "refused", as.Type(), name)
		require.False(t, as.HasDetails(), name)
		require.True(t, proto.Equal(before, failure), "%s: what the history holds is left as it is", name)
	}
}
