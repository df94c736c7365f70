package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
)

// wrong is a recall of what is given.
func wrong(why string, change func(*postgres.RecallInput)) postgres.RecallInput {
	in := postgres.RecallInput{By: "Robin Officer", At: noon, Why: why, Reason: "The offer has last year's date."}
	change(&in)
	return in
}

func recalled(t *testing.T, store *postgres.Store, in postgres.RecallInput) postgres.RecallResult {
	t.Helper()
	result, err := store.Recall(t.Context(), incidentID, in)
	require.NoError(t, err)
	return result
}

// mailBatch records the mailing of batches as of a day.
func mailBatch(t *testing.T, store *postgres.Store, on civil.Date, names ...string) {
	t.Helper()
	_, err := store.ActOnIncident(t.Context(), casebook.Act{
		ID: fmt.Sprint("mailed ", names, on), IncidentID: incidentID, Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: on}, Batches: names},
	})
	require.NoError(t, err)
}

// again gives the practice papers of another hash and both approvals, as after a recall.
func again(t *testing.T, store *postgres.Store, papers string) {
	t.Helper()
	prepare(t, store, "P1", papers)
	approve(t, store, "P1", papers, "Robin Officer", "Sam Second")
}

func pieces(t *testing.T, store *postgres.Store, run int) map[string]*breach.Correction {
	t.Helper()
	list := map[string]*breach.Correction{}
	for _, l := range letters(t, store, run, 1) {
		list[l.Person.Key] = l.Corrects
	}
	return list
}

var (
	batch1 = casebook.BatchName(1, 1)
	batch2 = casebook.BatchName(1, 2)
)

// TestAWrongTextIsRecalled: of a batch that was mailed another letter is owed, which says
// that it corrects the first one; of one that was not, another as if there had been none.
// Nothing is printed before the practice's papers are approved anew.
func TestAWrongTextIsRecalled(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(8)...)
	mailBatch(t, store, today, batch1)
	before := practice(t, store, "P1")
	in := wrong(breach.WrongText, func(in *postgres.RecallInput) {
		in.Batches, in.Sentence = []string{batch2, batch1}, "The day by which you can enroll was wrong."
	})

	dry := in
	dry.DryRun = true
	want := postgres.RecallResult{Number: 1, List: 2, Withdrawn: 3, Mailed: 5, Practices: []string{"P1"}}
	require.Equal(t, want, recalled(t, store, dry))
	require.Equal(t, before, practice(t, store, "P1"), "a dry run changes nothing")

	require.Equal(t, want, recalled(t, store, in))
	p := practice(t, store, "P1")
	require.Equal(t, 8, p.Account.In(account.Waiting))
	require.Equal(t, 8, p.Account.Untold(""), "a letter with a wrong text told nothing")
	require.True(t, p.Account.ToldOn("").IsZero())
	_, settled := rules.Settled(breach.Obligation{Kind: breach.IndividualNotice}, rules.Progress{Account: p.Account})
	require.False(t, settled, "the duty to individuals is open again")
	require.Empty(t, p.PapersSHA256, "and is approved anew")
	require.Equal(t, []breach.Correction{{Recall: 1, Why: breach.WrongText, Sentence: "The day by which you can enroll was wrong."}}, p.Corrections)
	require.Zero(t, mailRun(t, store, 2, 10).Pieces, "nothing is printed that nobody has approved")

	second := recalled(t, store, in)
	require.True(t, second.AlreadyDone)
	require.Equal(t, 2, second.List, "so that whoever has not heard of it can be told")
	_, err := store.Recall(t.Context(), incidentID, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches = []string{batch1} }))
	refused(t, err, "already_recalled")

	again(t, store, "corrected")
	require.Equal(t, 8, mailRun(t, store, 2, 10).Pieces)
	corrects := pieces(t, store, 2)
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		require.Equal(t, &breach.Correction{Recall: 1, Why: breach.WrongText, Sentence: "The day by which you can enroll was wrong.", MailedOn: today}, corrects[key], key)
	}
	for _, key := range []string{"f", "g", "h"} {
		require.Nil(t, corrects[key], "who got nothing is explained nothing")
	}

	there, err := store.Batches(t.Context(), incidentID, "")
	require.NoError(t, err)
	require.False(t, there[0].Withdrawn, "it was mailed")
	require.True(t, there[1].Withdrawn)
	hand := func(batch string) error {
		return store.HandOver(t.Context(), casebook.Act{IncidentID: incidentID, Kind: casebook.ActHandOver, Who: "Robin Officer", At: noon, HandOver: &casebook.HandOverTerms{
			To: "the mail house", Batch: batch, Files: []casebook.HandedFile{{File: casebook.File{Path: "letters.pdf", SHA256: "x"}, Plain: batch + ".pdf"}},
		}})
	}
	require.NoError(t, hand(batch1))
	refused(t, hand(batch2), "recalled")
	sound(t, store)
}

