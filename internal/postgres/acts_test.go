package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/testkit"
)

func act(id, key, kind string) casebook.Act {
	return casebook.Act{ID: id, IncidentID: incidentID, PracticeKey: key, Kind: kind, Who: "Robin Officer", At: noon}
}

func record(id, key, fact, state, on string) casebook.Act {
	a := act(id, key, casebook.ActRecord)
	a.Record = &casebook.RecordTerms{
		Fact:        breach.Fact{Kind: fact, Jurisdiction: state, On: civil.MustParse(on), Reference: "ref " + id},
		ProofSHA256: "proof", ProofBytes: 12,
	}
	return a
}

func TestTheSameActTwiceIsTheSameActOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	ctx := t.Context()

	no := errors.New("not allowed")
	delegate := act("d1", "P1", casebook.ActDelegate)
	delegate.Delegate = &casebook.DelegateTerms{Delegation: breach.DelegateNone}
	_, err := store.ActOnPractice(ctx, delegate, func(casebook.Practice) error { return no })
	require.Equal(t, no, err)
	require.Equal(t, breach.DelegateAll, practice(t, store, "P1").Practice.Delegation)

	fresh, err := store.ActOnPractice(ctx, delegate, func(p casebook.Practice) error {
		require.Equal(t, breach.DelegateAll, p.Practice.Delegation, "check sees the record as it is")
		return nil
	})
	require.NoError(t, err)
	require.True(t, fresh)
	require.Equal(t, breach.DelegateNone, practice(t, store, "P1").Practice.Delegation)
	require.Equal(t, breach.DelegateAll, practice(t, store, "P2").Practice.Delegation)

	fresh, err = store.ActOnPractice(ctx, delegate, func(casebook.Practice) error { return no })
	require.NoError(t, err, "what is done is not checked again")
	require.False(t, fresh)

	assess := act("a1", "P1", casebook.ActAssess)
	assess.Assess = &casebook.AssessTerms{Conclusion: breach.LowProbability, Factors: breach.Factors{NatureOfPHI: "names", Mitigation: "returned"}}
	_, err = store.ActOnPractice(ctx, assess, allowed)
	require.NoError(t, err)
	require.Equal(t, []casebook.Assessment{{Who: "Robin Officer", Conclusion: breach.LowProbability, Factors: assess.Assess.Factors}},
		practice(t, store, "P1").Assessments)

	all, err := store.Acts(ctx, incidentID, "")
	require.NoError(t, err)
	require.Equal(t, []casebook.Act{delegate, assess}, all, "word for word")

	_, err = store.ActOnPractice(ctx, act("x", "P1", casebook.ActHold), allowed)
	require.Error(t, err)
	_, err = store.ActOnPractice(ctx, act("y", "P1", casebook.ActApprove), allowed)
	require.Error(t, err, "an act without its terms")
	_, err = store.ActOnPractice(ctx, act("z", "P9", casebook.ActAssess), allowed)
	refused(t, err, "unknown_practice")
	all, err = store.Acts(ctx, incidentID, "")
	require.NoError(t, err)
	require.Len(t, all, 2)
}

// TestFactsAreTheLatestOfTheirKind: by State, the practice's own and the
// incident's, whichever was recorded later.
func TestFactsAreTheLatestOfTheirKind(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	ctx := t.Context()
	own := func(a casebook.Act) {
		_, err := store.ActOnPractice(ctx, a, allowed)
		require.NoError(t, err)
	}
	wide := func(a casebook.Act) bool {
		fresh, err := store.ActOnIncident(ctx, a)
		require.NoError(t, err)
		return fresh
	}
	own(record("1", "P1", breach.MediaSent, "VA", "2026-04-01"))
	own(record("2", "P1", breach.MediaSent, "MD", "2026-04-02"))
	own(record("3", "P1", breach.MediaSent, "VA", "2026-03-30")) // corrects the first
	require.True(t, wide(record("4", "", breach.TollFreeStarted, "", "2026-04-03")))
	require.False(t, wide(record("4", "", breach.TollFreeStarted, "", "2026-04-03")))
	own(record("5", "P1", breach.TollFreeStarted, "", "2026-04-04"))

	facts := practice(t, store, "P1").Facts
	require.Len(t, facts, 3)
	require.Equal(t, day("2026-03-30"), facts.On(breach.MediaSent, "VA"))
	require.Equal(t, day("2026-04-02"), facts.On(breach.MediaSent, "MD"))
	require.Equal(t, day("2026-04-04"), facts.On(breach.TollFreeStarted, ""), "the practice's own came later")
	require.Equal(t, breach.Facts{{Kind: breach.TollFreeStarted, On: day("2026-04-03"), Reference: "ref 4"}}, practice(t, store, "P2").Facts)

	wide(record("6", "", breach.TollFreeStarted, "", "2026-04-05"))
	require.Equal(t, day("2026-04-05"), practice(t, store, "P1").Facts.On(breach.TollFreeStarted, ""), "the incident's came later")

	wide(record("7", "", breach.DeterminedFact, "", "2026-04-06"))
	wide(record("8", "", breach.MaterialDeterminedFact, "", "2026-04-07"))
	i, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, day("2026-04-06"), i.Incident.Determined)
	require.Equal(t, day("2026-04-07"), i.Incident.MaterialDetermined)

	ofP2, err := store.Acts(ctx, incidentID, "P2")
	require.NoError(t, err)
	require.Len(t, ofP2, 4, "those on the whole incident")
}

