package simulate_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/simulate"
	"duenotice/internal/storetest"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// TestTheSimulationsStoreIsTheRealOne: both pass the suite, and after each step of
// each history they show the same: what a simulation shows is what happens.
func TestTheSimulationsStoreIsTheRealOne(t *testing.T) {
	t.Parallel()
	var played atomic.Int32
	t.Run("histories", func(t *testing.T) {
		for seed := range uint64(8) {
			t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
				t.Parallel()
				played.Add(playBoth(t, seed))
			})
		}
	})
	require.Greater(t, played.Load(), int32(28), "histories in which nothing is printed, mailed, sent and closed prove nothing")
}

// playBoth plays a history on both stores and returns how many of the things that
// matter most came about in it.
func playBoth(t *testing.T, seed uint64) (came int32) {
	t.Helper()
	incident, practices, people := storetest.Case()
	simulated, clock, err := simulate.NewStore(incident, practices, people, time.Time{})
	require.NoError(t, err)
	shown := storetest.History(t, storetest.Opened{
		Store: simulated, Clock: clock, Ask: func(context.Context, casebook.Act) error { return nil },
	}, seed, 25)
	actual := realStore(t)
	happened := storetest.History(t, storetest.Opened{
		Store: actual, Ask: func(ctx context.Context, act casebook.Act) error { return actual.RequestAct(ctx, act, act.Who) },
		After: func(step string) {
			wrong, err := actual.Recount(t.Context(), incident.ID)
			require.NoError(t, err)
			require.Empty(t, wrong, "what status counts is what a recount says, after "+step)
		},
	}, seed, 25)
	for i := range happened {
		require.Equal(t, happened[i], shown[i], "step %d", i)
	}
	altered, err := actual.CheckPeople(t.Context(), incident.ID)
	require.NoError(t, err)
	require.Zero(t, altered, "nothing that the program does looks like somebody's doing past it")
	text := strings.Join(happened, "\n")
	for _, what := range []string{" pieces", "hold: ", "mailed/", "told/", "closed=true", "sent=true"} {
		if strings.Contains(text, what) {
			came++
		}
	}
	return came
}

// realStore is PostgreSQL with the suite's case loaded.
func realStore(t *testing.T) *postgres.Store {
	t.Helper()
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	secret := sha256.Sum256([]byte("a key of the test"))
	master := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test " + base64.StdEncoding.EncodeToString(secret[:]) + "\n"))
	})
	store, err := postgres.Open(t.Context(), url, postgres.WithMaster(master))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	incident, practices, people := storetest.Case()
	book := rulebooks.Kept().Newest()
	_, err = store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: incident, CaseSHA256: "case", Practices: practices, ListSHA256: "list", RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
		By: "Robin Officer", At: storetest.Begins.Start(time.UTC), Findings: func(_ context.Context, each func(int, *breach.Person) error) error {
			for i := range people {
				if err := each(i+2, &people[i]); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil)
	require.NoError(t, err)
	return store
}
