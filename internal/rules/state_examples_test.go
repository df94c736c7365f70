package rules_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
	"duenotice/internal/rules/states"
)

// example is one practice's residents under one State's law, and what one rule
// makes of them. The wanted day was worked out from the law's text and a
// calendar, not by this program.
type example struct {
	name string
	// rule is the ID after "state.".
	rule string
	// want is the last day, "-" while the clock has not begun, "" where nothing
	// is owed; with " unverified" where nobody should take it for certain.
	want string
	s    rules.Subject
}

func stateExamples() []example {
	return slices.Concat(
		lineExamples(), bureauExamples(), dayExamples(), chainExamples(),
		clauseExamples(), elementExamples(), monitoringExamples(), windowExamples(),
	)
}

func TestStateExamples(t *testing.T) {
	t.Parallel()
	for _, e := range stateExamples() {
		t.Run(e.rule+": "+e.name, func(t *testing.T) {
			t.Parallel()
			got := due(t, e.s, "state."+e.rule)
			if got != "" && byRule(t, e.s)["state."+e.rule].Confidence == breach.Unverified {
				got += " unverified"
			}
			require.Equal(t, e.want, got)
		})
	}
}

// TestEveryJurisdictionHasAnExample: no row is without somebody of its own who
// was worked out by hand, and every rule named in an example is a rule.
func TestEveryJurisdictionHasAnExample(t *testing.T) {
	t.Parallel()
	rows, err := states.Embedded()
	require.NoError(t, err)
	want := map[string]bool{}
	for _, r := range rows {
		want[r.Jurisdiction] = true
	}
	require.Len(t, want, 54)

	known := map[string]bool{}
	for _, r := range rules.Current().Rules() {
		known[r.ID] = true
	}
	got, names := map[string]bool{}, map[string]bool{}
	examples := stateExamples()
	for _, e := range examples {
		code, _, _ := strings.Cut(e.rule, ".")
		code = strings.ToUpper(code)
		require.True(t, known["state."+e.rule], "%s: there is no such rule", e.rule)
		require.Positive(t, e.s.Tally.Residents[code], "%s %q has nobody of the State", e.rule, e.name)
		require.False(t, names[e.rule+e.name], "%s %q is there twice", e.rule, e.name)
		names[e.rule+e.name] = true
		got[code] = true
	}
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)))
	require.Greater(t, len(examples), 80)
}

// TestAnInsurersFilingIsNotLostInACountingEntity: the State's agencies are told
// under the first practice, whichever of them is the licensee.
func TestAnInsurersFilingIsNotLostInACountingEntity(t *testing.T) {
	t.Parallel()
	const agency, department, superintendent = "state.me.regulator.attorney_general", "state.me.regulator.professional_and_financial_regulation", "state.me.regulator.superintendent_of_insurance"
	for _, c := range []struct {
		name    string
		answers []breach.YesNo // of P1, P2 and P3
		want    []string
	}{
		{"none of them", []breach.YesNo{breach.No, breach.No, breach.Unknown}, []string{agency}},
		{"the first", []breach.YesNo{breach.Yes, breach.No, breach.No}, []string{agency, department, superintendent}},
		{"another", []breach.YesNo{breach.No, breach.No, breach.Yes}, []string{agency, department, superintendent}},
		{"all", []breach.YesNo{breach.Yes, breach.Yes, breach.Yes}, []string{department, superintendent}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := stateCase(living("ME", 3), inGroup("P1", 0))
			s.Practice.Insurer, s.Group.Tally = c.answers[0], s.Tally
			for i, key := range []string{"P2", "P3"} {
				other := breach.Practice{Key: key, Agent: breach.Yes, Insurer: c.answers[i+1]}
				s.Peers = append(s.Peers, rules.PeerOf(s.Incident, other, s.Tally, nil))
			}
			var got []string
			for _, o := range all(decide(s), breach.RegulatorNotice) {
				got = append(got, o.Rule)
			}
			require.Equal(t, c.want, got)
		})
	}
}
