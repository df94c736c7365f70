package codec_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/internal/authority"
	"duenotice/internal/logging"
	"duenotice/internal/testkit"
)

// careless panics with a person's name in every place where code of ours runs,
// the first time that it comes there.
type careless struct {
	mu    sync.Mutex
	times map[string]int
}

func (c *careless) panics(where string, value any) {
	c.mu.Lock()
	c.times[where]++
	times := c.times[where]
	c.mu.Unlock()
	if times == 1 {
		panic(value)
	}
}

func (c *careless) everywhere(where ...string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range where {
		if c.times[w] == 0 {
			return false
		}
	}
	return true
}

func (c *careless) run(ctx workflow.Context) (string, error) {
	c.panics("workflow", word)
	if err := workflow.SetQueryHandler(ctx, "query", func() (string, error) { c.panics("query", word); return "", nil }); err != nil {
		return "", err
	}
	if err := workflow.SetUpdateHandlerWithOptions(ctx, "update",
		func(workflow.Context) error { c.panics("update", errors.New(word)); return nil },
		workflow.UpdateHandlerOptions{Validator: func() error { c.panics("validator", word); return nil }}); err != nil {
		return "", err
	}
	done, finish := workflow.NewFuture(ctx)
	workflow.Go(ctx, func(workflow.Context) {
		c.panics("coroutine", word)
		finish.SetValue(true)
	})
	if err := done.Get(ctx, nil); err != nil {
		return "", err
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Millisecond},
	})
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Millisecond},
	})
	if err := errors.Join(workflow.ExecuteActivity(ctx, "step").Get(ctx, nil), workflow.ExecuteLocalActivity(local, c.local).Get(ctx, nil)); err != nil {
		return "", err
	}
	var out string
	workflow.GetSignalChannel(ctx, "end").Receive(ctx, &out)
	return out, nil
}

func (c *careless) step(context.Context) error {
	c.panics("activity", struct{ LastName string }{word})
	return nil
}

func (c *careless) local(context.Context) error {
	c.panics("local activity", fmt.Sprintf("no letter for %s", word))
	return nil
}

// What panics is tried again, and neither Temporal nor the log is told what it said.
func TestAPanicsTextReachesNeitherTemporalNorTheLog(t *testing.T) {
	t.Parallel()
	server := testkit.Temporal(t)
	var said lockedBuffer
	logger, closeLog, err := logging.New(logging.Options{Level: "debug"}, &said)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, closeLog()) })
	options := client.Options{Logger: sdklog.NewStructuredLogger(logger)}
	sealed := newCodec(t, "k1")
	sealed.ApplyToWorker(&options)
	c := server.Client(t, options)
	code := &careless{times: map[string]int{}}
	w := worker.New(c, queue, worker.Options{})
	w.RegisterWorkflowWithOptions(code.run, workflow.RegisterOptions{Name: "careless"})
	w.RegisterActivityWithOptions(code.step, activity.RegisterOptions{Name: "step"})
	require.NoError(t, w.Start())
	defer w.Stop()

	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "careless", TaskQueue: queue}, "careless")
	require.NoError(t, err)
	testkit.Await(t, func() bool { return code.everywhere("workflow", "coroutine", "activity", "local activity") })
	var told []string
	person := server.ClientAs(t, authority.Command, options)
	for range 2 { // the validator panics, and then the handler
		handle, err := person.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
			WorkflowID: "careless", UpdateName: "update", WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		if err == nil {
			err = handle.Get(t.Context(), nil)
		}
		if err != nil {
			told = append(told, err.Error())
		}
	}
	_, err = person.QueryWorkflow(t.Context(), "careless", "", "query")
	require.Error(t, err)
	told = append(told, err.Error())
	require.True(t, code.everywhere("validator", "update", "query"))
	require.NoError(t, c.SignalWorkflow(t.Context(), "careless", "", "end", "ended"))
	var out string
	require.NoError(t, run.Get(t.Context(), &out))
	require.Equal(t, "ended", out)

	h, _ := history(t, c, "careless")
	kept := ""
	for _, e := range h.GetEvents() {
		for _, failure := range []error{
			options.FailureConverter.FailureToError(e.GetWorkflowTaskFailedEventAttributes().GetFailure()),
			options.FailureConverter.FailureToError(e.GetActivityTaskStartedEventAttributes().GetLastFailure()),
			options.FailureConverter.FailureToError(e.GetMarkerRecordedEventAttributes().GetFailure()),
		} {
			if failure != nil {
				kept += failure.Error() + "\n"
			}
		}
	}
	for where, text := range map[string]string{"the history": kept, "the caller": strings.Join(told, "\n"), "the log": said.String()} {
		require.Contains(t, text, "the program panicked", where)
		require.Contains(t, text, "panics_test.go", where)
		require.NotContains(t, text, word, where)
	}
}

// lockedBuffer is written by a worker and read by a test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
