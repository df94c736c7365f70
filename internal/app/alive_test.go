package app_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/keyring"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

func TestAnErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	path := func(err error) error {
		return fmt.Errorf("write: %w", &fs.PathError{Op: "write", Path: "/srv/out/x", Err: err})
	}
	for _, c := range []struct {
		err        error
		what, todo string
	}{
		{path(syscall.ENOSPC), "no space left", "Make room on the disk of /srv/out/x"},
		{path(syscall.EACCES), "permission denied", "write to /srv/out/x"},
		{path(syscall.EROFS), "read-only", "write to /srv/out/x"},
		{path(syscall.ENOENT), "no such file", "/srv/out/x is there"},
		{breach.Refuse("no_keys", "Put it back.", "there is no key file"), "there is no key file", "Put it back."},
		{breach.Refuse("x", "", "no"), "no", "Mend what it says"},
		{errors.New("odd"), "odd", "tried again by itself"},
		// What may be a secret or a person stays out, and so does endless text.
		{errors.New("cannot reach postgres://u:hunter2@db/x for pat@example.org"), "[redacted]", "tried again"},
		{errors.New(strings.Repeat("much ", 1000)), "...", "tried again"},
	} {
		what, todo := app.Explain(c.err)
		require.Contains(t, what, c.what)
		require.Contains(t, todo, c.todo)
		require.NotContains(t, what, "hunter2")
		require.NotContains(t, what, "pat@")
		require.Less(t, len(what), 600)
	}
}

// Every step has words that a person reads: one without would be shown by its name.
func TestEveryStepHasWords(t *testing.T) {
	t.Parallel()
	steps := reflect.TypeFor[*activities.Activities]()
	found := 0
	for i := range steps.NumMethod() {
		method := steps.Method(i)
		if method.Type.NumIn() != 3 || method.Type.In(1) != reflect.TypeFor[context.Context]() {
			continue
		}
		found++
		require.NotEqual(t, method.Name, app.StepWords(casebook.Trouble{Kind: method.Name}), "give it words in stepWords")
	}
	require.Greater(t, found, 10)
}

// desk is the configuration of a worker with a database and a Temporal of its own.
func desk(t *testing.T) (app.Config, *postgres.Store) {
	t.Helper()
	server := testkit.Temporal(t, temporalx.SearchAttributes()...)
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	keys := filepath.Join(t.TempDir(), "keys")
	_, err := keyring.Ensure(keys, civil.MustParse("2026-04-12"))
	require.NoError(t, err)
	env := map[string]string{
		"DUENOTICE_DATABASE_URL": url, "DUENOTICE_KEY_FILE": keys, "DUENOTICE_OUT": filepath.Join(t.TempDir(), "out"),
		"TEMPORAL_ADDRESS": server.Address, "TEMPORAL_NAMESPACE": server.Namespace, "DUENOTICE_TEMPORAL_CERTIFICATES": string(server.Certificates),
	}
	config, err := app.LoadConfig(func(name string) string { return env[name] }, t.TempDir())
	require.NoError(t, err)
	store, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return config, store
}

