package faults_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit/forgetful"
)

// TestThePowerIsLost takes the power from the machine on which everything runs, at moments
// that the seed decides: all programs end at once, and its disk forgets what nobody had
// synced. The database, Temporal's state and the papers are on that disk, and the case
// comes out as it always does.
func TestThePowerIsLost(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	disk := forgetful.Mount(t)
	dir, out := filepath.Join(disk.Dir, "machine"), filepath.Join(disk.Dir, "out")
	for _, folder := range []string{dir, out} {
		require.NoError(t, os.Mkdir(folder, 0o700))
	}
	m := machineIn(t, dir)
	m.begin()
	b := furnish(t, m.servers(), 600, 20)
	b.Out, b.Env["DUENOTICE_OUT"] = out, out
	disk.Settle()
	b.Begin()
	meanwhile(t, func(stop <-chan struct{}) {
		for n := range times(2, 12) {
			if !pause(stop, random, 2*time.Second, 8*time.Second) {
				return
			}
			t.Logf("the power is lost, %d", n+1)
			m.kill("temporal")
			m.kill("postgres")
			b.KillWorker()
			disk.PowerLoss()
			m.start()
			b.StartWorker()
		}
	}, b.course)
	b.settled()
	b.KillWorker() // the disk is taken away when the servers are gone
}
