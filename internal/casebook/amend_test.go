package casebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

func TestARowChangesTheColumnsThatItsFileHas(t *testing.T) {
	t.Parallel()
	before := breach.Practice{Key: "P1", LegalName: "Oak Clinic", Email: "old@example.org", BAANoticeDays: 30, Agent: breach.Yes, NotifiedOn: civil.MustParse("2026-04-02")}
	row := breach.Practice{Key: "P1", LegalName: "Oak Clinic LLC", BAANoticeDays: 10}
	after, delegation, err := casebook.AmendedPractice(before, "all", row, []string{"practice_key", "legal_name", "email", "baa_notice_days"})
	require.NoError(t, err)
	want := before
	want.LegalName, want.Email, want.BAANoticeDays = "Oak Clinic LLC", "", 10
	require.Equal(t, want, after, "an empty cell empties, a missing column keeps")
	require.Equal(t, "all", delegation, "nobody said anything of it")

	changes, err := casebook.FieldChanges("P1", before, after)
	require.NoError(t, err)
	require.Equal(t, []casebook.FieldChange{
		{PracticeKey: "P1", Field: "legal_name", Before: "Oak Clinic", After: "Oak Clinic LLC"},
		{PracticeKey: "P1", Field: "baa_notice_days", Before: "30", After: "10"},
		{PracticeKey: "P1", Field: "email", Before: "old@example.org"},
	}, changes)
}

func TestADelegationOfARowIsADecisionWhereItIsAnother(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ first, decided, row, want string }{
		{"", "all", "", "all"},
		{"letters", "all", "letters", "all"},
		{"letters", "all", "none", "none"},
		{"all", "all", "", ""},
	} {
		_, delegation, err := casebook.AmendedPractice(breach.Practice{Key: "P1", Delegation: c.first}, c.decided, breach.Practice{Key: "P1", Delegation: c.row}, []string{"delegation"})
		require.NoError(t, err)
		require.Equal(t, c.want, delegation, "%+v", c)
	}
}

// TestWhatPeopleAddedOutlivesACorrection of the file: holds, releases, the days
// of determination.
func TestWhatPeopleAddedOutlivesACorrection(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	hold := func(agency, stated, released string) breach.Hold {
		h := breach.Hold{Kind: breach.OralHold, StatedOn: day(stated), Official: "C. Example", Agency: agency, Statement: "Wait."}
		if released != "" {
			h.ReleasedOn = day(released)
		}
		return h
	}
	of := func(holds ...breach.Hold) breach.Incident {
		return breach.Incident{ID: "EX-1", WhatHappened: "old", Discovered: day("2026-03-16"), Holds: holds}
	}
	sheriff := hold("Sheriff", "2026-05-01", "")
	acts := []casebook.Act{
		{Kind: casebook.ActHold, Hold: &sheriff},
		{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.DeterminedFact, On: day("2026-04-02")}}},
		{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: day("2026-04-20")}}},
	}
	standing := of(hold("FBI", "2026-03-20", "2026-04-20"), hold("Sheriff", "2026-05-01", "2026-05-02"))
	standing.Determined = day("2026-04-02")

	file := of(hold("FBI", "2026-03-20", ""), hold("Police", "2026-06-01", ""))
	file.WhatHappened, file.Determined = "new", day("2026-03-30")
	after, kept, err := casebook.AmendedIncident(standing, file, acts)
	require.NoError(t, err)
	want := of(hold("FBI", "2026-03-20", "2026-04-20"), hold("Police", "2026-06-01", ""), hold("Sheriff", "2026-05-01", "2026-05-02"))
	want.WhatHappened, want.Determined = "new", day("2026-04-02")
	require.Equal(t, want, after)
	require.Len(t, kept, 1)
	require.Contains(t, kept[0], "determined stays 2026-04-02")

	// Corrected in its place, it stays released.
	after, _, err = casebook.AmendedIncident(standing, of(hold("Federal Bureau of Investigation", "2026-03-21", "")), acts)
	require.NoError(t, err)
	require.Equal(t, []breach.Hold{hold("Federal Bureau of Investigation", "2026-03-21", "2026-04-20"), hold("Sheriff", "2026-05-01", "2026-05-02")}, after.Holds)

	// One that nobody released may go: it was never stated.
	after, _, err = casebook.AmendedIncident(of(hold("FBI", "2026-03-20", "")), of(), nil)
	require.NoError(t, err)
	require.Empty(t, after.Holds)

	for code, wrong := range map[string]breach.Incident{
		"hold_released":  of(),
		"before_cause":   of(hold("FBI", "2026-04-21", "")),
		"other_incident": {ID: "EX-2"},
	} {
		_, _, err := casebook.AmendedIncident(standing, wrong, acts)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%s: %v", code, err)
		require.Equal(t, code, refusal.Code)
	}
}

func TestChangesAreNamedByTheirKeys(t *testing.T) {
	t.Parallel()
	before := breach.Incident{Entity: breach.Entity{Address: []string{"1 Way", "Town"}}, Letters: breach.LetterTerms{Approvers: 2}}
	after := breach.Incident{Entity: breach.Entity{Address: []string{"1 Way", "City"}, TollFree: "1-800-555-0100"}, Location: []string{}}
	changes, err := casebook.FieldChanges("", before, after)
	require.NoError(t, err)
	require.Equal(t, []casebook.FieldChange{
		{Field: "entity.address[2]", Before: "Town", After: "City"},
		{Field: "entity.toll_free", After: "1-800-555-0100"},
		{Field: "letters.approvers", Before: "2"},
	}, changes)
	none, err := casebook.FieldChanges("", before, before)
	require.NoError(t, err)
	require.Empty(t, none)
}
