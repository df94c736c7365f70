package stack_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
	"duenotice/internal/testkit"
)

func TestIdentityTellsProcessesApart(t *testing.T) {
	t.Parallel()
	one := stack.Helper(t)
	first := stack.Identity(one)
	require.NotEmpty(t, first)
	require.Equal(t, first, stack.Identity(one), "it does not change")
	require.NotEqual(t, stack.Identity(one), stack.Identity(1), "a later process than the machine's first")
	require.Empty(t, stack.Identity(1<<30), "no such process")
}

// The pid of a record has come to another program: it must live, and only the
// record go.
func TestRecordOfAnotherProgramsPidKillsNothing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, identity string }{
		{"of another birth", "0c9d2a0e-another-boot/12345"},
		{"without identity", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pid := stack.Helper(t)
			for _, name := range []string{"worker", "temporal", "postgres"} {
				stack.Record(t, dir, name, pid, test.identity)
			}
			require.NoError(t, stack.Down(t.Context(), dir, nil))
			require.True(t, stack.Exists(pid), "the other program lives")
			for _, name := range []string{"worker", "temporal", "postgres"} {
				require.NoFileExists(t, filepath.Join(dir, "run", name+".json"))
			}
		})
	}
}

func TestRecordOfAProcessThatIsGoneIsRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pid, stop := stack.StartAs(t, dir, "worker", "sleep", "600")
	require.True(t, stack.Running(dir, "worker"))
	identity := stack.Identity(pid)
	require.NoError(t, stop(t.Context()))
	stack.Record(t, dir, "worker", pid, identity)
	require.False(t, stack.Running(dir, "worker"))
	require.NoFileExists(t, filepath.Join(dir, "run", "worker.json"))
}

func TestDamagedRecordCountsAsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stack.Record(t, dir, "worker", 1, "x")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "run", "worker.json"), []byte(`{"name":"wor`), 0o600))
	require.False(t, stack.Running(dir, "worker"))
	require.NoError(t, stack.Down(t.Context(), dir, nil))
}

func TestProcessThatDoesNotListenIsKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ready := filepath.Join(dir, "ready")
	pid, stop := stack.StartAs(t, dir, "worker", "sh", "-c", `trap "" TERM; : >`+ready+`; exec sleep 600`)
	testkit.Await(t, func() bool { _, err := os.Stat(ready); return err == nil })

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, stop(ctx), "is still stopping", "a command that is given up does not kill")
	require.True(t, stack.Exists(pid))

	require.NoError(t, stack.StopImpatiently(t, dir, "worker"))
	require.False(t, stack.Exists(pid))
}

func TestLockIsForOneAtATimeAndEndsWithItsHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := stack.Lock(t.Context(), path, nil)
	require.NoError(t, err)

	told := 0
	ctx, cancel := context.WithCancel(t.Context())
	_, err = stack.Lock(ctx, path, func() { told++; cancel() })
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, told, "the person is told once that somebody else holds it")

	unlock()
	unlock, err = stack.Lock(t.Context(), path, nil)
	require.NoError(t, err)
	unlock()
}

func TestPortsAreFreeDifferentAndKept(t *testing.T) {
	t.Parallel()
	first, err := stack.Ports(t.Context(), 4, nil)
	require.NoError(t, err)
	require.Len(t, first, 4)
	seen := map[int]bool{}
	for _, p := range first {
		require.False(t, seen[p], "port %d twice", p)
		seen[p] = true
		require.Less(t, p, 32_768, "an outgoing connection may sit there when it is wanted again")
	}

	taken := listen(t)
	got, err := stack.Ports(t.Context(), 2, []int{taken, first[1]})
	require.NoError(t, err)
	require.NotEqual(t, taken, got[0], "a port that somebody else has by now is given up")
	require.Equal(t, first[1], got[1], "one that is still free is kept, in its place")
}

// postmaster.pid names a pid that another program has by now. PostgreSQL would
// take that program for a server of the cluster if it ran as the same user.
func TestPostmasterPidOfAnotherProgramIsRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "postgres", "data")
	require.NoError(t, os.MkdirAll(data, 0o700))
	file := filepath.Join(data, "postmaster.pid")

	pid := stack.Helper(t)
	require.NoError(t, os.WriteFile(file, []byte(strconv.Itoa(pid)+"\n"+data+"\n"), 0o600))
	require.NoError(t, stack.ClearLeftovers(t, dir))
	require.NoFileExists(t, file)
	require.True(t, stack.Exists(pid), "and the other program lives")

	require.NoError(t, os.WriteFile(file, []byte("1073741824\n"+data+"\n"), 0o600))
	require.NoError(t, stack.ClearLeftovers(t, dir))
	require.FileExists(t, file, "of a server that is gone: PostgreSQL needs it to find that one's children")
}
