package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestALostKeyIsSaidBeforeAnythingIsWritten: whatever is wrong with the master
// keys, a load changes nothing, and the refusal names the key and where it should be.
func TestALostKeyIsSaidBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	// Under the right name, but another key.
	other := datakey.NewRing("key file of another database", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test " + string(keyLines("other")[len("other "):])))
	})
	for name, c := range map[string]struct {
		master datakey.Master
		code   string
		says   string
	}{
		"none":          {nil, "no_key", "DUENOTICE_KEY_FILE"},
		"lost":          {masterOf("new"), "lost_key", `"test"`},
		"another":       {other, "wrong_key", `"test"`},
		"rotated away":  {masterOf("before", "test"), "retired_key", `"before"`},
		"cannot be had": {datakey.NewRing("key file", func() (*keyring.Ring, error) { return nil, errors.New("it is on fire") }), "", "on fire"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, url := open(t)
			was := openAt(t, url, postgres.WithMaster(masterOf("before")))
			loaded(t, was, caseOf(incident(), practices("P1"), person("P1", "a")))
			_, err := openAt(t, url, postgres.WithMaster(masterOf("test", "before"))).RotateKeys(t.Context())
			require.NoError(t, err)
			before := leftovers(t, url)

			store := openAt(t, url, postgres.WithMaster(c.master))
			i := incident()
			i.ID = "EX-NEXT"
			_, loadErr := store.LoadCase(t.Context(), caseOf(i, practices("P1"), person("P1", "a")), nil)
			checkErr := store.CheckKeys(t.Context())
			for _, err := range []error{checkErr, loadErr} {
				require.ErrorContains(t, err, c.says)
				if c.code != "" {
					refused(t, err, c.code)
				}
			}
			require.Equal(t, before, leftovers(t, url))
			_, err = store.Incident(t.Context(), "EX-NEXT")
			refused(t, err, "unknown_incident")
		})
	}
}

// TestARowIsReadWithItsKeyOnly: status and acts need no key, people do.
func TestARowIsReadWithItsKeyOnly(t *testing.T) {
	t.Parallel()
	_, url := open(t)
	loaded(t, openAt(t, url, postgres.WithMaster(masterOf("test"))), caseOf(incident(), practices("P1"), person("P1", "a")))
	read := func(store *postgres.Store) error {
		return store.People(t.Context(), incidentID, "P1", func(*breach.Person) error { return nil })
	}
	without := openAt(t, url)
	refused(t, read(without), "no_key")
	_, err := without.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	refused(t, read(openAt(t, url, postgres.WithMaster(masterOf("new")))), "lost_key")
	require.NoError(t, read(openAt(t, url, postgres.WithMaster(masterOf("new", "test")))))
}

// TestRotationStopsNobody: people are read at every moment with the key file of
// after, the loads that run meanwhile are wrapped anew as well, and at the end
// the old master key is not needed by anybody.
func TestRotationStopsNobody(t *testing.T) {
	t.Parallel()
	_, url := open(t)
	old := openAt(t, url, postgres.WithMaster(masterOf("old")))
	both := openAt(t, url, postgres.WithMaster(masterOf("new", "old")))
	of := func(id string) postgres.LoadInput {
		i := incident()
		i.ID = id
		return caseOf(i, practices("P1"), person("P1", "a"))
	}
	loaded(t, old, of("EX-1"))

	// A load under the old key that has begun and not ended.
	begun, goOn := make(chan struct{}), make(chan struct{})
	slow := of("EX-2")
	findings := slow.Findings
	slow.Findings = func(ctx context.Context, each func(int, *breach.Person) error) error {
		close(begun)
		<-goOn
		return findings(ctx, each)
	}
	var all errgroup.Group
	all.Go(func() error { _, err := old.LoadCase(t.Context(), slow, nil); return err })
	<-begun
	var done postgres.Rotation
	all.Go(func() (err error) { done, err = both.RotateKeys(t.Context()); return err })
	// It waits for that load and for nothing else.
	waits := func() bool {
		var n int
		require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(),
			"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n))
		return n > 0
	}
	testkit.Await(t, waits)
	readable(t, both, "EX-1")
	loaded(t, both, of("EX-3"))
	close(goOn)
	require.NoError(t, all.Wait())

	require.Equal(t, postgres.Rotation{To: "new", Rewrapped: 2, Retired: []string{"old"}}, done)
	alone := openAt(t, url, postgres.WithMaster(masterOf("new")))
	require.NoError(t, alone.CheckKeys(t.Context()))
	for _, id := range []string{"EX-1", "EX-2", "EX-3"} {
		readable(t, alone, id)
	}
	again, err := alone.RotateKeys(t.Context())
	require.NoError(t, err)
	require.Equal(t, postgres.Rotation{To: "new"}, again)
	_, err = old.LoadCase(t.Context(), of("EX-4"), nil)
	refused(t, err, "lost_key")
	_, err = openAt(t, url, postgres.WithMaster(masterOf("old", "new"))).LoadCase(t.Context(), of("EX-4"), nil)
	refused(t, err, "retired_key")

	back, err := openAt(t, url, postgres.WithMaster(masterOf("old", "new"))).RotateKeys(t.Context())
	require.NoError(t, err)
	require.Equal(t, postgres.Rotation{To: "old", Rewrapped: 3, Retired: []string{"new"}}, back)
	readable(t, old, "EX-3")
}

