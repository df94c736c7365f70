package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

var factors = breach.Factors{NatureOfPHI: "name", UnauthorizedPerson: "another clinic", AcquiredOrViewed: "no", Mitigation: "returned unopened"}

func TestUnlessDemonstratedABreachIsPresumed(t *testing.T) {
	t.Parallel()
	exclusion := func(name, reason string) func(*rules.Subject) {
		return func(s *rules.Subject) { s.Incident.Exclusion, s.Incident.ExclusionReason = name, reason }
	}
	assessed := func(conclusion string, f breach.Factors, by ...string) func(*rules.Subject) {
		return func(s *rules.Subject) {
			s.Assessment = &rules.Assessment{Conclusion: conclusion, Factors: f, ConfirmedBy: by}
		}
	}
	ofIncident := func(conclusion string, f breach.Factors) func(*rules.Subject) {
		return func(s *rules.Subject) {
			s.Incident.RiskAssessment = breach.RiskAssessment{Conclusion: conclusion, Factors: f}
		}
	}
	threeFactors := factors
	threeFactors.Mitigation = ""
	on2026 := func(on string) func(*rules.Subject) {
		return func(s *rules.Subject) { s.Incident.Occurred = breach.Span{From: day(on), To: day(on)} }
	}
	for _, c := range []struct {
		name   string
		change []func(*rules.Subject)
		reason string // "" = presumed breach
		codes  []string
	}{
		{"nothing said", nil, "", nil},
		{"unsecured, said so", []func(*rules.Subject){secured(breach.Unsecured, "", "")}, "", nil},

		{"excluded (i)", []func(*rules.Subject){exclusion(breach.GoodFaithWorkforce, "why")}, "excluded: good_faith_workforce (45 CFR 164.402, breach, (1)(i))", nil},
		{"excluded (ii)", []func(*rules.Subject){exclusion(breach.InadvertentAuthorized, "why")}, "excluded: inadvertent_authorized (45 CFR 164.402, breach, (1)(ii))", nil},
		{"excluded (iii)", []func(*rules.Subject){exclusion(breach.NotRetained, "why")}, "excluded: not_retained (45 CFR 164.402, breach, (1)(iii))", nil},
		{"exclusion without its reason", []func(*rules.Subject){exclusion(breach.NotRetained, " ")}, "", []string{"exclusion_without_reason"}},

		{"encrypted, keys safe", []func(*rules.Subject){secured(breach.Encrypted, "NIST SP 800-111", breach.No)}, "secured: encrypted, NIST SP 800-111, keys not compromised", nil},
		{"encrypted, keys unknown", []func(*rules.Subject){secured(breach.Encrypted, "NIST SP 800-111", breach.Unknown)}, "", []string{"not_secured"}},
		{"encrypted, keys unknown in a word", []func(*rules.Subject){secured(breach.Encrypted, "NIST SP 800-111", "unknown")}, "", []string{"not_secured"}},
		{"encrypted, keys taken", []func(*rules.Subject){secured(breach.Encrypted, "NIST SP 800-111", breach.Yes)}, "", []string{"not_secured"}},
		{"encrypted to no standard", []func(*rules.Subject){secured(breach.Encrypted, "", breach.No)}, "", []string{"not_secured"}},
		{"encrypted to a standard of one's own", []func(*rules.Subject){secured(breach.Encrypted, "ROT13", breach.No)}, "secured: encrypted, ROT13, keys not compromised", []string{"standard_unrecognized"}},
		{"FIPS 140-2 the day before its certificates lapsed", []func(*rules.Subject){secured(breach.Encrypted, "FIPS 140-2", breach.No), on2026("2026-09-21")}, "secured: encrypted, FIPS 140-2, keys not compromised", nil},
		{"FIPS 140-2 on that day", []func(*rules.Subject){secured(breach.Encrypted, "FIPS 140-2", breach.No), on2026("2026-09-22")}, "secured: encrypted, FIPS 140-2, keys not compromised", []string{"fips_140_2_historical"}},
		{"destroyed", []func(*rules.Subject){secured(breach.Destroyed, "NIST SP 800-88", "")}, "secured: destroyed, NIST SP 800-88", nil},
		{"redaction is not destruction", []func(*rules.Subject){secured(breach.Destroyed, "Redaction", "")}, "", []string{"not_secured"}},
		{"destroyed in no known way", []func(*rules.Subject){secured(breach.Destroyed, "", "")}, "", []string{"not_secured"}},

		{"incident concludes low probability", []func(*rules.Subject){ofIncident(breach.LowProbability, factors)}, "low probability documented", []string{"two_approvers"}},
		{"incident concludes it on three factors", []func(*rules.Subject){ofIncident(breach.LowProbability, threeFactors)}, "", []string{"factors_missing"}},
		{"practice: one person", []func(*rules.Subject){assessed(breach.LowProbability, factors, "ann")}, "", []string{"two_approvers"}},
		{"practice: one person twice", []func(*rules.Subject){assessed(breach.LowProbability, factors, "Ann Lee", "ann  LEE ")}, "", []string{"two_approvers"}},
		{"practice: two people", []func(*rules.Subject){assessed(breach.LowProbability, factors, "ann", "bob")}, "low probability documented", nil},
		{"practice: two people on three factors", []func(*rules.Subject){assessed(breach.LowProbability, threeFactors, "ann", "bob")}, "", []string{"factors_missing"}},
		{"practice's own presumption outweighs the incident's conclusion", []func(*rules.Subject){ofIncident(breach.LowProbability, factors), assessed(breach.Presumed, factors, "ann")}, "", nil},
		{"exclusion stands before the safe harbor", []func(*rules.Subject){exclusion(breach.NotRetained, "why"), secured(breach.Encrypted, "NIST SP 800-111", breach.No)}, "excluded: not_retained (45 CFR 164.402, breach, (1)(iii))", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := decide(subject("2026-03-16", 40, c.change...))
			want := c.reason
			if want == "" {
				want = "presumed breach"
			}
			require.Equal(t, want, d.Reason)
			require.Equal(t, c.reason == "", d.Notifiable)
			require.Equal(t, d.Notifiable, len(d.Obligations) > 0)
			require.ElementsMatch(t, c.codes, codes(d))
		})
	}
}

func TestNobodyFound(t *testing.T) {
	t.Parallel()
	d := decide(subject("2026-03-16", 0))
	require.False(t, d.Notifiable)
	require.Equal(t, "nobody found", d.Reason)
}
