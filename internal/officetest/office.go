// Package officetest is an officer's desk for tests: the CLI's commands against a real
// PostgreSQL and a real Temporal, with the worker as a process of its own that can be
// killed, and an invented case that is taken from the folder to its last duty.
package officetest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/cli"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// Office is one officer's desk: a database, a Temporal namespace, an output
// folder and a worker.
type Office struct {
	T testing.TB
	// Env is what every command and the worker are told. "CASE" is the case folder.
	Env map[string]string
	// WorkerEnv is what the worker is told otherwise: by which way it reaches a server.
	WorkerEnv map[string]string
	// Out is the output folder.
	Out string
	// Seen is where the papers can be looked at when they are not in Out, "" when they are.
	Seen string
	// Heard has, when it is set, everything that the commands printed.
	Heard *bytes.Buffer

	// errs takes what the worker writes to its standard error.
	errs   io.Writer
	mu     sync.Mutex
	worker *exec.Cmd
}

// Servers are those that an office works on.
type Servers struct {
	// Owner is the database for its owner, Program for the program's login.
	Owner, Program string
	Temporal       testkit.TemporalServer
}

// SharedServers are a database and a namespace of the test's own on the test program's servers.
func SharedServers(t testing.TB) Servers {
	t.Helper()
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	return Servers{Owner: url, Program: testkit.ProgramLogin(t, url), Temporal: testkit.Temporal(t, temporalx.SearchAttributes()...)}
}

// New opens an office on SharedServers, with further settings.
func New(t testing.TB, extra map[string]string) *Office {
	t.Helper()
	o := Furnish(t, SharedServers(t), extra, nil)
	o.Begin()
	return o
}

// Furnish makes an office in which nobody works yet. errs takes what its worker writes
// to its standard error; nil is ours.
func Furnish(t testing.TB, on Servers, extra map[string]string, errs io.Writer) *Office {
	t.Helper()
	o := &Office{T: t, Out: t.TempDir(), errs: cmp.Or[io.Writer](errs, os.Stderr), WorkerEnv: map[string]string{}}
	keys := filepath.Join(t.TempDir(), "keys")
	_, err := keyring.Ensure(keys, testkit.Today())
	require.NoError(t, err)
	o.Env = map[string]string{
		"DUENOTICE_DATABASE_URL": on.Program, "DUENOTICE_OWNER_DATABASE_URL": on.Owner, "DUENOTICE_KEY_FILE": keys, "DUENOTICE_EVIDENCE_KEY_FILE": keys + ".pem", "DUENOTICE_OUT": o.Out, "DUENOTICE_TIMEZONE": testkit.Zone(),
		"TEMPORAL_ADDRESS": on.Temporal.Address, "TEMPORAL_NAMESPACE": on.Temporal.Namespace, "DUENOTICE_TEMPORAL_CERTIFICATES": string(on.Temporal.Certificates), "TEMPORAL_CONFIG_FILE": os.DevNull,
	}
	maps.Copy(o.Env, extra)
	return o
}

// Beside is a desk on another machine: it shares the office's servers and keys and has a
// disk of its own. Nobody works there yet.
func (o *Office) Beside() *Office {
	return &Office{T: o.T, Env: maps.Clone(o.Env), WorkerEnv: maps.Clone(o.WorkerEnv), Out: o.T.TempDir(), errs: o.errs}
}

// Begin starts the worker, waits until it works, and has it killed after the test.
func (o *Office) Begin() {
	o.T.Helper()
	o.StartWorker()
	o.T.Cleanup(o.KillWorker)
	o.AwaitWorker()
}

// AwaitWorker waits until doctor finds nothing wrong.
func (o *Office) AwaitWorker() {
	o.T.Helper()
	testkit.Await(o.T, func() bool {
		code, out, _ := o.Run("doctor")
		if code != 0 {
			o.T.Log(out)
		}
		return code == 0
	}, func() string { return "the worker does not work" })
}

// WorkerProgram is the worker, built once in a test program.
var WorkerProgram = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "duenotice-worker-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "worker")
	out, err := exec.Command("go", "build", "-o", program, "duenotice/worker").CombinedOutput()
	if err != nil {
		return "", &exec.Error{Name: string(out), Err: err}
	}
	return program, nil
})

// StartWorker starts the worker.
func (o *Office) StartWorker() {
	o.T.Helper()
	program, err := WorkerProgram()
	require.NoError(o.T, err)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.worker = exec.Command(program) //nolint:noctx // it lives until it is killed
	o.worker.Dir = o.Out
	o.worker.Env = os.Environ()
	for _, env := range []map[string]string{o.Env, o.WorkerEnv} {
		for name, value := range env {
			o.worker.Env = append(o.worker.Env, name+"="+value)
		}
	}
	o.worker.Stderr = o.errs
	require.NoError(o.T, o.worker.Start())
}

// KillWorker ends the worker as a power cut would.
func (o *Office) KillWorker() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.worker == nil {
		return
	}
	_ = o.worker.Process.Kill()
	_ = o.worker.Wait()
	o.worker = nil
}

// Worker is the worker's process, nil while there is none.
func (o *Office) Worker() *exec.Cmd {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.worker
}

// Run runs one command and returns its exit code and what it printed.
func (o *Office) Run(args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(o.T.Context(), 4*time.Minute)
	defer cancel()
	code = cli.Run(ctx, args, cli.IO{
		In: bytes.NewReader(nil), Out: &stdout, Err: &stderr,
		Getenv: func(name string) string { return o.Env[name] }, Now: time.Now, IsTerminal: func(io.Writer) bool { return false },
	})
	if o.Heard != nil {
		fmt.Fprintf(o.Heard, "%s%s", &stdout, &stderr)
	}
	return code, stdout.String(), stderr.String()
}

// Do runs a command that must succeed.
func (o *Office) Do(args ...string) string {
	o.T.Helper()
	code, out, errs := o.Run(args...)
	require.Zero(o.T, code, "duenotice %v\n%s\n%s", args, out, errs)
	return out
}

// Summary is the incident's summary.json.
func (o *Office) Summary(incident string) casebook.Summary {
	o.T.Helper()
	content, err := os.ReadFile(filepath.Join(cmp.Or(o.Seen, o.Out), incident, "summary.json"))
	require.NoError(o.T, err)
	var s casebook.Summary
	require.NoError(o.T, json.Unmarshal(content, &s))
	return s
}

// Await waits until the incident is in a phase: it asks status, as an officer would.
func (o *Office) Await(incident, phase string) {
	o.T.Helper()
	testkit.Await(o.T, func() bool {
		code, out, _ := o.Run("status", incident, "--json")
		var s casebook.Status
		return code == 0 && json.Unmarshal([]byte(out), &s) == nil && s.Phase == phase
	}, func() string { return o.Do("status", incident) })
}
