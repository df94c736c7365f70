package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func numberTold(kind, jurisdiction, on string, count int) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Facts = append(s.Facts, breach.Fact{Kind: kind, Jurisdiction: jurisdiction, On: day(on), Count: count})
	}
}

// TestWhoWasToldASmallerNumberIsOwedTheDifference: each of HHS, the State and
// the practice, with a duty of its own that the first one's name does not have.
func TestWhoWasToldASmallerNumberIsOwedTheDifference(t *testing.T) {
	t.Parallel()
	const texas, practice, hhs = "state.tx.regulator.attorney_general.update", "hipaa.164.410.update", "hipaa.164.408.addendum"
	facts := []func(*rules.Subject){
		numberTold(breach.RegulatorNotified, "TX", "2026-04-01", 260), numberTold(breach.PracticeNotified, "", "2026-03-20", 260), numberTold(breach.HHSFiled, "", "2026-04-01", 260),
	}
	of := func(n int, more ...func(*rules.Subject)) rules.Subject {
		return stateCase(append(append([]func(*rules.Subject){living("TX", n)}, facts...), more...)...)
	}
	owed := byID(of(260))
	for _, id := range []string{texas, practice, hhs} {
		require.NotContains(t, owed, id, "the number is the number")
	}
	s := of(560)
	owed = byID(s)
	for _, id := range []string{texas, practice} {
		require.Equal(t, []any{breach.FormUpdate, 560, 260}, []any{owed[id].Form, owed[id].Count, owed[id].Told}, id)
		require.True(t, owed[id].Due.IsZero())
		_, done := rules.Settled(owed[id], rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
		require.False(t, done, id)
	}
	require.Contains(t, owed, hhs)
	require.Equal(t, "Larger number to Texas Attorney General", owed[texas].Title())
	require.Equal(t, "told the number 260 on 2026-04-01, the lists have 560 people to be told of", owed[texas].Why)
	agency, ok := rules.AgencyToTell(owed[texas])
	require.Equal(t, []any{"TX:attorney_general", true}, []any{agency, ok})
	require.Equal(t, []rules.Reminder{{"30 days after it was told", day("2026-05-01")}, {"60 days after it was told", day("2026-05-31")}}, rules.Reminders(owed[texas], s.Incident.Discovered, s.Facts))

	first := owed["state.tx.regulator.attorney_general"]
	on, done := rules.Settled(first, rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
	require.Equal(t, []any{day("2026-04-01"), true}, []any{on.On, done}, "what was told in time stays told in time")

	s = of(560, numberTold(breach.RegulatorUpdated, "TX:attorney_general", "2026-05-02", 560), numberTold(breach.PracticeUpdated, "", "2026-05-03", 560))
	owed = byID(s)
	for id, want := range map[string]string{texas: "2026-05-02", practice: "2026-05-03", "state.tx.regulator.attorney_general": "2026-04-01"} {
		on, _ := rules.Settled(owed[id], rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
		require.Equal(t, want, on.On.String(), id)
	}
	s = of(561, numberTold(breach.RegulatorUpdated, "TX", "2026-05-02", 560))
	_, done = rules.Settled(byID(s)[texas], rules.Progress{Discovered: s.Incident.Discovered, Facts: s.Facts})
	require.False(t, done, "and grows again")

	s = of(560)
	s.Facts = nil
	require.NotContains(t, byID(s), texas, "nobody was told yet")
}

// TestANumberKeptWithTheDutyGoesBeforeTheRecords: a record for the whole incident
// says one number of all practices, or none.
func TestANumberKeptWithTheDutyGoesBeforeTheRecords(t *testing.T) {
	t.Parallel()
	keep := func(numbers map[string]int) func(*rules.Subject) { return func(s *rules.Subject) { s.Told = numbers } }
	s := stateCase(living("TX", 560), numberTold(breach.RegulatorNotified, "TX", "2026-04-01", 0), numberTold(breach.HHSFiled, "", "2026-04-01", 0), numberTold(breach.PracticeNotified, "", "2026-04-01", 0))
	for _, id := range []string{"state.tx.regulator.attorney_general.update", "hipaa.164.408.addendum", "hipaa.164.410.update"} {
		require.NotContains(t, byID(s), id, "a number that nobody knows owes nothing")
	}
	keep(map[string]int{"state.tx.regulator.attorney_general": 260, "hipaa.164.408.annual_log": 260, "hipaa.164.410.business_associate": 260})(&s)
	for _, id := range []string{"state.tx.regulator.attorney_general.update", "hipaa.164.408.addendum", "hipaa.164.410.update"} {
		require.Contains(t, byID(s), id)
	}
	s.Told["state.tx.regulator.attorney_general"] = 560
	require.NotContains(t, byID(s), "state.tx.regulator.attorney_general.update")
}

func byID(s rules.Subject) map[string]breach.Obligation {
	owed := map[string]breach.Obligation{}
	for _, o := range decide(s).Obligations {
		owed[o.ID()] = o
	}
	return owed
}
