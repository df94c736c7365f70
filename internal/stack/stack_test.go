package stack_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	gopsnet "github.com/shirou/gopsutil/v4/net"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/authority"
	"duenotice/internal/stack"
)

// stateDir is a state folder that is stopped and removed with the test. Not
// t.TempDir: that is below a folder which only we may enter, and the test of a
// usual folder is not the test of such a one.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "duenotice-stack-") //nolint:usetesting // see above
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() {
		require.NoError(t, stack.Remove(context.Background(), dir, nil))
		require.NoDirExists(t, dir)
	})
	return dir
}

// options runs the stand-in worker, whose output folder is returned.
func options(t *testing.T, dir string) (stack.Options, string) {
	t.Helper()
	program, err := stack.CopyExecutable(dir)
	require.NoError(t, err)
	out := t.TempDir()
	return stack.Options{
		Dir: dir, WorkerArgs: []string{program, "worker"}, Env: []string{"DUENOTICE_OUT=" + out},
		SearchAttributes: []string{"Phase=Keyword", "NextDue=Datetime", "Late=Bool"},
		Ready: func(context.Context, *stack.Info) (bool, error) {
			text, err := os.ReadFile(filepath.Join(out, "up"))
			pid, _, _ := strings.Cut(string(text), "\n")
			return err == nil && pid == strconv.Itoa(stack.RecordedPID(t, dir, "worker")), nil
		},
		Progress: func(line string) { t.Log(line) },
	}, out
}

func up(t *testing.T, o stack.Options) *stack.Info {
	t.Helper()
	began := time.Now()
	info, err := stack.Up(t.Context(), o)
	require.NoError(t, err)
	t.Logf("up after %v", time.Since(began).Round(time.Millisecond))
	return info
}

