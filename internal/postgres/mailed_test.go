package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
)

// recordMailed records batches as mailed, for the whole incident or one practice.
func recordMailed(t *testing.T, store *postgres.Store, incidentID, key string, on civil.Date, batches ...string) {
	t.Helper()
	act := casebook.Act{
		ID: fmt.Sprint("mailed ", key, on, batches), IncidentID: incidentID, PracticeKey: key, Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: on}, Batches: batches},
	}
	var fresh bool
	var err error
	if key == "" {
		fresh, err = store.ActOnIncident(t.Context(), act)
	} else {
		fresh, err = store.ActOnPractice(t.Context(), act, allowed)
	}
	require.NoError(t, err)
	require.True(t, fresh)
}

// TestAMailingCountsForThePeopleInItsBatches: of two practices and two batches,
// and of a batch that both share.
func TestAMailingCountsForThePeopleInItsBatches(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	in := func(key, zip string) breach.Person {
		return with(person(key, key+zip), func(p *breach.Person) { p.ZIP = zip })
	}
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), in("P1", "10001"), in("P1", "20001"), in("P2", "20002"), in("P3", "30001")))
	approved(t, store, "P1", "P2", "P3")
	mailRun(t, store, 1, 1) // a letter in each batch, by ZIP
	unmailed := func() (keys []string) {
		for _, key := range []string{"P1", "P2", "P3"} {
			if practice(t, store, key).Account.Untold("") > 0 {
				keys = append(keys, key)
			}
		}
		return keys
	}
	batch := func(n int) string { return casebook.BatchName(1, n) }
	require.Equal(t, []string{"P1", "P2", "P3"}, unmailed(), "what is being printed is not mailed")
	for n := range 4 {
		finish(t, store, 1, n+1)
	}
	recordMailed(t, store, incidentID, "", today, batch(2), batch(3))
	require.Equal(t, []string{"P1", "P3"}, unmailed(), "one letter of P1 lies in another batch")
	recordMailed(t, store, incidentID, "P1", today, batch(1))
	require.Equal(t, []string{"P3"}, unmailed())

	there, err := store.Batches(t.Context(), incidentID, "")
	require.NoError(t, err)
	require.Len(t, there, 4)
	for i, b := range there {
		require.Equal(t, batch(i+1), b.Name)
		require.False(t, b.PrintedAt.IsZero())
		require.Equal(t, i < 3, b.MailedOn == today)
	}
	own, err := store.Batches(t.Context(), incidentID, "P1")
	require.NoError(t, err)
	require.Len(t, own, 2)
	require.Equal(t, today, own[0].MailedOn)

	recordMailed(t, store, incidentID, "", today.AddDays(1), batch(4))
	recordMailed(t, store, incidentID, "", today.AddDays(2), batch(4))
	printed, err := store.PrintedLetters(t.Context(), incidentID, []string{"R001-000004", "R001-000001"})
	require.NoError(t, err)
	require.Equal(t, today.AddDays(2), printed["R001-000004"].MailedOn, "a later record corrects the day")
	require.Equal(t, today, printed["R001-000001"].MailedOn, "and of no other batch")
	require.Equal(t, today.AddDays(2), practice(t, store, "P3").Account.ToldOn(""))
	recordMailed(t, store, incidentID, "", today, batch(4))
	require.Equal(t, today, practice(t, store, "P3").Account.ToldOn(""), "also to an earlier one")

	_, err = store.ActOnIncident(t.Context(), casebook.Act{
		ID: "unprinted", IncidentID: incidentID, Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: today}, Batches: []string{batch(5)}},
	})
	require.Error(t, err, "and nothing is written of what is not printed")
	first, err := store.FirstRecorded(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, breach.Facts{{Kind: breach.LettersMailed, On: today}}, first)
}

// TestAMailingOfOnePracticeIsOfItsLettersAlone, also in a batch that others share.
func TestAMailingOfOnePracticeIsOfItsLettersAlone(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	approved(t, store, "P1", "P2")
	mailRun(t, store, 1, 100)
	finish(t, store, 1, 1)
	mailedOn := func() civil.Date {
		there, err := store.Batches(t.Context(), incidentID, "P1")
		require.NoError(t, err)
		require.Len(t, there, 1)
		return there[0].MailedOn
	}
	recordMailed(t, store, incidentID, "P1", today, casebook.BatchName(1, 1))
	require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Mailed))
	require.Equal(t, 1, practice(t, store, "P2").Account.In(account.Printed))
	require.Zero(t, mailedOn(), "some of it is not")
	recordMailed(t, store, incidentID, "P2", today.AddDays(1), casebook.BatchName(1, 1))
	require.Equal(t, today.AddDays(1), mailedOn())
	require.Equal(t, today, practice(t, store, "P1").Account.ToldOn(""))
}

// TestAPracticesOwnMailing tells everybody it is to tell, or nobody who is known.
func TestAPracticesOwnMailing(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2")
	list[0].Delegation = breach.DelegateNone
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P1", "b"), person("P2", "b")))
	mail := func(count int) account.Account {
		_, err := store.ActOnPractice(t.Context(), casebook.Act{
			ID: fmt.Sprint("own ", count), IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
			Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PracticeMailed, On: today, Count: count}},
		}, allowed)
		require.NoError(t, err)
		return practice(t, store, "P1").Account
	}
	require.Equal(t, 2, mail(1).In(account.PracticeTells), "nobody can say which of them")
	told := mail(2)
	require.Zero(t, told.Untold(""))
	require.Equal(t, today, told.ToldOn(""))
	require.Equal(t, 1, practice(t, store, "P2").Account.Untold(""), "another practice's people")
}

