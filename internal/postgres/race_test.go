package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// atOnce runs all of them at the same moment and returns their errors.
func atOnce(all ...func() error) []error {
	start := make(chan struct{})
	errs := make([]error, len(all))
	var wait sync.WaitGroup
	for i, do := range all {
		wait.Go(func() {
			<-start
			errs[i] = do()
		})
	}
	close(start)
	wait.Wait()
	return errs
}

// rounds is how often a race is run: enough for each side to come first.
const rounds = 25

// TestAnAmendmentThatRacesWithTheCloseIsNotLost: whichever comes first, the
// practice and its incident are open afterwards, with what the amendment said.
func TestAnAmendmentThatRacesWithTheCloseIsNotLost(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	number, closedFirst := 1, 0
	for round := range rounds {
		before := practice(t, store, "P1").Changes
		name := fmt.Sprintf("Practice %d", round)
		var closed bool
		amend := func(ctx context.Context) error {
			number++
			if round%2 == 0 {
				_, err := store.LoadList(ctx, incidentID, amendment(fmt.Sprint("list ", round), person("P1", fmt.Sprint("new ", round))))
				return err
			}
			_, err := store.Amend(ctx, incidentID, corrected(fmt.Sprint("file ", round), []string{"legal_name"}, breach.Practice{Key: "P1", LegalName: name}))
			return err
		}
		errs := atOnce(func() error { return amend(t.Context()) }, func() (err error) {
			closed, _, err = store.ClosePractice(t.Context(), incidentID, "P1", before, today, "done")
			return err
		})
		require.Equal(t, make([]error, 2), errs)
		p := practice(t, store, "P1")
		require.Zero(t, p.ClosedOn, "round %d: open, whether the close came first (%t) or saw the new list", round, closed)
		require.NotEqual(t, casebook.PhaseClosed, p.Phase)
		require.Equal(t, number, p.ListNumber)
		require.Empty(t, p.PapersSHA256)
		if round%2 == 1 {
			require.Equal(t, name, p.Practice.LegalName)
		}
		if closed {
			closedFirst++
		}
		status, err := store.OpenPractices(t.Context(), incidentID)
		require.NoError(t, err)
		require.Equal(t, 2, status)
	}
	t.Logf("the close came first %d times of %d", closedFirst, rounds)
}

// TestAPlanAndAnAmendmentDoNotLockEachOtherUp: saving the plan of the practice
// that leads a counting entity counts the entity while it holds its practice, and
// an amendment touches another of its practices, counts the entity, and then opens
// the one that leads. PostgreSQL would end one of two that wait for each other.
func TestAPlanAndAnAmendmentDoNotLockEachOtherUp(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3")
	for i := range list {
		list[i].CountingEntity = "E"
	}
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P2", "b"), person("P3", "c")))
	// Plans go on being saved as long as there are amendments.
	done := make(chan struct{})
	plans := func(key string) func() error {
		return func() error {
			for round := 0; ; round++ {
				select {
				case <-done:
					return nil
				default:
				}
				if err := savePlanThatLeaves(t.Context(), store, key, round%2 == 0); err != nil {
					return err
				}
			}
		}
	}
	amendments := func() error {
		defer close(done)
		for round := range rounds {
			_, err := store.LoadList(t.Context(), incidentID, amendment(fmt.Sprint("list ", round), person("P3", fmt.Sprint("new ", round))))
			if err != nil {
				return err
			}
			_, err = store.Amend(t.Context(), incidentID, corrected(fmt.Sprint("file ", round), []string{"email"},
				breach.Practice{Key: "P3", Email: fmt.Sprintf("office%d@example.org", round)}))
			if err != nil {
				return err
			}
		}
		return nil
	}
	require.Equal(t, make([]error, 3), atOnce(plans("P1"), plans("P2"), amendments))
	p := practice(t, store, "P3")
	require.Equal(t, 1+2*rounds, p.ListNumber)
	require.Equal(t, 1+rounds, p.Tally.People)
}

// savePlanThatLeaves saves a plan by which a practice leaves its counting entity,
// or comes back.
func savePlanThatLeaves(ctx context.Context, store *postgres.Store, key string, leaves bool) error {
	_, err := store.SavePlan(ctx, incidentID, key, casebook.Plan{Discovered: discovered, Notifiable: !leaves, LeavesGroup: leaves},
		casebook.Standing{Phase: casebook.PhaseOpen})
	return err
}