// sound checks that everybody's record, the account and the letters fit together.
func sound(t *testing.T, store *postgres.Store) {
	t.Helper()
	wrong, err := store.CheckPeople(t.Context(), incidentID)
	require.NoError(t, err)
	require.Zero(t, wrong)
}

// TestWhoWasToldStaysTold: where the wrong letter told its readers all the same, the day
// of telling is the first letter's, whenever the corrected one is mailed.
func TestWhoWasToldStaysTold(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(3)...)
	first := today.AddDays(-2)
	mailBatch(t, store, first, batch1)
	recalled(t, store, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches, in.Told = []string{batch1}, true }))
	told := func() {
		p := practice(t, store, "P1")
		require.Zero(t, p.Account.Untold(""))
		require.Equal(t, first, p.Account.ToldOn(""))
		require.True(t, p.Account.AnyLetter(), "letters went out as for a breach")
		how, settled := rules.Settled(breach.Obligation{Kind: breach.IndividualNotice}, rules.Progress{Account: p.Account})
		require.True(t, settled)
		require.Equal(t, first, how.On)
	}
	told()
	require.Equal(t, 3, practice(t, store, "P1").Account.In(account.Waiting), "and another letter is owed")
	again(t, store, "corrected")
	require.Equal(t, 3, mailRun(t, store, 2, 10).Pieces)
	told()
	finish(t, store, 2, 1)
	told()
	mailBatch(t, store, today, casebook.BatchName(2, 1))
	told()
	require.Equal(t, 3, practice(t, store, "P1").Account.In(account.Mailed))
	// The first mailing was recorded with a wrong day.
	first = today.AddDays(-1)
	mailBatch(t, store, first, batch1)
	told()
	// The corrected letter is wrong as well, and told nobody anything.
	recalled(t, store, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches = []string{casebook.BatchName(2, 1)} }))
	told()
}

