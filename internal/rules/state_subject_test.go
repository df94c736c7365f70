package rules_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// living adds n residents of a State whose classes are these; without any,
// a Social Security number.
func living(state string, n int, classes ...breach.DataClass) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Tally = with(s.Tally, state, n, classes...) }
}

func with(t breach.Tally, state string, n int, classes ...breach.DataClass) breach.Tally {
	if len(classes) == 0 {
		classes = []breach.DataClass{"ssn"}
	}
	sum := breach.Tally{Residents: map[string]int{}, Classes: map[breach.DataClass]int{}}
	counts := append(slices.Clone(t.Sets), breach.ClassCount{State: state, Set: breach.SetOf(append(classes, "name")...), People: n})
	for _, c := range counts {
		if c.People == 0 {
			continue
		}
		sum.People += c.People
		if c.State == "" {
			sum.UnknownResidence += c.People
		} else {
			sum.Residents[c.State] += c.People
		}
		for _, class := range c.Set.Classes() {
			sum.Classes[class] += c.People
		}
		same := slices.IndexFunc(sum.Sets, func(o breach.ClassCount) bool { return o.State == c.State && o.Set == c.Set })
		if same >= 0 {
			sum.Sets[same].People += c.People
			continue
		}
		sum.Sets = append(sum.Sets, c)
	}
	slices.SortFunc(sum.Sets, func(a, b breach.ClassCount) int {
		return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.Set, b.Set))
	})
	sum.NoUsableAddress, sum.NoUsableAddressKin = t.NoUsableAddress, t.NoUsableAddressKin
	return sum
}

// stateCase is a practice with residents, discovered on a Monday in a week
// without holidays; changes add residents, days and facts.
func stateCase(changes ...func(*rules.Subject)) rules.Subject {
	return subject("2026-03-16", 0, append([]func(*rules.Subject){
		func(s *rules.Subject) {
			s.Tally = breach.Tally{Residents: map[string]int{}, Classes: map[breach.DataClass]int{}}
		},
	}, changes...)...)
}

func determined(on string) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Incident.Determined = day(on) }
}

func happened(on string) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Incident.Occurred = breach.Span{From: day(on), To: day(on)}
	}
}

// byRule returns the State obligations by rule.
func byRule(t *testing.T, s rules.Subject) map[string]breach.Obligation {
	t.Helper()
	list := map[string]breach.Obligation{}
	ids := map[string]bool{}
	for _, o := range decide(s).Obligations {
		require.False(t, ids[o.ID()], "%s twice", o.ID())
		ids[o.ID()] = true
		if o.Regime == "state" {
			list[o.Rule] = o
		}
	}
	return list
}

// due returns the rule's due day, "-" without a day yet, "" when it is not owed.
func due(t *testing.T, s rules.Subject, rule string) string {
	t.Helper()
	o, owed := byRule(t, s)[rule]
	switch {
	case !owed:
		return ""
	case o.Due.IsZero():
		return "-"
	}
	return o.Due.String()
}
