package faults_test

import (
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
)

// through is the address of a database by way of a wire.
func through(t *testing.T, address string) (*wire, func(string) string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	w := newWire(t, u.Host)
	return w, func(address string) string {
		u, err := url.Parse(address)
		require.NoError(t, err)
		u.Host = w.address()
		return u.String()
	}
}

// TestTheDatabaseIsLostInTheMiddle cuts what lies between the worker and PostgreSQL, in the
// middle of statements too, has PostgreSQL end connections inside transactions, takes rows
// in an order that ends in deadlocks, is slow, and is away for a while.
func TestTheDatabaseIsLostInTheMiddle(t *testing.T) {
	t.Parallel()
	random := seeded(t)
	on := officetest.SharedServers(t)
	b := furnish(t, on, 600, 20)
	w, by := through(t, on.Program)
	b.WorkerEnv["DUENOTICE_DATABASE_URL"], b.WorkerEnv["DUENOTICE_OWNER_DATABASE_URL"] = by(on.Program), by(on.Owner)
	b.Begin()
	faults := []func(){
		w.cut,
		func() { w.breakAfter(1 + random.IntN(200_000)) },
		func() {
			_, _ = b.pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`) // who is in the middle of something
		},
		func() { deadlock(t, b, random) },
		func() { w.slow(20 * time.Millisecond) },
		w.away,
		func() { w.cut(); w.breakAfter(1 + random.IntN(2_000)) },
	}
	meanwhile(t, func(stop <-chan struct{}) {
		defer w.back()
		for range times(8, 80) {
			if !pause(stop, random, 200*time.Millisecond, 2*time.Second) {
				return
			}
			n := random.IntN(len(faults))
			t.Logf("fault %d", n)
			faults[n]()
			if !pause(stop, random, 50*time.Millisecond, time.Second) {
				return
			}
			w.back()
		}
	}, b.course)
	b.settled()
}

// deadlock holds practices in the order of their keys backwards, as nobody in the product
// does, until PostgreSQL ends one of those who wait for each other.
func deadlock(t *testing.T, b *broken, random *rand.Rand) {
	t.Helper()
	tx, err := b.pool.Begin(t.Context())
	if err != nil {
		return
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	rows, err := tx.Query(t.Context(), "SELECT id FROM practice ORDER BY id DESC")
	if err != nil {
		return
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	for _, id := range ids {
		if err != nil || random.IntN(2) == 0 {
			continue
		}
		_, err = tx.Exec(t.Context(), "SELECT FROM practice WHERE id = $1 FOR UPDATE", id)
	}
}

// TestTemporalIsAwayAndRepeatsItself takes Temporal away for a while, loses steps and their
// results on the way so that they time out, and delivers steps twice.
func TestTemporalIsAwayAndRepeatsItself(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	on := officetest.SharedServers(t)
	b := furnish(t, on, 600, 20)
	temporal := standBetween(t, on.Temporal)
	w := newWire(t, temporal.address)
	b.WorkerEnv["TEMPORAL_ADDRESS"] = w.address()
	var names []string
	for _, at := range boundaries() {
		if at.after {
			names = append(names, at.activity)
			temporal.twice[at.activity] = true
		}
	}
	random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	lost := map[string]bool{}
	for _, name := range names[:times(1, len(names))] {
		lost[name] = true
	}
	once := map[string]int{}
	temporal.after = func(activity string, _ int) bool { // under its lock's caller: one at a time per activity
		temporal.mu.Lock()
		defer temporal.mu.Unlock()
		once[activity]++
		return !lost[activity] || once[activity] > 1
	}
	b.Begin()
	meanwhile(t, func(stop <-chan struct{}) {
		defer w.back()
		for range times(3, 20) {
			if !pause(stop, random, time.Second, 3*time.Second) {
				return
			}
			w.away()
			if !pause(stop, random, 500*time.Millisecond, time.Duration(times(2, 20))*time.Second) {
				return
			}
			w.back()
		}
	}, b.course)
	b.settled()
	temporal.mu.Lock()
	defer temporal.mu.Unlock()
	for _, name := range []string{"OpenPractices", "PlanPractice", "PreparePapers", "SendNotice", "RenderBatches"} {
		require.NotContains(t, temporal.twice, name, "it was not delivered twice")
	}
}
