package faults_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// soaked is what a soak is of: so many rounds over so many practices.
func soaked(t *testing.T) (rounds, practices int) {
	t.Helper()
	rounds, practices = 12, 24
	for name, into := range map[string]*int{"SOAK": &rounds, "PRACTICES": &practices} {
		if given := os.Getenv(name); given != "" {
			n, err := strconv.Atoi(given)
			require.NoError(t, err, name)
			require.Positive(t, n, name)
			*into = n
		}
	}
	return rounds, practices
}

// TestNothingGrowsWhileACaseLives has officers do this and that to a case, round after
// round, while what lies between the programs breaks, and asks after each round, when all
// is at rest, what one and the same worker holds: memory, goroutines, files and
// connections, and how many rows there are of what is no record of what people did. It is
// judged by how it grows from round to round, and by no single number.
//
// The calendar stands still: worker and database refuse each other by clocks that differ.
func TestNothingGrowsWhileACaseLives(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	rounds, practices := soaked(t)
	on := officetest.SharedServers(t)
	b := furnishOf(t, on, practices, 25*practices, 20)
	database, by := through(t, on.Program)
	b.WorkerEnv["DUENOTICE_DATABASE_URL"], b.WorkerEnv["DUENOTICE_OWNER_DATABASE_URL"] = by(on.Program), by(on.Owner)
	temporal := newWire(t, on.Temporal.Address)
	b.WorkerEnv["TEMPORAL_ADDRESS"] = temporal.address()
	shows := b.shows()
	b.Begin()
	b.course()
	process := b.Worker().Process.Pid

	seen := map[string][]float64{}
	for round := range rounds {
		own := rand.New(rand.NewPCG(random.Uint64(), 0)) // of who breaks things, beside who acts
		meanwhile(t, func(stop <-chan struct{}) {
			defer temporal.back()
			defer database.back()
			if !pause(stop, own, 100*time.Millisecond, time.Second) {
				return
			}
			[]func(){
				database.cut,
				func() { database.breakAfter(1 + own.IntN(100_000)) },
				func() { deadlock(t, b, own) },
				func() { database.slow(time.Duration(1+own.IntN(10)) * time.Millisecond) },
				temporal.cut,
				func() { database.away(); temporal.away() },
			}[own.IntN(6)]()
			pause(stop, own, 500*time.Millisecond, 2*time.Second)
		}, func() { b.someActs(random, round) })
		b.quiet()
		for name, value := range b.holds(shows) {
			seen[name] = append(seen[name], value)
		}
	}
	require.Equal(t, process, b.Worker().Process.Pid)
	b.settled()
	for name, values := range seen {
		s := slopeOf(values[len(values)/3:]) // it warms up first
		t.Logf("%-40s %10.0f, %+.2f ± %.2f a round", name, s.mean, s.by, s.err)
		require.False(t, s.grows(), "%s grows: %v", name, values)
	}
}

// someActs are things that officers do, as the seed has it, each of which may be refused.
func (b *broken) someActs(random *rand.Rand, round int) {
	b.T.Helper()
	keys := b.PracticeKeys()
	key, today := keys[random.IntN(len(keys))], testkit.Today().String()
	acts := [][]string{
		{"record", b.id, "--practice", key, "--fact", "acknowledged", "--on", today, "--by", "Ada Officer"},
		{"record", b.id, "--practice", key, "--fact", "toll_free_started", "--on", today, "--by", "Grace Counsel"},
		{"approve", b.id, "--practice", key, "--by", "Ada Officer"},
		{"hold", b.id, "--kind", "oral", "--stated-on", today, "--official", "R. Example", "--agency", "Example Bureau " + strconv.Itoa(round),
			"--statement", "Notice would impede an investigation.", "--by", "Ada Officer"},
		{"practice", "link", b.id, "--practice", key, "--by", "Ada Officer"},
		{"report", "open", b.id}, {"report", "board", b.id, "--output", filepath.Join(b.T.TempDir(), "board.html")}, {"report", "binder", b.id, "--practice", key},
		{"status", b.id}, {"audit", "replay", b.id}, {"notify", b.id, "--list"},
	}
	for range 1 + random.IntN(3) {
		act := acts[random.IntN(len(acts))]
		code, _, errs := b.Run(act...)
		require.NotEqual(b.T, 2, code, "%v: %s", act, errs)
	}
	// No hold stays, or the case would not come to rest.
	testkit.Await(b.T, func() bool {
		code, _, _ := b.Run("release", b.id, "--on", today, "--by", "Ada Officer")
		return code == 0 || code == 3 // there is none
	})
}

// records are tables that grow with what people do, because it is kept.
var records = []string{
	"act", "act_request", "approval", "decision", "decision_incident", "door_link", "ledger", "ledger_anchor", "list_change", "obligation_change", "page_packet", "page_part", "page_practice", "posting_look", "reveal",
}

// holds is what the worker holds now, and how many rows each table has that is no record.
func (b *broken) holds(shows shown) map[string]float64 {
	b.T.Helper()
	t, ok := b.T.(*testing.T)
	require.True(b.T, ok)
	held := map[string]float64{}
	text := shows.until(t, `^go_goroutines `)
	for _, name := range []string{"go_goroutines", "process_open_fds", "process_resident_memory_bytes"} {
		found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
		require.NotNil(t, found, name)
		value, err := strconv.ParseFloat(found[1], 64)
		require.NoError(t, err)
		held[name] = value
	}
	held["connections"] = float64(b.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"))
	rows, err := b.pool.Query(t.Context(), "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NotEmpty(t, tables)
	for _, table := range tables {
		if !slices.Contains(records, table) {
			held["rows of "+table] = float64(b.number("SELECT count(*) FROM " + pgx.Identifier{table}.Sanitize()))
		}
	}
	return held
}

// slope is how a number grows from round to round: by so much, give or take.
type slope struct{ mean, by, err float64 }

// slopeOf fits a line by least squares.
func slopeOf(values []float64) (s slope) {
	n := float64(len(values))
	for _, v := range values {
		s.mean += v / n
	}
	var sxx, sxy, left float64
	middle := (n - 1) / 2
	for i, v := range values {
		x := float64(i) - middle
		sxx, sxy = sxx+x*x, sxy+x*(v-s.mean)
	}
	if sxx == 0 {
		return s
	}
	s.by = sxy / sxx
	for i, v := range values {
		r := v - s.mean - s.by*(float64(i)-middle)
		left += r * r
	}
	if n > 2 {
		s.err = math.Sqrt(left / (n - 2) / sxx)
	}
	return s
}

// grows reports a slope that is beyond what chance makes of a number that stays, and
// matters: a hundredth of the number in each round.
func (s slope) grows() bool { return s.by-3*s.err > math.Max(s.mean/100, 0.05) }

// TestALeakIsSeen: what grows by little in each round is told from what goes up and down.
func TestALeakIsSeen(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for name, c := range map[string]struct {
		by    float64
		grows bool
	}{"stays": {0, false}, "two of a hundred a round": {2, true}, "shrinks": {-2, false}} {
		var values []float64
		for i := range 40 {
			values = append(values, 100+c.by*float64(i)+4*(random.Float64()-0.5))
		}
		require.Equal(t, c.grows, slopeOf(values).grows(), fmt.Sprint(name, values))
	}
	require.True(t, slopeOf([]float64{0, 1, 2, 3, 4}).grows(), "a row a round")
	require.False(t, slopeOf([]float64{7, 7, 7, 7}).grows())
	require.False(t, slopeOf([]float64{7}).grows())
}
