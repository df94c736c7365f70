package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
	"duenotice/internal/testkit"
)

// decided is a plan with the decision it rests on, taken for 600 people or fewer.
func decided(t *testing.T, key string, people int) casebook.Plan {
	t.Helper()
	s := rules.Subject{Incident: incident(), Practice: practices(key)[0]}
	s.Tally.People = people
	s.Tally.Residents = map[string]int{"VA": people}
	s.Incident.WhatHappened = "Somebody <read> it & left; \"quoted\" é \u2028"
	book := rulebooks.Kept().Newest()
	taken, err := book.Decide(s)
	require.NoError(t, err)
	plan := planOf()
	plan.RulebookVersion, plan.RulebookSHA256 = book.Version(), book.SHA256()
	plan.Inputs, plan.Result = taken.Inputs, taken.Result
	for _, o := range taken.Obligations {
		plan.Obligations = append(plan.Obligations, casebook.PlannedObligation{Obligation: o})
	}
	return plan
}

func decisionsOf(t *testing.T, store *postgres.Store) []casebook.Decision {
	t.Helper()
	var list []casebook.Decision
	require.NoError(t, store.Decisions(t.Context(), incidentID, func(d casebook.Decision) error {
		list = append(list, d)
		return nil
	}))
	return list
}

// TestEveryOtherDecisionIsKeptAndReplays saves plans as activities do and takes
// what was stored again.
func TestEveryOtherDecisionIsKeptAndReplays(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "a")))
	standing := casebook.Standing{Phase: casebook.PhaseOpen}
	first, second := decided(t, "P1", 499), decided(t, "P1", 500)
	save(t, store, first, standing)
	save(t, store, first, standing)
	save(t, store, first, casebook.Standing{Phase: casebook.PhaseApproval}) // another standing, the same decision
	save(t, store, second, standing)
	_, err := store.SavePlan(t.Context(), incidentID, "P2", decided(t, "P2", 3), standing)
	require.NoError(t, err)

	kept := decisionsOf(t, store)
	require.Len(t, kept, 3)
	for i, want := range []casebook.Plan{first, second, decided(t, "P2", 3)} {
		require.Equal(t, string(want.Inputs), string(kept[i].Inputs))
		require.Equal(t, string(want.Result), string(kept[i].Result))
		require.Equal(t, casebook.DecisionSHA256(want.RulebookSHA256, want.Inputs, want.Result), kept[i].SHA256)
		book, ok := rulebooks.Kept().Find(kept[i].RulebookSHA256)
		require.True(t, ok)
		again, err := book.Replay(kept[i].Inputs)
		require.NoError(t, err)
		require.Equal(t, string(kept[i].Result), string(again))
	}

	save(t, store, first, standing)
	require.Len(t, decisionsOf(t, store), 4, "what was decided before and is decided again is another decision")
	var standingNow []casebook.Decision
	require.NoError(t, store.StandingDecisions(t.Context(), incidentID, func(d casebook.Decision) error {
		standingNow = append(standingNow, d)
		return nil
	}))
	require.Len(t, standingNow, 2)
	require.Equal(t, string(first.Result), string(standingNow[0].Result))

	pool := testkit.Pool(t, url)
	var incidents int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM decision_incident").Scan(&incidents))
	require.Equal(t, 1, incidents, "the incident's facts are kept once")
	for _, change := range []string{
		"UPDATE decision SET result = '{}'", "DELETE FROM decision", "TRUNCATE decision", "DELETE FROM decision_incident", "UPDATE decision_incident SET facts = '{}'",
	} {
		_, err := pool.Exec(t.Context(), change)
		require.ErrorContains(t, err, "rows are only added", change)
	}
}

// TestAReplanIsAnActAndPutsTheIncidentUnderTheOtherRulebook, once, and never
// over a rulebook that nobody compared with.
func TestAReplanIsAnActAndPutsTheIncidentUnderTheOtherRulebook(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	act := casebook.Act{ID: "replan-1", IncidentID: incidentID, Kind: casebook.ActReplan, Who: "Robin Officer", At: noon, Replan: &casebook.ReplanTerms{
		FromVersion: "2026.11", FromSHA256: "book", ToVersion: "2099.01", ToSHA256: "next", Moved: 3, DifferenceSHA256: "difference",
	}}
	fresh, err := store.ActOnIncident(t.Context(), act)
	require.NoError(t, err)
	require.True(t, fresh)
	fresh, err = store.ActOnIncident(t.Context(), act)
	require.NoError(t, err)
	require.False(t, fresh, "the same act twice is the same act once")
	got, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, []string{"2099.01", "next"}, []string{got.RulebookVersion, got.RulebookSHA256})
	acts, err := store.Acts(t.Context(), incidentID, "")
	require.NoError(t, err)
	require.Equal(t, []casebook.Act{act}, acts)

	stale := act
	stale.ID = "replan-2"
	_, err = store.ActOnIncident(t.Context(), stale)
	refused(t, err, "changed_since_looked")
	acts, err = store.Acts(t.Context(), incidentID, "")
	require.NoError(t, err)
	require.Len(t, acts, 1, "a refused act is not written")
}
