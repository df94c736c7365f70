package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
)

// TestTheBinderGoesByTheAccount: a duty to individuals that was decided to be
// fulfilled is open again while somebody it is owed to is untold, and a record of a
// mailing is proof only of a practice whose letters were mailed.
func TestTheBinderGoesByTheAccount(t *testing.T) {
	t.Parallel()
	mailedOn, asOf := civil.MustParse("2026-05-04"), civil.MustParse("2026-06-01")
	letters := breach.Obligation{Kind: breach.IndividualNotice, Jurisdiction: "US", Due: civil.MustParse("2026-05-15")}
	media := breach.Obligation{Kind: breach.MediaNotice, Jurisdiction: "TX", Due: civil.MustParse("2026-05-15")}
	records := []casebook.RecordTerms{
		{Fact: breach.Fact{Kind: breach.LettersMailed, On: mailedOn}}, {Fact: breach.Fact{Kind: breach.PracticeMailed, On: mailedOn}},
		{Fact: breach.Fact{Kind: breach.MediaSent, On: mailedOn}},
	}
	mailed := account.Line{State: account.Mailed, People: 600, MailedOn: mailedOn}
	for name, c := range map[string]struct {
		people account.Account
		open   bool
		proofs []string
	}{
		"all are mailed":        {account.Account{mailed}, false, []string{"letters mailed on 2026-05-04"}},
		"one is held back":      {account.Account{mailed, {State: account.Held, Why: "script", People: 1}}, true, nil},
		"one came later":        {account.Account{mailed, {State: account.Waiting, People: 1}}, true, nil},
		"the practice did it":   {account.Account{{State: account.Told, Why: account.ByPractice, People: 600, ToldOn: mailedOn}}, false, []string{"practice mailed on 2026-05-04"}},
		"the letters came back": {account.Account{{State: account.Returned, People: 600, MailedOn: mailedOn}}, false, []string{"letters mailed on 2026-05-04"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &story{records: records, last: ledger.Decision{Notifiable: true, Discovered: civil.MustParse("2026-03-16")}}
			src := Source{
				Practice: &casebook.Practice{Account: c.people}, Account: casebook.IncidentAccount{Findings: c.people.Total(), Lines: c.people, AddsUp: true},
				Duties: []casebook.ObligationStatus{{Obligation: letters, SettledOn: mailedOn}, {Obligation: media, SettledOn: mailedOn}},
			}
			key, err := EnsureKey(t.TempDir() + "/key.pem")
			require.NoError(t, err)
			b := s.binder(src, Input{AsOf: asOf, Key: key}, ledger.Entry{})
			require.Equal(t, casebook.RowsOf(c.people), b.Account.States)
			require.Equal(t, c.people.Untold(""), b.Account.Untold)
			toPeople, toMedia := b.Duties[0], b.Duties[1]
			require.Equal(t, c.open, toPeople.Open)
			require.Equal(t, c.proofs, toPeople.Proofs)
			if c.open {
				require.Equal(t, mailedOn, toPeople.DecidedOn)
				require.Equal(t, 17, toPeople.DaysLate, "it is late by its own day")
			}
			require.False(t, toMedia.Open, "what is not owed to individuals rests on what was recorded")
			require.Equal(t, []string{"media sent on 2026-05-04"}, toMedia.Proofs)
		})
	}
}

// TestNobodyIsCountedAsOwedWhereNothingIs owed.
func TestNobodyIsCountedAsOwedWhereNothingIs(t *testing.T) {
	t.Parallel()
	src := Source{Account: casebook.IncidentAccount{Findings: 3, Lines: account.Account{{State: account.Waiting, People: 3}}, AddsUp: true}}
	require.Equal(t, 3, accountOf(src, true).Untold)
	require.Zero(t, accountOf(src, false).Untold)
}