// startCase loads a case of internal/cases as start does.
func startCase(t *testing.T, store *postgres.Store, folder string, today civil.Date) *casefolder.Case {
	t.Helper()
	c, report, err := casefolder.Read(t.Context(), folder, today, nil)
	require.NoError(t, err)
	require.False(t, report.Refused())
	book := rulebooks.Kept().Newest()
	_, err = store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: c.Incident, CaseSHA256: c.SHA256, Practices: c.Practices, ListSHA256: c.FindingsSHA256,
		RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(), By: "Robin Officer", At: noon, Findings: c.Findings,
	}, nil)
	require.NoError(t, err)
	return c
}

// loadLater loads the case's later list as amend does.
func loadLater(t *testing.T, store *postgres.Store, c *casefolder.Case, today civil.Date) postgres.ListResult {
	t.Helper()
	list, report, err := casefolder.ReadList(t.Context(), c.Dir+"/later.csv", c.Practices, casefolder.ListOptions{Incident: c.Incident}, today, nil)
	require.NoError(t, err)
	require.False(t, report.Refused())
	result, err := store.LoadList(t.Context(), c.Incident.ID, postgres.ListInput{
		SHA256: list.SHA256, By: "Robin Officer", At: noon, Findings: list.Findings, Removals: list.Removals,
	})
	require.NoError(t, err)
	return result
}

// TestLettersThatWentToOthersAreOwedAgain: in the case alive-hospice an export
// moved the addresses, and the letters had been mailed when it was found.
func TestLettersThatWentToOthersAreOwedAgain(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	on := civil.MustParse("2026-11-20")
	c := startCase(t, store, cases.Folder(t, "alive-hospice"), on)
	id := c.Incident.ID
	steps := &activities.Activities{Store: store, Books: rulebooks.Kept(), Now: func() time.Time { return on.Start(time.UTC).Add(15 * time.Hour) }, Zone: time.UTC}
	ref := activities.PracticeRef{IncidentID: id, PracticeKey: "P1"}
	owed := func() bool {
		state, err := steps.PlanPractice(ctx, ref)
		require.NoError(t, err)
		for _, d := range state.Deadlines {
			if d.Kind == breach.IndividualNotice {
				return d.Open
			}
		}
		t.Fatal("no individual notice is owed at all")
		return false
	}
	printAll := func(run int) map[string]string {
		p, err := store.Practice(ctx, id, "P1")
		require.NoError(t, err)
		require.NoError(t, store.SavePapers(ctx, id, "P1", papersOf(p, fmt.Sprint("papers ", run))))
		_, err = store.ActOnPractice(ctx, casebook.Act{
			ID: fmt.Sprint("approve ", run), IncidentID: id, PracticeKey: "P1", Kind: casebook.ActApprove, Who: "Sam Second", At: noon,
			Approve: &casebook.ApproveTerms{SHA256: fmt.Sprint("papers ", run)},
		}, allowed)
		require.NoError(t, err)
		_, err = steps.PlanPractice(ctx, ref)
		require.NoError(t, err)
		_, err = store.PlanMailRun(ctx, casebook.MailRun{IncidentID: id, Number: run, MailOn: on}, 100)
		require.NoError(t, err)
		addresses := map[string]string{}
		require.NoError(t, store.Letters(ctx, id, run, 1, func(l *casebook.Letter) error {
			addresses[l.Person.Key] = l.Person.Address1
			return nil
		}))
		require.NoError(t, store.SaveBatch(ctx, id, run, casebook.Batch{Name: casebook.BatchName(run, 1), Number: 1, Pieces: len(addresses), PDFSHA256: "p", CSVSHA256: "c"}))
		return addresses
	}

	waited := func() *casebook.Delay {
		details, err := store.StatusDetails(ctx, id, postgres.Filter{Practice: "P1"}, on.Start(time.UTC))
		require.NoError(t, err)
		return details[0].Delay
	}
	require.True(t, owed())
	require.Nil(t, waited(), "nobody approved them yet")
	require.Equal(t, map[string]string{"K1": "1 Ash St", "K2": "2 Birch St", "K3": "3 Cedar St"}, printAll(1))
	require.True(t, owed(), "printed is not mailed")
	require.Zero(t, waited().SentOn)
	recordMailed(t, store, id, "", on, casebook.BatchName(1, 1))
	require.False(t, owed())
	require.Equal(t, on, waited().SentOn)

	require.Equal(t, 3, loadLater(t, store, c, on).Changed)
	require.True(t, owed(), "nobody of them was told")
	right := printAll(2)
	require.Equal(t, map[string]string{"K1": "3 Cedar St", "K2": "1 Ash St", "K3": "2 Birch St"}, right, "the corrected letters, of all three")
	require.True(t, owed(), "the mailing on record is of the letters that went to others")
	require.Zero(t, waited().SentOn, "and so is its day")
	first, err := store.PrintedLetters(ctx, id, []string{"R001-000001", "R001-000002", "R001-000003"})
	require.NoError(t, err)
	require.Len(t, first, 3, "the first letters stay on record")
	require.Equal(t, on, first["R001-000001"].MailedOn)
	recordMailed(t, store, id, "", on, casebook.BatchName(2, 1))
	require.False(t, owed())
}

func practiceOf(t *testing.T, store *postgres.Store, incidentID, key string) casebook.Practice {
	t.Helper()
	p, err := store.Practice(t.Context(), incidentID, key)
	require.NoError(t, err)
	return p
}
