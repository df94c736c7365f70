package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
)

// cameBack is a list of letters of the first run, by their numbers.
func cameBack(sha string, pieces ...int) postgres.ReturnsInput {
	in := postgres.ReturnsInput{SHA256: sha, By: "Robin Officer", At: noon}
	for _, n := range pieces {
		in.Letters = append(in.Letters, breach.ReturnedLetter{PieceID: fmt.Sprintf("R001-%06d", n), On: today, Reason: "moved"})
	}
	return in
}

func returned(t *testing.T, store *postgres.Store, in postgres.ReturnsInput) postgres.ReturnsResult {
	t.Helper()
	result, err := store.RecordReturns(t.Context(), incidentID, in)
	require.NoError(t, err)
	return result
}

// substitute is the form of the substitute notice that the practice owes, and to how many.
func substitute(t *testing.T, store *postgres.Store, key string) (form string, people int) {
	t.Helper()
	i, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	decided, err := activities.DecideUnder(t.Context(), &activities.Activities{Store: store}, rulebooks.Kept().Newest(), i, key)
	require.NoError(t, err)
	for _, o := range decided.Obligations {
		if o.Kind == breach.SubstituteNotice && o.Form != breach.FormKept {
			return o.Form, o.Count
		}
	}
	return "", 0
}

// mailed loads practice P1 with people named a to z in the order of their
// letters, and prints these.
func mailed(t *testing.T, store *postgres.Store, people ...breach.Person) {
	t.Helper()
	for i := range people {
		people[i].ZIP = fmt.Sprint(20001 + i)
	}
	loaded(t, store, caseOf(incident(), practices("P1"), people...))
	approved(t, store, "P1")
	require.Equal(t, len(people), mailRun(t, store, 1, 5).Pieces)
	for batch := range (len(people) + 4) / 5 {
		finish(t, store, 1, batch+1)
	}
}

func someone(n int) []breach.Person {
	people := make([]breach.Person, n)
	for i := range people {
		people[i] = person("P1", fmt.Sprintf("%c", 'a'+i))
	}
	return people
}

// TestTenLettersThatCameBackWantAConspicuousNotice, nine another form of it, and
// the next of kin of the dead none at all.
func TestTenLettersThatCameBackWantAConspicuousNotice(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	people := someone(13)
	for i := range 2 {
		people[i].DeceasedDate = day("2025-01-01")
	}
	mailed(t, store, people...)
	before, counted := practice(t, store, "P1"), counts(t, store)
	form, _ := substitute(t, store, "P1")
	require.Empty(t, form)

	require.Equal(t, postgres.ReturnsResult{Number: 2, Letters: 2, OutOfDate: 2, Practices: []string{"P1"}}, returned(t, store, cameBack("kin", 1, 2)))
	form, _ = substitute(t, store, "P1")
	require.Empty(t, form, "nobody hunts for another address of the next of kin")

	nine := cameBack("nine", 3, 4, 5, 6, 7, 8, 9, 10, 11)
	want := postgres.ReturnsResult{Number: 3, Letters: 9, OutOfDate: 9, Practices: []string{"P1"}}
	require.Equal(t, want, returned(t, store, nine))
	form, n := substitute(t, store, "P1")
	require.Equal(t, breach.FormAlternative, form)
	require.Equal(t, 9, n)
	want.AlreadyRecorded = true
	require.Equal(t, want, returned(t, store, nine))
	_, n = substitute(t, store, "P1")
	require.Equal(t, 9, n, "the same list is recorded once")

	// A list that goes on from the one before counts only what is new.
	more := postgres.ReturnsResult{Number: 4, Letters: 3, Before: 2, OutOfDate: 1, Practices: []string{"P1"}}
	require.Equal(t, more, returned(t, store, cameBack("ten", 10, 11, 12)))
	form, n = substitute(t, store, "P1")
	require.Equal(t, breach.FormConspicuous, form)
	require.Equal(t, 10, n)

	p := practice(t, store, "P1")
	require.Equal(t, 12, p.Tally.NoUsableAddress)
	require.Equal(t, 2, p.Tally.NoUsableAddressKin)
	require.Equal(t, before.PapersSHA256, p.PapersSHA256)
	require.Equal(t, before.Approvals, p.Approvals, "what was approved is as it was")
	require.Zero(t, p.Account.In(account.Waiting))
	require.Zero(t, mailRun(t, store, 2, 10).Pieces, "nothing is printed for an address that is out of date")
	counted.Returned = 12
	require.Equal(t, counted, counts(t, store), "a letter that came back was still a letter")

	acts, err := store.Acts(t.Context(), incidentID, "P1")
	require.NoError(t, err)
	last := acts[len(acts)-1]
	require.Equal(t, casebook.Act{
		ID: "returns-ten", IncidentID: incidentID, Kind: casebook.ActReturns, Who: "Robin Officer", At: noon,
		Returns: &casebook.ReturnsTerms{List: 4, SHA256: "ten", Letters: 1},
	}, last)
	var told []ledger.Returned
	require.NoError(t, store.Ledger(t.Context(), incidentID, "P1", func(e ledger.Entry) error {
		b, err := e.Decode()
		if err != nil || b.Kind != ledger.KindReturned {
			return err
		}
		r, err := ledger.ResultOf[ledger.Returned](b)
		told = append(told, r)
		return err
	}))
	require.Equal(t, []ledger.Returned{{List: 2, Letters: 2, NoUsableAddress: 2}, {List: 3, Letters: 9, NoUsableAddress: 11}, {List: 4, Letters: 1, NoUsableAddress: 12}}, told)
}