// works runs a worker until stop is called, which returns what it ended with.
func works(t *testing.T, config app.Config) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- (&app.Worker{Config: config, Log: t.Output()}).Run(ctx) }()
	stop = func() error {
		cancel()
		err := <-ended
		ended <- err
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

func watchOf(t *testing.T, store *postgres.Store) casebook.Watch {
	t.Helper()
	watch, err := store.Watch(t.Context(), temporalx.Queue)
	require.NoError(t, err)
	return watch
}

// TestAWorkerWithAnotherDiskDoesNotServe: two machines, each with an output folder
// of its own, would each have half of the papers. The message says what to do, and
// doing it helps.
func TestAWorkerWithAnotherDiskDoesNotServe(t *testing.T) {
	t.Parallel()
	config, store := desk(t)
	stop := works(t, config)
	testkit.Await(t, func() bool { return watchOf(t, store).Working })

	second := config
	second.Out = filepath.Join(t.TempDir(), "another disk")
	require.NoError(t, os.MkdirAll(second.Out, 0o700))
	err := (&app.Worker{Config: second, Log: t.Output()}).Run(t.Context())
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "other_storage", refusal.Code)
	require.True(t, watchOf(t, store).Working, "the first one goes on")
	require.NoError(t, os.Remove(second.Out), "nothing was written there")

	// The same folder by another name is the same.
	require.NoError(t, os.Symlink(config.Out, second.Out))
	other := works(t, second)
	require.NoError(t, stop())
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
	require.NoError(t, other())
	require.False(t, watchOf(t, store).Working)

	// Lost for good: the message's own words make another folder its place.
	require.NoError(t, os.Remove(second.Out))
	require.NoError(t, os.MkdirAll(second.Out, 0o700))
	err = (&app.Worker{Config: second, Log: t.Output()}).Run(t.Context())
	require.Error(t, err)
	require.Contains(t, watchOf(t, store).Problem, "is not the one that this database's papers are in", "status knows why none serves")
	id, err := outfolder.New(config.Out).ReadMark(t.Context())
	require.NoError(t, err)
	refusal, _ = breach.AsRefusal((&app.Worker{Config: second, Log: t.Output()}).Run(t.Context()))
	require.Contains(t, refusal.Advice, "write "+id+" into "+outfolder.New(second.Out).MarkFile())
	require.NoError(t, os.WriteFile(outfolder.New(second.Out).MarkFile(), []byte(id+"\n"), 0o600))
	works(t, second)
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
}

// TestAFolderThatWasTakenAwayIsMadeAgain where there is no other machine.
func TestAFolderThatWasTakenAwayIsMadeAgain(t *testing.T) {
	t.Parallel()
	config, store := desk(t)
	stop := works(t, config)
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
	require.NoError(t, stop())
	id, err := outfolder.New(config.Out).ReadMark(t.Context())
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(config.Out))
	works(t, config)
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
	again, err := outfolder.New(config.Out).ReadMark(t.Context())
	require.NoError(t, err)
	require.Equal(t, id, again)
}

// TestAMissingKeyIsSeen while the worker runs and when it starts.
func TestAMissingKeyIsSeen(t *testing.T) {
	t.Parallel()
	config, store := desk(t)
	works(t, config)
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
	away := config.KeyFile + ".away"
	require.NoError(t, os.Rename(config.KeyFile, away))
	testkit.Await(t, func() bool { return !watchOf(t, store).Working })
	require.Contains(t, watchOf(t, store).Problem, filepath.Base(config.KeyFile))
	require.NoError(t, os.Rename(away, config.KeyFile))
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
}

// TestAWorkflowWhoseCodeFailsIsSeen, and forgotten when it goes on.
func TestAWorkflowWhoseCodeFailsIsSeen(t *testing.T) {
	t.Parallel()
	config, store := desk(t)
	works(t, config)
	testkit.Await(t, func() bool { return watchOf(t, store).Working })
	// Its input is encrypted with a key that the worker does not have.
	foreign := config
	foreign.KeyFile = filepath.Join(t.TempDir(), "other-keys")
	_, err := keyring.Ensure(foreign.KeyFile, civil.MustParse("2026-05-01"))
	require.NoError(t, err)
	c, err := app.DialTemporal(t.Context(), foreign, nil)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	options := app.IncidentOptions(breach.Incident{ID: "EX"}, config.Queue())
	_, err = c.ExecuteWorkflow(t.Context(), options, workflows.IncidentType, workflows.IncidentInput{IncidentID: "EX"})
	require.NoError(t, err)
	var seen []casebook.Trouble
	testkit.Await(t, func() bool {
		seen, err = store.Troubles(t.Context(), "EX")
		require.NoError(t, err)
		return len(seen) == 1
	})
	require.Equal(t, casebook.TroubleTask, seen[0].Kind)
	require.Equal(t, "EX", seen[0].Incident)
	require.Contains(t, seen[0].What, "key file that this namespace's workflows were started with")
	operator := testkit.TemporalServer{Address: config.TemporalAddress, Namespace: config.TemporalNamespace, Certificates: config.Certificates}
	require.NoError(t, operator.ClientAs(t, authority.Operator, client.Options{}).TerminateWorkflow(t.Context(), options.ID, "", "a test"))
	testkit.Await(t, func() bool {
		left, err := store.Troubles(t.Context(), "EX")
		require.NoError(t, err)
		return len(left) == 0
	})
}
