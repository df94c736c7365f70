package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

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
	mailed := breach.Fact{Kind: breach.LettersMailed, On: day("2026-04-20")}
	sent := breach.Fact{Kind: breach.EmailsSent, On: day("2026-04-22"), Count: 3, Reference: "emails-001"}
	for _, c := range []struct {
		name  string
		facts breach.Facts
		on    string
	}{
		{"letters alone do not tell those without an address", breach.Facts{mailed}, ""},
		{"e-mails alone do not tell the others", breach.Facts{sent}, ""},
		{"both do, on the later day", breach.Facts{mailed, sent}, "2026-04-22"},
		{"to fewer than are owed one", breach.Facts{mailed, {Kind: breach.EmailsSent, On: day("2026-04-22"), Count: 2}}, ""},
		{"before discovery is a slip", breach.Facts{mailed, {Kind: breach.EmailsSent, On: day("2025-04-22"), Count: 3}}, ""},
	} {
		on, _ := rules.Settled(letters, day("2026-03-16"), c.facts)
		require.Equal(t, c.on, on.String(), c.name)
	}
	everybody := only(t, decide(subject("2026-03-16", 3, reached(3, 0, 3))), breach.IndividualNotice)
	on, _ := rules.Settled(everybody, day("2026-03-16"), breach.Facts{sent})
	require.Equal(t, "2026-04-22", on.String(), "there is no letter to wait for")
}
