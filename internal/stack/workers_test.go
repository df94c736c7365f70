package stack_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
	"duenotice/internal/testkit"
)

// workersOf are the names of the workers of a stack that run.
func workersOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	for name := range stack.RecordedPIDs(t, dir) {
		if strings.HasPrefix(name, "worker") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestStackOfSeveralWorkers: as many run as were asked for, the number is kept until
// another one is given, one that died is started again beside the others, and what has no
// record is found beside what has one.
func TestStackOfSeveralWorkers(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, out := options(t, dir)
	o.Ready, o.Workers = nil, 3
	o.MoreEnv = func(n int) []string {
		folder := filepath.Join(out, []string{2: "second", 3: "third", 4: "fourth"}[n])
		require.NoError(t, os.MkdirAll(folder, 0o700))
		return []string{"DUENOTICE_OUT=" + folder}
	}
	info := up(t, o)
	require.Equal(t, 3, info.Workers)
	require.Equal(t, []string{"worker", "worker-2", "worker-3"}, workersOf(t, dir))
	said := func(folder string) string {
		testkit.Await(t, func() bool { _, err := os.Stat(filepath.Join(out, folder, "up")); return err == nil })
		text, err := os.ReadFile(filepath.Join(out, folder, "up"))
		require.NoError(t, err)
		return string(text)
	}
	require.Regexp(t, `(?m)^DUENOTICE_UI_LISTEN=127`, said(""))
	require.Regexp(t, `(?m)^DUENOTICE_UI_LISTEN=$`, said("third"), "two cannot listen at one place")

	pids := stack.RecordedPIDs(t, dir)
	o.Workers = 0
	require.Equal(t, info, up(t, o), "as many as before")
	require.Equal(t, pids, stack.RecordedPIDs(t, dir), "and the same")

	require.NoError(t, os.Remove(filepath.Join(dir, "run", "worker-2.json")))
	up(t, o)
	after := stack.RecordedPIDs(t, dir)
	require.False(t, stack.Exists(pids["worker-2"]), "it had no record, and another took its place")
	pids["worker-2"] = after["worker-2"]
	require.Equal(t, pids, after, "the others go on")

	o.Workers = 1
	up(t, o)
	require.Equal(t, []string{"worker"}, workersOf(t, dir))
	require.Equal(t, pids["worker"], stack.RecordedPID(t, dir, "worker"))
	require.FileExists(t, filepath.Join(out, "third", "stopped"), "it was asked to end")

	o.Workers = stack.MaxWorkers
	up(t, o)
	all := slices.Collect(maps.Values(stack.RecordedPIDs(t, dir)))
	require.Len(t, all, stack.MaxWorkers+2)
	require.NoError(t, stack.Down(t.Context(), dir, o.Progress))
	for _, pid := range all {
		require.False(t, stack.Exists(pid))
	}

	for _, n := range []int{-1, stack.MaxWorkers + 1} {
		o.Workers = n
		_, err := stack.Up(t.Context(), o)
		require.ErrorContains(t, err, "1 to 4 workers")
		require.Empty(t, stack.RecordedPIDs(t, dir), "nothing was started")
	}
}

// TestAWorkerThatCannotStartIsNamed, whichever of them it is.
func TestAWorkerThatCannotStartIsNamed(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, _ := options(t, dir)
	o.Workers = 2
	o.MoreEnv = func(int) []string { return []string{"DUENOTICE_OUT=fail"} }
	o.Ready = func(context.Context, *stack.Info) (bool, error) { return false, nil }
	_, err := stack.Up(t.Context(), o)
	require.ErrorContains(t, err, "worker 2 ended while starting")
	require.ErrorContains(t, err, "cannot read its key file")
	require.Empty(t, stack.RecordedPIDs(t, dir), "an up that fails leaves nothing running")
}
