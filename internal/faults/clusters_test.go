package faults_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
	"duenotice/internal/testkit"
)

// data is the folder of the machine's cluster.
func (m *machine) data() string {
	m.t.Helper()
	home, err := stack.DatabaseFolder(m.dir)
	require.NoError(m.t, err)
	return filepath.Join(home, "data")
}

// ownerOf is the account that a cluster runs as.
func ownerOf(t testing.TB, data string) *syscall.Stat_t {
	t.Helper()
	info, err := os.Stat(data)
	require.NoError(t, err)
	owner, ok := info.Sys().(*syscall.Stat_t)
	require.True(t, ok)
	return owner
}

// give makes everything in a folder the account's, and nobody else's.
func give(t testing.TB, folder string, owner *syscall.Stat_t) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		mode := fs.FileMode(0o600)
		if err == nil && entry.IsDir() {
			mode = 0o700
		}
		return errors.Join(err, os.Chmod(path, mode), os.Chown(path, int(owner.Uid), int(owner.Gid)))
	}))
}

// configure adds settings to those that a cluster keeps itself.
func configure(t testing.TB, data string, settings []string) {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(data, "postgresql.auto.conf"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString(strings.Join(settings, "\n") + "\n")
	require.NoError(t, errors.Join(err, file.Close()))
}

// ask asks a server of the machine for one value.
func ask[T any](t testing.TB, url, query string, args ...any) (value T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	require.NoError(t, conn.QueryRow(t.Context(), query, args...).Scan(&value), query)
	return value
}

// archive has the machine's cluster keep its log in a folder, segment by segment, as the
// drill of docs/deployment.md says, and takes a base backup to begin with.
func (m *machine) archive() (base, archive string) {
	m.t.Helper()
	archive = filepath.Join(m.dir, "archive")
	require.NoError(m.t, os.Mkdir(archive, 0o700))
	give(m.t, archive, ownerOf(m.t, m.data()))
	m.kill("postgres") // that it archives is taken up with a start
	configure(m.t, m.data(), []string{"archive_mode = on", fmt.Sprintf("archive_command = 'test ! -f %[1]s/%%f && cp %%p %[1]s/%%f'", archive)})
	m.startPostgres()
	base = filepath.Join(m.t.TempDir(), "base")
	m.tool("pg_basebackup", "--pgdata="+base, "--wal-method=none", "--checkpoint=fast", "--dbname="+m.postgres.URL("postgres"))
	return base, archive
}

// archived waits until what was written so far is in the archive.
func (m *machine) archived() {
	m.t.Helper()
	segment := ask[string](m.t, m.postgres.URL("postgres"), "SELECT pg_walfile_name(pg_switch_wal())")
	testkit.Await(m.t, func() bool {
		return ask[string](m.t, m.postgres.URL("postgres"), "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver") >= segment
	})
}

// replica is a second server that has everything the machine's PostgreSQL commits.
type replica struct {
	m       *machine
	data    string
	address string
}

// replicate starts one. The machine's PostgreSQL says of nothing that it is written before
// the replica has it: what was said is there after a failover.
func (m *machine) replicate() *replica {
	m.t.Helper()
	owner := ownerOf(m.t, m.data())
	dir := filepath.Join(m.dir, "replica")
	require.NoError(m.t, os.Mkdir(dir, 0o711))
	r := &replica{m: m, data: filepath.Join(dir, "data")}
	m.tool("pg_basebackup", "--pgdata="+r.data, "--wal-method=stream", "--checkpoint=fast", "--write-recovery-conf",
		"--create-slot", "--slot=replica", "--dbname="+m.postgres.URL("postgres"))
	give(m.t, r.data, owner)
	l, err := new(net.ListenConfig).Listen(m.t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(m.t, err)
	r.address = l.Addr().String()
	port := l.Addr().(*net.TCPAddr).Port
	require.NoError(m.t, l.Close())
	log, err := os.Create(filepath.Join(m.t.TempDir(), "replica.log"))
	require.NoError(m.t, err)
	m.t.Cleanup(func() { _ = log.Close() })
	server := exec.Command(m.postgres.Tool("postgres"), "-D", r.data,
		"-c", "port="+strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "primary_slot_name=replica")
	server.Dir, server.Stdout, server.Stderr = r.data, log, log
	if os.Geteuid() == 0 {
		server.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	require.NoError(m.t, server.Start())
	m.t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGQUIT)
		_ = server.Wait()
	})
	primary := m.postgres.URL("postgres")
	testkit.Await(m.t, func() bool {
		return ask[int](m.t, primary, "SELECT count(*)::integer FROM pg_stat_replication WHERE state = 'streaming'") == 1
	}, func() string { content, _ := os.ReadFile(log.Name()); return string(content) })
	for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"} {
		conn, err := pgx.Connect(m.t.Context(), primary)
		require.NoError(m.t, err)
		_, err = conn.Exec(m.t.Context(), statement)
		require.NoError(m.t, err, statement)
		require.NoError(m.t, conn.Close(m.t.Context()))
	}
	testkit.Await(m.t, func() bool {
		return ask[int](m.t, primary, "SELECT count(*)::integer FROM pg_stat_replication WHERE sync_state = 'sync'") == 1
	})
	return r
}

// takesOver makes the replica the one that is written to, waiting for nobody.
func (r *replica) takesOver() {
	r.m.t.Helper()
	url := strings.Replace(r.m.postgres.URL("postgres"), hostOf(r.m.t, r.m.postgres.URL("postgres")), r.address, 1)
	require.True(r.m.t, ask[bool](r.m.t, url, "SELECT pg_promote()"))
	require.Empty(r.m.t, ask[string](r.m.t, url, "SELECT current_setting('synchronous_standby_names')"))
}
