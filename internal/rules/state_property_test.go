package rules_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestOneMorePersonTakesNoStatesNoticeAway, wherever the person lives and
// whatever of theirs was lost: what was owed stays owed, to as many or more, and
// no later.
func TestOneMorePersonTakesNoStatesNoticeAway(t *testing.T) {
	t.Parallel()
	for seed := range uint64(stateSamples / 3) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := scattered(seed)
		before := decide(s)
		code, classes := jurisdictions[r.IntN(len(jurisdictions))], leaked[r.IntN(len(leaked))]
		s.Tally = with(s.Tally, code, 1, classes...)
		after := map[string]breach.Obligation{}
		for _, o := range decide(s).Obligations {
			after[o.ID()] = o
		}
		for _, o := range before.Obligations {
			if o.Regime != "state" {
				continue // TestAddingAPersonTakesNothingAway has them
			}
			still, owed := after[o.ID()]
			require.True(t, owed, "seed %d: one more of %s with %v took %s away", seed, code, classes, o.ID())
			require.GreaterOrEqual(t, still.Count, o.Count, "seed %d: %s", seed, o.ID())
			require.False(t, o.Due.IsZero() != still.Due.IsZero() || still.Due.After(o.Due), "seed %d: %s moved from %s to %s", seed, o.ID(), o.Due, still.Due)
		}
	}
}

// TestEveryStateObligationCanBeActedOn: it says to whom, by when or what it
// waits for, on what grounds, and where one may not rely on it that is warned of.
func TestEveryStateObligationCanBeActedOn(t *testing.T) {
	t.Parallel()
	for seed := range uint64(stateSamples / 3) {
		s := scattered(seed)
		d := decide(s)
		ids := map[string]bool{}
		for _, o := range d.Obligations {
			require.False(t, ids[o.ID()], "seed %d has %s twice", seed, o.ID())
			ids[o.ID()] = true
			if o.Regime != "state" {
				continue
			}
			for _, field := range []string{o.Recipient, o.Clock, o.Citation, o.Why, o.Trigger} {
				require.NotEmpty(t, field, "seed %d: %+v", seed, o)
			}
			require.Positive(t, o.Count, "seed %d: %s", seed, o.ID())
			if o.Rule != "state.ny.regulator.department_of_health" { // of a hospital there, wherever its patients live
				require.Positive(t, s.Tally.Residents[o.Jurisdiction], "seed %d: %s has nobody there", seed, o.ID())
			}
			if o.Due.IsZero() {
				require.Regexp(t, "the clock starts|the lists have", o.Why, "seed %d: %s", seed, o.ID())
			} else {
				require.False(t, o.Due.Before(s.Incident.Discovered), "seed %d: %s is due before discovery", seed, o.ID())
			}
			if o.Confidence != breach.Verified && d.Notifiable {
				require.True(t, slices.ContainsFunc(d.Warnings, func(w rules.Warning) bool {
					return (w.Code == "needs_counsel" || w.Code == "unverified_law") && strings.HasPrefix(w.Message, o.Jurisdiction+": ")
				}), "seed %d: nobody is told not to rely on %s", seed, o.ID())
			}
		}
	}
}

// TestAHoldMakesNoStatesNoticeEarlier, and takes none away.
func TestAHoldMakesNoStatesNoticeEarlier(t *testing.T) {
	t.Parallel()
	for seed := range uint64(stateSamples / 3) {
		s := scattered(seed)
		s.Incident.Holds = nil
		free := map[string]breach.Obligation{}
		for _, o := range decide(s).Obligations {
			free[o.ID()] = o
		}
		hold("written", s.Incident.Discovered.AddDays(5).String(), s.Incident.Discovered.AddDays(90).String())(&s)
		for _, o := range decide(s).Obligations {
			if o.Form == "" && o.Regime == "state" && !strings.HasSuffix(o.Rule, "_delay") { // the reasons for a delay come with it
				plain, owed := free[o.ID()]
				require.True(t, owed, "seed %d: %s", seed, o.ID())
				require.False(t, o.Due.Before(plain.Due), "seed %d: %s moved from %s to %s", seed, o.ID(), plain.Due, o.Due)
			}
			delete(free, o.ID())
		}
		for id, o := range free {
			require.NotEqual(t, "state", o.Regime, "seed %d: the hold took %s away", seed, id)
		}
	}
}

// TestWhatIsNotCertainIsSaid goes through the ways of not being certain.
func TestWhatIsNotCertainIsSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, code, says string
		s                rules.Subject
	}{
		{"whether HIPAA excuses", "needs_counsel", "AR: whether compliance with HIPAA excuses", stateCase(living("AR", 1001))},
		{"words that reach the agency", "needs_counsel", "DE: whether compliance with HIPAA excuses", stateCase(living("DE", 501))},
		{"what a sentence of the law says", "unverified_law", "MN: a part of what is planned", stateCase(living("MN", 501))},
		{"an excuse that nobody has read", "unverified_law", "TN: a notice is left out", stateCase(living("TN", 1))},
		{"what the law said before", "needs_counsel", "TX: what the law said on the incident's day is not known", stateCase(living("TX", 250), happened("2023-08-31"))},
		{"whether the law binds a practice", "needs_counsel", "GA: the law binds", stateCase(living("GA", 1))},
		{"a jurisdiction without a row", "needs_counsel", "AS: the law of this jurisdiction is not in the rulebook", stateCase(living("AS", 1))},
		{"another", "needs_counsel", "MP: the law of this jurisdiction is not in the rulebook", stateCase(living("MP", 1))},
		{"data that nobody named", "needs_counsel", "people of NE count under State law only because of the data class other", stateCase(living("NE", 1, "other"))},
		{"whether the letters speak of credit files", "needs_counsel", "MT: the consumer reporting agencies are told where the letter", stateCase(living("MT", 1))},
		{"months that are too few", "credit_monitoring_short", "CT: the letters offer 12 months of credit monitoring, the law asks for 24", stateCase(living("CT", 1), offered(12))},
		{"months that are not offered", "credit_monitoring_short", "DC: the letters offer 0 months of credit monitoring, the law asks for 18", stateCase(living("DC", 1))},
		{"one month too few", "credit_monitoring_short", "DC: the letters offer 17 months", stateCase(living("DC", 1), offered(17))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := decide(c.s)
			require.True(t, slices.ContainsFunc(d.Warnings, func(w rules.Warning) bool {
				return w.Code == c.code && strings.HasPrefix(w.Message, c.says)
			}), "%v", d.Warnings)
		})
	}
	for _, enough := range []rules.Subject{
		stateCase(living("CT", 1), offered(24)),                 // as long
		stateCase(living("DC", 1), offered(24)),                 // longer
		stateCase(living("CT", 1, "diagnosis"), offered(1)),     // not owed for this
		stateCase(living("NY", 1), offered(1)),                  // not owed there
		stateCase(living("GA", 1), living("CT", 0), offered(0)), // nobody
	} {
		require.NotContains(t, codes(decide(enough)), "credit_monitoring_short")
	}
}

func offered(months int) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Incident.CreditMonitoring.Months = months }
}
