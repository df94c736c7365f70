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
