package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestAgreedEMailIsWrittenNotice: who can be reached by it is owed no substitute
// notice, and is owed the e-mail.
func TestAgreedEMailIsWrittenNotice(t *testing.T) {
	t.Parallel()
	reached := func(noAddress, kin, email int) func(*rules.Subject) {
		return func(s *rules.Subject) {
			unreachable(noAddress, kin)(s)
			s.Tally.EmailOnly = email
		}
	}
	require.Empty(t, all(decide(subject("2026-03-16", 40, reached(3, 0, 3))), breach.SubstituteNotice))
	require.Empty(t, all(decide(subject("2026-03-16", 40, reached(4, 1, 3))), breach.SubstituteNotice), "the next of kin never count")
	o := only(t, decide(subject("2026-03-16", 40, reached(12, 0, 3))), breach.SubstituteNotice)
	require.Equal(t, []any{9, breach.FormAlternative}, []any{o.Count, o.Form}, "twelve without an address, three of them by e-mail, are nine")
	o = only(t, decide(subject("2026-03-16", 40, reached(12, 0, 2))), breach.SubstituteNotice)
	require.Equal(t, []any{10, breach.FormConspicuous}, []any{o.Count, o.Form})

	letters := only(t, decide(subject("2026-03-16", 40, reached(3, 0, 3))), breach.IndividualNotice)
	require.Equal(t, []any{40, 3}, []any{letters.Count, letters.Emails})
	require.Contains(t, letters.Why, "3 of them by e-mail, to which they agreed")
	written := func(letters, emails account.State) account.Account {
		people := account.Account{{State: letters, Letter: account.Own, People: 37}, {State: emails, Why: account.ByEmail, People: 3}}
		if letters == account.Mailed {
			people[0].MailedOn = day("2026-04-20")
		}
		if emails == account.Told {
			people[1].ToldOn = day("2026-04-22")
		}
		return people
	}
	for _, c := range []struct {
		name   string
		people account.Account
		on     string
	}{
		{"letters alone do not tell those without an address", written(account.Mailed, account.NoAddress), ""},
		{"e-mails alone do not tell the others", written(account.Printed, account.Told), ""},
		{"both do, on the later day", written(account.Mailed, account.Told), "2026-04-22"},
	} {
		settled, _ := rules.Settled(letters, rules.Progress{Discovered: day("2026-03-16"), Account: c.people})
		require.Equal(t, c.on, settled.On.String(), c.name)
	}
	everybody := only(t, decide(subject("2026-03-16", 3, reached(3, 0, 3))), breach.IndividualNotice)
	settled, _ := rules.Settled(everybody, rules.Progress{Discovered: day("2026-03-16"), Account: written(account.Mailed, account.Told)[1:]})
	require.Equal(t, "2026-04-22", settled.On.String(), "there is no letter to wait for")
}
