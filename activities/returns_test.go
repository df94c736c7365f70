package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
)

// TestSubstituteNoticeAfterLettersCameBack: what was done before a letter came
// back reached its addressee only if it was up for everybody, and still is.
func TestSubstituteNoticeAfterLettersCameBack(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	fact := func(kind, on string) breach.Fact { return breach.Fact{Kind: kind, On: day(on)} }
	called := []breach.Fact{fact(breach.PostingStarted, "2026-04-20")}
	posted := append(called, fact(breach.TollFreeStarted, "2026-04-20"))
	down := append(posted, fact(breach.PostingEnded, "2026-07-20"), fact(breach.TollFreeEnded, "2026-07-20"))
	for _, c := range []struct {
		name          string
		unreachable   int
		facts         []breach.Fact
		untold        bool
		form, settled string
	}{
		{"called, and nothing came back", 9, called, false, breach.FormAlternative, "2026-04-20"},
		{"one came back after the calls", 9, called, true, breach.FormAlternative, ""},
		{"and was called too", 9, append(called, fact(breach.PostingStarted, "2026-05-02")), false, breach.FormAlternative, "2026-05-02"},
		{"the tenth came back after the calls", 10, called, true, breach.FormConspicuous, ""},
		{"one came back while the posting is up", 11, posted, true, breach.FormConspicuous, "2026-04-20"},
		{"one came back after it was taken down", 11, down, true, breach.FormConspicuous, ""},
		{"and it was put up again", 11, append(down, fact(breach.PostingStarted, "2026-08-01"), fact(breach.TollFreeStarted, "2026-08-01")), false, breach.FormConspicuous, "2026-04-20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			discovered := day("2026-03-16")
			incident := casebook.Incident{
				Incident: breach.Incident{
					ID: "EX-1", Discovered: discovered, Occurred: breach.Span{From: discovered, To: discovered}, Entity: breach.Entity{Role: breach.BusinessAssociate},
				},
				RulebookVersion: rulebooks.Kept().Newest().Version(), RulebookSHA256: rulebooks.Kept().Newest().SHA256(),
			}
			p := casebook.Practice{
				Practice: breach.Practice{Key: "P1", Delegation: breach.DelegateAll}, Facts: breach.FactsOf(c.facts),
				Tally: breach.Tally{People: 20, UnknownResidence: 20, NoUsableAddress: c.unreachable},
			}
			// Those who were told, up to the last record of it, and the one whose letter came back after.
			p.Account = account.Account{{State: account.Told, Why: account.BySubstitute, People: c.unreachable, ToldOn: p.Facts.On(breach.PostingStarted, "")}}
			if c.untold {
				p.Account = append(p.Account, account.Line{State: account.Returned, Letter: account.Own, People: 1})
			}
			plan, err := (&Activities{Books: rulebooks.Kept()}).decide(incident, p, nil, time.UTC)
			require.NoError(t, err)
			for _, o := range plan.Obligations {
				if o.Kind == breach.SubstituteNotice && o.Form != breach.FormKept {
					require.Equal(t, c.form, o.Form)
					require.Equal(t, c.settled, o.SettledOn.String())
					require.Equal(t, day("2026-05-15"), o.Due, "a letter that comes back moves no day")
					return
				}
			}
			t.Fatal("no substitute notice is owed")
		})
	}

	incident := breach.Incident{Occurred: breach.Span{From: day("2026-03-16")}}
	again := casebook.RecordTerms{Fact: called[0]}
	p := casebook.Practice{Facts: called}
	require.ErrorIs(t, allowedRecord(incident, p, again, day("2026-05-02")), errAlready)
	p.Account = account.Account{{State: account.Returned, Letter: account.Own, People: 1}}
	require.NoError(t, allowedRecord(incident, p, again, day("2026-05-02")), "to others on the same day")
}
