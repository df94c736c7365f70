package faults_test

import (
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

func hostOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.Host
}

// TestTheDatabaseFailsOverInTheMiddleOfAMailing kills PostgreSQL with power while letters
// are printed and notices sent, and has a replica take over that was told of each commit
// before anybody else. Everybody goes on there, and nothing is lost or done twice.
func TestTheDatabaseFailsOverInTheMiddleOfAMailing(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	m := newMachine(t)
	r := m.replicate()
	on := m.servers()
	w, by := through(t, on.Owner)
	on.Owner, on.Program = by(on.Owner), by(on.Program)
	b := furnish(t, on, 800, 20)
	b.Begin()
	failed := false
	meanwhile(t, func(stop <-chan struct{}) {
		for { // until letters are under way
			if !pause(stop, random, 10*time.Millisecond, 50*time.Millisecond) {
				return
			}
			var under bool
			if b.pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM finding WHERE state = 'printing')").Scan(&under) == nil && under {
				break
			}
		}
		if !pause(stop, random, time.Millisecond, 300*time.Millisecond) {
			return
		}
		m.kill("postgres")
		w.away()
		r.takesOver()
		w.towards(r.address)
		w.back()
		failed = true
	}, b.course)
	require.True(t, failed, "it was over before the database was lost")
	b.settled()
}

// TestAMomentIsRestoredInTheMiddleOfAMailing goes back to an instant, by a base backup of
// long before and the archive of what was written since: the drill of docs/deployment.md.
func TestAMomentIsRestoredInTheMiddleOfAMailing(t *testing.T) {
	t.Parallel()
	takesTime(t)
	m := newMachine(t)
	base, archive := m.archive()
	restored(t, m, func(m *machine) string {
		return ask[string](m.t, m.postgres.URL("postgres"), "SELECT clock_timestamp()::text")
	}, func(m *machine, moment string) {
		m.archived()
		m.restoreCluster(base, []string{
			"archive_mode = off", "restore_command = 'cp " + filepath.Join(archive, "%f") + " %p'",
			"recovery_target_time = '" + moment + "'", "recovery_target_action = promote",
			"hot_standby = off", // nobody is let in before that moment is there
		})
		testkit.Await(m.t, func() bool { return !ask[bool](m.t, m.postgres.URL("postgres"), "SELECT pg_is_in_recovery()") })
	})
}
