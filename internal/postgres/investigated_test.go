package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
)

// investigatedList is a later list that the sources of the investigation give.
func investigatedList(sha string, rows ...breach.Person) postgres.ListInput {
	in := amendment(sha, rows...)
	in.Investigated, in.Sources = true, map[string]string{"S1": "sum of " + sha}
	return in
}

func viewed(p breach.Person, word string) breach.Person {
	return with(p, func(p *breach.Person) { p.AcquiredOrViewed = word })
}

// leftAs are how many left the practice, by how they stood.
func leftAs(a account.Account) map[string]int {
	left := map[string]int{}
	for _, l := range a {
		if l.State == account.Left && l.People > 0 {
			left[l.Why] += l.People
		}
	}
	return left
}

// Who was unknown and turned out not to be affected leaves, whatever they were told by
// then; who was on no list comes on none; who is in no row stays; and a row that only moved
// in its source touches nobody.
func TestWhomNobodySawLeavesWithThatReason(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	at := func(key string, n int) breach.Person {
		return with(person("P1", key), func(p *breach.Person) {
			p.ZIP, p.AcquiredOrViewed, p.Source = fmt.Sprint(20001+n), "unknown", "S1 row 2"
		})
	}
	told, printed, waiting, stays, unlisted, contradicted := at("told", 0), at("printed", 1), at("waiting", 2), at("stays", 3), at("unlisted", 4), viewed(at("contradicted", 5), "yes")
	other := with(person("P2", "other"), func(p *breach.Person) { p.AcquiredOrViewed, p.Source, p.ZIP = "unknown", "S1 row 9", "30001" })
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), told, printed, stays, unlisted, contradicted, other))
	approved(t, store, "P1")
	require.Equal(t, 5, mailRun(t, store, 1, 1).Pieces)
	for batch := range 5 {
		finish(t, store, 1, batch+1)
	}
	recordMailed(t, store, incidentID, "", civil.Of(2026, time.April, 2), casebook.BatchName(1, 1))
	amended(t, store, amendment("list-2", waiting)) // comes after the print run
	approved(t, store, "P2")
	before := practice(t, store, "P2")

	list := investigatedList("list-3",
		viewed(told, "no"), viewed(printed, "no"), viewed(waiting, "no"), viewed(contradicted, "no"),
		with(stays, func(p *breach.Person) { p.Source = "S1 row 77" }), viewed(at("never", 7), "no"),
		with(other, func(p *breach.Person) { p.Source = "S1 row 78" }),
		with(at("new", 8), func(p *breach.Person) { p.DataClasses = []breach.DataClass{"ssn"} }),
	)
	trial := list
	trial.DryRun = true
	want := postgres.ListResult{
		Number: 3, Added: 1, Changed: 1, Unchanged: 2, Removed: 3, Cleared: 3, Told: 1, Passed: 1, Unlisted: 1,
		Letters: []string{"R001-000001", "R001-000002"}, Practices: []string{"P1"},
		Lines: []postgres.ListLine{{PracticeKey: "P1", State: "VA", Added: 1, Changed: 1}},
	}
	require.Equal(t, want, amended(t, store, trial))
	require.Empty(t, leftAs(practice(t, store, "P1").Account), "a dry run changes nothing")
	require.Equal(t, want, amended(t, store, list))
	require.Equal(t, before, practice(t, store, "P2"), "a row that moved in its source makes no papers anew and no approval void")

	p1 := practice(t, store, "P1")
	require.Equal(t, map[string]int{account.ClearedTold: 1, account.ClearedPrinted: 1, account.Cleared: 1}, leftAs(p1.Account))
	require.Equal(t, 4, p1.Tally.People, "stays, unlisted, contradicted and new")
	require.True(t, p1.Account.AddsUpTo(4))
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	require.True(t, status.Account.AddsUp)

	again := amended(t, store, list)
	require.True(t, again.AlreadyLoaded)
	require.Equal(t, 3, again.Cleared)
	require.Equal(t, 1, again.Told)

	// Who left and is still no comes on no list; who was seen after all is there again.
	back := amended(t, store, investigatedList("list-4", viewed(told, "no"), viewed(printed, "yes")))
	require.Equal(t, 1, back.Added)
	require.Equal(t, 1, back.Passed)
	require.Equal(t, map[string]int{account.ClearedTold: 1, account.Cleared: 1}, leftAs(practice(t, store, "P1").Account))

	var entries []ledger.Body
	require.NoError(t, store.Ledger(t.Context(), incidentID, "", func(e ledger.Entry) error {
		body, err := e.Decode()
		if err == nil && body.Kind == ledger.KindAmended {
			entries = append(entries, body)
		}
		return err
	}))
	require.Len(t, entries, 3)
	require.Equal(t, "sum of list-3", entries[1].Inputs[ledger.SourceInput+"S1"], "the ledger names the sources")
	said, err := ledger.ResultOf[ledger.Loaded](entries[1])
	require.NoError(t, err)
	require.Equal(t, [3]int{3, 1, 1}, [3]int{said.Cleared, said.Told, said.Passed})
}

// A list that is no investigation's replaces what is there, and takes out only by a row
// that says so; whoever had been told by then is named too.
func TestWhoIsTakenOutByARowIsSaidToHaveBeenTold(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(2)...)
	recordMailed(t, store, incidentID, "", civil.Of(2026, time.April, 2), casebook.BatchName(1, 1))
	gone := people(t, store, "P1")[0]
	in := amendment("list-2", viewed(people(t, store, "P1")[1], "no"))
	in.Removals = []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: gone.Key, Why: "mistaken for another"}}
	result := amended(t, store, in)
	require.Equal(t, 1, result.Told)
	require.Zero(t, result.Cleared)
	require.Equal(t, 1, result.Changed)
	require.Equal(t, map[string]int{account.LeftTold: 1}, leftAs(practice(t, store, "P1").Account))
}
