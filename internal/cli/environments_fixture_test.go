package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/civil"
	"duenotice/internal/cli"
	"duenotice/internal/keyring"
	"duenotice/internal/synthetic"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// The two environments, with an incident of the same id in each: the first has a
// third practice that the second has not.
const (
	ehr3, ehr4 = "ehr-3", "ehr-4"
	tenantCase = "DEMO-2026-03"
	onlyInEHR3 = "P-00003"
)

// tenants is a command line with two environments, each with a real database and
// a namespace of a real Temporal.
type tenants struct {
	terminal
	t        *testing.T
	dir      string
	settings map[string]map[string]string
	urls     map[string]string
	log      *lines
}

// lines is what a worker logs.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newTenants(t *testing.T) *tenants {
	t.Helper()
	x := &tenants{t: t, dir: t.TempDir(), settings: map[string]map[string]string{}, urls: map[string]string{}, log: &lines{}}
	certificates := ""
	for _, name := range []string{ehr3, ehr4} {
		server := testkit.Temporal(t, temporalx.SearchAttributes()...)
		certificates = string(server.Certificates) // of one server, which both use
		x.urls[name] = testkit.DatabaseURL(t)
		x.write(name+".url", x.urls[name])
		_, err := keyring.Ensure(x.path(name+".keys"), civil.MustParse("2026-04-12"))
		require.NoError(t, err)
		x.settings[name] = map[string]string{
			"database_url_file": x.path(name + ".url"), "key_file": x.path(name + ".keys"), "evidence_key_file": x.path(name + ".pem"),
			"out": x.path("out-" + name), "temporal_namespace": server.Namespace, "temporal_address": server.Address,
		}
	}
	x.env = map[string]string{"DUENOTICE_CONFIG": x.configure("duenotice.yaml", x.settings), "TEMPORAL_CONFIG_FILE": os.DevNull, "DUENOTICE_TEMPORAL_CERTIFICATES": certificates}
	return x
}

func (x *tenants) path(name string) string { return filepath.Join(x.dir, name) }

func (x *tenants) write(name, content string) {
	x.t.Helper()
	require.NoError(x.t, os.WriteFile(x.path(name), []byte(content), 0o600))
}

func (x *tenants) configure(file string, settings map[string]map[string]string) (path string) {
	x.t.Helper()
	content, err := json.Marshal(map[string]any{"environments": settings}) // JSON is YAML
	require.NoError(x.t, err)
	x.write(file, string(content))
	return x.path(file)
}

// swapped is the same command line by a configuration in which the environments
// have each other's value of the settings.
func (x *tenants) swapped(settings ...string) *tenants {
	x.t.Helper()
	other := map[string]map[string]string{ehr3: maps.Clone(x.settings[ehr3]), ehr4: maps.Clone(x.settings[ehr4])}
	for _, s := range settings {
		other[ehr3][s], other[ehr4][s] = x.settings[ehr4][s], x.settings[ehr3][s]
	}
	y := *x
	y.settings, y.env, y.log = other, maps.Clone(x.env), &lines{}
	y.env["DUENOTICE_CONFIG"] = x.configure("swapped-"+strings.Join(settings, "-")+".yaml", other)
	return &y
}

func (x *tenants) config(environment string) app.Config {
	x.t.Helper()
	config, err := app.LoadConfig(func(name string) string {
		if name == app.EnvironmentVariable {
			return environment
		}
		return x.env[name]
	}, x.path("state"))
	require.NoError(x.t, err)
	return config
}

// do gives a command in an environment; "" names none.
func (x *tenants) do(environment string, args ...string) result {
	x.t.Helper()
	if environment != "" {
		args = append(args, "--environment", environment)
	}
	at := terminal{env: x.env, now: time.Now()}
	return at.runIn(x.t.Context(), append(args, "--dir", x.path("state")))
}

func (x *tenants) must(environment string, args ...string) string {
	x.t.Helper()
	r := x.do(environment, args...)
	require.Zero(x.t, r.code, "%s %v: %s%s", environment, args, r.out, r.err)
	return r.out
}

// refused gives a command that must end with this code and say these words.
func (x *tenants) refused(environment string, code int, says string, args ...string) {
	x.t.Helper()
	r := x.do(environment, args...)
	require.Equal(x.t, code, r.code, "%s %v: %s%s", environment, args, r.out, r.err)
	require.Contains(x.t, r.err, says)
}

// startWorker runs one worker for all environments, until stop or the test's end.
func (x *tenants) startWorker() (stop func()) {
	x.t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(x.t.Context()))
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Run(ctx, []string{"worker", "--dir", x.path("state")}, cli.IO{
			In: strings.NewReader(""), Out: io.Discard, Err: x.log, Now: time.Now,
			Getenv: func(name string) string { return x.env[name] }, IsTerminal: func(io.Writer) bool { return false },
		})
	}()
	stop = sync.OnceFunc(func() {
		cancel()
		require.Zero(x.t, <-ended, x.log)
	})
	x.t.Cleanup(stop)
	return stop
}

// tenantsCase writes a case of the environment.
func tenantsCase(t *testing.T, environment string, practices, people int, seed uint64) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	p := synthetic.Default(civil.MustParse("2026-03-16"))
	p.Practices, p.People, p.Seed = practices, people, seed
	_, err := synthetic.Write(dir, p)
	require.NoError(t, err)
	file := filepath.Join(dir, "incident.yaml")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "\nenvironment: ehr-3\n")
	text = bytes.Replace(text, []byte("\nenvironment: ehr-3\n"), []byte("\nenvironment: "+environment+"\n"), 1)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return dir
}