func query[T any](t *testing.T, url, sql string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	rows, err := conn.Query(t.Context(), sql)
	require.NoError(t, err)
	got, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	require.NoError(t, err)
	return got
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func dial(t *testing.T, info *stack.Info) client.Client {
	t.Helper()
	return dialAs(t, info, authority.Operator)
}

func dialAs(t *testing.T, info *stack.Info, role authority.Role) client.Client {
	t.Helper()
	as, err := info.Certificates.TLS(role)
	require.NoError(t, err)
	c, err := client.DialContext(t.Context(), client.Options{
		HostPort: info.TemporalAddress, Namespace: info.TemporalNamespace, ConnectionOptions: client.ConnectionOptions{TLS: as},
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// The life of one stack, in one test because each step needs the one before.
func TestStackFromNothingToStoppedAndBack(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, out := options(t, dir)

	_, running := stack.Read(dir)
	require.False(t, running, "nothing was started")

	first := up(t, o)
	read, running := stack.Read(dir)
	require.True(t, running)
	require.Equal(t, first, read)
	require.True(t, first.WorkerRunning())

	t.Run("nothing listens beyond loopback", func(t *testing.T) {
		seen := 0
		for _, name := range []string{"postgres", "temporal"} {
			conns, err := gopsnet.ConnectionsPidWithContext(t.Context(), "inet", int32(stack.RecordedPID(t, dir, name)))
			require.NoError(t, err)
			for _, c := range conns {
				if c.Status == "LISTEN" {
					require.Equal(t, "127.0.0.1", c.Laddr.IP, "%s on port %d", name, c.Laddr.Port)
					seen++
				}
			}
		}
		require.Equal(t, 5, seen, "the database, Temporal's front end, history and matching, and its UI")
	})
	t.Run("secrets are readable by the owner only", func(t *testing.T) {
		for _, name := range []string{"stack.json", "postgres/password", "run/worker.json", "logs/postgres.log", "logs/worker.log"} {
			stat, err := os.Stat(filepath.Join(dir, name))
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), stat.Mode().Perm(), name)
		}
	})
	t.Run("the database keeps what it says it has written", func(t *testing.T) {
		require.Equal(t, "on", query[string](t, first.OwnerDatabaseURL, "SHOW data_checksums"))
		require.Equal(t, "on", query[string](t, first.OwnerDatabaseURL, "SHOW fsync"))
		require.Equal(t, "scram-sha-256", query[string](t, first.OwnerDatabaseURL, "SHOW password_encryption"))
		require.Equal(t, "UTF8", query[string](t, first.OwnerDatabaseURL, "SHOW server_encoding"))
		require.Equal(t, "C", query[string](t, first.OwnerDatabaseURL, "SELECT datcollate FROM pg_database WHERE datname = current_database()"))
	})
	t.Run("a wrong password is refused", func(t *testing.T) {
		config, err := pgx.ParseConfig(first.OwnerDatabaseURL)
		require.NoError(t, err)
		config.Password = "wrong"
		_, err = pgx.ConnectConfig(t.Context(), config)
		require.ErrorContains(t, err, "password authentication failed")
	})
	t.Run("what a failing statement quotes is in no log", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), first.OwnerDatabaseURL)
		require.NoError(t, err)
		defer func() { require.NoError(t, conn.Close(context.Background())) }()
		_, err = conn.Exec(t.Context(), "SELECT 'Quoted Patient'::date")
		require.Error(t, err)
		log, err := os.ReadFile(filepath.Join(dir, "logs", "postgres.log"))
		require.NoError(t, err)
		require.NotContains(t, string(log), "Quoted Patient")
		require.Contains(t, string(log), "ready to accept connections", "the log that was looked at is the server's")
	})
	t.Run("Temporal keeps ended workflows for months", func(t *testing.T) {
		got, err := dial(t, first).WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: "default"})
		require.NoError(t, err)
		require.Equal(t, 90*24*time.Hour, got.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration())
	})
	t.Run("the worker is pointed at this stack whatever our own environment says", func(t *testing.T) {
		env, err := os.ReadFile(filepath.Join(out, "up"))
		require.NoError(t, err)
		for _, line := range first.Env() {
			require.Contains(t, string(env), line)
		}
		options, err := envconfig.LoadClientOptions(envconfig.LoadClientOptionsRequest{EnvLookup: envList(first.Env())})
		require.NoError(t, err)
		require.Equal(t, first.TemporalAddress, options.HostPort)
	})

	execute(t, first.OwnerDatabaseURL, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
	pids := stack.RecordedPIDs(t, dir)
	again := up(t, o)
	require.Equal(t, first, again)
	require.Equal(t, pids, stack.RecordedPIDs(t, dir), "a second up starts nothing anew")

	require.NoError(t, first.KillWorker(t.Context()))
	require.False(t, first.WorkerRunning())
	require.NoError(t, first.RestartWorker(t.Context()))
	require.True(t, first.WorkerRunning())
	require.NoError(t, first.KillWorker(t.Context()))
	up(t, o)
	require.True(t, first.WorkerRunning(), "up starts a dead worker again")
	require.NotEqual(t, pids["worker"], stack.RecordedPID(t, dir, "worker"))
	require.NoFileExists(t, filepath.Join(out, "stopped"), "SIGKILL asks nobody")

	began := time.Now()
	require.NoError(t, stack.Down(t.Context(), dir, o.Progress))
	t.Logf("down after %v", time.Since(began).Round(time.Millisecond))
	require.FileExists(t, filepath.Join(out, "stopped"), "the worker was asked to end")
	_, running = stack.Read(dir)
	require.False(t, running)
	require.Empty(t, stack.RecordedPIDs(t, dir))
	require.NoError(t, stack.Down(t.Context(), dir, nil), "down of what does not run")

	back := up(t, o)
	require.Equal(t, first, back, "the same addresses after a stop")
	require.Equal(t, int32(42), query[int32](t, back.OwnerDatabaseURL, "SELECT n FROM kept"))
}

// envList is an environment for envconfig to read.
type envList []string

func (l envList) Environ() []string { return l }

