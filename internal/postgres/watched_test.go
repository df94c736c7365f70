package postgres_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

func watched(t *testing.T, store *postgres.Store, at time.Time, asOf civil.Date) casebook.WatchedIncident {
	t.Helper()
	w, err := store.Watched(t.Context(), temporalx.Queue, at, asOf)
	require.NoError(t, err)
	require.Equal(t, at, w.At)
	require.Len(t, w.Incidents, 1)
	return w.Incidents[0]
}

// TestEverybodyUntoldIsInOneOfTheDaysThatAreLeft: on each day up to and beyond the last
// one, whoever the account says to be untold is counted once, under the days that the
// earliest open written notice of their practice leaves.
func TestEverybodyUntoldIsInOneOfTheDaysThatAreLeft(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	list := practices("P1", "P2", "P3")
	loaded(t, store, caseOf(incident(), list, person("P1", "a"), person("P1", "b"), person("P2", "c"), person("P3", "d"),
		with(person("P3", "e"), func(p *breach.Person) { p.DeceasedDate = day("1970-01-01") })))
	due := day("2026-05-15")
	for _, kind := range []string{breach.IndividualNotice, breach.StateIndividualNotice} {
		require.True(t, rules.OfPeople(breach.Obligation{Kind: kind}), "it rests on the people who are counted")
	}
	save(t, store, planOf(duty("individual", breach.IndividualNotice, "US", "2026-06-15"), duty("state", breach.StateIndividualNotice, "VA", due.String()),
		duty("media", breach.MediaNotice, "VA", "2026-04-20")), casebook.Standing{Phase: casebook.PhaseOpen, NextDue: day("2026-04-20")})
	settled := duty("individual", breach.IndividualNotice, "US", due.String())
	settled.SettledOn = day("2026-04-30")
	_, err := store.SavePlan(t.Context(), incidentID, "P2", planOf(settled), casebook.Standing{Phase: casebook.PhaseOpen})
	require.NoError(t, err)
	for left, want := range map[int]string{
		40: casebook.LeftMore, 31: casebook.LeftMore, 30: "30", 15: "30", 14: "14", 8: "14", 7: "7", 4: "7", 3: "3", 2: "3", 1: "1", 0: "1", -1: casebook.LeftLate, -30: casebook.LeftLate,
	} {
		asOf := due.AddDays(-left)
		w := watched(t, store, asOf.Start(time.UTC).Add(12*time.Hour), asOf)
		got, sum := map[string]int{}, 0
		for _, u := range w.Untold {
			got[u.Left], sum = u.People, sum+u.People
		}
		require.Len(t, got, len(breach.WarningDays)+3)
		require.Equal(t, w.Status.Account.Lines.Untold(""), sum, "%d days left", left)
		require.Equal(t, 2, got[want], "%d days left: %v", left, got)
		require.Equal(t, 2, got[casebook.LeftNone], "those of P2 and P3 have no open day, and one of P3 is owed nothing")
		require.Equal(t, day("2026-04-20"), w.Status.NextDue, "every duty counts for the nearest one")
	}
	_, err = strconv.Atoi(casebook.LeftMore)
	require.Error(t, err, "words and days are not mixed up")
	require.Equal(t, 1, watched(t, store, noon, today).Status.Account.Lines.In(account.DeadFifty))
}

// TestAPracticesTimeInItsPhaseBeginsWhenItCameIntoIt and not with each plan.
func TestAPracticesTimeInItsPhaseBeginsWhenItCameIntoIt(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	since := func(phase casebook.Phase) time.Time {
		t.Helper()
		in := watched(t, store, noon, today).Since
		require.Len(t, in, 1)
		require.Contains(t, in, phase)
		return in[phase]
	}
	begun := since(casebook.PhaseStarting)
	require.WithinDuration(t, time.Now(), begun, time.Hour)
	save(t, store, planOf(duty("individual", breach.IndividualNotice, "US", "2026-05-15")), casebook.Standing{Phase: casebook.PhaseApproval})
	waits := since(casebook.PhaseApproval)
	require.True(t, waits.After(begun))
	save(t, store, planOf(duty("individual", breach.IndividualNotice, "US", "2026-06-15")), casebook.Standing{Phase: casebook.PhaseApproval})
	require.Equal(t, waits, since(casebook.PhaseApproval), "another plan in the same phase")
	save(t, store, planOf(duty("individual", breach.IndividualNotice, "US", "2026-06-15")), casebook.Standing{Phase: casebook.PhaseOpen})
	require.True(t, since(casebook.PhaseOpen).After(waits))
	var trigger bool
	require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(), "SELECT phase_since > loaded_at FROM practice, incident").Scan(&trigger))
	require.True(t, trigger, "the time is the database's, whatever the day of the act was")
}

// TestWhatNoAnchorHasIsSeen from the first entry after the last anchor on.
func TestWhatNoAnchorHasIsSeen(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	w := watched(t, store, noon, today)
	require.True(t, w.AnchoredAt.IsZero())
	require.True(t, w.UnanchoredSince.IsZero(), "nothing was done in a practice yet")
	approved(t, store, "P1")
	w = watched(t, store, noon, today)
	require.True(t, w.AnchoredAt.IsZero())
	require.False(t, w.UnanchoredSince.IsZero())
	anchored, err := store.AnchorLedger(t.Context(), incidentID, 0)
	require.NoError(t, err)
	require.True(t, anchored)
	w = watched(t, store, noon, today)
	require.False(t, w.AnchoredAt.IsZero())
	require.True(t, w.UnanchoredSince.IsZero())
	require.True(t, w.LedgerAt.IsZero())
	approved(t, store, "P2")
	w = watched(t, store, noon, today)
	require.True(t, w.UnanchoredSince.After(w.AnchoredAt))
	require.True(t, w.LedgerAt.After(w.UnanchoredSince), "an approval takes two people")
}

// Of an incident that is closed nobody is warned.
func TestAClosedIncidentIsNotWatched(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	watched(t, store, noon, today)
	_, err := testkit.Pool(t, url).Exec(t.Context(), "UPDATE incident SET phase = 'closed'")
	require.NoError(t, err)
	w, err := store.Watched(t.Context(), temporalx.Queue, noon, today)
	require.NoError(t, err)
	require.Empty(t, w.Incidents)
}
