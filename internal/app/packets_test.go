package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/outfolder"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/testkit"
)

// toldPractices is an incident of n practices with people each, all of them told and
// with a page, none of which is sealed.
func toldPractices(t testing.TB, n, people int) (*postgres.Store, *activities.Activities) {
	t.Helper()
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	store, err := postgres.Open(t.Context(), url, postgres.WithMaster(datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	})))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	now := time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)
	steps := &activities.Activities{
		Store: store, Packets: store, Books: rulebooks.Kept(), Out: outfolder.New(t.TempDir()), Workflows: silent{},
		Now: func() time.Time { return now }, Zone: time.UTC,
	}
	day := civil.MustParse("2026-03-16")
	var practices []breach.Practice
	for i := range n {
		practices = append(practices, breach.Practice{
			Key: fmt.Sprintf("P%04d", i), LegalName: fmt.Sprintf("Practice %d, PLLC", i), Address1: "12 Oak Street", City: "Richmond", State: "VA", ZIP: "23220", Agent: breach.Yes,
		})
	}
	newest := rulebooks.Kept().Newest()
	_, err = store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: breach.Incident{
			ID: "EX", Discovered: day, Occurred: breach.Span{From: day, To: day}, DataSecurity: breach.Unsecured,
			Entity:       breach.Entity{Name: "Example, Inc.", Role: breach.BusinessAssociate, Address: []string{"1 Example Way", "Somerset, NJ 08873"}, Email: "privacy@example.org"},
			WhatHappened: "Somebody entered one of our systems.", WhatWeAreDoing: "We changed every password.", WhatYouCanDo: "Please take the steps below.",
		},
		CaseSHA256: "case", ListSHA256: "list", RulebookVersion: newest.Version(), RulebookSHA256: newest.SHA256(), By: "Robin Officer", At: now, Seconds: 1,
		Practices: practices,
		Findings: func(_ context.Context, each func(int, *breach.Person) error) error {
			for i := range n * people {
				err := each(i+2, &breach.Person{
					Key: fmt.Sprintf("K%06d", i), PracticeKey: practices[i/people].Key, FirstName: "Ada", LastName: fmt.Sprintf("Example %d", i), BirthDate: civil.MustParse("1980-05-04"),
					Address1: fmt.Sprintf("%d Maple Court", i), City: "Richmond", State: "VA", ZIP: "23220", DataClasses: []breach.DataClass{"name", "ssn", "diagnosis"},
				})
				if err != nil {
					return err
				}
			}
			return nil
		},
	}, nil)
	require.NoError(t, err)
	for _, p := range practices {
		_, err := store.MakePage(t.Context(), packet.Practice{IncidentID: "EX", Key: p.Key})
		require.NoError(t, err)
		_, err = store.ActOnPractice(t.Context(), casebook.Act{
			ID: "told " + p.Key, IncidentID: "EX", PracticeKey: p.Key, Kind: casebook.ActRecord, Who: "Robin Officer", At: now,
			Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PracticeNotified, On: civil.MustParse("2026-04-01")}},
		}, func(casebook.Practice) error { return nil })
		require.NoError(t, err)
		_, err = steps.PlanPractice(t.Context(), activities.PracticeRef{IncidentID: "EX", PracticeKey: p.Key})
		require.NoError(t, err)
	}
	return store, steps
}

type silent struct{}

func (silent) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

func TestWhatWaitsIsSealedOnce(t *testing.T) {
	t.Parallel()
	store, steps := toldPractices(t, 5, 3)
	// Two workers at the same time.
	failed := make(chan error, 2)
	for range 2 {
		go func() { failed <- app.SealPackets(t.Context(), store, steps, steps.Now) }()
	}
	require.NoError(t, <-failed)
	require.NoError(t, <-failed)
	pages, err := store.Pages(t.Context(), "EX")
	require.NoError(t, err)
	require.Len(t, pages, 5)
	for _, page := range pages {
		require.NotEmpty(t, page.PacketSHA256, page.PracticeKey)
	}
	waiting, err := store.TakePackets(t.Context(), 100, steps.Now(), steps.Now())
	require.NoError(t, err)
	require.Empty(t, waiting)
	// Another program, or the same with other texts, makes them anew.
	require.NoError(t, store.RemakePackets(t.Context(), activities.PacketProgram()))
	waiting, err = store.TakePackets(t.Context(), 100, steps.Now(), steps.Now())
	require.NoError(t, err)
	require.Empty(t, waiting)
	require.NoError(t, store.RemakePackets(t.Context(), "another"))
	waiting, err = store.TakePackets(t.Context(), 100, steps.Now(), steps.Now())
	require.NoError(t, err)
	require.Len(t, waiting, 5)
}

