package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/activities"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

func mailRun(t testing.TB, store *postgres.Store, number, batchSize int) casebook.MailRun {
	t.Helper()
	run, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: number, MailOn: today}, batchSize)
	require.NoError(t, err)
	return run
}

func finish(t testing.TB, store *postgres.Store, run, batch int, unprintable ...string) {
	t.Helper()
	var held []casebook.HeldPiece
	for _, id := range unprintable {
		held = append(held, casebook.HeldPiece{PieceID: id, Reason: breach.HeldScript})
	}
	name := casebook.BatchName(run, batch)
	require.NoError(t, store.IntendBatch(t.Context(), incidentID, run, name), "as the activity does")
	require.NoError(t, store.SaveBatch(t.Context(), incidentID, run, casebook.Batch{
		Name: name, Number: batch, Pieces: 1, Pages: 2, PDFSHA256: name + ".pdf", CSVSHA256: name + ".csv", Seconds: 0.5, Held: held,
	}))
}

// envelopes says of each letter: to whom, from which practices.
func envelopes(list []casebook.Letter) []string {
	var lines []string
	for _, l := range list {
		line := l.Person.ZIP + " " + l.Person.Key + ":"
		for _, p := range l.Practices {
			line += " " + p.Key
		}
		lines = append(lines, line)
	}
	return lines
}

// TestLettersAreJoinedAndInZIPOrder, whichever of ZIP and ZIP+4 a practice has,
// and apart where a row may not share a letter.
func TestLettersAreJoinedAndInZIPOrder(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	zip := func(p breach.Person, zip string) breach.Person { p.ZIP = zip; return p }
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"),
		zip(person("P1", "late"), "99501"),
		zip(person("P1", "plus4"), "23220-1000"),
		zip(person("P1", "early"), "00601"),
		with(zip(person("P3", "both"), "23220-0500"), func(p *breach.Person) { p.DataClasses = []breach.DataClass{"ssn"} }),
		with(zip(person("P2", "both"), "23220"), func(p *breach.Person) { p.Address1 = "1 EXAMPLE STREET." }),
		zip(person("P1", "moved"), "23221"), zip(person("P2", "moved"), "10001"),
		with(person("P1", "confidential"), func(p *breach.Person) { p.ConfidentialAddress = breach.Yes }),
		person("P2", "confidential"), person("P3", "confidential"),
		with(person("P2", "abroad"), func(p *breach.Person) { p.Country, p.State, p.ZIP = "GB", "", "00001" }),
		with(person("P1", "nowhere"), func(p *breach.Person) { p.City = "" }),
		with(person("P1", "long dead"), func(p *breach.Person) { p.DeceasedDate = day("1960-01-01") }),
	))
	approved(t, store, "P1", "P2", "P3")
	run := mailRun(t, store, 1, 4)
	require.Equal(t, casebook.MailRun{IncidentID: incidentID, Number: 1, MailOn: today, Batches: 3, Pieces: 9, Residents: map[string]int{}}, run)
	require.Equal(t, run, mailRun(t, store, 1, 4000), "a run that exists stays as it is")
	again, err := store.MailRun(t.Context(), incidentID, 1)
	require.NoError(t, err)
	require.Equal(t, run, again)

	first, second, third := letters(t, store, 1, 1), letters(t, store, 1, 2), letters(t, store, 1, 3)
	require.Equal(t, []string{
		"00601 early: P1", "10001 moved: P2", "23220 both: P2 P3", "23220 confidential: P2 P3",
	}, envelopes(first))
	require.Equal(t, []string{"23220 confidential: P1", "23220-1000 plus4: P1", "23221 moved: P1", "99501 late: P1"}, envelopes(second))
	require.Equal(t, []string{"00001 abroad: P2"}, envelopes(third))
	require.Empty(t, letters(t, store, 1, 4))

	joined := first[2]
	require.Equal(t, "R001-000003", joined.PieceID)
	require.Equal(t, "1 EXAMPLE STREET.", joined.Person.Address1, "as the first practice in key order has it")
	require.Equal(t, "P2", joined.Person.PracticeKey)
	require.Equal(t, []breach.DataClass{"name", "ssn", "diagnosis"}, joined.Classes)
	require.Equal(t, "R001-000009", third[0].PieceID)

	keys, err := store.MailRunPractices(t.Context(), incidentID, 1, "P1", 1)
	require.NoError(t, err)
	require.Equal(t, []string{"P2"}, keys)
}

