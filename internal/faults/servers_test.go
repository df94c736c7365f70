package faults_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	gops "github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// machine is a PostgreSQL and a Temporal of a test's own, which keep what they wrote as in
// production: what a test of faults shows of a server without fsync it shows of nobody's.
type machine struct {
	t        *testing.T
	dir      string
	postgres *stack.Postgres
	temporal *stack.Temporal
	// together: Temporal keeps its state in the same PostgreSQL, and not in a file.
	together bool
}

// newMachine starts both.
func newMachine(t *testing.T) *machine {
	t.Helper()
	m := machineOf(t)
	m.begin()
	return m
}

// machineOf is a machine on which nothing runs yet.
func machineOf(t *testing.T) *machine {
	t.Helper()
	dir, err := os.MkdirTemp("", "duenotice-faults-") //nolint:usetesting // t.TempDir lets no other user pass, as whom PostgreSQL runs
	require.NoError(t, err)
	return machineIn(t, dir)
}

// machineIn is a machine whose disk is a folder.
func machineIn(t *testing.T, dir string) *machine {
	t.Helper()
	require.NoError(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() { require.NoError(t, stack.Remove(context.Background(), dir, nil)) })
	return &machine{t: t, dir: dir}
}

// begin starts the servers, with the program's tables.
func (m *machine) begin() {
	m.t.Helper()
	m.start()
	require.NoError(m.t, postgres.Migrate(m.t.Context(), m.postgres.URL("duenotice")))
}

// start starts what does not run.
func (m *machine) start() {
	m.t.Helper()
	m.startPostgres()
	m.startTemporal()
}

func (m *machine) startPostgres() {
	m.t.Helper()
	var err error
	m.postgres, err = stack.StartPostgres(m.t.Context(), m.dir, stack.PostgresOptions{})
	require.NoError(m.t, err)
}

func (m *machine) startTemporal() {
	m.t.Helper()
	var err error
	o := stack.TemporalOptions{SearchAttributes: temporalx.SearchAttributes()}
	if m.together {
		o.Store = m.postgres
	}
	m.temporal, err = stack.StartTemporal(m.t.Context(), m.dir, o)
	require.NoError(m.t, err)
}

// servers are this machine's for an office.
func (m *machine) servers() officetest.Servers {
	return officetest.Servers{
		Owner: m.postgres.URL("duenotice"), Program: m.postgres.ProgramURL("duenotice"),
		Temporal: testkit.TemporalServer{Address: m.temporal.Address, Certificates: m.temporal.Certificates, Namespace: "default"},
	}
}

// kill ends one of the servers and everything it started, all at once, as a power cut would.
func (m *machine) kill(name string) {
	m.t.Helper()
	var record struct{ PID int32 }
	readJSON(m.t, filepath.Join(m.dir, "run", name+".json"), &record)
	require.NotZero(m.t, record.PID)
	p, err := gops.NewProcess(record.PID)
	require.NoError(m.t, err)
	children, _ := p.Children() // none is no error here
	require.NoError(m.t, syscall.Kill(int(record.PID), syscall.SIGKILL))
	for _, child := range children {
		_ = syscall.Kill(int(child.Pid), syscall.SIGKILL) // it may have noticed and ended
	}
	testkit.Await(m.t, func() bool {
		for _, process := range append(children, p) {
			if running, err := process.IsRunning(); err == nil && running && !zombie(process) {
				return false
			}
		}
		return true
	})
}

func zombie(p *gops.Process) bool {
	status, err := p.Status()
	return err == nil && len(status) > 0 && status[0] == gops.Zombie
}

// dump is the database as pg_dump writes it down, at one moment, beside whoever works.
func (m *machine) dump() string {
	m.t.Helper()
	path := filepath.Join(m.t.TempDir(), "duenotice.dump")
	m.tool("pg_dump", "--format=custom", "--file="+path, m.postgres.URL("duenotice"))
	return path
}

// restore puts a dump into the place of the database.
func (m *machine) restore(path string) {
	m.t.Helper()
	m.tool("dropdb", "--force", "--maintenance-db="+m.postgres.URL("postgres"), "duenotice")
	m.tool("createdb", "--maintenance-db="+m.postgres.URL("postgres"), "duenotice")
	m.tool("pg_restore", "--dbname="+m.postgres.URL("duenotice"), "--exit-on-error", path)
}

// baseBackup is the whole cluster as pg_basebackup takes it, with the log it needs.
func (m *machine) baseBackup() string {
	m.t.Helper()
	path := filepath.Join(m.t.TempDir(), "base")
	m.tool("pg_basebackup", "--pgdata="+path, "--wal-method=fetch", "--checkpoint=fast", "--dbname="+m.postgres.URL("postgres"))
	return path
}

// restoreBase loses the machine's servers and puts the cluster of a base backup in place.
func (m *machine) restoreBase(path string) { m.restoreCluster(path, nil) }

// restoreCluster is restoreBase with further settings of the restored cluster.
func (m *machine) restoreCluster(path string, settings []string) {
	m.t.Helper()
	m.kill("temporal")
	m.kill("postgres")
	data := m.data()
	owner := ownerOf(m.t, data)
	require.NoError(m.t, os.RemoveAll(data))
	require.NoError(m.t, os.CopyFS(data, os.DirFS(path)))
	if settings != nil {
		configure(m.t, data, settings)
		require.NoError(m.t, os.WriteFile(filepath.Join(data, "recovery.signal"), nil, 0o600))
	}
	give(m.t, data, owner)
	m.start()
}

func (m *machine) tool(name string, args ...string) {
	m.t.Helper()
	out, err := exec.CommandContext(m.t.Context(), m.postgres.Tool(name), args...).CombinedOutput()
	require.NoError(m.t, err, "%s: %s", name, out)
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// filesBelow are the sums of all files of a folder and its folders, by their paths in it.
func filesBelow(t testing.TB, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, root)] = sum(content)
		return err
	}))
	return files
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, into), path)
}
