package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

// planCase plans a case that once went wrong.
func planCase(t *testing.T, dir string) *plan.Document {
	t.Helper()
	day := civil.MustParse("2026-11-28")
	c, report, err := casefolder.Read(t.Context(), dir, day, refused(t))
	require.NoError(t, err)
	require.False(t, report.Refused())
	d, err := plan.Of(t.Context(), plan.Input{Incident: c.Incident, Practices: c.Practices, Findings: c.Findings}, day, rules.Current())
	require.NoError(t, err)
	return d
}

// TestPuertoRicoAsACountryIsCounted: its residents are a State's (45 CFR 160.103),
// however the column of countries calls it.
func TestPuertoRicoAsACountryIsCounted(t *testing.T) {
	t.Parallel()
	named, blank := planCase(t, cases.Folder(t, "country-pr-501")), planCase(t, cases.Folder(t, "country-pr-501-blank"))
	require.Equal(t, map[string]int{"PR": 501}, named.Practices[0].Residents)
	owed := kinds(named.Practices[0])
	require.Contains(t, owed, "media_notice PR 501")
	require.True(t, slices.ContainsFunc(owed, func(kind string) bool { return kind == "regulator_notice PR 501" }), "%v", owed)
	require.Equal(t, kinds(blank.Practices[0]), owed, "the same as with the column empty")
}

// TestPeopleWithoutAnAddressAreOwedSubstituteNotice: ten of them a conspicuous one
// (45 CFR 164.404(d)(2)(ii)).
func TestPeopleWithoutAnAddressAreOwedSubstituteNotice(t *testing.T) {
	t.Parallel()
	d := planCase(t, cases.Folder(t, "address-words"))
	require.Equal(t, 10, d.Practices[0].NoUsableAddress)
	require.Zero(t, d.Totals.Letters)
	substitute := slices.IndexFunc(d.Practices[0].Obligations, func(o breach.Obligation) bool { return o.Kind == breach.SubstituteNotice })
	require.GreaterOrEqual(t, substitute, 0)
	require.Equal(t, breach.FormConspicuous, d.Practices[0].Obligations[substitute].Form)
}

// TestTheDeadWithoutADayOfDeath: they count, their kin is written to, and nobody
// owes their kin a substitute notice.
func TestTheDeadWithoutADayOfDeath(t *testing.T) {
	t.Parallel()
	list := people("P1", "k", "VA", 12)
	for i := range list {
		list[i].DeathDayUnknown, list[i].Address1 = true, "UNKNOWN"
	}
	list = append(list, found("P1", "alive", "VA"))
	tallier := plan.NewTallier(incident(), practices("P1"), incident().Discovered)
	for i := range list {
		require.NoError(t, tallier.Add(&list[i]))
	}
	tally := tallier.Practice("P1")
	require.Equal(t, 13, tally.People, "nobody is known to have been dead for 50 years")
	require.Equal(t, 12, tally.Deceased)
	require.Equal(t, 12, tally.NoUsableAddress)
	require.Equal(t, 12, tally.NoUsableAddressKin)
}

// TestAnIncidentWhoseDayIsNotKnownIsPlanned: every clock runs from the discovery.
func TestAnIncidentWhoseDayIsNotKnownIsPlanned(t *testing.T) {
	t.Parallel()
	d := planCase(t, cases.Folder(t, "breach-date-unknown"))
	require.Contains(t, kinds(d.Practices[0]), "individual_notice US 1")
}