// TestALetterToAWrongAddressWaitsForAnother: it told nobody, goes nowhere until a list has
// another address, and then explains itself.
func TestALetterToAWrongAddressWaitsForAnother(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	people := someone(3)
	mailed(t, store, people...)
	mailBatch(t, store, today, batch1)
	_, err := store.Recall(t.Context(), incidentID, wrong(breach.WrongAddress, func(in *postgres.RecallInput) { in.Pieces, in.Told = []string{"R001-000002"}, true }))
	refused(t, err, "not_told")
	_, err = store.Recall(t.Context(), incidentID, wrong(breach.WrongAddress, func(in *postgres.RecallInput) { in.Pieces = []string{"R001-000009"} }))
	refused(t, err, "unknown_letter")
	_, err = store.Recall(t.Context(), incidentID, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches = []string{batch2} }))
	refused(t, err, "unknown_batch")

	require.Equal(t, 1, recalled(t, store, wrong(breach.WrongAddress, func(in *postgres.RecallInput) { in.Pieces = []string{"R001-000002"} })).Mailed)
	p := practice(t, store, "P1")
	require.Equal(t, 1, p.Account.Untold(""))
	require.Equal(t, 2, p.Account.In(account.Mailed))
	held, err := store.HeldLetters(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, []casebook.HeldLetter{{PracticeKey: "P1", PersonKey: "b", Why: string(breach.HeldWrongAddress), Batch: batch1}}, held)
	sound(t, store)
	again(t, store, "corrected")
	require.Zero(t, mailRun(t, store, 2, 10).Pieces, "not to the same address once more")
	result, err := store.Reprint(t.Context(), incidentID, "x", "Robin Officer", noon)
	require.NoError(t, err)
	require.Zero(t, result.Letters, "no mend of printing makes the address right")

	_, err = store.LoadList(t.Context(), incidentID, postgres.ListInput{
		SHA256: "better", By: "Robin Officer", At: noon, Findings: stream(with(people[1], func(p *breach.Person) { p.Address1 = "2 Right Street" })),
	})
	require.NoError(t, err)
	again(t, store, "corrected list")
	require.Equal(t, 1, mailRun(t, store, 2, 10).Pieces)
	require.Equal(t, map[string]*breach.Correction{"b": {Recall: 1, Why: breach.WrongAddress, MailedOn: today}}, pieces(t, store, 2))
	finish(t, store, 2, 1)
	mailBatch(t, store, today, casebook.BatchName(2, 1))

	// A third letter, for another cause, speaks of no recall: the second one was right.
	_, err = store.LoadList(t.Context(), incidentID, postgres.ListInput{
		SHA256: "moved", By: "Robin Officer", At: noon, Findings: stream(with(people[1], func(p *breach.Person) { p.Address1 = "3 New Street" })),
	})
	require.NoError(t, err)
	again(t, store, "moved")
	require.Equal(t, 1, mailRun(t, store, 3, 10).Pieces)
	require.Equal(t, map[string]*breach.Correction{"b": nil}, pieces(t, store, 3))
}

// TestWhoGotAWrongLetterIsListed, also who is on no list any more.
func TestWhoGotAWrongLetterIsListed(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(3)...)
	mailBatch(t, store, today, batch1)
	_, err := store.LoadList(t.Context(), incidentID, postgres.ListInput{
		SHA256: "less", By: "Robin Officer", At: noon, Findings: stream(), Removals: []breach.Removal{{PracticeKey: "P1", PersonKey: "c", Why: "another's patient", Row: 2}},
	})
	require.NoError(t, err)
	recalled(t, store, wrong(breach.WrongList, func(in *postgres.RecallInput) { in.Batches = []string{batch1} }))
	var list []casebook.RecalledLetter
	require.NoError(t, store.RecalledLetters(t.Context(), incidentID, 1, func(l casebook.RecalledLetter) error {
		list = append(list, l)
		return nil
	}))
	row := casebook.RecalledLetter{PieceID: "R001-000001", Batch: batch1, PracticeKey: "P1", PersonKey: "a", MailedOn: today, State: account.Waiting, Owed: true}
	second, gone := row, row
	second.PieceID, second.PersonKey = "R001-000002", "b"
	gone.PieceID, gone.PersonKey, gone.State, gone.Owed = "R001-000003", "c", "", false
	require.Equal(t, []casebook.RecalledLetter{row, second, gone}, list)

	// Who leaves after the recall had a letter all the same, and the account says so.
	_, err = store.LoadList(t.Context(), incidentID, postgres.ListInput{
		SHA256: "lesser", By: "Robin Officer", At: noon, Findings: stream(), Removals: []breach.Removal{{PracticeKey: "P1", PersonKey: "b", Why: "another's patient", Row: 2}},
	})
	require.NoError(t, err)
	require.Equal(t, 2, practice(t, store, "P1").Account.Sum(func(l account.Line) bool { return l.State == account.Left && l.Why == account.LeftTold }))
}

