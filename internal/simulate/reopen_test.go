package simulate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/simulate"
)

// TestNewEvidenceOpensAClosedPracticeInTheSimulationToo, as on the real stack: the
// days of what is owed again are watched.
func TestNewEvidenceOpensAClosedPracticeInTheSimulationToo(t *testing.T) {
	t.Parallel()
	another := func(in *simulate.Input) {
		second := in.Practices[0]
		second.Key, second.LegalName = "P2", "Another Clinic"
		in.Practices = append(in.Practices, second)
		whole := in.Findings
		in.Findings = func(ctx context.Context, f func(int, *breach.Person) error) error {
			return whole(ctx, func(row int, p *breach.Person) error {
				if row == 2 {
					p.PracticeKey = "P2"
				}
				return f(row, p)
			})
		}
	}
	const factors = "factors: {nature_of_phi: names, unauthorized_person: a colleague, acquired_or_viewed: not viewed, mitigation: destroyed}"
	c := run(t, one(t, another, script(t, `
acts:
  - {on: 2026-03-20, act: assess, practice: P2, conclusion: low_probability, `+factors+`, by: Ada Rivera}
  - {on: 2026-03-21, act: assess, practice: P2, conclusion: low_probability, `+factors+`, by: Ben Okafor}
  - {on: 2026-03-25, act: assess, practice: P2, conclusion: presumed, by: Ada Rivera}
`)))
	require.Empty(t, told(c, simulate.EventRefused))
	require.Equal(t, []string{"2026-03-21 closed nothing is owed: low probability documented"}, told(c, simulate.EventClosed))
	for _, p := range c.Practices {
		missed := false
		for _, o := range p.Obligations {
			missed = missed || o.Kind == breach.IndividualNotice && o.Missed
		}
		require.True(t, missed, p.PracticeKey)
	}
}
