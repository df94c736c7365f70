package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/postgres"
)

func amendment(sha string, rows ...breach.Person) postgres.ListInput {
	return postgres.ListInput{SHA256: sha, By: "Robin Officer", At: noon, Seconds: 0.25, Findings: stream(rows...)}
}

func amended(t *testing.T, store *postgres.Store, in postgres.ListInput) postgres.ListResult {
	t.Helper()
	result, err := store.LoadList(t.Context(), incidentID, in)
	require.NoError(t, err)
	return result
}

// Papers take a while to make, and a list may come meanwhile. Noted with the
// approvals they had before, they would let the new list's letters be printed
// without anybody having looked.
func TestPapersOfThePeopleBeforeAListAreNotNoted(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	approved(t, store, "P1")
	before := practice(t, store, "P1")
	moved := with(person("P1", "a"), func(p *breach.Person) { p.Address1 = "9 New Street" })
	amended(t, store, amendment("list-2", moved))

	late := papersOf(before, before.PapersSHA256)
	require.NoError(t, store.SavePapers(t.Context(), incidentID, "P1", late))
	now := practice(t, store, "P1")
	require.Empty(t, now.PapersSHA256)
	require.Empty(t, now.Approvals)
	require.NoError(t, store.SavePapers(t.Context(), incidentID, "P1", papersOf(now, "papers of list 2")))
	require.Equal(t, "papers of list 2", practice(t, store, "P1").PapersSHA256)
	run, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1}, 100)
	require.NoError(t, err)
	require.Zero(t, run.Pieces)
}

func TestAFurtherListAddsAndReplacesPeople(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	old := []breach.Person{person("P1", "a"), person("P1", "b"), person("P2", "a"), person("P3", "c")}
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), old...))
	approved(t, store, "P1", "P3")
	_, _, err := store.ClosePractice(ctx, incidentID, "P2", practice(t, store, "P2").Changes, today, "done")
	require.NoError(t, err)
	require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentClosed, today))
	before := map[string]casebook.Practice{"P1": practice(t, store, "P1"), "P3": practice(t, store, "P3")}

	replaced := with(old[1], func(p *breach.Person) { p.DataClasses, p.Phone = []breach.DataClass{"ssn"}, "804-555-0100" })
	list := amendment("list-2", old[0], replaced, person("P2", "new"), old[3])
	want := postgres.ListResult{
		Number: 2, Added: 1, Changed: 1, Unchanged: 2, Practices: []string{"P1", "P2"},
		Lines: []postgres.ListLine{{PracticeKey: "P1", State: "VA", Changed: 1, Kinds: 1}, {PracticeKey: "P2", State: "VA", Added: 1}},
	}

	trial := list
	trial.DryRun = true
	require.Equal(t, want, amended(t, store, trial))
	require.Equal(t, before["P1"], practice(t, store, "P1"), "a dry run changes nothing")

	require.Equal(t, want, amended(t, store, list))
	want.AlreadyLoaded, want.Lines = true, nil
	list.Findings = nil // is not read again
	require.Equal(t, want, amended(t, store, list))

	require.Equal(t, []breach.Person{old[0], replaced}, people(t, store, "P1"))
	require.Equal(t, []breach.Person{old[2], person("P2", "new")}, people(t, store, "P2"))
	p1, p2 := practice(t, store, "P1"), practice(t, store, "P2")
	require.Empty(t, p1.PapersSHA256)
	require.Equal(t, before["P1"].PacketSHA256, p1.PacketSHA256, "its folder is still made from the old ones")
	require.Empty(t, p1.Approvals)
	require.NotEqual(t, before["P1"].ListSHA256, p1.ListSHA256)
	require.Equal(t, 2, p1.ListNumber)
	require.Equal(t, tallyOf(people(t, store, "P1")), p1.Tally)
	require.Equal(t, before["P3"], practice(t, store, "P3"), "nothing of it changed")
	require.Equal(t, casebook.PhaseStarting, p2.Phase, "open again")
	require.Zero(t, p2.ClosedOn)
	i, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, casebook.IncidentRunning, i.Phase)
	require.Equal(t, []int{4, 5}, []int{i.People, i.Findings})

	acts, err := store.Acts(ctx, incidentID, "P2")
	require.NoError(t, err)
	require.Equal(t, casebook.ActAmend, acts[len(acts)-1].Kind)
	require.Equal(t, "Robin Officer", acts[len(acts)-1].Who)

	same := amendment("list-3", old[0])
	require.Equal(t, postgres.ListResult{Number: 3, Unchanged: 1}, amended(t, store, same))
	require.Equal(t, p1, practice(t, store, "P1"))
}

// TestTheSamePlanIsSavedAgainAfterAList: a list that leaves every duty as it
// was still puts the practice back to the start.
func TestTheSamePlanIsSavedAgainAfterAList(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	standing := casebook.Standing{Phase: casebook.PhaseOpen}
	save(t, store, planOf(), standing)
	_, _, err := store.ClosePractice(t.Context(), incidentID, "P1", practice(t, store, "P1").Changes, today, "done")
	require.NoError(t, err)
	amended(t, store, amendment("list-2", person("P1", "b")))
	save(t, store, planOf(), standing)
	require.Equal(t, casebook.PhaseOpen, practice(t, store, "P1").Phase)
}

func TestAListThatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	before := practice(t, store, "P1")
	tables := leftovers(t, url)
	_, err := store.LoadList(t.Context(), incidentID, amendment("list-2", person("P1", "b"), person("P9", "b")))
	refused(t, err, "unknown_practice")
	_, err = store.LoadList(t.Context(), incidentID, amendment("list-2", person("P1", "b"), person("P1", "b")))
	refused(t, err, "duplicate_person")
	broken := errors.New("cannot be read")
	in := amendment("list-2")
	in.Findings = func(context.Context, func(int, *breach.Person) error) error { return broken }
	_, err = store.LoadList(t.Context(), incidentID, in)
	require.Equal(t, broken, err)
	_, err = store.LoadList(t.Context(), "NONE", amendment("list-2"))
	refused(t, err, "unknown_incident")
	require.Equal(t, before, practice(t, store, "P1"))
	require.Equal(t, tables, leftovers(t, url))
}

// TestAmendedPracticesCountAsIfLoadedAtOnce: two lists in turn or one with the
// same people come to the same tallies, groups and hashes.
func TestAmendedPracticesCountAsIfLoadedAtOnce(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	keys := []string{"P1", "P2", "P3"}
	list := practices(keys...)
	list[0].CountingEntity, list[2].CountingEntity = "ACE", "ACE"
	rows := randomPeople(random, keys, 1500)
	first := slices.Clone(rows[:len(rows)*2/3])
	for i := range first {
		if random.IntN(3) == 0 {
			first[i].LastName, first[i].State, first[i].DeceasedDate = "Earlier", "WV", civil.Date{}
		}
	}
	store, _ := open(t, sameKey())
	loaded(t, store, caseOf(incident(), list, first...))
	result := amended(t, store, amendment("list-2", rows...))
	require.Equal(t, len(rows)-len(first), result.Added)
	require.NotZero(t, result.Changed)
	require.NotZero(t, result.Unchanged)
	whole, _ := open(t, sameKey())
	loaded(t, whole, caseOf(incident(), list, rows...))

	tallier := plan.NewTallier(incident(), list, discovered)
	for _, p := range rows {
		require.NoError(t, tallier.Add(&p))
	}
	for _, key := range keys {
		a, b := practice(t, store, key), practice(t, whole, key)
		require.Equal(t, tallier.Practice(key), a.Tally)
		require.Equal(t, tallier.Groups()[a.Practice.CountedAs()], a.Group)
		a.ListNumber, a.Changes = b.ListNumber, b.Changes
		require.Equal(t, b, a)
	}
}

// TestAFurtherListTakesPeopleOut: before their letters are printed there are
// none, afterwards those stand and are named, and who comes back gets another.
func TestAFurtherListTakesPeopleOut(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	list := practices("P1", "P2", "P3")
	list[0].CountingEntity, list[1].CountingEntity = "ACE", "ACE"
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P1", "b"), person("P1", "c"), person("P2", "b"), person("P2", "d"), person("P3", "e")))
	takesOut := func(sha string, pairs ...string) postgres.ListInput {
		in := amendment(sha)
		for i := 0; i < len(pairs); i += 2 {
			in.Removals = append(in.Removals, breach.Removal{Row: i/2 + 2, PracticeKey: pairs[i], PersonKey: pairs[i+1], Why: "mistaken for another"})
		}
		return in
	}
	for code, in := range map[string]postgres.ListInput{
		"nobody_to_remove": takesOut("list-2", "P1", "a", "P2", "a"),
		"unknown_practice": takesOut("list-2", "P9", "a"),
	} {
		tables := leftovers(t, url)
		_, err := store.LoadList(t.Context(), incidentID, in)
		refused(t, err, code)
		require.Equal(t, tables, leftovers(t, url))
	}

	trial := takesOut("list-2", "P1", "a")
	trial.DryRun = true
	require.Equal(t, postgres.ListResult{Number: 2, Removed: 1, Practices: []string{"P1"}}, amended(t, store, trial))
	require.Equal(t, 3, practice(t, store, "P1").Tally.People)

	require.Equal(t, postgres.ListResult{Number: 2, Removed: 1, Practices: []string{"P1"}}, amended(t, store, takesOut("list-2", "P1", "a")))
	require.Equal(t, []breach.Person{person("P1", "b"), person("P1", "c")}, people(t, store, "P1"))
	p1 := practice(t, store, "P1")
	require.Equal(t, tallyOf(people(t, store, "P1")), p1.Tally)
	require.Equal(t, 3, p1.Group.Tally.People, "b, c and d")

	approved(t, store, "P1", "P2", "P3")
	run := mailRun(t, store, 1, 4000)
	require.Equal(t, 4, run.Pieces, "b once, c, d and e; none for a")
	_, err := store.LoadList(t.Context(), incidentID, takesOut("list-3", "P1", "b"))
	refused(t, err, "mail_run_open")
	finish(t, store, 1, 1)

	// b's letter is P2's too; c's is for nobody any more.
	after := takesOut("list-3", "P1", "b", "P1", "c")
	want := postgres.ListResult{Number: 3, Removed: 2, Letters: []string{"R001-000002"}, Practices: []string{"P1"}}
	require.Equal(t, want, amended(t, store, after))
	want.AlreadyLoaded = true
	require.Equal(t, want, amended(t, store, after))
	p1 = practice(t, store, "P1")
	require.Zero(t, p1.Tally.People)
	require.Equal(t, p1.Account.Total(), p1.Account.In(account.Left), "everybody left")
	c := counts(t, store)
	require.Equal(t, 3, c.Findings)
	require.Equal(t, c.Findings, c.Letters+c.Joined+c.Held+c.Unaddressable+c.NotDelegated+c.NotYetApproved+c.NotProtected, "%+v", c)

	require.Equal(t, 1, amended(t, store, amendment("list-4", person("P1", "c"))).Added)
	require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Waiting))
	keys, err := store.PracticesOfList(t.Context(), incidentID, 4, "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"P1", "P2"}, keys, "with the other of its counting entity")
}