// TestWhetherItWasADisclosureIsAsked until somebody answers, also of a closed incident.
func TestWhetherItWasADisclosureIsAsked(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	mailed(t, store, someone(7)...)
	mailBatch(t, store, today, batch1)
	recalled(t, store, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches = []string{batch1} }))
	recalled(t, store, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches = []string{batch2} }))
	asks := func(want ...bool) {
		status, err := store.Status(t.Context(), incidentID, noon, today)
		require.NoError(t, err)
		var have []bool
		for _, r := range status.Recalls {
			have = append(have, r.Asks())
		}
		require.Equal(t, want, have)
	}
	asks(true, false) // nobody got the second batch
	answer := func(number int, disclosure, reason string) error {
		_, err := store.AnswerRecall(t.Context(), incidentID, casebook.RecallTerms{Number: number, Disclosure: disclosure, Reason: reason}, "Robin Officer", noon)
		return err
	}
	refused(t, answer(3, casebook.DisclosureNo, "x"), "unknown_recall")
	refused(t, answer(2, casebook.DisclosureNo, "x"), "nobody_got_it")
	require.NoError(t, answer(1, casebook.DisclosureNo, "Only the date was wrong."))
	require.NoError(t, answer(1, casebook.DisclosureNo, "Only the date was wrong."), "the same again")
	asks(false, false)
	require.NoError(t, answer(1, casebook.DisclosureYes, "Two letters lay in one envelope."))
	all, err := store.Recalls(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, casebook.DisclosureYes, all[0].Disclosure)
	require.Equal(t, "Two letters lay in one envelope.", all[0].DisclosureReason)
	acts, err := store.Acts(t.Context(), incidentID, "")
	require.NoError(t, err)
	answers := 0
	for _, a := range acts {
		if a.Recall != nil && a.Recall.Disclosure != "" {
			answers++
		}
	}
	require.Equal(t, 2, answers, "each answer once, and none is forgotten")
}

// TestWhatWasWithdrawnAndMailedAfterAll: the letters after it speak of it, whether it was a
// disclosure is asked, and it tells people where the recall said that the letters did.
func TestWhatWasWithdrawnAndMailedAfterAll(t *testing.T) {
	t.Parallel()
	for _, told := range []bool{false, true} {
		store, _ := open(t)
		mailed(t, store, someone(3)...)
		recalled(t, store, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches, in.Told = []string{batch1}, told }))
		require.Equal(t, 3, practice(t, store, "P1").Account.Untold(""), "nobody got it")
		said := casebook.RecallTerms{Number: 1, Reason: "The mail house had sent them."}
		result, err := store.RecallMailed(t.Context(), incidentID, said, today, "Robin Officer", noon)
		require.NoError(t, err)
		require.Equal(t, postgres.RecallResult{Number: 1, List: 3, Mailed: 3, Practices: []string{"P1"}}, result)
		result, err = store.RecallMailed(t.Context(), incidentID, said, today, "Robin Officer", noon)
		require.NoError(t, err)
		require.Equal(t, postgres.RecallResult{AlreadyDone: true, Number: 1, List: 3, Mailed: 3}, result, "so that whoever has not heard of it can be told")
		_, err = store.RecallMailed(t.Context(), incidentID, said, today.AddDays(-1), "Robin Officer", noon)
		refused(t, err, "nothing_withdrawn")
		said.Number = 2
		_, err = store.RecallMailed(t.Context(), incidentID, said, today, "Robin Officer", noon)
		refused(t, err, "unknown_recall")

		p := practice(t, store, "P1")
		if told {
			require.Zero(t, p.Account.Untold(""))
			require.Equal(t, today, p.Account.ToldOn(""))
		} else {
			require.Equal(t, 3, p.Account.Untold(""))
		}
		status, err := store.Status(t.Context(), incidentID, noon, today)
		require.NoError(t, err)
		require.True(t, status.Recalls[0].Asks())
		there, err := store.Batches(t.Context(), incidentID, "")
		require.NoError(t, err)
		require.Equal(t, today, there[0].MailedOn)
		again(t, store, "corrected")
		require.Equal(t, 3, mailRun(t, store, 2, 10).Pieces)
		for key, corrects := range pieces(t, store, 2) {
			require.Equal(t, &breach.Correction{Recall: 1, Why: breach.WrongText, MailedOn: today}, corrects, key)
		}
		sound(t, store)
	}
}

