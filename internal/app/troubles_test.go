package app_test

import (
	"context"
	"errors"
	"io/fs"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// book is a store of troubles in memory.
type book map[casebook.Trouble]casebook.Trouble

func (b book) NoteTrouble(_ context.Context, t casebook.Trouble) error {
	b[casebook.Trouble{Incident: t.Incident, Practice: t.Practice, Kind: t.Kind, Part: t.Part}] = t
	return nil
}

func (b book) ClearTrouble(_ context.Context, incidentID, practiceKey, kind, part string) error {
	delete(b, casebook.Trouble{Incident: incidentID, Practice: practiceKey, Kind: kind, Part: part})
	return nil
}

func (b book) ClearIncidentTroubles(context.Context, string) error {
	clear(b)
	return nil
}

// TestEachFailureIsNotedAndTakenBackBySuccess, whatever the step failed by, and an
// act's is not: whoever gave it has the answer.
func TestEachFailureIsNotedAndTakenBackBySuccess(t *testing.T) {
	t.Parallel()
	fail := func() error { return nil }
	step := func(ctx context.Context, _ activities.RenderInput) error {
		require.Contains(t, postgres.RunOf(ctx), "/", "the ledger names the run that asked")
		return fail()
	}
	noted := book{}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{app.Noticing(noted)}})
	env.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: "RenderBatches"})
	env.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: "ActOnPractice"})
	do := func(name string, first int) error {
		_, err := env.ExecuteActivity(name, activities.RenderInput{First: first, Last: first + 9})
		return err
	}
	only := func() casebook.Trouble {
		require.Len(t, noted, 1)
		for _, x := range noted {
			return x
		}
		return casebook.Trouble{}
	}
	fail = func() error { return errors.New("no letter for pat@example.org") }
	require.Error(t, do("RenderBatches", 1))
	require.Equal(t, "batches 1 to 10", only().Part)
	require.NotContains(t, only().What, "pat@")
	require.False(t, only().Stopped)

	fail = func() error { return breach.Refuse("x", "Do this.", "refused") }
	require.Error(t, do("RenderBatches", 1))
	require.True(t, only().Stopped)
	require.Equal(t, "Do this.", only().Todo)

	fail = func() error {
		return &fs.PathError{Op: "open", Path: "/srv/out/EX/practices/P1/.duenotice-part-7", Err: syscall.EROFS}
	}
	require.Error(t, do("RenderBatches", 1))
	require.Equal(t, "Let the worker's account write to /srv/out/EX/practices/P1; it then goes on by itself.", only().Todo)

	fail = func() error { panic("Quillonbury") }
	require.Error(t, do("RenderBatches", 1))
	require.Contains(t, only().What, "the program panicked")
	require.NotContains(t, only().What, "Quillonbury")

	fail = func() error { return nil }
	require.NoError(t, do("RenderBatches", 11))
	require.Len(t, noted, 1, "other batches went well, these did not")
	require.NoError(t, do("RenderBatches", 1))
	require.Empty(t, noted)

	later := true
	env.RegisterActivityWithOptions(func(context.Context) (activities.ClosePracticeResult, error) {
		return activities.ClosePracticeResult{Later: later}, nil
	}, activity.RegisterOptions{Name: "ClosePractice"})
	fail = func() error { return errors.New("no") }
	require.Error(t, do("RenderBatches", 1))
	_, err := env.ExecuteActivity("ClosePractice")
	require.NoError(t, err)
	require.Len(t, noted, 1, "a practice that is asked to close and stays open keeps its troubles")
	require.NoError(t, func() error { fail = func() error { return nil }; return do("RenderBatches", 1) }())

	fail = func() error { return errors.New("no") }
	require.Error(t, do("ActOnPractice", 1))
	require.Empty(t, noted)
}
