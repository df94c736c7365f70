package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/casebook"
	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// laterRelease builds the worker of a release after this one: a change of the course of
// every practice, and a migration beside which this program may run. The sources are
// these, with that written over them for the compiler alone.
var laterRelease = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "duenotice-later-")
	if err != nil {
		return "", err
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	write := func(file, content string) error {
		at := filepath.Join(dir, strings.ReplaceAll(file, "/", "-"))
		replace[filepath.Join(root, file)] = at
		return os.WriteFile(at, []byte(content), 0o600)
	}
	change := func(file, before, after string) error {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return err
		}
		if strings.Count(string(content), before) != 1 {
			return &exec.Error{Name: file, Err: os.ErrNotExist}
		}
		return write(file, strings.Replace(string(content), before, after, 1))
	}
	for _, err := range []error{
		change("workflows/changes.go", "var changes = []Change{openTogether", `var changes = []Change{openTogether, "rehearsed"`),
		// A timer that the earlier program does not set: what it replays would not match.
		change("workflows/practice.go", "func (p *practice) run(ctx workflow.Context) error {\n", `func (p *practice) run(ctx workflow.Context) error {
	if Change("rehearsed").Taken(ctx) {
		_ = workflow.Sleep(ctx, time.Millisecond)
	}
`),
		write("internal/postgres/migrations/99001_rehearsed.sql",
			"-- +goose Up\n\n-- Earlier programs: may run beside these tables.\n\nALTER TABLE practice ADD COLUMN rehearsed text NOT NULL DEFAULT '';\n"),
	} {
		if err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		return "", err
	}
	program := filepath.Join(dir, "worker")
	out, err := exec.Command("go", "build", "-overlay", file, "-ldflags", "-X duenotice/internal/cli.version=a-later-release", "-o", program, "duenotice/worker").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return program, nil
})

// beside starts another worker in the office, and kills it after the test.
func (o *office) beside(program string, errs *bytes.Buffer) *exec.Cmd {
	o.T.Helper()
	cmd := exec.Command(program)
	cmd.Dir, cmd.Env = o.Out, os.Environ()
	for name, value := range o.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Stderr = os.Stderr
	if errs != nil {
		cmd.Stderr = errs
	}
	require.NoError(o.T, cmd.Start())
	o.T.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd
}

// stopWorker ends the worker as a system does that has time for it.
func (o *office) stopWorker() {
	o.T.Helper()
	worker := o.Worker()
	require.NoError(o.T, worker.Process.Signal(syscall.SIGTERM))
	require.NoError(o.T, worker.Wait())
	o.KillWorker() // forgets it
}

// While a release takes another's place, workers and tables of both work on the same
// cases. Nothing is begun that the earlier one could not carry on; once it has ended the
// later one's course is taken, and the earlier one is refused.
func TestAnEarlierAndALaterReleaseWorkOnTheSameCases(t *testing.T) {
	t.Parallel()
	later, err := laterRelease()
	require.NoError(t, err)
	o := newOffice(t, nil)
	dir, made := officetest.MakeCase(t, 6_000, 20)
	o.Env["CASE"] = dir
	id := made.IncidentID
	taken := func() int { return count(t, o, "SELECT changes FROM release") }
	programs := func() []casebook.Program {
		var shown casebook.Status
		require.NoError(t, json.Unmarshal([]byte(o.Do("status", id, "--json")), &shown))
		return shown.Worker.Programs
	}

	newer := o.beside(later, nil)
	testkit.Await(t, func() bool { return count(t, o, "SELECT count(DISTINCT build) FROM worker_sign") == 2 })
	o.Steer(dir, made, 0)
	// The earlier one starts again, on the later one's tables.
	o.KillWorker()
	o.StartWorker()
	o.AwaitAllIn(id, casebook.PhaseClosed, casebook.PhasePosting)
	require.Equal(t, workflows.Changes(), taken(), "the earlier one could not carry it on")
	require.Zero(t, runsOf(t, o, "rehearsed-1"))
	require.Contains(t, o.Do("doctor"), "wait for it")
	require.Contains(t, o.Do("status", id), "a-later-release (1 worker)")
	o.Reconcile(made)

	o.stopWorker()
	// The killed one counts as at work until it has been silent for long.
	_, err = testkit.Pool(t, o.Env["DUENOTICE_OWNER_DATABASE_URL"]).Exec(t.Context(), "UPDATE worker_sign SET seen_at = seen_at - interval '3 minutes' WHERE build <> 'a-later-release'")
	require.NoError(t, err)
	testkit.Await(t, func() bool { return taken() == workflows.Changes()+1 })
	require.Len(t, programs(), 1)
	require.NoError(t, newer.Process.Signal(syscall.Signal(0)), "the later one was left alone")
}

// What a later release began by its own course an earlier one refuses, before it does anything.
func TestAnEarlierReleaseRefusesWhatALaterOneBegan(t *testing.T) {
	t.Parallel()
	later, err := laterRelease()
	require.NoError(t, err)
	o := newOffice(t, nil)
	o.stopWorker()
	o.beside(later, nil)
	testkit.Await(t, func() bool { return count(t, o, "SELECT changes FROM release") == workflows.Changes()+1 })
	o.AwaitWorker() // Temporal knows of it a moment later

	dir, made := officetest.MakeCase(t, 3_000, 20)
	o.Do("start", dir, "--by", "Ada Officer")
	o.AwaitNothingIn(made.IncidentID, "starting")
	testkit.Await(t, func() bool { return runsOf(t, o, "rehearsed-1") == made.Practices })

	var said bytes.Buffer
	program, err := officetest.WorkerProgram()
	require.NoError(t, err)
	require.Error(t, o.beside(program, &said).Wait())
	require.Contains(t, said.String(), fmt.Sprintf("this program knows %d", workflows.Changes()))
	require.Contains(t, o.Do("doctor"), "a-later-release (1 worker)")
}

// runsOf counts the workflows that recorded the change with its version.
func runsOf(t *testing.T, o *office, change string) int {
	t.Helper()
	counted, err := testkit.TemporalOf(o.Env).Client(t, client.Options{}).CountWorkflow(t.Context(), &workflowservice.CountWorkflowExecutionsRequest{
		Query: "TemporalChangeVersion = '" + change + "'",
	})
	require.NoError(t, err)
	return int(counted.GetCount())
}
