package faults_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

// TestTheDiskIsSlow has each sync of the worker's files take a third of a second, and each
// of PostgreSQL's a twentieth, as on a disk that is busy with something else: a case takes
// longer and comes out the same.
func TestTheDiskIsSlow(t *testing.T) {
	t.Parallel()
	takesTime(t)
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed: it lets a system call take longer")
	}
	m := newMachine(t)
	b := furnish(t, m.servers(), 400, 20)
	b.Begin()
	var record struct{ PID int }
	readJSON(t, filepath.Join(m.dir, "run", "postgres.json"), &record)
	syncs := slowed(t, strace, b.Worker().Process.Pid, 300*time.Millisecond)
	writes := slowed(t, strace, record.PID, 50*time.Millisecond)
	b.course()
	b.settled()
	b.KillWorker() // what is traced ends before the tracer is asked what it saw
	require.Positive(t, syncs(), "the worker synced nothing")
	require.Positive(t, writes(), "PostgreSQL synced nothing")
}

// slowed lets each sync of a process and of what it starts take so much longer. It returns
// how to end that, which says how many there were.
func slowed(t *testing.T, strace string, pid int, by time.Duration) (ended func() int) {
	t.Helper()
	trace := filepath.Join(t.TempDir(), "trace")
	said := filepath.Join(t.TempDir(), "said")
	errs, err := os.Create(said)
	require.NoError(t, err)
	tracing := exec.CommandContext(t.Context(), strace, "-f", "-o", trace, "-p", strconv.Itoa(pid),
		"-e", "trace=fsync,fdatasync", "-e", fmt.Sprintf("inject=fsync,fdatasync:delay_exit=%d", by.Microseconds()))
	tracing.Stderr = errs
	require.NoError(t, tracing.Start())
	testkit.Await(t, func() bool { // it says so once it holds the process
		content, err := os.ReadFile(said)
		return err == nil && strings.Contains(string(content), "attached")
	}, func() string { content, _ := os.ReadFile(said); return string(content) })
	return func() int {
		_ = tracing.Process.Signal(syscall.SIGINT) // it lets go of whom it traces
		_ = tracing.Wait()
		_ = errs.Close()
		content, err := os.ReadFile(trace)
		require.NoError(t, err)
		return strings.Count(string(content), "(DELAYED)")
	}
}
