package faults_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// disk is a small disk of a test's own, in memory.
type disk struct {
	t    *testing.T
	path string
}

// mountDisk mounts one of so many mebibytes over a folder. Only root can, and not in every
// container.
func mountDisk(t *testing.T, path string, mebibytes int) disk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a disk that can be filled up is mounted, which only root may")
	}
	out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm,mode=0711", mebibytes), "tmpfs", path).CombinedOutput()
	if err != nil {
		t.Skipf("a disk that can be filled up cannot be mounted here: %s", out)
	}
	t.Cleanup(func() { require.NoError(t, exec.CommandContext(context.Background(), "umount", "--lazy", path).Run()) })
	return disk{t, path}
}

// resize makes room, or takes it.
func (d disk) resize(mebibytes int) {
	d.t.Helper()
	out, err := exec.CommandContext(d.t.Context(), "mount", "-o", fmt.Sprintf("remount,size=%dm", mebibytes), d.path).CombinedOutput()
	require.NoError(d.t, err, string(out))
}

// TestTheDiskOfThePapersIsFull fills the disk of the output folder up before the papers are
// made, waits until everybody is told so, and makes room.
func TestTheDiskOfThePapersIsFull(t *testing.T) {
	t.Parallel()
	takesTime(t)
	b := furnish(t, officetest.SharedServers(t), 400, 20)
	full := mountDisk(t, b.Out, 1)
	b.Begin()
	require.NoError(t, os.WriteFile(filepath.Join(b.Out, "ballast"), make([]byte, 900<<10), 0o600))
	b.Run("start", b.dir, "--by", "Ada Officer", "--no-wait")
	testkit.Await(t, func() bool {
		_, out, _ := b.Run("status", b.id)
		return strings.Contains(out, "Make room on the disk")
	}, func() string { return b.Do("status", b.id) })
	full.resize(200)
	b.course()
	b.settled()
}

// TestTheDiskOfTheDatabaseIsFull fills the disk up on which PostgreSQL keeps the tables,
// while a case goes its way, and makes room.
func TestTheDiskOfTheDatabaseIsFull(t *testing.T) {
	t.Parallel()
	takesTime(t)
	m := newMachine(t)
	small := filepath.Join(m.dir, "small")
	require.NoError(t, os.Mkdir(small, 0o711))
	full := mountDisk(t, small, 400)
	data := filepath.Join(small, "data")
	require.NoError(t, os.Mkdir(data, 0o700))
	out, err := exec.CommandContext(t.Context(), "chown", "postgres", data).CombinedOutput()
	require.NoError(t, err, string(out))
	admin, err := pgx.Connect(t.Context(), m.postgres.URL("postgres"))
	require.NoError(t, err)
	defer func() { _ = admin.Close(context.WithoutCancel(t.Context())) }()
	for _, statement := range []string{"CREATE TABLESPACE small LOCATION '" + data + "'", "ALTER DATABASE duenotice SET TABLESPACE small"} {
		_, err = admin.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	b := furnish(t, m.servers(), 400, 20)
	b.Begin()
	var used int
	require.NoError(t, admin.QueryRow(t.Context(), "SELECT pg_tablespace_size('small') / 1048576").Scan(&used))
	full.resize(used + 1)
	random := seeded(t)
	meanwhile(t, func(stop <-chan struct{}) {
		for range times(2, 10) {
			if !pause(stop, random, 2*time.Second, 5*time.Second) {
				break
			}
			used += 2
			full.resize(used) // a little, so that it is full again somewhere else
		}
		full.resize(400)
	}, b.course)
	b.settled()
}
