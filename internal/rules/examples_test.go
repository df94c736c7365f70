package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestExamplesOfTheFactBase goes through the federal examples of the legal fact
// base by their numbers.
func TestExamplesOfTheFactBase(t *testing.T) {
	t.Parallel()
	t.Run("T01: 200 each in VA, MD and DC: HHS at once, no media", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 600, func(s *rules.Subject) { s.Tally = tally(600, "VA", 200, "MD", 200, "DC", 200) }))
		require.Equal(t, []string{"covered_entity_notice", "individual_notice", "hhs_notice/immediate"}, brief(d))
		require.Equal(t, breach.Obligation{
			Rule: "hipaa.164.404.individual", Kind: "individual_notice", Regime: "hipaa", Jurisdiction: "US",
			Recipient: "affected individuals", Count: 600, Trigger: "discovered", Clock: "60 calendar days",
			Due: day("2026-05-15"), Citation: "45 CFR 164.404(b)", Why: "600 people; discovered 2026-03-16", Confidence: "verified",
		}, only(t, d, breach.IndividualNotice), "the contract's example, word for word")
	})
	t.Run("T04: 500 in TX: HHS at once, no media", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, []string{"covered_entity_notice", "individual_notice", "hhs_notice/immediate"}, brief(decide(subject("2026-03-16", 500))))
	})
	t.Run("T09: day 60 from New Year's Day is March 2", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-01-01", 501))
		for _, o := range d.Obligations {
			require.Equal(t, day("2026-03-02"), o.Due, o.Rule)
		}
		require.Equal(t, []string{"covered_entity_notice", "individual_notice", "media_notice/TX", "hhs_notice/immediate"}, brief(d))
	})
	t.Run("T13: 40 people in 2023 are logged by leap day", func(t *testing.T) {
		t.Parallel()
		for _, on := range []string{"2023-01-01", "2023-07-04", "2023-12-31"} {
			require.Equal(t, day("2024-02-29"), only(t, decide(subject(on, 40)), breach.HHSNotice).Due, on)
		}
	})
	t.Run("T17: the year of discovery governs, not of occurrence", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2024-01-05", 40, func(s *rules.Subject) {
			s.Incident.Occurred = breach.Span{From: day("2023-12-20"), To: day("2023-12-20")}
		}))
		require.Equal(t, day("2025-03-01"), only(t, d, breach.HHSNotice).Due)
	})
	t.Run("T22: an agent's discovery is the practice's", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-02-01", 40, func(s *rules.Subject) { s.Practice.NotifiedOn = day("2026-03-15") }))
		require.Equal(t, day("2026-02-01"), d.Discovered)
		require.Equal(t, day("2026-04-02"), only(t, d, breach.IndividualNotice).Due)
	})
	t.Run("T23: a contractor's practice discovers when it is told", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-02-01", 40, func(s *rules.Subject) {
			s.Practice.Agent, s.Practice.NotifiedOn = breach.No, day("2026-03-15")
		}))
		require.Equal(t, day("2026-03-15"), d.Discovered)
		require.Equal(t, day("2026-05-14"), only(t, d, breach.IndividualNotice).Due)
		require.Equal(t, day("2026-04-02"), only(t, d, breach.CoveredEntityNotice).Due)
	})
	t.Run("T25: an oral statement ends after 30 days and adds none", func(t *testing.T) {
		t.Parallel()
		o := only(t, decide(subject("2026-02-15", 40, hold("oral", "2026-03-10", ""))), breach.IndividualNotice)
		require.Equal(t, day("2026-04-16"), o.Due)
		require.Equal(t, day("2026-04-09"), o.NotBefore)
	})
	t.Run("T28: 9 without a usable address", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, breach.FormAlternative, only(t, decide(subject("2026-03-16", 40, unreachable(9, 0))), breach.SubstituteNotice).Form)
	})
	t.Run("T29: 10 without a usable address", func(t *testing.T) {
		t.Parallel()
		o := only(t, decide(subject("2026-03-16", 40, unreachable(10, 0))), breach.SubstituteNotice)
		require.Equal(t, breach.FormConspicuous, o.Form)
		require.Equal(t, 10, o.Count)
		require.Equal(t, day("2026-05-15"), o.Due)
	})
	t.Run("T33: next of kin never count", func(t *testing.T) {
		t.Parallel()
		require.Empty(t, all(decide(subject("2026-03-16", 40, unreachable(12, 12))), breach.SubstituteNotice))
		o := only(t, decide(subject("2026-03-16", 40, unreachable(12, 3))), breach.SubstituteNotice)
		require.Equal(t, breach.FormAlternative, o.Form)
		require.Equal(t, 9, o.Count)
	})
	t.Run("T42: opened by mistake among authorized people", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 1, func(s *rules.Subject) {
			s.Incident.Exclusion, s.Incident.ExclusionReason = breach.GoodFaithWorkforce, "Billing opened a misdirected e-mail, told the nurse, deleted it."
		}))
		require.False(t, d.Notifiable)
		require.Equal(t, "excluded: good_faith_workforce (45 CFR 164.402, breach, (1)(i))", d.Reason)
		require.Empty(t, d.Obligations)
	})
	t.Run("T50: encrypted to NIST SP 800-111, key elsewhere", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 700, secured(breach.Encrypted, "NIST SP 800-111", breach.No)))
		require.False(t, d.Notifiable)
		require.Equal(t, "secured: encrypted, NIST SP 800-111, keys not compromised", d.Reason)
		require.Empty(t, d.Warnings)
	})
	t.Run("T57: a Part 2 program files two reports", func(t *testing.T) {
		t.Parallel()
		d := decide(subject("2026-03-16", 700, part2(breach.Yes, 700)))
		reports := all(d, breach.HHSNotice)
		require.Len(t, reports, 2)
		require.Equal(t, []string{"hipaa", "part2"}, []string{reports[0].Regime, reports[1].Regime})
		for _, r := range reports {
			require.Equal(t, breach.FormImmediate, r.Form)
			require.Equal(t, day("2026-05-15"), r.Due)
			require.Equal(t, 700, r.Count)
		}
	})
}
