package casefolder_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func TestTheMediaAreListedByState(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	f.say("letters: {", `media:
  - state: VA
    contact: Ada Rivera, press@example.org
    text: Said in Virginia.
    outlets:
      - {name: Example Press, email: news@example.org, address: "1 Example Way, Richmond, VA 23220", contact: News desk}
      - {name: Radio Example}
  - {state: MD}
letters: {`)
	c, _, problems := f.read(t)
	require.Empty(t, problems)
	require.Equal(t, []breach.MediaTerms{
		{State: "VA", Contact: "Ada Rivera, press@example.org", Text: "Said in Virginia.", Outlets: []breach.Outlet{
			{Name: "Example Press", Email: "news@example.org", Address: "1 Example Way, Richmond, VA 23220", Contact: "News desk"}, {Name: "Radio Example"},
		}},
		{State: "MD"},
	}, c.Incident.Media)
}
