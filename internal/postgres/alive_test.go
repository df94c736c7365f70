package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestAWorkerThatGivesNoSignOfLifeDoesNotWork(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	store := openAt(t, url)
	age := func(worker, by string) {
		_, err := testkit.Pool(t, url).Exec(t.Context(),
			"UPDATE worker_sign SET seen_at = seen_at - $2::interval, worked_at = worked_at - $2::interval WHERE worker = $1", worker, by)
		require.NoError(t, err)
	}
	watch := func() casebook.Watch {
		w, err := store.Watch(t.Context(), "q")
		require.NoError(t, err)
		return w
	}
	require.Equal(t, casebook.Watch{}, watch())
	require.NoError(t, store.SignOfLife(t.Context(), "one", "q", ""))
	require.NoError(t, store.SignOfLife(t.Context(), "two", "other queue", ""))
	require.True(t, watch().Working)
	require.WithinDuration(t, time.Now(), *watch().LastSign, time.Minute)

	// It lives, and cannot work.
	require.NoError(t, store.SignOfLife(t.Context(), "one", "q", "Temporal is away"))
	require.False(t, watch().Working)
	require.Equal(t, "Temporal is away", watch().Problem)
	require.NotNil(t, watch().LastSign, "when it could work last")
	require.NoError(t, store.SignOfLife(t.Context(), "one", "q", ""))
	require.True(t, watch().Working)

	// Another one works while the first is gone without a word.
	age("one", "50 seconds")
	require.False(t, watch().Working)
	require.NoError(t, store.SignOfLife(t.Context(), "three", "q", ""))
	require.True(t, watch().Working)
	require.NoError(t, store.EndSign(t.Context(), "three", "q", ""))
	require.False(t, watch().Working, "it ended in good order")
	require.NoError(t, store.EndSign(t.Context(), "four", "q", "the key file is gone"))
	require.Equal(t, "the key file is gone", watch().Problem, "one that never began says why")

	age("four", "10 days")
	age("three", "8 days")
	require.NoError(t, store.EndSign(t.Context(), "one", "q", ""))
	var left []string
	rows, err := testkit.Pool(t, url).Query(t.Context(), "SELECT worker FROM worker_sign WHERE queue = 'q'")
	require.NoError(t, err)
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		left = append(left, name)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"one"}, left)
}

func TestATroubleStandsUntilItsStepSucceeds(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	store := openAt(t, url)
	note := func(practice, kind, part string, stopped bool) {
		require.NoError(t, store.NoteTrouble(t.Context(), casebook.Trouble{
			Incident: "EX", Practice: practice, Kind: kind, Part: part, Stopped: stopped, What: "no space left on device", Todo: "Make room.",
		}))
	}
	shown := func(incident string) (parts []string) {
		list, err := store.Troubles(t.Context(), incident)
		require.NoError(t, err)
		for _, x := range list {
			parts = append(parts, x.Practice+x.Kind+x.Part)
		}
		return parts
	}
	note("P1", "PreparePapers", "", false)
	require.Empty(t, shown("EX"), "it may pass in a moment")
	note("P1", "PreparePapers", "", false)
	note("P1", "PreparePapers", "", false)
	require.Equal(t, []string{"P1PreparePapers"}, shown("EX"))
	require.Empty(t, shown("OTHER"))
	note("P2", "PlanPractice", "", true)
	require.Equal(t, []string{"P1PreparePapers", "P2PlanPractice"}, shown(""), "what is refused is said at once")
	list, err := store.Troubles(t.Context(), "EX")
	require.NoError(t, err)
	require.Equal(t, 3, list[0].Times)
	require.Equal(t, "Make room.", list[0].Todo)

	require.NoError(t, store.ClearTrouble(t.Context(), "EX", "P1", "SendNotice", ""))
	require.NoError(t, store.ClearTrouble(t.Context(), "EX", "P1", "PreparePapers", ""))
	require.Equal(t, []string{"P2PlanPractice"}, shown("EX"))
	require.NoError(t, store.ClearTrouble(t.Context(), "EX", "P2", "", ""))
	require.Empty(t, shown("EX"))

	note("", "RenderBatches", "1-10", true)
	ended := []casebook.Trouble{{Practice: "P1", Part: "practice:EX:P1", Stopped: true}, {Practice: "P2", Part: "practice:EX:P2", Stopped: true}}
	require.NoError(t, store.ReplaceTroubles(t.Context(), "EX", casebook.TroubleGone, ended))
	require.Len(t, shown("EX"), 3)
	require.NoError(t, store.ReplaceTroubles(t.Context(), "EX", casebook.TroubleGone, ended[1:]))
	require.Equal(t, []string{"RenderBatches1-10", "P2workflow gonepractice:EX:P2"}, shown("EX"))
	require.NoError(t, store.ClearIncidentTroubles(t.Context(), "EX"))
	require.Empty(t, shown("EX"))
}

// A second closing never moves the day, and none happens beside an open practice.
func TestAnIncidentIsClosedOnceAndOpenedByAPractice(t *testing.T) {
	t.Parallel()
	store := openAt(t, testkit.Migrated(t, migrate), postgres.WithMaster(masterOf("test")))
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	first, later := civil.MustParse("2026-06-01"), civil.MustParse("2026-07-01")
	closeIt := func(on civil.Date) bool {
		closed, err := store.CloseIncident(t.Context(), incidentID, on)
		require.NoError(t, err)
		return closed
	}
	require.False(t, closeIt(first))
	for _, key := range []string{"P1", "P2"} {
		_, _, err := store.ClosePractice(t.Context(), incidentID, key, practice(t, store, key).Changes, first, "done")
		require.NoError(t, err)
	}
	require.True(t, closeIt(first))
	require.True(t, closeIt(later))
	there, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, first, there.ClosedOn)

	for range 2 {
		require.NoError(t, store.ReopenPractice(t.Context(), incidentID, "P2"))
		there, err = store.Incident(t.Context(), incidentID)
		require.NoError(t, err)
		require.Equal(t, casebook.IncidentRunning, there.Phase)
		require.True(t, there.ClosedOn.IsZero())
	}
	open, err := store.OpenPractices(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, 1, open)
	require.False(t, closeIt(later))
}
