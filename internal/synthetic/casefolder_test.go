package synthetic_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/synthetic"
)

// planned are the warnings a synthetic folder is made to give, by rule.
var planned = []string{
	"W103", // a contract without a window
	"W105", // nobody answered whether the vendor is the agent
	"W106", // a practice has not answered what it delegates
	"W201", // a person's State is not known
	"W202", // no usable address
	"W203", // a ZIP lost its leading zero
	"W206", // a minor without a representative
	"W207", // somebody dead without one
	"W210", // a minor with a confidential address
	"W212", // who reads another language than the letters'
	"W213", // a parent of somebody who came of age since
	"W221", // a name that no letter prints
	"W223", // how many read each such language
}

// The strict reader accepts the folder on the first day on which all of it has happened.
func TestTheReaderOfCaseFoldersAcceptsIt(t *testing.T) {
	t.Parallel()
	for _, nonLatin := range []bool{true, false} {
		p := synthetic.Default(discovered)
		p.NonLatin, p.UnprintableNames = nonLatin, 3
		dir, made := write(t, p)
		var problems []string
		read, report, err := casefolder.Read(t.Context(), dir, p.KnownBy(), func(problem casefolder.Problem) error {
			if problem.Severity == casefolder.SeverityError {
				problems = append(problems, problem.File+" "+problem.Column+" "+problem.Rule+" "+problem.Message)
			}
			return nil
		})
		require.NoError(t, err)
		require.Empty(t, problems)
		require.False(t, report.Refused())
		require.Empty(t, report.UnknownColumns)
		require.Equal(t, planned, slices.Sorted(maps.Keys(report.ByRule)))
		require.GreaterOrEqual(t, report.ByRule["W221"], 3, "each of them in every practice that knows them")
		require.Equal(t, made.NoUsableAddress, report.ByRule["W202"]+report.ByRule["W203"], "nobody without an address is a guest elsewhere in the demo")

		require.Equal(t, p.IncidentID, read.Incident.ID)
		require.Equal(t, discovered, read.Incident.Discovered)
		require.Len(t, read.Practices, made.Practices)
		require.Equal(t, made.Findings, read.FindingsRows)
		for _, text := range []string{read.Incident.WhatHappened, read.Incident.WhatWeAreDoing, read.Incident.WhatYouCanDo} {
			require.NotContains(t, text, "{{")
			require.True(t, strings.HasSuffix(strings.TrimSpace(text), "."))
		}
	}
}

func TestKnownByIsTheFirstDayOnWhichAllOfItHasHappened(t *testing.T) {
	t.Parallel()
	p := synthetic.Default(discovered)
	dir, _ := write(t, p)
	_, report, err := casefolder.Read(t.Context(), dir, p.KnownBy().AddDays(-1), nil)
	require.NoError(t, err)
	require.True(t, report.Refused(), "a day earlier, something lies in the future")
}
