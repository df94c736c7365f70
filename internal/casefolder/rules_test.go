package casefolder_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
)

// spoiled is a whole folder with one thing wrong, and what is said about it.
type spoiled struct {
	name  string
	spoil func(*folder)
	// want are the problems, each "RULE file:line column".
	want []string
}

// allSpoiled is every table of this package: together they break every rule.
func allSpoiled() []spoiled {
	return slices.Concat(fileCases(), cellCases(), practiceCases(), findingCases(), incidentCases())
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range allSpoiled() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := wholeFolder()
			c.spoil(f)
			_, report, problems := f.read(t)
			var got []string
			for _, p := range problems {
				got = append(got, place(p))
				require.NotEmpty(t, p.Message)
				require.NotEmpty(t, p.Fix)
			}
			require.Equal(t, c.want, got)
			refused := slices.ContainsFunc(c.want, func(s string) bool { return s[0] == 'E' })
			require.Equal(t, refused, report.Refused())
		})
	}
}

func place(p casefolder.Problem) string {
	s := p.Rule + " " + p.File + ":" + itoa(p.Line)
	if p.Column != "" {
		s += " " + p.Column
	}
	return s
}

func TestAWholeFolderHasNoProblem(t *testing.T) {
	t.Parallel()
	c, report, problems := wholeFolder().read(t)
	require.Empty(t, problems)
	require.False(t, report.Refused())
	require.Equal(t, []casefolder.FileCounts{
		{Name: "incident.yaml", Rows: 1, OK: 1}, {Name: "practices.csv", Rows: 1, OK: 1}, {Name: "findings.csv", Rows: 1, OK: 1},
	}, report.Files)
	require.Equal(t, 1, c.FindingsRows)
}

func TestEveryRuleIsBrokenBySomeCase(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{
		"E220": true,                             // of corrected lists only, in TestACorrectedListOfPractices
		"E426": true,                             // of languages' folders, in TestALanguageThatLacksSomethingIsRefused
		"E306": true,                             // of later lists only, in TestALaterListTakesPeopleOut
		"E501": true, "E502": true, "E503": true, // of letters that came back, in TestLettersThatCameBack
	}
	for _, c := range allSpoiled() {
		for _, want := range c.want {
			broken[want[:4]] = true
		}
	}
	seen := map[string]bool{}
	for _, r := range casefolder.Rules() {
		require.True(t, broken[r.ID], "no case breaks %s (%s)", r.ID, r.Title)
		require.False(t, seen[r.ID], "two rules are %s", r.ID)
		seen[r.ID] = true
		require.Equal(t, strings.HasPrefix(r.ID, "E"), r.Severity == casefolder.SeverityError, r.ID)
		require.NotEmpty(t, r.Title, r.ID)
		require.NotEmpty(t, r.Fix, r.ID)
	}
	require.Len(t, seen, len(broken), "a case names a rule that is none")
}
