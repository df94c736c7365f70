package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
)

const incidentID = "EX-2026-03"

var (
	discovered = civil.MustParse("2026-03-16")
	today      = civil.MustParse("2026-04-12")
	noon       = time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)
)

func incident() breach.Incident {
	return breach.Incident{
		ID: incidentID, Discovered: discovered, Occurred: breach.Span{From: discovered, To: discovered},
		Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
	}
}

// practices returns practices with the given keys that delegated everything.
func practices(keys ...string) []breach.Practice {
	list := make([]breach.Practice, len(keys))
	for i, key := range keys {
		list[i] = breach.Practice{Key: key, LegalName: "Practice " + key + ", Inc.", State: "VA", Delegation: breach.DelegateAll}
	}
	return list
}

// person returns somebody with a usable address in Virginia.
func person(practice, key string) breach.Person {
	return breach.Person{
		Key: key, PracticeKey: practice, FirstName: "Ada", LastName: "Example " + key,
		Address1: "1 Example Street", City: "Richmond", State: "VA", ZIP: "23220",
		DataClasses: []breach.DataClass{"name", "diagnosis"},
	}
}

// with returns the person changed.
func with(p breach.Person, change func(*breach.Person)) breach.Person {
	change(&p)
	return p
}

func stream(people ...breach.Person) postgres.Findings {
	return func(ctx context.Context, each func(int, *breach.Person) error) error {
		for i := range people {
			p := people[i]
			if err := each(i+2, &p); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
}

func caseOf(i breach.Incident, p []breach.Practice, people ...breach.Person) postgres.LoadInput {
	return postgres.LoadInput{
		Incident: i, CaseSHA256: "case", Practices: p, ListSHA256: "list-1",
		RulebookVersion: "2026.11", RulebookSHA256: "book", By: "Robin Officer", At: noon, Seconds: 1.5, Findings: stream(people...),
	}
}

func loaded(t testing.TB, store *postgres.Store, in postgres.LoadInput) postgres.LoadResult {
	t.Helper()
	result, err := store.LoadCase(t.Context(), in, nil)
	require.NoError(t, err)
	return result
}

// refused checks that err is a refusal with the code.
func refused(t testing.TB, err error, code string) {
	t.Helper()
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, refusal.Code)
}

func practice(t testing.TB, store *postgres.Store, key string) casebook.Practice {
	t.Helper()
	p, err := store.Practice(t.Context(), incidentID, key)
	require.NoError(t, err)
	return p
}

// papersOf are papers of a practice as it is, under an invented hash.
func papersOf(p casebook.Practice, papers string) casebook.Papers {
	key := p.Practice.Key
	return casebook.Papers{SHA256: papers, PacketSHA256: "packet " + papers, ListSHA256: p.ListSHA256, ListNumber: p.ListNumber, Files: []casebook.File{
		{Path: "practices/" + key + "/notice.pdf", SHA256: "n", Bytes: 10},
		{Path: "practices/" + key + "/people.csv", SHA256: "p", Bytes: 20},
	}}
}

// prepare gives the practice papers and has it wait for approval.
func prepare(t testing.TB, store *postgres.Store, key, papers string) {
	t.Helper()
	ctx := t.Context()
	require.NoError(t, store.SavePapers(ctx, incidentID, key, papersOf(practice(t, store, key), papers)))
	_, err := store.SavePlan(ctx, incidentID, key, casebook.Plan{Discovered: discovered, Notifiable: true},
		casebook.Standing{Changes: practice(t, store, key).Changes, Phase: casebook.PhaseApproval, NeedsPerson: "letters wait for approval"})
	require.NoError(t, err)
}

// stand saves where the practice stands, as its workflow does after each change:
// printable with two approvals when its letters are ours to write.
func stand(t testing.TB, store *postgres.Store, key string) {
	t.Helper()
	p := practice(t, store, key)
	i, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	standing := casebook.Standing{Changes: p.Changes, Phase: casebook.PhaseApproval, NeedsPerson: "letters wait for approval"}
	if len(p.Approvals) >= 2 && i.Incident.Entity.WritesLetters(p.Practice) {
		standing = casebook.Standing{Changes: p.Changes, Phase: casebook.PhaseApproved, Printable: true}
	}
	_, err = store.SavePlan(t.Context(), incidentID, key, casebook.Plan{Discovered: discovered, Notifiable: true}, standing)
	require.NoError(t, err)
}

func allowed(casebook.Practice) error { return nil }

func approve(t testing.TB, store *postgres.Store, key, papers string, who ...string) {
	t.Helper()
	for _, name := range who {
		_, err := store.ActOnPractice(t.Context(), casebook.Act{
			ID: fmt.Sprintf("approve %s %s %s", key, papers, name), IncidentID: incidentID, PracticeKey: key,
			Kind: casebook.ActApprove, Who: name, At: noon, Approve: &casebook.ApproveTerms{SHA256: papers},
		}, allowed)
		require.NoError(t, err)
	}
	stand(t, store, key)
}

// approved gives practices papers and both approvals.
func approved(t testing.TB, store *postgres.Store, keys ...string) {
	t.Helper()
	for _, key := range keys {
		papers := "papers of " + key + " " + practice(t, store, key).ListSHA256
		prepare(t, store, key, papers)
		approve(t, store, key, papers, "Robin Officer", "Sam Second")
	}
}

func letters(t testing.TB, store *postgres.Store, run, batch int) []casebook.Letter {
	t.Helper()
	var list []casebook.Letter
	require.NoError(t, store.Letters(t.Context(), incidentID, run, batch, func(l *casebook.Letter) error {
		list = append(list, *l)
		return nil
	}))
	return list
}
