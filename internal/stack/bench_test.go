package stack_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/internal/authority"
	"duenotice/internal/stack"
)

// What a practice's workflow asks of the engine until its letters are out.
const (
	benchPractices  = 100
	benchActivities = 8
	benchTimers     = 5
)

// BenchmarkEngineStores says how many practices a second the engine takes with its
// state in each of its stores, in one run. Both keep what they have told: SQLite
// with synchronous=FULL, PostgreSQL with fsync. They take turns, because the
// machine's mood changes.
func BenchmarkEngineStores(b *testing.B) {
	stores := []string{stack.SQLite, stack.PostgreSQL}
	for range b.N {
		took := map[string]time.Duration{}
		for range 2 {
			for _, store := range stores {
				took[store] += measureStore(b, store)
			}
		}
		for _, store := range stores {
			b.ReportMetric(2*benchPractices/took[store].Seconds(), "practices/s_"+store)
		}
	}
}

func measureStore(b *testing.B, store string) time.Duration {
	b.Helper()
	dir, err := os.MkdirTemp("", "duenotice-stack-") //nolint:usetesting // see stateDir
	require.NoError(b, err)
	require.NoError(b, os.Chmod(dir, 0o755))
	defer func() { require.NoError(b, stack.Remove(context.Background(), dir, nil)) }()
	info, err := stack.Up(b.Context(), stack.Options{Dir: dir, Engine: store})
	require.NoError(b, err)
	as, err := info.Certificates.TLS(authority.Worker)
	require.NoError(b, err)
	c, err := client.DialContext(b.Context(), client.Options{HostPort: info.TemporalAddress, ConnectionOptions: client.ConnectionOptions{TLS: as}, Logger: quiet{}})
	require.NoError(b, err)
	defer c.Close()
	w := worker.New(c, "bench", worker.Options{})
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "step"})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		for n := range benchTimers {
			_ = workflow.NewTimer(ctx, time.Duration(n+1)*24*time.Hour)
		}
		step := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		for range benchActivities {
			if err := workflow.ExecuteActivity(step, "step").Get(ctx, nil); err != nil {
				return err
			}
		}
		return nil
	}, workflow.RegisterOptions{Name: "practice"})
	require.NoError(b, w.Start())
	defer w.Stop()
	began := time.Now()
	runs := make([]client.WorkflowRun, benchPractices)
	for n := range runs {
		runs[n], err = c.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{ID: fmt.Sprint("practice:", n), TaskQueue: "bench"}, "practice")
		require.NoError(b, err)
	}
	for _, run := range runs {
		require.NoError(b, run.Get(b.Context(), nil))
	}
	return time.Since(began)
}

// quiet is a logger of the SDK that says nothing.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}
