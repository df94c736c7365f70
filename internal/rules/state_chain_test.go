package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

func TestTexas(t *testing.T) {
	t.Parallel()
	const ag, letters, bureaus = "state.tx.regulator.attorney_general", "state.tx.individual", "state.tx.consumer_reporting_agencies"
	for _, c := range []struct {
		name, rule, want string
		s                rules.Subject
	}{
		{"249 residents are not 250", ag, "", stateCase(living("TX", 249))},
		{"250 residents: 30 days from determination", ag, "2026-05-02", stateCase(living("TX", 250), determined("2026-04-02"))},
		{"251 residents", ag, "2026-05-02", stateCase(living("TX", 251), determined("2026-04-02"))},
		{"undetermined is determined on discovery", ag, "2026-04-15", stateCase(living("TX", 250))},
		{"health data alone counts", ag, "2026-04-15", stateCase(living("TX", 250, "diagnosis"))},
		{"a name and an address do not", ag, "", stateCase(living("TX", 250, "address"))},
		{"residents of other States do not", ag, "", stateCase(living("TX", 249), living("OH", 10))},
		{"residents by different data are added up", ag, "2026-04-15", stateCase(living("TX", 200), living("TX", 50, "claims"))},
		{"letters in 60 days from determination are never before HIPAA's", letters, "", stateCase(living("TX", 250))},
		{"10,000 are not more than 10,000", bureaus, "", stateCase(living("TX", 10000))},
		{"10,001: no day in the law, HIPAA's outer limit", bureaus, "2026-05-15", stateCase(living("TX", 10001))},
		{"the law before 2023-09-01 is not known and not lost", ag, "2023-09-30", stateCase(living("TX", 250), func(s *rules.Subject) {
			s.Incident.Discovered, s.Incident.Occurred = day("2023-08-31"), breach.Span{From: day("2023-08-31"), To: day("2023-08-31")}
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, due(t, c.s, c.rule))
		})
	}
	o := byRule(t, stateCase(living("TX", 250), determined("2026-04-02")))[ag]
	require.Equal(t, breach.Obligation{
		Rule: ag, Kind: "regulator_notice", Regime: "state", Jurisdiction: "TX", Recipient: "Texas Attorney General", Count: 250,
		Trigger: "determined", Clock: "30 days", Due: day("2026-05-02"), Citation: "Tex. Bus. & Com. Code 521.053(i)",
		Why: "250 residents of TX with personal information; determined 2026-04-02", Confidence: "verified",
	}, o)
	require.Equal(t, ag, o.ID(), "the State is in the name once")
	require.Equal(t, "Notice to Texas Attorney General", o.Title())
}

func TestNewYork(t *testing.T) {
	t.Parallel()
	const ag, state, police, copied = "state.ny.regulator.attorney_general", "state.ny.regulator.department_of_state", "state.ny.regulator.state_police", "state.ny.regulator.attorney_general_hipaa"
	hhs := func(on string) func(*rules.Subject) { return fact(breach.HHSFiled, on) }
	for _, c := range []struct {
		name, rule, want string
		s                rules.Subject
	}{
		{"one resident: the Attorney General with the letters", ag, "2026-05-15", stateCase(living("NY", 1))},
		{"the Department of State too", state, "2026-05-15", stateCase(living("NY", 1))},
		{"the State Police too", police, "2026-05-15", stateCase(living("NY", 1))},
		{"on the day the letters were mailed", police, "2026-04-20", stateCase(living("NY", 1), fact(breach.LettersMailed, "2026-04-20"))},
		{"letters mailed late do not make the notice later", police, "2026-05-15", stateCase(living("NY", 1), fact(breach.LettersMailed, "2026-05-20"))},
		{"health data alone counts since 2025-03-21", ag, "2026-05-15", stateCase(living("NY", 1, "diagnosis"))},
		{"and not the day before", ag, "", stateCase(living("NY", 1, "diagnosis"), happened("2025-03-20"))},
		{"but on the day", ag, "2026-05-15", stateCase(living("NY", 1, "diagnosis"), happened("2025-03-21"))},
		{"the copy of the report waits for the report", copied, "-", stateCase(living("NY", 1))},
		{"five business days after HHS was told", copied, "2026-05-15", stateCase(living("NY", 1), hhs("2026-05-08"))},
		{"across Memorial Day", copied, "2026-05-29", stateCase(living("NY", 1), hhs("2026-05-21"))},
		{"even when the data is not private information", copied, "-", stateCase(living("NY", 1, "address"))},
		{"which the others do not ask about", ag, "", stateCase(living("NY", 1, "address"))},
		{"no resident, no copy", copied, "", stateCase(living("NJ", 1))},
		{"HIPAA's letter takes the place of the State's", "state.ny.individual", "", stateCase(living("NY", 1))},
		{"5,000 residents: no bureaus", "state.ny.consumer_reporting_agencies", "", stateCase(living("NY", 5000))},
		{"5,001 residents: bureaus with the letters", "state.ny.consumer_reporting_agencies", "2026-05-15", stateCase(living("NY", 5001))},
		{"an insurer tells DFS in 72 hours", "state.ny.regulator.department_of_financial_services", "2026-03-19", stateCase(living("NY", 1), func(s *rules.Subject) { s.Practice.Insurer = breach.Yes })},
		{"a practice does not", "state.ny.regulator.department_of_financial_services", "", stateCase(living("NY", 1))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, due(t, c.s, c.rule))
		})
	}
	waiting := byRule(t, stateCase(living("NY", 1)))[copied]
	require.Equal(t, "hhs_filed", waiting.Trigger)
	require.Equal(t, "5 business days", waiting.Clock)
	require.Equal(t, "1 affected resident of NY; the clock starts when HHS is told", waiting.Why)
}

// TestBusinessDaysAfterTellingHHSAcrossThanksgiving counts from the Tuesday before.
func TestBusinessDaysAfterTellingHHSAcrossThanksgiving(t *testing.T) {
	t.Parallel()
	s := stateCase(living("NY", 1), func(s *rules.Subject) { s.Incident.Discovered = day("2026-10-01") }, fact(breach.HHSFiled, "2026-11-24"))
	require.Equal(t, "2026-12-02", due(t, s, "state.ny.regulator.attorney_general_hipaa"))
}