// TestABetterAddressIsOwedAnotherLetter: a later list with another address has
// one printed, and one with the same address leaves the person out of reach.
func TestABetterAddressIsOwedAnotherLetter(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	people := someone(3)
	mailed(t, store, people...)
	returned(t, store, cameBack("came back", 1, 2, 3))
	require.Equal(t, 3, practice(t, store, "P1").Tally.NoUsableAddress)

	better := with(people[0], func(p *breach.Person) { p.Address1 = "77 New Street" })
	renamed := with(people[1], func(p *breach.Person) {
		p.LastName, p.Address1, p.ZIP = "Corrected", "1 EXAMPLE STREET.", p.ZIP+"-1234"
	})
	called := with(people[2], func(p *breach.Person) { p.Phone = "804-555-0100" })
	require.Equal(t, 3, amended(t, store, amendment("list-3", better, renamed, called)).Changed)
	p := practice(t, store, "P1")
	require.Equal(t, 2, p.Tally.NoUsableAddress, "those whose address is the same")
	require.Equal(t, 1, p.Account.In(account.Waiting))
	require.Equal(t, 2, counts(t, store).Returned)
	require.Equal(t, 2, counts(t, store).Letters)

	approved(t, store, "P1")
	require.Equal(t, 1, mailRun(t, store, 2, 5).Pieces)
	require.Equal(t, "77 New Street", letters(t, store, 2, 1)[0].Person.Address1)
	finish(t, store, 2, 1)

	// The letter to the old address comes back once more: nobody lives there now.
	late := cameBack("late", 1)
	late.Letters[0].On = today.AddDays(1)
	require.Equal(t, postgres.ReturnsResult{Number: 4, Letters: 1, Before: 1, Practices: []string{}}, returned(t, store, late))
	require.Equal(t, 2, practice(t, store, "P1").Tally.NoUsableAddress)
	late.SHA256, late.Letters[0].PieceID = "again", "R002-000001"
	require.Equal(t, 1, returned(t, store, late).OutOfDate)
	require.Equal(t, 3, practice(t, store, "P1").Tally.NoUsableAddress)

	// An address that is worse counts as none, and nothing is printed.
	worse := with(people[1], func(p *breach.Person) { p.City = "" })
	amended(t, store, amendment("list-6", worse))
	require.Equal(t, 3, practice(t, store, "P1").Tally.NoUsableAddress)
	c := counts(t, store)
	require.Equal(t, 1, c.Unaddressable)
	require.Equal(t, c.Findings, c.Letters+c.Joined+c.Held+c.Unaddressable+c.NotDelegated+c.NotYetApproved+c.NotProtected, "%+v", c)
}