func readable(t *testing.T, store *postgres.Store, id string) {
	t.Helper()
	n := 0
	require.NoError(t, store.People(t.Context(), id, "P1", func(*breach.Person) error { n++; return nil }))
	require.Equal(t, 1, n)
}

func TestMasterKeysSayHowTheyStand(t *testing.T) {
	t.Parallel()
	_, url := open(t)
	store := openAt(t, url, postgres.WithMaster(masterOf("old")))
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	states, err := openAt(t, url, postgres.WithMaster(masterOf("new"))).MasterKeys(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 1)
	require.Equal(t, 1, states[0].Incidents)
	refused(t, states[0].Problem, "lost_key")

	_, err = openAt(t, url, postgres.WithMaster(masterOf("new", "old"))).RotateKeys(t.Context())
	require.NoError(t, err)
	states, err = openAt(t, url, postgres.WithMaster(masterOf("new"))).MasterKeys(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 2)
	require.Equal(t, "old", states[0].Name)
	require.False(t, states[0].RetiredAt.IsZero())
	require.Equal(t, "new", states[1].Name)
	for _, s := range states {
		require.NoError(t, s.Problem)
	}
	rows, err := testkit.Pool(t, url).Query(t.Context(), "SELECT master FROM incident_key")
	require.NoError(t, err)
	masters, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{"new"}, masters)
}

// TestTwoWorkersMayHaveDifferentNewestKeys, as while a key file is brought from
// host to host: each writes under its own and reads what the other wrote.
func TestTwoWorkersMayHaveDifferentNewestKeys(t *testing.T) {
	t.Parallel()
	_, url := open(t)
	one := openAt(t, url, postgres.WithMaster(masterOf("a", "b")))
	two := openAt(t, url, postgres.WithMaster(masterOf("b", "a")))
	var all errgroup.Group
	for n := range 8 {
		i := incident()
		i.ID = fmt.Sprintf("EX-%d", n)
		all.Go(func() error {
			store := []*postgres.Store{one, two}[n%2]
			if err := store.CheckKeys(t.Context()); err != nil {
				return err
			}
			_, err := store.LoadCase(t.Context(), caseOf(i, practices("P1"), person("P1", "a")), nil)
			return err
		})
	}
	require.NoError(t, all.Wait())
	states, err := one.MasterKeys(t.Context())
	require.NoError(t, err)
	require.Len(t, states, 2)
	for _, state := range states {
		require.NoError(t, state.Problem)
		require.Equal(t, 4, state.Incidents)
	}
	for n := range 8 {
		readable(t, one, fmt.Sprintf("EX-%d", n))
		readable(t, two, fmt.Sprintf("EX-%d", n))
	}
	// Each rotates to its own at the same time: whoever is last, all can be read.
	for _, store := range []*postgres.Store{one, two} {
		all.Go(func() error { _, err := store.RotateKeys(t.Context()); return err })
	}
	if err := all.Wait(); err != nil {
		refused(t, err, "retired_key")
	}
	var unnoticed int
	require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(),
		"SELECT count(*) FROM incident_key k JOIN master_key m ON m.name = k.master WHERE m.retired_at IS NOT NULL").Scan(&unnoticed))
	require.Zero(t, unnoticed, "a key that is needed is not taken for one that may go")
	for n := range 8 {
		readable(t, one, fmt.Sprintf("EX-%d", n))
		readable(t, two, fmt.Sprintf("EX-%d", n))
	}
}
