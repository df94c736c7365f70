package plan_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
)

// lists is how many made incidents each property is held against.
const lists = 120

// made is an incident with its lists, from a seed: one to six practices, some
// counted as one, and people of up to four States in numbers about the lines,
// some of whom several practices know.
type made struct {
	incident  breach.Incident
	practices []breach.Practice
	rows      []breach.Person
}

func invent(seed uint64) made {
	r := rand.New(rand.NewPCG(seed, 405))
	chance := func(n int) bool { return r.IntN(n) == 0 }
	m := made{incident: incident()}
	if chance(3) {
		m.incident.Holds = []breach.Hold{{Kind: breach.WrittenHold, Official: "An official", Agency: "FBI", StatedOn: asOf.AddDays(-3), Until: asOf.AddDays(r.IntN(90))}}
	}
	if chance(3) {
		m.incident.Determined = m.incident.Discovered.AddDays(r.IntN(30))
	}
	for n := range 1 + r.IntN(6) {
		p := practices(fmt.Sprintf("P%d", n+1))[0]
		p.CountingEntity = []string{"", "", "ACE-1", "ACE-2"}[r.IntN(4)]
		p.Agent = []breach.YesNo{breach.Yes, breach.Yes, breach.Unknown, breach.No}[r.IntN(4)]
		p.Insurer = []breach.YesNo{breach.No, breach.Unknown, breach.Yes}[r.IntN(3)]
		p.Part2Program = []breach.YesNo{breach.No, breach.Yes}[r.IntN(2)]
		m.practices = append(m.practices, p)
	}
	states := []string{"TX", "DC", "ME", "VT", "NY", "CA", "ND", "VA", "PA", "OR", "AS", ""}
	classes := [][]breach.DataClass{{"name", "ssn"}, {"name", "diagnosis"}, {"name", "substance_use_disorder", "tin"}, {"name", "phone"}, {"name", "other"}}
	person := 0
	for range 1 + r.IntN(4) {
		state, set := states[r.IntN(len(states))], classes[r.IntN(len(classes))]
		for range []int{1, 10, 50, 250, 501}[r.IntN(5)] {
			person++
			// Whoever knows a person has them at the same address.
			row := found("", fmt.Sprintf("k%d", person), state)
			row.DataClasses = set
			switch r.IntN(40) {
			case 0:
				row.Address1 = ""
			case 1:
				row.DeceasedDate = civil.MustParse("1950-01-01").AddDays(r.IntN(20000))
			case 2:
				row.BirthDate = asOf.AddYears(-10)
			}
			row.PracticeKey = m.practices[r.IntN(len(m.practices))].Key
			m.rows = append(m.rows, row)
			if other := m.practices[r.IntN(len(m.practices))].Key; chance(8) && other != row.PracticeKey {
				row.PracticeKey = other
				m.rows = append(m.rows, row)
			}
		}
	}
	return m
}

func (m made) plan(t *testing.T) *plan.Document {
	t.Helper()
	return of(t, input(m.incident, m.practices, m.rows...))
}

// TestPlanOfAnyOrder: neither the order of the findings nor that of the
// practices is a fact.
func TestPlanOfAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(lists) {
		m := invent(seed)
		want := m.plan(t)
		r := rand.New(rand.NewPCG(seed, 2))
		r.Shuffle(len(m.rows), func(i, j int) { m.rows[i], m.rows[j] = m.rows[j], m.rows[i] })
		r.Shuffle(len(m.practices), func(i, j int) { m.practices[i], m.practices[j] = m.practices[j], m.practices[i] })
		require.Equal(t, want, m.plan(t), "seed %d", seed)
	}
}

