package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// TestWhoOfTheMediaWasTold: outlet by outlet where there is a list, in one word for all of
// them as ever, and of none that is another State's.
func TestWhoOfTheMediaWasTold(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	sent := func(outlet, state, on string) breach.Fact {
		return breach.Fact{Kind: breach.MediaSent, Outlet: outlet, Jurisdiction: state, On: day(on)}
	}
	list := breach.MediaTerms{State: "VA", Outlets: []breach.Outlet{{Name: "Example Press"}, {Name: "Radio Example"}}}
	for name, c := range map[string]struct {
		terms   breach.MediaTerms
		facts   []breach.Fact
		told    int
		missing []string
		on      string
	}{
		"nothing":                      {list, nil, 0, []string{"Example Press", "Radio Example"}, ""},
		"one of two":                   {list, []breach.Fact{sent("example  PRESS", "VA", "2026-04-20")}, 1, []string{"Radio Example"}, ""},
		"both, the last one counts":    {list, []breach.Fact{sent("Example Press", "VA", "2026-04-22"), sent("Radio Example", "VA", "2026-04-20")}, 2, nil, "2026-04-22"},
		"a corrected day":              {list, []breach.Fact{sent("Example Press", "VA", "2026-04-22"), sent("Radio Example", "VA", "2026-04-20"), sent("Example Press", "VA", "2026-04-21")}, 2, nil, "2026-04-21"},
		"all in one word":              {list, []breach.Fact{sent("", "VA", "2026-04-20")}, 0, nil, "2026-04-20"},
		"all of the whole incident":    {list, []breach.Fact{sent("", "", "2026-04-20")}, 0, nil, "2026-04-20"},
		"of another State":             {list, []breach.Fact{sent("Example Press", "MD", "2026-04-20"), sent("", "MD", "2026-04-20")}, 0, []string{"Example Press", "Radio Example"}, ""},
		"from before the discovery":    {list, []breach.Fact{sent("", "VA", "2026-03-15")}, 0, []string{"Example Press", "Radio Example"}, ""},
		"one where nobody made a list": {breach.MediaTerms{State: "VA"}, []breach.Fact{sent("Example Press", "VA", "2026-04-20")}, 1, nil, "2026-04-20"},
	} {
		told, missing, on := c.terms.Told(breach.FactsOf(c.facts), day("2026-03-16"))
		require.Len(t, told, c.told, name)
		require.Equal(t, c.missing, missing, name)
		require.Equal(t, c.on, on.String(), name)
	}
}

// TestAListOfOutletsChangesNoPaper, and what the release prints does.
func TestAListOfOutletsChangesNoPaper(t *testing.T) {
	t.Parallel()
	plain, _ := breach.Incident{ID: "EX-1"}.OnPaper()
	listed, _ := breach.Incident{ID: "EX-1", Media: []breach.MediaTerms{{State: "VA", Outlets: []breach.Outlet{{Name: "Example Press"}}}}}.OnPaper()
	require.Equal(t, plain, listed)
	own := breach.Incident{ID: "EX-1", Media: []breach.MediaTerms{{State: "VA", Contact: "Ada Rivera", Outlets: []breach.Outlet{{Name: "Example Press"}}}}}
	printed, _ := own.OnPaper()
	require.Equal(t, []breach.MediaTerms{{State: "VA", Contact: "Ada Rivera"}}, printed.Media)
	require.Len(t, own.Media[0].Outlets, 1, "the incident keeps its list")
}