func TestHoldsAreAddedAndReleased(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	i := incident()
	i.Holds = []breach.Hold{{Kind: breach.WrittenHold, StatedOn: day("2026-03-18"), Official: "Agent Example", ReleasedOn: day("2026-03-25")}}
	loaded(t, store, caseOf(i, practices("P1"), person("P1", "a")))
	ctx := t.Context()

	release := act("r1", "", casebook.ActRelease)
	release.Release = &casebook.ReleaseTerms{On: "2026-04-10"}
	_, err := store.ActOnIncident(ctx, release)
	refused(t, err, "no_hold")

	hold := act("h1", "", casebook.ActHold)
	hold.Hold = &breach.Hold{Kind: breach.OralHold, StatedOn: day("2026-03-20"), Official: "Agent Example", Covers: []string{breach.CoversMedia}}
	for range 2 {
		_, err = store.ActOnIncident(ctx, hold)
		require.NoError(t, err)
	}
	status, err := store.Status(ctx, incidentID, noon, today)
	require.NoError(t, err)
	require.Equal(t, []breach.Hold{i.Holds[0], *hold.Hold}, status.Holds)

	fresh, err := store.ActOnIncident(ctx, release)
	require.NoError(t, err)
	require.True(t, fresh, "the refused one left nothing")
	got, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.Equal(t, day("2026-03-25"), got.Incident.Holds[0].ReleasedOn, "a day that stands is not written over")
	require.Equal(t, day("2026-04-10"), got.Incident.Holds[1].ReleasedOn)

	for kind, code := range map[string]string{casebook.ActAssess: "", casebook.ActHold: "no terms"} {
		_, err = store.ActOnIncident(ctx, act("x"+kind, "", kind))
		require.Error(t, err, code)
	}
	hold.IncidentID = "NONE"
	_, err = store.ActOnIncident(ctx, hold)
	refused(t, err, "unknown_incident")
}

// TestOnePersonApprovesOnce, however often and however at once, and however
// they write their name.
func TestOnePersonApprovesOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	prepare(t, store, "P1", "papers")
	already := errors.New("approved before")
	names := []string{"Robin Officer", "robin officer", " Robin  Officer ", "ROBIN OFFICER"}
	results := make([]error, 8)
	var all errgroup.Group
	for i := range results {
		all.Go(func() error {
			a := act(fmt.Sprint("approve ", i), "P1", casebook.ActApprove)
			a.Who, a.At, a.Approve = names[i%len(names)], noon.Add(time.Duration(i)*time.Minute), &casebook.ApproveTerms{SHA256: "papers"}
			_, results[i] = store.ActOnPractice(t.Context(), a, func(p casebook.Practice) error {
				if len(p.Approvals) > 0 {
					return already // sees the one that committed before
				}
				return nil
			})
			return nil
		})
	}
	require.NoError(t, all.Wait())
	done := 0
	for _, err := range results {
		if err == nil {
			done++
			continue
		}
		require.Equal(t, already, err)
	}
	require.Equal(t, 1, done)

	approve(t, store, "P1", "papers", "robin OFFICER", "Sam Second", "Tess Third")
	approvals := practice(t, store, "P1").Approvals
	require.Len(t, approvals, 3, "one a person, even where check let a second one through")

	prepare(t, store, "P1", "other papers")
	require.Empty(t, practice(t, store, "P1").Approvals, "approvals are of exactly these papers")
	prepare(t, store, "P1", "papers")
	require.Equal(t, approvals, practice(t, store, "P1").Approvals)
}

func TestWhatPeopleDidCannotBeChanged(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	prepare(t, store, "P1", "papers")
	approve(t, store, "P1", "papers", "Robin Officer")
	pool := testkit.Pool(t, url)
	for _, statement := range []string{
		"UPDATE act SET who = 'Somebody Else'", "DELETE FROM act", "TRUNCATE act",
		"UPDATE approval SET who = 'Somebody Else'", "DELETE FROM approval", "TRUNCATE approval",
	} {
		_, err := pool.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "rows are only added", statement)
	}
}