// TestPlanOfAMergedFileIsTheMergeOfPlans: each counting entity, planned from a
// folder of its own, owes what it owes in the folder of all, also where people
// are patients of several.
func TestPlanOfAMergedFileIsTheMergeOfPlans(t *testing.T) {
	t.Parallel()
	for seed := range uint64(lists) {
		m := invent(seed)
		merged := m.plan(t)
		var apart []plan.Practice
		obligations, findings := 0, 0
		done := map[string]bool{}
		for _, p := range m.practices {
			entity := p.CountedAs()
			if done[entity] {
				continue
			}
			done[entity] = true
			part := made{incident: m.incident}
			inside := map[string]bool{}
			for _, other := range m.practices {
				if other.CountedAs() == entity {
					part.practices = append(part.practices, other)
					inside[other.Key] = true
				}
			}
			for _, row := range m.rows {
				if inside[row.PracticeKey] {
					part.rows = append(part.rows, row)
				}
			}
			d := part.plan(t)
			apart = append(apart, d.Practices...)
			obligations += d.Totals.Obligations - len(d.IncidentObligations)
			findings += d.Totals.Findings
		}
		slices.SortFunc(apart, func(a, b plan.Practice) int { return cmp.Compare(a.PracticeKey, b.PracticeKey) })
		require.Equal(t, merged.Practices, apart, "seed %d", seed)
		require.Equal(t, merged.Totals.Obligations-len(merged.IncidentObligations), obligations, "seed %d", seed)
		require.Equal(t, merged.Totals.Findings, findings, "seed %d", seed)
	}
}

// TestTotalsAreStableUnderOtherKeys: keys name, and say nothing. Only which
// practice of a counting entity stands first depends on them.
func TestTotalsAreStableUnderOtherKeys(t *testing.T) {
	t.Parallel()
	for seed := range uint64(lists) {
		m := invent(seed)
		want := m.plan(t)
		r := rand.New(rand.NewPCG(seed, 3))
		keys := map[string]string{}
		for i, n := range r.Perm(len(m.practices)) {
			keys[m.practices[i].Key] = fmt.Sprintf("clinic-%d", n)
		}
		renamed := made{incident: m.incident}
		for _, p := range m.practices {
			p.Key = keys[p.Key]
			if p.CountingEntity != "" {
				p.CountingEntity = "x" + p.CountingEntity
			}
			renamed.practices = append(renamed.practices, p)
		}
		for _, row := range m.rows {
			row.PracticeKey, row.Key = keys[row.PracticeKey], "person-"+row.Key
			renamed.rows = append(renamed.rows, row)
		}
		got := renamed.plan(t)
		require.Equal(t, want.Totals, got.Totals, "seed %d", seed)
		require.Equal(t, ledger(want), ledger(got), "seed %d", seed)
	}
}

// TestOneMoreRowTakesNothingAway: a person nobody had yet adds duties or
// people to them, for whichever practice.
func TestOneMoreRowTakesNothingAway(t *testing.T) {
	t.Parallel()
	for seed := range uint64(lists) {
		m := invent(seed)
		before := m.plan(t)
		r := rand.New(rand.NewPCG(seed, 4))
		one := m.rows[r.IntN(len(m.rows))]
		one.Key = "one-more"
		if r.IntN(2) == 0 {
			one.State = []string{"TX", "CA", "VT", "AZ", ""}[r.IntN(5)]
		}
		m.rows = append(slices.Clone(m.rows), one)
		after := map[string]breach.Obligation{}
		for _, p := range m.plan(t).Practices {
			for _, o := range p.Obligations {
				after[alike(p.PracticeKey, o)] = o
			}
		}
		for _, p := range before.Practices {
			for _, o := range p.Obligations {
				still, owed := after[alike(p.PracticeKey, o)]
				require.True(t, owed, "seed %d: one more person of %q took %s of %s away", seed, one.State, o.ID(), p.PracticeKey)
				require.GreaterOrEqual(t, still.Count, o.Count, "seed %d: %s of %s", seed, o.ID(), p.PracticeKey)
			}
		}
	}
}

// alike names a duty. HHS is owed one report, by the log or at once, and
// substitute notice has one of two forms.
func alike(practice string, o breach.Obligation) string {
	rule := o.Rule
	if o.Kind == breach.HHSNotice || o.Kind == breach.SubstituteNotice {
		rule = o.Kind + " " + o.Regime
	}
	return practice + " " + rule + " " + o.Jurisdiction
}

// ledger counts the plan's obligations by everything that is not a name.
func ledger(d *plan.Document) map[string]int {
	counts := map[string]int{}
	for _, p := range d.Practices {
		for _, o := range p.Obligations {
			counts[fmt.Sprintf("%s %s %s %d %s %s", o.ID(), o.Recipient, o.Form, o.Count, o.Due, o.Confidence)]++
		}
	}
	return counts
}