// TestTwoPeopleAtOneAddressGetTwoLetters, also where their names are the same: what one of
// them is told is nothing that the other may read.
func TestTwoPeopleAtOneAddressGetTwoLetters(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	named := func(practice, key, first string) breach.Person {
		return with(person(practice, key), func(p *breach.Person) { p.FirstName, p.LastName = first, "Example" })
	}
	loaded(t, store, caseOf(incident(), practices("P1", "P2"),
		named("P1", "wife", "Ada"), named("P2", "wife", "Ada"), named("P1", "husband", "Ben"),
		named("P1", "father", "Cal"), named("P2", "son", "Cal"),
	))
	approved(t, store, "P1", "P2")
	require.Equal(t, 4, mailRun(t, store, 1, 10).Pieces)
	list := letters(t, store, 1, 1)
	require.ElementsMatch(t, []string{"23220 wife: P1 P2", "23220 husband: P1", "23220 father: P1", "23220 son: P2"}, envelopes(list))
}

// TestOneLetterIsForAllThatDelegated: a patient of four practices gets one letter for those
// whose letters are ours, which names no other, and the record says of each other who owes
// the patient theirs.
func TestOneLetterIsForAllThatDelegated(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3", "P4")
	list[1].Delegation, list[2].Delegation, list[3].Delegation = breach.DelegateLetters, breach.DelegateNone, ""
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P2", "a"), person("P3", "a"), person("P4", "a")))
	approved(t, store, "P1", "P2", "P3", "P4")
	require.Equal(t, 1, mailRun(t, store, 1, 10).Pieces)
	require.Equal(t, []string{"23220 a: P1 P2"}, envelopes(letters(t, store, 1, 1)))
	finish(t, store, 1, 1)
	mailBatch(t, store, today, casebook.BatchName(1, 1))
	i, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	for key, want := range map[string]struct {
		state account.State
		by    string
	}{
		"P1": {account.Mailed, breach.ByUs}, "P2": {account.Mailed, breach.ByUs},
		"P3": {account.PracticeTells, breach.ByPractice}, "P4": {account.PracticeTells, breach.Undecided},
	} {
		p := practice(t, store, key)
		require.Equal(t, 1, p.Account.In(want.state), key)
		require.Equal(t, want.state == account.PracticeTells, p.Account.Untold("") == 1, "%s: its letter is owed still, and not by another's", key)
		decided, err := activities.DecideUnder(t.Context(), &activities.Activities{Store: store}, rulebooks.Kept().Newest(), i, key)
		require.NoError(t, err)
		at := slices.IndexFunc(decided.Obligations, func(o breach.Obligation) bool { return o.Kind == breach.IndividualNotice })
		require.GreaterOrEqual(t, at, 0, key)
		duty := decided.Obligations[at]
		require.Equal(t, want.by, duty.CarriedOutBy(i.Incident.Entity.Delegated(p.Practice)), key)
		_, settled := rules.Settled(duty, rules.Progress{Facts: p.Facts, Account: p.Account})
		require.Equal(t, want.state == account.Mailed, settled, key)
	}
}