// TestARecallStopsWhatIsNotPrintedYet: what is wrong with a batch is wrong with the others
// of its run.
func TestARecallStopsWhatIsNotPrintedYet(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), someone(8)...))
	approved(t, store, "P1")
	require.Equal(t, 8, mailRun(t, store, 1, 5).Pieces)
	finish(t, store, 1, 1)
	result := recalled(t, store, wrong(breach.WrongText, func(in *postgres.RecallInput) { in.Batches = []string{batch1} }))
	require.Equal(t, 5, result.Withdrawn)
	require.Equal(t, 3, result.Unprinted)
	require.Equal(t, 8, practice(t, store, "P1").Account.In(account.Waiting))
	withdrawn, err := store.WithdrawnBatches(t.Context(), incidentID, 1)
	require.NoError(t, err)
	require.Equal(t, []int{2}, withdrawn)
	refused(t, store.SaveBatch(t.Context(), incidentID, 1, casebook.Batch{Name: batch2, Number: 2, Pieces: 3, PrintedAt: noon}), "batch_withdrawn")
	printing, err := store.Printing(t.Context(), incidentID)
	require.NoError(t, err)
	require.False(t, printing)
}

// TestAListIsTakenWhilePrintingPauses: whoever has to correct what stopped printing can do
// so, and the letters that were not printed are planned anew after it.
func TestAListIsTakenWhilePrintingPauses(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	i := incident()
	i.PrintRun.Halt = breach.HaltLine{FailedChecks: 2}
	people := someone(8)
	loaded(t, store, caseOf(i, practices("P1"), people...))
	approved(t, store, "P1")
	require.Equal(t, 8, mailRun(t, store, 1, 5).Pieces)
	list := postgres.ListInput{SHA256: "better", By: "Robin Officer", At: noon, Findings: stream(with(people[7], func(p *breach.Person) { p.FirstName = "Bea" }))}
	_, err := store.LoadList(t.Context(), incidentID, list)
	refused(t, err, "mail_run_open")
	require.NoError(t, store.SaveBatch(t.Context(), incidentID, 1, casebook.Batch{
		Name: batch1, Number: 1, Pieces: 3, PrintedAt: noon, PDFSHA256: "pdf", CSVSHA256: "csv",
		Held: []casebook.HeldPiece{{PieceID: "R001-000001", Reason: breach.HeldMisread}, {PieceID: "R001-000003", Reason: breach.HeldMisread}},
	}))
	require.NotEmpty(t, halted(t, store))

	dry := list
	dry.DryRun = true
	_, err = store.LoadList(t.Context(), incidentID, dry)
	require.NoError(t, err)
	printing, err := store.Printing(t.Context(), incidentID)
	require.NoError(t, err)
	require.True(t, printing, "a dry run takes nothing back")

	_, err = store.LoadList(t.Context(), incidentID, list)
	require.NoError(t, err)
	p := practice(t, store, "P1")
	require.Equal(t, 3, p.Account.In(account.Waiting))
	require.Zero(t, p.Account.In(account.Printing))
	sound(t, store)

	// The two that were misread can be printed again, and the line begins anew for them.
	result, err := store.Reprint(t.Context(), incidentID, "The font is mended.", "Robin Officer", noon)
	require.NoError(t, err)
	require.Equal(t, postgres.ReprintResult{List: 3, Letters: 2, Practices: []string{"P1"}}, result)
	require.Empty(t, halted(t, store))
	result, err = store.Reprint(t.Context(), incidentID, "The font is mended.", "Robin Officer", noon)
	require.NoError(t, err)
	require.Equal(t, postgres.ReprintResult{List: 3}, result, "nothing is left, and who has not heard of the first can be told")

	again(t, store, "anew")
	require.Equal(t, 5, mailRun(t, store, 2, 5).Pieces)
	require.Len(t, pieces(t, store, 2), 5)
	sound(t, store)
	require.NoError(t, store.SaveBatch(t.Context(), incidentID, 2, casebook.Batch{
		Name: casebook.BatchName(2, 1), Number: 1, Pieces: 3, PrintedAt: noon,
		Held: []casebook.HeldPiece{{PieceID: "R002-000001", Reason: breach.HeldMisread}, {PieceID: "R002-000003", Reason: breach.HeldMisread}},
	}))
	require.NotEmpty(t, halted(t, store), "as many again pause it again")
}
