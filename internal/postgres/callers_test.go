package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/postgres"
)

// TestEachPrintedLetterIsForTheCallCentre: one row for a letter of several practices, and
// also the letters that others took the place of, or whose person left the list.
func TestEachPrintedLetterIsForTheCallCentre(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	letters := func() map[string]int {
		people := map[string]int{}
		require.NoError(t, store.EachCallersLetter(t.Context(), incidentID, func(l *postgres.CallersLetter) error {
			_, twice := people[l.PieceID]
			require.False(t, twice, "each letter once")
			people[l.PieceID] = len(l.People)
			return nil
		}))
		return people
	}
	both := []breach.Person{person("P1", "a"), person("P2", "a")}
	for i := range both {
		both[i].LastName = "Example"
	}
	mailedTo := append(both, person("P1", "b"), person("P1", "c"))
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), mailedTo...))
	require.Empty(t, letters(), "nothing is printed")
	approved(t, store, "P1")
	approved(t, store, "P2")
	run := mailRun(t, store, 1, 5)
	for batch := range run.Batches {
		finish(t, store, 1, batch+1)
	}
	sum := 0
	first := letters()
	for _, n := range first {
		sum += n
	}
	require.Len(t, first, 3)
	require.Equal(t, 4, sum)

	moved, gone := person("P1", "b"), amendment("gone")
	moved.Address1 = "77 Other Way"
	amended(t, store, amendment("moved", moved))
	gone.Removals = []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: "c", Why: "another person of that name"}}
	amended(t, store, gone)
	later, nobody := letters(), 0
	require.Len(t, later, 3)
	for _, n := range later {
		if n == 0 {
			nobody++
		}
	}
	require.Equal(t, 1, nobody)
}