// TestAListThatComesWhileAPracticeCloses keeps it open, and opens the practice
// again under which its counting entity's duties stand.
func TestAListThatComesWhileAPracticeCloses(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3", "P4")
	for i := range 3 {
		list[i].CountingEntity = "ACE"
	}
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P2", "b"), person("P3", "c"), person("P4", "d")))
	for _, key := range []string{"P1", "P3", "P4"} {
		closed, _, err := store.ClosePractice(t.Context(), incidentID, key, practice(t, store, key).Changes, today, "done")
		require.NoError(t, err)
		require.True(t, closed)
	}
	before := practice(t, store, "P2").Changes
	amended(t, store, amendment("list-2", person("P2", "new")))
	closed, open, err := store.ClosePractice(t.Context(), incidentID, "P2", before, today, "done, before the list")
	require.NoError(t, err)
	require.False(t, closed)
	require.Equal(t, 2, open)
	require.Equal(t, casebook.PhaseStarting, practice(t, store, "P1").Phase, "the entity's duties stand there")
	require.Equal(t, 4, practice(t, store, "P1").Group.Tally.People)
	require.Equal(t, casebook.PhaseClosed, practice(t, store, "P3").Phase)
	require.Equal(t, casebook.PhaseClosed, practice(t, store, "P4").Phase)
	keys, err := store.PracticesOfList(t.Context(), incidentID, 2, "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"P1", "P2"}, keys)
	closed, _, err = store.ClosePractice(t.Context(), incidentID, "P2", practice(t, store, "P2").Changes, today, "done, with the list")
	require.NoError(t, err)
	require.True(t, closed)
}

// TestACodeThatIsInALetterIsNobodyElsesForEver: not after its person left the list or got
// another one. A code that stood in no letter yet may be given anew.
func TestACodeThatIsInALetterIsNobodyElsesForEver(t *testing.T) {
	t.Parallel()
	coded := func(key, code string) breach.Person {
		return with(person("P1", key), func(p *breach.Person) { p.EnrollmentCode = code })
	}
	store, _ := open(t)
	mailed(t, store, coded("a", "CODE-A"), coded("b", "CODE-B"))
	gone := amendment("list-2", coded("b", "CODE-C"), coded("e", "CODE-E"))
	gone.Removals = []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: "a", Why: "another person of that name"}}
	amended(t, store, gone)
	for i, code := range []string{"CODE-A", "code-b"} {
		_, err := store.LoadList(t.Context(), incidentID, amendment(fmt.Sprintf("again-%d", i), coded("d", code)))
		refused(t, err, "shared_code")
	}
	amended(t, store, amendment("list-3", coded("a", "CODE-A"), coded("b", "CODE-B"), coded("e", "CODE-F"), coded("f", "CODE-E")))
}

// TestAFurtherListCannotGiveOnePersonsCodeToAnother, whatever the capitals; what
// two people exchange within the list is theirs.
func TestAFurtherListCannotGiveOnePersonsCodeToAnother(t *testing.T) {
	t.Parallel()
	coded := func(practice, key, code string) breach.Person {
		return with(person(practice, key), func(p *breach.Person) { p.EnrollmentCode = code })
	}
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), coded("P1", "a", "CODE-A"), coded("P1", "b", "CODE-B"), person("P1", "c")))

	_, err := store.LoadList(t.Context(), incidentID, amendment("list-2", coded("P2", "d", "code-a")))
	refusal, refused := breach.AsRefusal(err)
	require.True(t, refused, "%v", err)
	require.Equal(t, "shared_code", refusal.Code)
	require.NotContains(t, refusal.Message, "CODE", "the code is nobody else's business")
	require.Empty(t, people(t, store, "P2"), "nothing of the list is there")

	amended(t, store, amendment("list-3", coded("P1", "a", "CODE-B"), coded("P1", "b", "CODE-A"), coded("P2", "a", "CODE-B"), coded("P2", "d", "CODE-D")))
	require.Equal(t, "CODE-D", people(t, store, "P2")[1].EnrollmentCode)
}
