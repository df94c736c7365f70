package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

func day(s string) civil.Date {
	if s == "" {
		return civil.Date{}
	}
	return civil.MustParse(s)
}

// subject is a practice with n people in Texas, discovered and occurred on the
// day, whose business associate is its agent and whose answers are all given.
func subject(discovered string, n int, change ...func(*rules.Subject)) rules.Subject {
	s := rules.Subject{
		Incident: breach.Incident{
			ID:         "EX-1",
			Entity:     breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
			Occurred:   breach.Span{From: day(discovered), To: day(discovered)},
			Discovered: day(discovered),
		},
		Practice: breach.Practice{
			Key: "P1", LegalName: "Example Clinic", Agent: breach.Yes, BAANoticeDays: 60, Delegation: breach.DelegateAll,
		},
		Tally: tally(n, "TX", n),
	}
	for _, c := range change {
		c(&s)
	}
	return s
}

// tally counts n people and, in pairs, residents by State.
func tally(n int, residents ...any) breach.Tally {
	t := breach.Tally{People: n, Residents: map[string]int{}, Classes: map[breach.DataClass]int{"name": n}}
	for i := 0; i < len(residents); i += 2 {
		if c := residents[i+1].(int); c > 0 {
			t.Residents[residents[i].(string)] = c
		}
	}
	return t
}

func decide(s rules.Subject) rules.Decision { return rules.Current().Decide(s) }

// only returns the single obligation of the kind.
func only(t *testing.T, d rules.Decision, kind string) breach.Obligation {
	t.Helper()
	found := all(d, kind)
	require.Len(t, found, 1, "%s in %v", kind, brief(d))
	return found[0]
}

func all(d rules.Decision, kind string) []breach.Obligation {
	var found []breach.Obligation
	for _, o := range d.Obligations {
		if o.Kind == kind {
			found = append(found, o)
		}
	}
	return found
}

// brief lists the obligations as kind/form/jurisdiction.
func brief(d rules.Decision) []string {
	list := []string{}
	for _, o := range d.Obligations {
		s := o.Kind
		if o.Form != "" {
			s += "/" + o.Form
		}
		if o.Jurisdiction != "US" {
			s += "/" + o.Jurisdiction
		}
		list = append(list, s)
	}
	return list
}

func codes(d rules.Decision) []string {
	list := []string{}
	for _, w := range d.Warnings {
		list = append(list, w.Code)
	}
	return list
}

func hold(kind, stated, until string, covers ...string) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Incident.Holds = append(s.Incident.Holds, breach.Hold{
			Kind: kind, StatedOn: day(stated), Until: day(until), Official: "Special Agent Example", Agency: "FBI", Covers: covers,
		})
	}
}

func fact(kind, on string) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Facts = append(s.Facts, breach.Fact{Kind: kind, On: day(on)}) }
}

func unreachable(n, kin int) func(*rules.Subject) {
	return func(s *rules.Subject) { s.Tally.NoUsableAddress, s.Tally.NoUsableAddressKin = n, kin }
}

func secured(how, standard string, keys breach.YesNo) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Incident.DataSecurity, s.Incident.DataSecurityStandard, s.Incident.KeysCompromised = how, standard, keys
	}
}

func part2(program breach.YesNo, records int) func(*rules.Subject) {
	return func(s *rules.Subject) {
		s.Practice.Part2Program = program
		s.Tally.Classes["substance_use_disorder"] = records
	}
}
