package simulate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/simulate"
)

// TestLettersApprovedDuringAHoldPrintWhenTheHoldOfTheLettersEnds, whatever other
// holds go on, whether it expires or is released, and whoever approved last:
// somebody for one practice or for all.
func TestLettersApprovedDuringAHoldPrintWhenTheHoldOfTheLettersEnds(t *testing.T) {
	t.Parallel()
	delegated := func(in *simulate.Input) { in.Practices[0].Delegation = breach.DelegateAll }
	const official = "official: Special Agent Example, agency: FBI, statement: Wait., by: Ada Rivera}\n"
	const others = "  - {on: 2026-03-18, act: hold, kind: written, until: 2026-08-31, covers: [hhs, media, practice], " + official
	approve := "  - {on: 2026-03-25, act: approve, practice: P1, by: Ada Rivera}\n"
	for name, c := range map[string]string{
		"it expires": "acts:\n" +
			"  - {on: 2026-03-18, act: hold, kind: written, until: 2026-04-10, covers: [individual], " + official + others + approve +
			"  - {on: 2026-03-26, act: approve, practice: P1, by: Ben Okafor}\n",
		"it expires, approved with all": "acts:\n" +
			"  - {on: 2026-03-18, act: hold, kind: written, until: 2026-04-10, covers: [individual], " + official + others + approve +
			"  - {on: 2026-03-26, act: approve, by: Ben Okafor}\n",
		"it is released": "acts:\n" +
			"  - {on: 2026-03-18, act: hold, kind: written, until: 2026-12-31, covers: [individual], " + official + approve +
			"  - {on: 2026-03-26, act: approve, by: Ben Okafor}\n" +
			"  - {on: 2026-04-10, act: release, by: Ada Rivera}\n",
		"approved before it": "acts:\n" + approve +
			"  - {on: 2026-03-26, act: hold, kind: written, until: 2026-04-10, covers: [individual], " + official + others +
			"  - {on: 2026-03-27, act: approve, practice: P1, by: Ada Rivera}\n" + // the letters say now that they were delayed
			"  - {on: 2026-03-28, act: approve, by: Ben Okafor}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calendar := run(t, one(t, delegated, script(t, c)))
			require.Empty(t, told(calendar, simulate.EventRefused), "what is prepared during a hold is not refused")
			require.Equal(t, []string{"2026-04-10 printed letters are printed"}, told(calendar, simulate.EventPrinted))
		})
	}
}

// TestNothingPrintsWhileAnAssessmentIsPending, though the letters are approved; the
// second person can still answer, and a breach presumed after all prints them.
func TestNothingPrintsWhileAnAssessmentIsPending(t *testing.T) {
	t.Parallel()
	delegated := func(in *simulate.Input) { in.Practices[0].Delegation = breach.DelegateAll }
	const factors = "factors: {nature_of_phi: names, unauthorized_person: a nurse, acquired_or_viewed: no, mitigation: returned}"
	begun := `
acts:
  - {on: 2026-03-20, act: approve, practice: P1, by: Ada Rivera}
  - {on: 2026-03-20, act: assess, practice: P1, conclusion: low_probability, ` + factors + `, by: Ada Rivera}
  - {on: 2026-03-21, act: approve, practice: P1, by: Ben Okafor}
`
	calendar := run(t, one(t, delegated, script(t, begun)))
	require.Empty(t, told(calendar, simulate.EventRefused))
	require.Empty(t, told(calendar, simulate.EventPrinted))
	calendar = run(t, one(t, delegated, script(t, begun+"  - {on: 2026-03-25, act: assess, practice: P1, conclusion: low_probability, "+factors+", by: Ben Okafor}\n")))
	require.Empty(t, told(calendar, simulate.EventRefused), "the second person can answer")
	require.Empty(t, told(calendar, simulate.EventPrinted))
	calendar = run(t, one(t, delegated, script(t, begun+"  - {on: 2026-03-25, act: assess, practice: P1, conclusion: presumed, by: Ben Okafor}\n")))
	require.Equal(t, []string{"2026-03-25 printed letters are printed"}, told(calendar, simulate.EventPrinted))
}
