package papers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
)

// TestABinderSaysWhereEverybodyStands, and claims no more of it than is so.
func TestABinderSaysWhereEverybodyStands(t *testing.T) {
	t.Parallel()
	const nobodyLeft = "Nobody who is owed notice is left untold."
	everybody := papers.BinderAccount{Findings: 5, AddsUp: true, States: casebook.RowsOf(account.Account{mailedOn(5, "2026-05-04")})}
	for name, c := range map[string]struct {
		change    func(*papers.BinderInput)
		says, not []string
	}{
		"all are told": {func(in *papers.BinderInput) { in.Account = everybody }, []string{"all are accounted for", nobodyLeft}, []string{"does not add up", "not recorded as told"}},
		"some are held back": {
			func(*papers.BinderInput) {},
			[]string{"2 a name or the address has a character", "Owed written notice, and not recorded as told: 3 .", "owed substitute notice, and not recorded as told: 14 .", "fulfilled May 4, 2026 by the last decision, and no longer by the account", "Another 4 were on an earlier list"},
			[]string{nobodyLeft, "does not add up"},
		},
		"it does not add up": {
			func(in *papers.BinderInput) {
				in.Account = everybody
				in.Account.Findings, in.Account.AddsUp = 6, false
			},
			[]string{"The account does not add up: 6 people are on the practice’s lists, and 5 are accounted for."},
			[]string{nobodyLeft, "all are accounted for"},
		},
		"nothing is owed": {func(in *papers.BinderInput) { in.Account, in.Notifiable = everybody, false }, []string{"No notice is owed"}, []string{nobodyLeft}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := exampleBinder()
			c.change(&in)
			file, err := papers.Binder(in)
			require.NoError(t, err)
			text := flowed(textOf(t, file))
			for _, words := range c.says {
				require.Contains(t, text, words)
			}
			for _, words := range c.not {
				require.NotContains(t, text, words)
			}
		})
	}
}
