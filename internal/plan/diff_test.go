package plan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/plan"
)

func TestDiffOfAPlanWithItselfIsEmpty(t *testing.T) {
	t.Parallel()
	d := of(t, input(incident(), practices("P1"), people("P1", "a", "TX", 501)...))
	require.Empty(t, plan.Diff(d, d))
}

// TestDiffAfterASecondListAndAHold: 499 becomes 512, and letters are held.
func TestDiffAfterASecondListAndAHold(t *testing.T) {
	t.Parallel()
	rows := slices.Concat(people("P1", "a", "TX", 499), people("P2", "b", "VA", 1))
	before := of(t, input(incident(), practices("P1", "P2"), rows...))
	i := incident()
	i.Entity.PublicCompany = breach.Yes
	i.Holds = []breach.Hold{{Kind: breach.WrittenHold, Agency: "FBI", StatedOn: i.Discovered, Until: i.Discovered.AddDays(90), Covers: []string{breach.CoversIndividual}}}
	after := of(t, input(i, practices("P1", "P2"), append(rows, people("P1", "c", "TX", 13)...)...))
	var lines []string
	for _, c := range plan.Diff(before, after) {
		lines = append(lines, c.String())
	}
	require.Equal(t, []string{
		"incident: added SEC Form 8-K: due on a day not known yet (the clock starts on the day the incident is determined to be material)",
		"P1: moved Individual notice: due 2026-06-14, not before 2026-06-14, was 2026-05-15",
		"P1: added Media notice (TX): due 2026-05-15 (512 residents of TX; discovered 2026-03-16)",
		"P1: dropped HHS annual log: was due 2027-03-01",
		"P1: added HHS notice: due 2026-05-15 (512 people; discovered 2026-03-16)",
		"P1: changed Notice to the practice: 512 people; discovered 2026-03-16 by the business associate; was: 499 people; discovered 2026-03-16 by the business associate",
		"P2: moved Individual notice: due 2026-06-14, not before 2026-06-14, was 2026-05-15",
	}, lines)
}
