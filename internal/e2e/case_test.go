package e2e_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/officetest"
	"duenotice/internal/synthetic"
)

func TestACaseFromTheFolderToTheLastDuty(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	dir, made := officetest.MakeCase(t, 6_000, officetest.LongAgo)
	o.Env["CASE"] = dir
	o.SteerToTheEnd(dir, made)
	o.Reconcile(made)
	require.Zero(t, o.Summary(made.IncidentID).Late)
	if *record {
		recordHistories(t, o, made.IncidentID, map[string]string{
			"500-people":   made.Boundaries[synthetic.People500].PracticeKey,
			"499-people":   made.Boundaries[synthetic.People499].PracticeKey,
			"not-answered": o.PracticeKeys("")[0],
		})
	}

	t.Run("a second start changes nothing", func(t *testing.T) {
		before := o.Summary(made.IncidentID)
		code, _, _ := o.Run("start", dir, "--by", "Ada Officer")
		require.Zero(t, code)
		require.Equal(t, before.Letters, o.Summary(made.IncidentID).Letters)
	})
}