// A practice whose standing is about to be worked out waits: what its page would say of
// its duties is of yesterday.
func TestAStandingOfEarlierChangesIsNotSealed(t *testing.T) {
	t.Parallel()
	store, steps := toldPractices(t, 1, 3)
	_, err := store.ActOnPractice(t.Context(), casebook.Act{
		ID: "ack", IncidentID: "EX", PracticeKey: "P0000", Kind: casebook.ActRecord, Who: "Robin Officer", At: steps.Now(),
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.Acknowledged, On: civil.MustParse("2026-04-02")}},
	}, func(casebook.Practice) error { return nil })
	require.NoError(t, err)
	require.NoError(t, app.SealPackets(t.Context(), store, steps, steps.Now))
	pages, err := store.Pages(t.Context(), "EX")
	require.NoError(t, err)
	require.Empty(t, pages[0].PacketSHA256)
}

// What cannot be sealed is said after the second attempt, with what to do, and taken
// back once it can; the others do not wait for it.
func TestAPacketThatCannotBeSealedIsATrouble(t *testing.T) {
	t.Parallel()
	store, steps := toldPractices(t, 3, 2)
	ref := activities.PracticeRef{IncidentID: "EX", PracticeKey: "P0001"}
	_, err := steps.PreparePapers(t.Context(), activities.PapersInput{PracticeRef: ref, At: steps.Now()})
	require.NoError(t, err)
	notice := steps.Out.Incident("EX").Notice("P0001")
	made, err := os.ReadFile(notice)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(notice, []byte("%PDF changed"), 0o600))

	now := steps.Now()
	clock := func() time.Time { return now }
	troubles := func() []casebook.Trouble {
		all, err := store.TroublesOfKind(t.Context(), "SealPacket")
		require.NoError(t, err)
		return all
	}
	require.NoError(t, app.SealPackets(t.Context(), store, steps, clock))
	require.Empty(t, troubles(), "a file is written a moment before it is noted")
	now = now.Add(time.Minute)
	require.NoError(t, app.SealPackets(t.Context(), store, steps, clock))
	require.Len(t, troubles(), 1)
	require.Equal(t, "P0001", troubles()[0].Practice)
	require.Contains(t, troubles()[0].What, filepath.Base(notice))
	require.Contains(t, troubles()[0].Todo, "backup")
	require.Equal(t, "seal what the practice finds on its page", app.StepWords(troubles()[0]))
	pages, err := store.Pages(t.Context(), "EX")
	require.NoError(t, err)
	require.NotEmpty(t, pages[0].PacketSHA256)
	require.Empty(t, pages[1].PacketSHA256)
	require.NotEmpty(t, pages[2].PacketSHA256)

	require.NoError(t, os.WriteFile(notice, made, 0o600))
	require.NoError(t, app.SealPackets(t.Context(), store, steps, clock))
	require.Len(t, troubles(), 1, "it waits for its time")
	now = now.Add(time.Hour)
	require.NoError(t, app.SealPackets(t.Context(), store, steps, clock))
	require.Empty(t, troubles())
}

// A panic at one practice's data ends no worker.
func TestAPanicAtOnePacketEndsNothing(t *testing.T) {
	t.Parallel()
	store, steps := toldPractices(t, 1, 1)
	steps.Zone = nil // what would panic in time.Time.In
	require.NoError(t, app.SealPackets(t.Context(), store, steps, steps.Now))
	pages, err := store.Pages(t.Context(), "EX")
	require.NoError(t, err)
	require.Empty(t, pages[0].PacketSHA256)
}

// BenchmarkPackets seals the packets of practices that have not answered, with letters
// of their own, agencies and steps: 76 people each. packets/s is all of it, pages/s the
// first pass, after which each has its page, its list and its days.
func BenchmarkPackets(b *testing.B) {
	const n = 100
	var first time.Duration
	for b.Loop() {
		b.StopTimer()
		store, steps := toldPractices(b, n, 76)
		b.StartTimer()
		began := time.Now()
		for i := range n {
			require.NoError(b, activities.SealFirst(b.Context(), steps, activities.PracticeRef{IncidentID: "EX", PracticeKey: fmt.Sprintf("P%04d", i)}))
		}
		first += time.Since(began)
		require.NoError(b, app.SealPackets(b.Context(), store, steps, steps.Now))
	}
	b.ReportMetric(float64(n*b.N)/first.Seconds(), "pages/s")
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "packets/s")
}