func (l envList) LookupEnv(name string) (string, bool) {
	for _, v := range l {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

// A killed machine: no process is left and every record lies.
func TestStackAfterEverythingWasKilled(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, _ := options(t, dir)
	first := up(t, o)
	execute(t, first.OwnerDatabaseURL, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
	stack.KillAll(t, dir)

	_, running := stack.Read(dir)
	require.False(t, running)
	info := up(t, o)
	require.Equal(t, int32(42), query[int32](t, info.OwnerDatabaseURL, "SELECT n FROM kept"))
	require.True(t, info.WorkerRunning())

	t.Run("processes whose records were lost are found and replaced", func(t *testing.T) {
		pids := stack.RecordedPIDs(t, dir)
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "run")))
		info := up(t, o)
		require.Equal(t, int32(42), query[int32](t, info.OwnerDatabaseURL, "SELECT n FROM kept"))
		for name, pid := range pids {
			require.NotEqual(t, pid, stack.RecordedPID(t, dir, name))
			require.False(t, stack.Exists(pid), "%s has no second process", name)
		}
	})
	t.Run("certificates that were lost are made again, and whoever knew the old ones is replaced", func(t *testing.T) {
		before := stack.RecordedPIDs(t, dir)
		require.NoError(t, os.RemoveAll(filepath.Join(dir, "temporal", "tls")))
		info := up(t, o)
		after := stack.RecordedPIDs(t, dir)
		require.Equal(t, before["postgres"], after["postgres"])
		require.NotEqual(t, before["temporal"], after["temporal"])
		require.NotEqual(t, before["worker"], after["worker"])
		require.Contains(t, stack.SearchAttributeNames(t, info), "NextDue")
	})
	t.Run("a new search attribute reaches an old state folder", func(t *testing.T) {
		o := o
		o.SearchAttributes = append(o.SearchAttributes, "SizeBand=Keyword")
		info := up(t, o)
		require.Contains(t, stack.SearchAttributeNames(t, info), "SizeBand")
		o.SearchAttributes = []string{"SizeBand=Int"}
		_, err := stack.Up(t.Context(), o)
		require.ErrorContains(t, err, "SizeBand is a Keyword in this Temporal, and Int is needed")
	})
}

func TestTwoCommandsStartOneStack(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, _ := options(t, dir)
	infos := make([]*stack.Info, 3)
	var all errgroup.Group
	for n := range infos {
		all.Go(func() (err error) {
			infos[n], err = stack.Up(t.Context(), o)
			return err
		})
	}
	require.NoError(t, all.Wait())
	require.Equal(t, infos[0], infos[1])
	require.Equal(t, infos[0], infos[2])

	t.Run("a worker of other settings is replaced and nothing else", func(t *testing.T) {
		before := stack.RecordedPIDs(t, dir)
		other, out := options(t, dir)
		up(t, other)
		after := stack.RecordedPIDs(t, dir)
		require.NotEqual(t, before["worker"], after["worker"])
		require.FileExists(t, filepath.Join(out, "up"))
		after["worker"] = before["worker"]
		require.Equal(t, before, after)
	})
	t.Run("a worker that cannot start is reported with its own words", func(t *testing.T) {
		failing := o
		failing.Env = []string{"DUENOTICE_OUT=fail"}
		failing.Ready = func(context.Context, *stack.Info) (bool, error) { return false, nil }
		_, err := stack.Up(t.Context(), failing)
		require.ErrorContains(t, err, "the worker ended while starting")
		require.ErrorContains(t, err, "cannot read its key file")
		_, running := stack.Read(dir)
		require.True(t, running, "what ran before a failed up goes on running")
	})
}

func TestUpThatFailsLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	_, err := stack.Up(t.Context(), stack.Options{Dir: dir, SearchAttributes: []string{"Phase=Colour"}})
	require.ErrorContains(t, err, `search attribute "Phase=Colour"`)
	require.Empty(t, stack.RecordedPIDs(t, dir))
	_, running := stack.Read(dir)
	require.False(t, running)
}

func TestDownWhereNothingEverWas(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "none")
	require.NoError(t, stack.Down(t.Context(), dir, nil))
	require.NoDirExists(t, dir, "down makes no folder")
}
