package plan_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

// TestAListThatGrewOwesEverybodyWhoWasToldTheDifference is conduent-texas: 260
// Texans were told to Texas, to HHS and to the practice, and a list adds 300.
func TestAListThatGrewOwesEverybodyWhoWasToldTheDifference(t *testing.T) {
	t.Parallel()
	dir, asOf := cases.Folder(t, "conduent-texas"), civil.MustParse("2026-11-25")
	c, report, err := casefolder.Read(t.Context(), dir, asOf, refused(t))
	require.NoError(t, err)
	require.False(t, report.Refused())
	tallier := plan.NewTallier(c.Incident, c.Practices, asOf)
	count := func(_ int, p *breach.Person) error { return tallier.Add(p) }
	require.NoError(t, c.Findings(t.Context(), count))

	on := c.Incident.Discovered.AddDays(10)
	facts := breach.Facts{
		{Kind: breach.RegulatorNotified, Jurisdiction: "TX", On: on, Count: 260},
		{Kind: breach.HHSFiled, On: on, Reference: "T-1", Count: 260},
		{Kind: breach.PracticeNotified, On: on, Count: 260},
	}
	open := func() map[string]int {
		d := rules.Current().Decide(rules.Subject{Incident: c.Incident, Practice: c.Practices[0], Tally: tallier.Practice("P1"), Facts: facts})
		left := map[string]int{}
		for _, o := range d.Obligations {
			if _, done := rules.Settled(o, rules.Progress{Discovered: d.Discovered, Facts: facts}); !done && o.NoSetDay() {
				left[o.ID()] = o.Count
			}
		}
		return left
	}
	require.Empty(t, open(), "everybody was told all there was")

	list, report, err := casefolder.ReadList(t.Context(), filepath.Join(dir, "later.csv"), c.Practices, casefolder.ListOptions{}, asOf, refused(t))
	require.NoError(t, err)
	require.False(t, report.Refused())
	require.NoError(t, list.Findings(t.Context(), count))
	require.Equal(t, map[string]int{
		"state.tx.regulator.attorney_general.update": 560, "hipaa.164.408.addendum": 560, "hipaa.164.410.update": 560,
	}, open())

	facts = append(facts,
		breach.Fact{Kind: breach.RegulatorUpdated, Jurisdiction: "TX:attorney_general", On: on.AddDays(30), Count: 560},
		breach.Fact{Kind: breach.HHSAddendum, On: on.AddDays(30), Count: 560},
		breach.Fact{Kind: breach.PracticeUpdated, On: on.AddDays(30), Count: 560},
	)
	require.Empty(t, open(), "and then the difference")
}
