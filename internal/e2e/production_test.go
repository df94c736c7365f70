package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/officetest"
	"duenotice/internal/stack"
	"duenotice/internal/synthetic"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// Temporal on PostgreSQL, as in production, with two workers: one is killed in the
// middle and stays dead, the other gets two fifths of the time. The case ends as it should.
func TestTwoWorkersOnPostgreSQLOneKilledAndOneSlow(t *testing.T) {
	t.Parallel()
	info, err := stack.Up(t.Context(), stack.Options{Dir: t.TempDir(), Engine: stack.PostgreSQL, SearchAttributes: temporalx.SearchAttributes()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, stack.Remove(context.WithoutCancel(t.Context()), info.Dir, nil)) })
	require.Equal(t, stack.PostgreSQL, info.Engine)
	o := openOffice(t, officetest.Servers{
		Owner: info.OwnerDatabaseURL, Program: info.DatabaseURL,
		Temporal: testkit.TemporalServer{Address: info.TemporalAddress, Certificates: info.Certificates, Namespace: info.TemporalNamespace},
	}, nil, os.Stderr)
	params := synthetic.Default(testkit.Today().AddDays(-20))
	params.Practices, params.People = 20, 2_000
	dir := filepath.Join(t.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(t, err)
	o.Env["CASE"] = dir
	program, err := officetest.WorkerProgram()
	require.NoError(t, err)
	slow := o.beside(program, nil)
	testkit.Await(t, func() bool { return count(t, o, "SELECT count(*) FROM worker_sign WHERE worked_at IS NOT NULL") == 2 })

	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			for _, turn := range []struct {
				signal syscall.Signal
				lasts  time.Duration
			}{{syscall.SIGSTOP, 300 * time.Millisecond}, {syscall.SIGCONT, 200 * time.Millisecond}} {
				_ = slow.Process.Signal(turn.signal) // it has ended when the test has failed
				pause := time.NewTimer(turn.lasts)
				select {
				case <-stop:
					pause.Stop()
					_ = slow.Process.Signal(syscall.SIGCONT)
					return
				case <-pause.C:
				}
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-stopped })

	o.Do("start", dir, "--by", "Ada Officer", "--no-wait")
	testkit.Await(t, func() bool { return count(t, o, "SELECT count(*) FROM practice WHERE phase <> 'starting'") > 3 })
	o.KillWorker()
	o.Steer(dir, made, 0)
	o.AwaitAllIn(made.IncidentID, casebook.PhaseClosed, casebook.PhasePosting)
	o.Reconcile(made)
}
