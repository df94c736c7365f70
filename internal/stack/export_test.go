package stack

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/authority"
)

// What the tests need to see or do that no user of the package does.

var (
	Identity     = identity
	BuildOnce    = buildOnce
	FetchFrom    = fetchFrom
	FindPostgres = findPostgres
	Ports        = ports
)

// Fetcher is fetcher.
type Fetcher = fetcher

// FetcherFunc is a fetcher that gets nothing.
func FetcherFunc(ask func(ctx context.Context, major int) error) Fetcher {
	return func(ctx context.Context, major int) (binaries, error) { return binaries{}, ask(ctx, major) }
}

// NoPostgresError is the error on a machine without any PostgreSQL.
func NoPostgresError(major int, fetching error) error { return noPostgresError(major, nil, fetching) }

// EngineSource is what an engine is built from, and EngineVersion its hash.
var (
	EngineSource  = engineSource
	EngineVersion = engineVersion
)

func PostgresVersionOf(ctx context.Context, dir string) (int, bool) {
	b, ok := binariesIn(ctx, dir)
	return b.major, ok
}

func PostgresDir(b binaries) string { return b.dir }

func Exists(pid int) bool { return identity(pid) != "" }

// RecordedPIDs returns the pid of every running member of the stack.
func RecordedPIDs(t *testing.T, dir string) map[string]int {
	t.Helper()
	pids := map[string]int{}
	for _, m := range folder(dir).members() {
		if p, ok := folder(dir).running(m.name); ok {
			pids[m.name] = p.PID
		}
	}
	return pids
}

func RecordedPID(t *testing.T, dir, name string) int {
	t.Helper()
	pid := RecordedPIDs(t, dir)[name]
	require.NotZero(t, pid, "%s runs", name)
	return pid
}

// KillAll kills every member with SIGKILL and leaves their records.
func KillAll(t *testing.T, dir string) {
	t.Helper()
	pids := RecordedPIDs(t, dir)
	require.Len(t, pids, len(folder(dir).members())-1, "all but the server of the practices' pages, which these stacks have not")
	for _, pid := range pids {
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	for _, pid := range pids {
		require.NoError(t, poll(t.Context(), func(context.Context) (bool, error) { return !Exists(pid), nil }))
	}
}

func SearchAttributeNames(t *testing.T, i *Info) []string {
	t.Helper()
	as, err := i.Certificates.TLS(authority.Operator)
	require.NoError(t, err)
	c, err := client.DialContext(t.Context(), client.Options{HostPort: i.TemporalAddress, ConnectionOptions: client.ConnectionOptions{TLS: as}})
	require.NoError(t, err)
	defer c.Close()
	got, err := c.OperatorService().ListSearchAttributes(t.Context(), &operatorservice.ListSearchAttributesRequest{Namespace: i.TemporalNamespace})
	require.NoError(t, err)
	var names []string
	for name := range got.GetCustomAttributes() {
		names = append(names, name)
	}
	return names
}

// StartAs runs a command as a member of the folder's stack.
func StartAs(t *testing.T, dir, name string, args ...string) (pid int, stop func(context.Context) error) {
	t.Helper()
	f := folder(dir)
	require.NoError(t, f.create())
	p, err := f.start(spec{name: name, args: args, env: os.Environ()})
	require.NoError(t, err)
	return p.PID, func(ctx context.Context) error { return p.stop(ctx, syscall.SIGTERM, workerGrace) }
}

// Record writes the record of a member.
func Record(t *testing.T, dir, name string, pid int, identity string) {
	t.Helper()
	f := folder(dir)
	require.NoError(t, f.create())
	require.NoError(t, writeJSON(f.path("run", name+".json"), record{Name: name, PID: pid, Identity: identity}))
}

// Running tells whether the folder's record of a member is believed.
func Running(dir, name string) bool {
	_, ok := folder(dir).running(name)
	return ok
}

// PostgresRunsAs returns the user PostgreSQL is run as, 0 for ourselves.
func PostgresRunsAs(t *testing.T) uint32 {
	t.Helper()
	a, err := postgresAccount()
	require.NoError(t, err)
	if a == nil {
		return 0
	}
	return a.uid
}

// ClearLeftovers is what happens before a server of the cluster starts.
func ClearLeftovers(t *testing.T, dir string) error {
	t.Helper()
	f := folder(dir)
	return (&cluster{folder: f, home: f.clusterHome()}).clearLeftovers(t.Context())
}

func ClusterHome(dir string) string { return folder(dir).clusterHome() }

// Helper makes a harmless process of another program and returns its pid.
func Helper(t *testing.T) int {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
	})
	return cmd.Process.Pid
}

// StopImpatiently stops a member that is given a moment to end by itself.
func StopImpatiently(t *testing.T, dir, name string) error {
	t.Helper()
	p, ok := folder(dir).running(name)
	require.True(t, ok)
	return p.stop(t.Context(), syscall.SIGTERM, pollEvery)
}

// EngineURL is a database of the stack for the engine's login.
func EngineURL(t *testing.T, dir, database string) string {
	t.Helper()
	f := folder(dir)
	password, err := f.databasePassword(true)
	require.NoError(t, err)
	return (&Postgres{port: f.keptPorts(postgres)[0], password: password}).urlFor(engineUser, database)
}

// UIName is the host name of the page of the stack in dir.
func UIName(dir string) (string, error) {
	f, err := openFolder(dir)
	if err != nil {
		return "", err
	}
	if err := f.create(); err != nil {
		return "", err
	}
	return f.uiName()
}
