package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/testkit"
)

// nobody runs no workflows that could be told anything.
type nobody struct{}

func (nobody) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

// installed is a case in a database of its own with the steps of a worker.
type installed struct {
	store *postgres.Store
	steps *activities.Activities
	url   string
	begin civil.Date
}

const caseID = "EX-2026-03"

// install loads practices with one patient each.
func install(t *testing.T, now func() time.Time, sender mail.Sender, practices []breach.Practice) installed {
	t.Helper()
	in := installed{url: testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })}
	secret := sha256.Sum256([]byte("a key of the test"))
	master := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test " + base64.StdEncoding.EncodeToString(secret[:]) + "\n"))
	})
	store, err := postgres.Open(t.Context(), in.url, postgres.WithMaster(master))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	book := rulebooks.Kept().Newest()
	in.store, in.begin = store, civil.OfTime(now().UTC()).AddDays(-3)
	incident := breach.Incident{
		ID: caseID, Discovered: in.begin, Occurred: breach.Span{From: in.begin, To: in.begin}, DataSecurity: breach.Unsecured,
		WhatHappened: "Somebody entered a server.", WhatWeAreDoing: "We closed it.", WhatYouCanDo: "Watch your accounts.",
		Entity: breach.Entity{
			Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org", TollFree: "1-800-555-0100",
			Address: []string{"100 Example Way", "Somerset, NJ 08873"},
		},
	}
	_, err = store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: incident, CaseSHA256: "case", Practices: practices, ListSHA256: "list", RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
		By: "Robin Officer", At: now(), Findings: func(_ context.Context, each func(int, *breach.Person) error) error {
			for i, p := range practices {
				person := breach.Person{
					Key: "person-" + p.Key, PracticeKey: p.Key, FirstName: "Ada", LastName: "Example", Address1: fmt.Sprintf("%d Example Street", i+1),
					City: "Austin", State: "TX", ZIP: "78701", DataClasses: []breach.DataClass{"name", "diagnosis"},
				}
				if err := each(i+2, &person); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil)
	require.NoError(t, err)
	in.steps = &activities.Activities{
		Store: store, Books: rulebooks.Kept(), Out: outfolder.New(t.TempDir()), Mail: sender, Workflows: nobody{}, Now: now, Zone: time.UTC,
	}
	return in
}

// TestNoLetterHasTwoSenders attacks a thousand practices at once: mail runs are planned
// while the practice says that it writes itself, that it did, and that we shall after
// all, and while its standing is worked out again and again. Whoever comes first, no
// practice ends with letters of ours and its own word.
func TestNoLetterHasTwoSenders(t *testing.T) {
	t.Parallel()
	const attacks, atOnce = 1000, 25
	var practices []breach.Practice
	for i := range attacks {
		practices = append(practices, breach.Practice{
			Key: fmt.Sprintf("P%04d", i), LegalName: fmt.Sprintf("Practice %d, Inc.", i), State: "TX", Timezone: "America/Chicago", Agent: breach.Yes,
			Delegation: breach.DelegateLetters,
		})
	}
	in := install(t, time.Now, mail.NewEMLFolder(outfolder.New(t.TempDir())), practices)
	ctx, today := t.Context(), civil.OfTime(time.Now().UTC())
	printable := func(key string) {
		p, err := in.store.Practice(ctx, caseID, key)
		if err == nil {
			_, err = in.store.SavePlan(ctx, caseID, key, casebook.Plan{Notifiable: true, Discovered: in.begin}, casebook.Standing{
				Changes: p.Changes, Phase: casebook.PhaseApproved, Printable: breach.LettersDelegated(p.Practice.Delegation),
			})
		}
		if err != nil {
			t.Errorf("the standing of %s: %v", key, err)
		}
	}
	plan := func() {
		// Another plan may take the number: then this one is refused.
		next, err := in.store.NextMailRun(ctx, caseID)
		if err != nil {
			t.Errorf("the next run: %v", err)
			return
		}
		_, _ = in.store.PlanMailRun(ctx, casebook.MailRun{IncidentID: caseID, Number: next, MailOn: today}, 5000)
	}
	for first := 0; first < attacks; first += atOnce {
		var acting, planning sync.WaitGroup
		ended := make(chan struct{})
		for range 2 {
			planning.Go(func() {
				for {
					select {
					case <-ended:
						return
					default:
						plan()
					}
				}
			})
		}
		for i, p := range practices[first : first+atOnce] {
			act := func(n int, act casebook.Act) {
				act.ID, act.IncidentID, act.PracticeKey, act.Who = fmt.Sprintf("%s-%d", p.Key, n), caseID, p.Key, "Dana Example"
				_, err := in.steps.ActOnPractice(ctx, act)
				if _, refused := activities.RefusalOf(err); err != nil && !refused {
					t.Errorf("act %s: %v", act.ID, err)
				}
			}
			acting.Go(func() {
				act(1, casebook.Act{Kind: casebook.ActDelegate, Delegate: &casebook.DelegateTerms{Delegation: breach.DelegateNone}})
				if i%2 == 0 {
					act(2, casebook.Act{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PracticeMailed, On: today, Count: 1}}})
				}
				if i%4 == 0 {
					act(3, casebook.Act{Kind: casebook.ActDelegate, Delegate: &casebook.DelegateTerms{Delegation: breach.DelegateAll}})
				}
			})
			acting.Go(func() {
				for range 3 {
					printable(p.Key)
				}
			})
		}
		acting.Wait()
		close(ended)
		planning.Wait()
	}
	plan()
	conn, err := pgx.Connect(ctx, in.url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(ctx))) }()
	var two, ours, theirs int
	require.NoError(t, conn.QueryRow(ctx, `SELECT count(*) FILTER (WHERE printed AND own), count(*) FILTER (WHERE printed), count(*) FILTER (WHERE own) FROM (
		SELECT EXISTS (SELECT FROM piece x WHERE x.practice_id = p.id AND NOT x.superseded) AS printed,
			p.delegation = 'none' OR EXISTS (SELECT FROM act a WHERE a.practice_key = p.practice_key AND a.kind = 'record' AND a.terms #>> '{Record,Fact,fact}' = 'practice_mailed') AS own
		FROM practice p) s`).Scan(&two, &ours, &theirs))
	require.Zero(t, two, "letters that both would send")
	require.Positive(t, ours, "nothing was attacked: no run came first")
	require.Positive(t, theirs, "nothing was attacked: no practice came first")
	t.Logf("%d printed here, %d told by the practice", ours, theirs)
}

