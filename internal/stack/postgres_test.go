package stack_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
)

// listen occupies a port for the length of the test.
func listen(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

func throwaway(t *testing.T, dir string) *stack.Postgres {
	t.Helper()
	p, err := stack.StartPostgres(t.Context(), dir, stack.PostgresOptions{Throwaway: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Stop(context.Background())) })
	return p
}

func TestPostgresNeverRunsAsRoot(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	throwaway(t, dir)
	p, err := process.NewProcess(int32(stack.RecordedPID(t, dir, "postgres")))
	require.NoError(t, err)
	uids, err := p.Uids()
	require.NoError(t, err)
	groups, err := p.Groups()
	require.NoError(t, err)
	if os.Geteuid() != 0 {
		require.Equal(t, uint32(os.Geteuid()), uids[1])
		return
	}
	require.NotZero(t, stack.PostgresRunsAs(t))
	require.Equal(t, stack.PostgresRunsAs(t), uids[1])
	require.NotContains(t, groups, uint32(0), "root's groups are dropped too")
	require.Equal(t, filepath.Join(dir, "postgres"), stack.ClusterHome(dir), "the state folder is reachable: the data is in it")
	require.NoFileExists(t, filepath.Join(dir, "postgres", "location"))
}

// Below a folder that only root may enter, as /root is, the data has to live
// elsewhere. As any other user there is nobody to lock out.
func TestPostgresBelowAFolderItCannotEnter(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	require.NoError(t, os.Chmod(parent, 0o700))
	dir := filepath.Join(parent, "state")
	first := throwaway(t, dir)
	home := stack.ClusterHome(dir)
	if os.Geteuid() == 0 {
		require.Equal(t, "/var/lib/duenotice", filepath.Dir(home))
		require.FileExists(t, filepath.Join(dir, "postgres", "location"))
		require.NoDirExists(t, filepath.Join(dir, "postgres", "data"))
	}
	execute(t, first.URL("duenotice"), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)")
	require.NoError(t, first.Stop(t.Context()))
	again := throwaway(t, dir)
	require.Equal(t, int32(42), query[int32](t, again.URL("duenotice"), "SELECT n FROM kept"), "the second start finds it there")

	require.NoError(t, again.Stop(t.Context()))
	require.NoError(t, os.RemoveAll(dir), "a person deletes the state folder and begins anew")
	anew := throwaway(t, dir)
	require.False(t, query[bool](t, anew.URL("duenotice"), "SELECT EXISTS (SELECT FROM pg_tables WHERE tablename = 'kept')"))
	if os.Geteuid() == 0 {
		require.DirExists(t, home, "what the deleted folder's database held is not destroyed")
		require.NoError(t, os.RemoveAll(home))
	}
	home = stack.ClusterHome(dir)
	require.NoError(t, stack.Remove(t.Context(), dir, nil))
	require.NoDirExists(t, home)
}

func TestPostgresTakesAnotherPortWhenItsOwnIsTaken(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	taken := listen(t)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "postgres"), 0o711))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "postgres", "ports.json"), []byte("["+strconv.Itoa(taken)+"]"), 0o600))
	p := throwaway(t, dir)
	require.Equal(t, int32(1), query[int32](t, p.URL("duenotice"), "SELECT 1"))
	require.NotContains(t, p.URL("duenotice"), ":"+strconv.Itoa(taken)+"/")
}

func TestPostgresStartedAgainAfterAnInterruptedFirstStart(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	half := filepath.Join(dir, "postgres", "data.new")
	require.NoError(t, os.MkdirAll(half, 0o711))
	require.NoError(t, os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600))
	throwaway(t, dir)
	require.NoDirExists(t, half)
}

func TestPostgresWhosePasswordIsLostSaysSo(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	first := throwaway(t, dir)
	require.NoError(t, first.Stop(t.Context()))
	password := filepath.Join(dir, "postgres", "password")

	require.NoError(t, os.WriteFile(password, []byte("wrong\n"), 0o600))
	_, err := stack.StartPostgres(t.Context(), dir, stack.PostgresOptions{Throwaway: true})
	require.ErrorContains(t, err, "refuses the password in "+password)
	require.Empty(t, stack.RecordedPIDs(t, dir), "it does not stay running")

	require.NoError(t, os.Remove(password))
	_, err = stack.StartPostgres(t.Context(), dir, stack.PostgresOptions{Throwaway: true})
	require.ErrorContains(t, err, password+", which held it, is gone")
}
