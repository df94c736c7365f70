package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestOnlyAPublicAuthorityDelays: 45 CFR 164.412 lets a law enforcement official
// delay notice, and 164.103 says who is one.
func TestOnlyAPublicAuthorityDelays(t *testing.T) {
	t.Parallel()
	const plain, held = "2026-04-16", "2026-08-01"
	by := func(agency string, confirmed breach.YesNo) func(*rules.Subject) {
		return func(s *rules.Subject) {
			hold("written", "2026-03-10", held)(s)
			s.Incident.Holds[0].Agency, s.Incident.Holds[0].PublicAuthority = agency, confirmed
		}
	}
	for _, agency := range []string{
		"FBI", "F.B.I.", "fbi Newark field office", "Federal Bureau of Investigation", "U.S. Secret Service", "Lincoln County Sheriff's Office", "Example Township Police Dept.",
		"New Jersey State Police", "Office of the Attorney General of Texas", "Texas Attorney General's Office", "Manhattan District Attorney", "US Attorney's Office, D.N.J.",
		"U. S. Attorney", "United States Attorney for the District of New Jersey", "Commonwealth’s Attorney", "King County Prosecuting Attorney", "U.S. Department of Justice",
		"Homeland Security Investigations", "HHS Office of Inspector General", "US Postal Inspection Service", "Texas Department of Public Safety", "Navajo Police Department",
		"Georgia Bureau of Investigation", "IRS Criminal Investigation", "U.S. Marshals Service", "California Highway Patrol", "Example County Prosecutor's Office",
	} {
		d := decide(subject("2026-02-15", 40, by(agency, "")))
		require.Equal(t, held, only(t, d, breach.IndividualNotice).Due.String(), agency)
		require.Empty(t, d.Warnings, agency)
		require.Equal(t, plain, only(t, decide(subject("2026-02-15", 40, by(agency, breach.No))), breach.IndividualNotice).Due.String(), "%s, which a person denied", agency)
	}
	for _, agency := range []string{
		"", "Example Forensics LLC", "Example Insurance Co., Inc.", "Mutual Cyber Underwriters", "Roe & Doe LLP", "our own counsel", "Example Incident Response",
		"Acme Security Services", "Example Hospital", "Attorney at law J. Doe", "Example Credit Bureau", "Example Police Solutions LLC", "CISA", "Kriminalpolizei", "Ministère de l’Intérieur",
	} {
		s := subject("2026-02-15", 40, by(agency, ""))
		d := decide(s)
		o := only(t, d, breach.IndividualNotice)
		require.Equal(t, []string{plain, ""}, []string{o.Due.String(), o.NotBefore.String()}, agency)
		require.Equal(t, []string{"hold_not_law_enforcement"}, codes(d), agency)
		end, why := rules.HoldUntil(s.Incident.Holds, breach.CoversIndividual)
		require.True(t, end.IsZero(), agency)
		require.Empty(t, why)
		require.False(t, rules.HeldOn(s.Incident.Holds, breach.CoversIndividual, day("2026-03-11")), agency)

		d = decide(subject("2026-02-15", 40, by(agency, breach.Yes)))
		require.Equal(t, held, only(t, d, breach.IndividualNotice).Due.String(), "%s, confirmed by a person", agency)
		require.Empty(t, d.Warnings)
	}
}

// TestAStatementIsConfirmedByRecordingItAgain: the answer of a person stands
// beside the statement as it was recorded first.
func TestAStatementIsConfirmedByRecordingItAgain(t *testing.T) {
	t.Parallel()
	s := subject("2026-02-15", 40, hold("written", "2026-03-10", "2026-08-01"), hold("written", "2026-03-10", "2026-08-01"))
	s.Incident.Holds[0].Agency, s.Incident.Holds[1].Agency = "Cyber Unit 7", "Cyber Unit 7"
	require.Equal(t, []string{"hold_not_law_enforcement", "hold_not_law_enforcement"}, codes(decide(s)))
	s.Incident.Holds[1].PublicAuthority = breach.Yes
	d := decide(s)
	require.Empty(t, d.Warnings)
	require.Equal(t, "2026-08-01", only(t, d, breach.IndividualNotice).Due.String())
}
