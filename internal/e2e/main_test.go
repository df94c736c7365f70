// Package e2e runs the product as its users do: the CLI's commands against a
// real PostgreSQL and a real Temporal, with the worker as a process of its own
// that can be killed.
package e2e_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
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

func TestMain(m *testing.M) { testkit.Main(m) }

// office is one officer's desk: a database, a Temporal namespace, an output
// folder and a worker.
type office struct {
	t   testing.TB
	env map[string]string
	out string
	// seen is where the papers can be looked at when they are not in out, "" when they are.
	seen   string
	mu     sync.Mutex
	worker *exec.Cmd
	// errs takes what the worker writes to its standard error.
	errs io.Writer
	// heard has, when it is set, everything that the commands printed.
	heard *bytes.Buffer
}

func newOffice(t testing.TB, extra map[string]string) *office {
	t.Helper()
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	return openOffice(t, url, testkit.ProgramLogin(t, url), testkit.Temporal(t, temporalx.SearchAttributes()...), extra, os.Stderr)
}

// openOffice is newOffice on servers of the test's own: url is the database for
// its owner, program for the program's login.
func openOffice(t testing.TB, url, program string, server testkit.TemporalServer, extra map[string]string, errs io.Writer) *office {
	t.Helper()
	o := &office{t: t, out: t.TempDir(), errs: errs}
	keys := filepath.Join(t.TempDir(), "keys")
	_, err := keyring.Ensure(keys, testkit.Today())
	require.NoError(t, err)
	o.env = map[string]string{
		"DUENOTICE_DATABASE_URL": program, "DUENOTICE_OWNER_DATABASE_URL": url, "DUENOTICE_KEY_FILE": keys, "DUENOTICE_EVIDENCE_KEY_FILE": keys + ".pem", "DUENOTICE_OUT": o.out, "DUENOTICE_TIMEZONE": testkit.Zone(),
		"TEMPORAL_ADDRESS": server.Address, "TEMPORAL_NAMESPACE": server.Namespace, "DUENOTICE_TEMPORAL_CERTIFICATES": string(server.Certificates), "TEMPORAL_CONFIG_FILE": os.DevNull,
	}
	for name, value := range extra {
		o.env[name] = value
	}
	o.startWorker()
	t.Cleanup(o.killWorker)
	testkit.Await(t, func() bool {
		code, out, _ := o.run("doctor")
		if code != 0 {
			t.Log(out)
		}
		return code == 0
	}, func() string { return "the worker does not work" })
	return o
}

var workerProgram = sync.OnceValues(func() (string, error) {
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

func (o *office) startWorker() {
	o.t.Helper()
	program, err := workerProgram()
	require.NoError(o.t, err)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.worker = exec.Command(program)
	o.worker.Dir = o.out
	o.worker.Env = os.Environ()
	for name, value := range o.env {
		o.worker.Env = append(o.worker.Env, name+"="+value)
	}
	o.worker.Stderr = o.errs
	require.NoError(o.t, o.worker.Start())
}

// killWorker ends the worker as a power cut would.
func (o *office) killWorker() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.worker == nil {
		return
	}
	_ = o.worker.Process.Kill()
	_ = o.worker.Wait()
	o.worker = nil
}

// run runs one command and returns its exit code and what it printed.
func (o *office) run(args ...string) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	ctx, cancel := context.WithTimeout(o.t.Context(), 4*time.Minute)
	defer cancel()
	code = cli.Run(ctx, args, cli.IO{
		In: bytes.NewReader(nil), Out: &stdout, Err: &stderr,
		Getenv: func(name string) string { return o.env[name] }, Now: time.Now, IsTerminal: func(io.Writer) bool { return false },
	})
	if o.heard != nil {
		fmt.Fprintf(o.heard, "%s%s", &stdout, &stderr)
	}
	return code, stdout.String(), stderr.String()
}

// do runs a command that must succeed.
func (o *office) do(args ...string) string {
	o.t.Helper()
	code, out, errs := o.run(args...)
	require.Zero(o.t, code, "duenotice %v\n%s\n%s", args, out, errs)
	return out
}

func (o *office) summary(incident string) casebook.Summary {
	o.t.Helper()
	content, err := os.ReadFile(filepath.Join(cmp.Or(o.seen, o.out), incident, "summary.json"))
	require.NoError(o.t, err)
	var s casebook.Summary
	require.NoError(o.t, json.Unmarshal(content, &s))
	return s
}

// await waits until the incident is in a phase: it asks status, as an officer would.
func (o *office) await(incident, phase string) {
	o.t.Helper()
	testkit.Await(o.t, func() bool {
		code, out, _ := o.run("status", incident, "--json")
		var s casebook.Status
		return code == 0 && json.Unmarshal([]byte(out), &s) == nil && s.Phase == phase
	}, func() string { return o.do("status", incident) })
}
