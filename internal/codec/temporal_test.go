package codec_test

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/encoding/protojson"

	"duenotice/internal/authority"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const queue = "codec"

// talkative puts a word wherever a workflow can put one.
func talkative(ctx workflow.Context, in string) (string, error) {
	workflow.SetCurrentDetails(ctx, in)
	if err := workflow.SetUpdateHandler(ctx, "update", func(_ workflow.Context, in string) (string, error) {
		return in, errors.New("refused: " + in)
	}); err != nil {
		return "", err
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute, HeartbeatTimeout: time.Minute, Summary: in,
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
	failed := workflow.ExecuteActivity(ctx, "failing", in).Get(ctx, nil)
	_ = workflow.SideEffect(ctx, func(workflow.Context) any { return in })
	var out string
	workflow.GetSignalChannel(ctx, "signal").Receive(ctx, &out)
	return out, errors.Join(failed, errors.New("closed with "+in))
}

func failing(ctx context.Context, in string) error {
	activity.RecordHeartbeat(ctx, in)
	return temporal.NewApplicationError("failed for "+in, "Failing", in)
}

func startWorker(t *testing.T, server testkit.TemporalServer, keys ...string) worker.Worker {
	t.Helper()
	var options client.Options
	newCodec(t, keys...).ApplyToWorker(&options)
	w := worker.New(server.Client(t, options), queue, worker.Options{})
	w.RegisterWorkflowWithOptions(talkative, workflow.RegisterOptions{Name: "talkative"})
	w.RegisterActivityWithOptions(failing, activity.RegisterOptions{Name: "failing"})
	require.NoError(t, w.Start())
	return w
}

func history(t *testing.T, c client.Client, id string) (*historypb.History, string) {
	t.Helper()
	var h historypb.History
	for events := c.GetWorkflowHistory(t.Context(), id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		event, err := events.Next()
		require.NoError(t, err)
		h.Events = append(h.Events, event)
	}
	text, err := protojson.Marshal(&h)
	require.NoError(t, err)
	return &h, string(text)
}

func awaitEvent(t *testing.T, c client.Client, id string, want enums.EventType) {
	t.Helper()
	testkit.Await(t, func() bool {
		h, _ := history(t, c, id)
		for _, e := range h.GetEvents() {
			if e.GetEventType() == want {
				return true
			}
		}
		return false
	}, func() string { return want.String() })
}

// Workers with the wrong keys do not decide what they cannot read: the workflow
// waits, whatever it had waited for, and a worker with the right ones goes on.
func TestAWorkerWithTheWrongKeysSpoilsNothingAndNothingIsSeen(t *testing.T) {
	t.Parallel()
	server := testkit.Temporal(t)
	var options client.Options
	newCodec(t, "k1").Apply(&options)
	c := server.Client(t, options)
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: "one", TaskQueue: queue, StaticSummary: word, StaticDetails: word,
	}, "talkative", word)
	require.NoError(t, err)

	wrong := startWorker(t, server, "k2")
	awaitEvent(t, c, "one", enums.EVENT_TYPE_WORKFLOW_TASK_FAILED)
	wrong.Stop()

	right := startWorker(t, server, "k1")
	awaitEvent(t, c, "one", enums.EVENT_TYPE_ACTIVITY_TASK_FAILED)
	handle, err := server.ClientAs(t, authority.Command, options).UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: "one", UpdateName: "update", Args: []any{word}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(t, err)
	require.ErrorContains(t, handle.Get(t.Context(), nil), "refused: "+word, "the caller reads it")
	right.Stop()

	// The same at a later moment: the result that is waited for cannot be read.
	require.NoError(t, c.SignalWorkflow(t.Context(), "one", "", "signal", word))
	failures := func() (n int) {
		h, _ := history(t, c, "one")
		for _, e := range h.GetEvents() {
			if e.GetEventType() == enums.EVENT_TYPE_WORKFLOW_TASK_FAILED {
				n++
			}
		}
		return n
	}
	// Only the first failure in a row is an event. When a task of the worker that
	// ended had to time out before, that was the first; then the attempts tell.
	attempts := func() int32 {
		d, err := c.DescribeWorkflowExecution(t.Context(), "one", "")
		require.NoError(t, err)
		return d.GetPendingWorkflowTask().GetAttempt()
	}
	before := failures()
	wrong = startWorker(t, server, "k2")
	testkit.Await(t, func() bool { return failures() > before || attempts() > 2 })
	wrong.Stop()

	last := startWorker(t, server, "k1", "k2")
	defer last.Stop()
	require.ErrorContains(t, run.Get(t.Context(), nil), "closed with "+word)
	_, text := history(t, c, "one")
	require.NotContains(t, text, word)
	require.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte(`"`+word+`"`)), "protobuf's JSON shows bytes in base64")
}

// A workflow that somebody started without our key ends at once: while it ran, the
// practice or incident whose ID it took could not be given a workflow again.
func TestWhatOthersWriteInClearIsNotActedOn(t *testing.T) {
	t.Parallel()
	server := testkit.Temporal(t)
	plain := server.Client(t, client.Options{})
	_, err := plain.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "clear", TaskQueue: queue}, "talkative", word)
	require.NoError(t, err)
	_, err = plain.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "nothing", TaskQueue: queue}, "talkative")
	require.NoError(t, err)
	w := startWorker(t, server, "k1")
	defer w.Stop()
	for _, id := range []string{"clear", "nothing"} {
		awaitEvent(t, plain, id, enums.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)
		h, _ := history(t, plain, id)
		for _, e := range h.GetEvents() {
			require.NotEqual(t, enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, e.GetEventType())
		}
	}
}