// TestOnlyApprovedAndDelegatedLettersArePlanned, and each finding once.
func TestOnlyApprovedAndDelegatedLettersArePlanned(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3", "P4", "P5", "P6")
	list[1].Delegation, list[2].Delegation, list[3].Delegation = breach.DelegateNone, "", breach.DelegateLetters
	var rows []breach.Person
	for _, p := range list {
		rows = append(rows, person(p.Key, "a"))
	}
	loaded(t, store, caseOf(incident(), list, rows...))
	require.Zero(t, mailRun(t, store, 1, 10).Pieces, "nobody approved anything")
	_, err := store.MailRun(t.Context(), incidentID, 1)
	refused(t, err, "unknown_mail_run")

	approved(t, store, "P1", "P2", "P3", "P4")
	prepare(t, store, "P5", "five")
	approve(t, store, "P5", "five", "Robin Officer", "ROBIN officer")
	approved(t, store, "P6")
	prepare(t, store, "P6", "changed since")
	run := mailRun(t, store, 1, 10)
	require.Equal(t, 1, run.Pieces)
	require.Equal(t, []string{"23220 a: P1 P4"}, envelopes(letters(t, store, 1, 1)))
	require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Printing))
	require.Zero(t, practice(t, store, "P1").Account.In(account.Waiting))
	require.Equal(t, 1, practice(t, store, "P5").Account.In(account.Waiting))

	approve(t, store, "P5", "five", "Sam Second")
	require.Equal(t, 1, mailRun(t, store, 2, 10).Pieces)
	second := letters(t, store, 2, 1)
	require.Equal(t, []string{"23220 a: P5"}, envelopes(second), "joined within one run only")
	require.Equal(t, []int{1, 2}, []int{letters(t, store, 1, 1)[0].Serial, second[0].Serial}, "no two letters of an incident have one serial number")
	require.Zero(t, mailRun(t, store, 3, 10).Pieces, "nothing is printed twice")

	_, err = store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: "NONE", Number: 1}, 10)
	refused(t, err, "unknown_incident")
	_, err = store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 4}, 0)
	require.Error(t, err, "no letter goes out without an approval")
}

// TestACoveredEntityDelegatesToNobody: its letters are its own.
func TestACoveredEntityDelegatesToNobody(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	i := incident()
	i.Entity.Role = breach.CoveredEntity
	list := practices("P1")
	list[0].Delegation = ""
	loaded(t, store, caseOf(i, list, person("P1", "a")))
	require.Equal(t, 1, counts(t, store).NotYetApproved)
	approved(t, store, "P1")
	require.Equal(t, 1, mailRun(t, store, 1, 10).Pieces)
}

func TestTwoPlannersMakeOneRun(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	var rows []breach.Person
	for i := range 100 {
		rows = append(rows, person("P1", fmt.Sprint("k", i)))
	}
	loaded(t, store, caseOf(incident(), practices("P1"), rows...))
	approved(t, store, "P1")
	var runs [4]casebook.MailRun
	var all errgroup.Group
	for i := range runs {
		all.Go(func() (err error) {
			runs[i], err = store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1, MailOn: today}, 7)
			return err
		})
	}
	require.NoError(t, all.Wait())
	require.Equal(t, []int{100, 100, 100, 100}, []int{runs[0].Pieces, runs[1].Pieces, runs[2].Pieces, runs[3].Pieces})
	_, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 3, MailOn: today}, 7)
	refused(t, err, "unknown_run")
	require.Zero(t, mailRun(t, store, 2, 7).Pieces)
}

func TestABatchIsSavedOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a"), person("P1", "b"), person("P1", "c")))
	approved(t, store, "P1")
	mailRun(t, store, 1, 2)
	ctx := t.Context()
	done, err := store.FinishedBatches(ctx, incidentID, 1)
	require.NoError(t, err)
	require.Empty(t, done)
	for range 2 {
		finish(t, store, 1, 2, "R001-000003")
	}
	done, err = store.FinishedBatches(ctx, incidentID, 1)
	require.NoError(t, err)
	require.Equal(t, map[int]bool{2: true}, done)
	require.Equal(t, 1, counts(t, store).Held)

	refused(t, store.SaveBatch(ctx, incidentID, 1, casebook.Batch{Number: 2, PDFSHA256: "other"}), "batch_differs")
	refused(t, store.SaveBatch(ctx, incidentID, 7, casebook.Batch{Number: 1}), "unknown_mail_run")
	for _, wrong := range []casebook.Batch{
		{Number: 0}, {Number: 3}, {Number: 1, Held: []casebook.HeldPiece{{PieceID: "R001-000003"}}},
		{Number: 1, Held: []casebook.HeldPiece{{PieceID: "R002-000001"}}}, {Number: 1, Held: []casebook.HeldPiece{{PieceID: "R001-1"}}},
	} {
		require.Error(t, store.SaveBatch(ctx, incidentID, 1, wrong))
	}
	require.Equal(t, 1, counts(t, store).Batches)
}

// TestManyLettersAgainstAPlainRecount joins and sorts random people in Go.
func TestManyLettersAgainstAPlainRecount(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	keys := []string{"P1", "P2", "P3", "P4"}
	rows := randomPeople(random, keys, 3000)
	for i := range rows {
		rows[i].ZIP = fmt.Sprintf("%05d", random.IntN(40)+20001)
	}
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices(keys...), rows...))
	approved(t, store, keys...)
	want := map[string][]string{}
	for _, p := range rows {
		if p.ProtectedOn(discovered) && p.HasUsableAddress() {
			key, joinable := p.MailKey()
			if !joinable {
				key = p.PracticeKey
			}
			key = p.Key + "\n" + key
			want[key] = append(want[key], p.PracticeKey)
		}
	}
	run := mailRun(t, store, 1, 100)
	require.Equal(t, len(want), run.Pieces)
	var list []casebook.Letter
	for batch := range run.Batches {
		part := letters(t, store, 1, batch+1)
		if batch+1 < run.Batches {
			require.Len(t, part, 100)
		}
		list = append(list, part...)
	}
	require.Len(t, list, run.Pieces)
	require.True(t, slices.IsSortedFunc(list, func(a, b casebook.Letter) int { return zipNumber(a) - zipNumber(b) }))
	for _, l := range list {
		key, _ := l.Person.MailKey()
		practices := want[l.Person.Key+"\n"+key]
		slices.Sort(practices)
		var got []string
		for _, p := range l.Practices {
			got = append(got, p.Key)
		}
		require.Equal(t, practices, got)
		delete(want, l.Person.Key+"\n"+key)
	}
	require.Empty(t, want, "each piece once")
}

func zipNumber(l casebook.Letter) (n int) {
	if !l.Person.InUnitedStates() {
		return 1_000_000_000
	}
	_, _ = fmt.Sscan(l.Person.ZIP, &n)
	return n
}

// TestAMailRunCountsResidentsOnce counts a person of two practices once, leaves
// other States out, and gives a run its number for good.
func TestAMailRunCountsResidentsOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	of := func(p breach.Person, state string) breach.Person { p.State = state; return p }
	loaded(t, store, caseOf(incident(), practices("P1", "P2"),
		of(person("P1", "both"), "RI"), of(person("P2", "both"), "RI"), of(person("P1", "one"), "RI"),
		of(person("P1", "elsewhere"), "VA"),
		with(of(person("P1", "long-dead"), "RI"), func(p *breach.Person) { p.DeceasedDate = today.AddYears(-60) }),
	))
	approved(t, store, "P1", "P2")
	asked := casebook.MailRun{IncidentID: incidentID, Number: 1, MailOn: today, Residents: map[string]int{"RI": 0}}
	run, err := store.PlanMailRun(t.Context(), asked, 10)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"RI": 2}, run.Residents)
	again, err := store.PlanMailRun(t.Context(), asked, 10)
	require.NoError(t, err)
	require.Equal(t, run, again)
	kept, err := store.MailRun(t.Context(), incidentID, 1)
	require.NoError(t, err)
	require.Equal(t, run, kept)
}