// TestNoDutyHasTwoSenders attacks HHS, the media and an agency of each practice at once:
// the practice's answer turns to and fro while officers record that we told, that the
// practice told, and for the whole incident. Whoever comes first, all that is recorded
// of one duty of a practice was done by one.
func TestNoDutyHasTwoSenders(t *testing.T) {
	t.Parallel()
	const attacks, atOnce = 60, 12
	var practices []breach.Practice
	for i := range attacks {
		practices = append(practices, breach.Practice{
			Key: fmt.Sprintf("P%04d", i), LegalName: fmt.Sprintf("Practice %d, Inc.", i), State: "TX", Timezone: "America/Chicago", Agent: breach.Yes,
			Delegation: []string{breach.DelegateAll, "", breach.DelegateNone}[i%3],
		})
	}
	in := install(t, time.Now, mail.NewEMLFolder(outfolder.New(t.TempDir())), practices)
	ctx, today := t.Context(), civil.OfTime(time.Now().UTC())
	told := []breach.Fact{{Kind: breach.HHSFiled}, {Kind: breach.MediaSent, Jurisdiction: "TX"}, {Kind: breach.CRANotified}}
	var number, refusals atomic.Int64
	do := func(step func(context.Context, casebook.Act) (activities.ActResult, error), act casebook.Act) {
		act.ID, act.IncidentID, act.Who = fmt.Sprintf("act-%d", number.Add(1)), caseID, "Dana Example"
		_, err := step(ctx, act)
		_, refused := activities.RefusalOf(err)
		if refused {
			refusals.Add(1)
		} else if err != nil {
			t.Errorf("act %s of %s: %v", act.ID, act.PracticeKey, err)
		}
	}
	answer := func(key, delegation string) {
		do(in.steps.ActOnPractice, casebook.Act{Kind: casebook.ActDelegate, PracticeKey: key, Delegate: &casebook.DelegateTerms{Delegation: delegation}})
	}
	record := func(key string, fact breach.Fact, by string) {
		fact.On, fact.Reference, fact.Sender = today, fmt.Sprintf("T-%d", number.Add(1)), by
		do(in.steps.ActOnPractice, casebook.Act{Kind: casebook.ActRecord, PracticeKey: key, Record: &casebook.RecordTerms{Fact: fact}})
	}
	for first := 0; first < attacks; first += atOnce {
		var all sync.WaitGroup
		for _, p := range practices[first : first+atOnce] {
			all.Go(func() {
				answer(p.Key, breach.DelegateNone)
				answer(p.Key, breach.DelegateAll)
				answer(p.Key, breach.DelegateLetters)
			})
			for _, fact := range told {
				for _, by := range []string{breach.ByUs, breach.ByPractice, ""} {
					all.Go(func() { record(p.Key, fact, by) })
				}
			}
		}
		all.Go(func() {
			fact := told[1]
			fact.On, fact.Reference = today, "for all"
			do(in.steps.ActOnIncident, casebook.Act{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: fact}})
		})
		all.Wait()
	}
	senders := map[string]map[string]bool{}
	by := map[string]int{}
	for _, p := range practices {
		acts, err := in.store.Acts(ctx, caseID, p.Key)
		require.NoError(t, err)
		for _, act := range acts {
			if act.Record == nil || act.PracticeKey == "" {
				continue
			}
			duty := p.Key + " " + act.Record.Fact.Kind
			if senders[duty] == nil {
				senders[duty] = map[string]bool{}
				by[act.Record.Fact.Sender]++
			}
			senders[duty][act.Record.Fact.Sender] = true
		}
	}
	for duty, both := range senders {
		require.Len(t, both, 1, "%s was done by both", duty)
	}
	require.Positive(t, by[breach.ByUs], "nothing was attacked: we never came first")
	require.Positive(t, by[breach.ByPractice], "nothing was attacked: no practice ever came first")
	require.Positive(t, refusals.Load())
	t.Logf("%d duties done here, %d by practices, %d acts refused", by[breach.ByUs], by[breach.ByPractice], refusals.Load())
}