// TestALetterThatCameBackAfterTheEnd opens the practice and the incident again,
// and what came back is told to whoever asks whether all were told.
func TestALetterThatCameBackAfterTheEnd(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	list := practices("P1", "P2", "P3")
	list[0].CountingEntity, list[1].CountingEntity = "ACE", "ACE"
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P2", "a"), person("P2", "b"), person("P3", "c")))
	approved(t, store, "P1", "P2", "P3")
	run := mailRun(t, store, 1, 10)
	require.Equal(t, 3, run.Pieces)
	finish(t, store, 1, 1)
	for _, key := range []string{"P1", "P2", "P3"} {
		_, _, err := store.ClosePractice(ctx, incidentID, key, practice(t, store, key).Changes, today, "done")
		require.NoError(t, err)
	}
	require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentClosed, today))
	require.Zero(t, practice(t, store, "P1").Account.In(account.Returned))

	before := practice(t, store, "P1").Changes
	result := returned(t, store, cameBack("came back", 1))
	require.Equal(t, postgres.ReturnsResult{Number: 2, Letters: 1, OutOfDate: 2, Practices: []string{"P1", "P2"}}, result, "one letter for two practices")
	p1 := practice(t, store, "P1")
	require.Equal(t, casebook.PhaseStarting, p1.Phase)
	require.Equal(t, 2, p1.ListNumber)
	require.Equal(t, []int{1, 1}, []int{p1.Tally.NoUsableAddress, p1.Group.Tally.NoUsableAddress})
	require.Equal(t, casebook.PhaseClosed, practice(t, store, "P3").Phase)
	i, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, casebook.IncidentRunning, i.Phase)
	keys, err := store.PracticesOfList(ctx, incidentID, 2, "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"P1", "P2"}, keys)
	closed, _, err := store.ClosePractice(ctx, incidentID, "P1", before, today, "done, before the letter came back")
	require.NoError(t, err)
	require.False(t, closed)

	require.Equal(t, 1, p1.Account.Unreached(""))
	_, err = store.ActOnPractice(ctx, casebook.Act{
		ID: "posted", IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PostingStarted, On: today}},
	}, allowed)
	require.NoError(t, err)
	require.Zero(t, practice(t, store, "P1").Account.Unreached(""), "told by substitute notice")
	require.Equal(t, today, practice(t, store, "P1").Account.SubstituteOn(""))
	require.Equal(t, 1, practice(t, store, "P1").Tally.NoUsableAddress, "and still without an address")

	moved := with(person("P1", "a"), func(p *breach.Person) { p.Address1 = "77 New Street" })
	amended(t, store, amendment("list-3", moved))
	require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Waiting), "another letter is owed")
	require.Equal(t, 1, practice(t, store, "P2").Account.In(account.Returned), "it knows no other address")
	require.Zero(t, practice(t, store, "P2").Group.Tally.NoUsableAddress, "one of its entity does")
}

// TestALetterThatWasNeverPrintedDoesNotComeBack: refused, and nothing is written.
func TestALetterThatWasNeverPrintedDoesNotComeBack(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), someone(3)...))
	approved(t, store, "P1")
	mailRun(t, store, 1, 2)
	finish(t, store, 1, 1, "R001-000002")
	before := leftovers(t, url)
	for _, id := range []string{"R001-000002", "R001-000003", "R001-000004", "R002-000001", "R001-1", "R001-000000", "R1-000001", "r001-000001", "R001-9999999999", ""} {
		in := cameBack("came back", 1)
		in.Letters = append(in.Letters, breach.ReturnedLetter{PieceID: id, On: today})
		_, err := store.RecordReturns(t.Context(), incidentID, in)
		refused(t, err, "unknown_letter")
	}
	_, err := store.RecordReturns(t.Context(), "NONE", cameBack("came back", 1))
	refused(t, err, "unknown_incident")
	require.Equal(t, before, leftovers(t, url))

	printed, err := store.PrintedLetters(t.Context(), incidentID, []string{"R001-000001", "R001-000002", "Ada Example"})
	require.NoError(t, err)
	require.Len(t, printed, 1)
	require.Zero(t, printed["R001-000001"].MailedOn)
	require.False(t, printed["R001-000001"].PrintedAt.IsZero())
	for _, on := range []string{"2026-05-20", "2026-05-10"} {
		_, err := store.ActOnIncident(t.Context(), casebook.Act{
			ID: "mailed " + on, IncidentID: incidentID, Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
			Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: day(on)}, Batches: []string{"run-001-batch-0001"}},
		})
		require.NoError(t, err)
	}
	printed, err = store.PrintedLetters(t.Context(), incidentID, []string{"R001-000001"})
	require.NoError(t, err)
	require.Equal(t, day("2026-05-10"), printed["R001-000001"].MailedOn, "a later record corrects the day")
}
