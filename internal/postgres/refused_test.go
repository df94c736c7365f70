package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
)

// refusedIn are the refusals in a chain of the incident's ledger.
func refusedIn(t *testing.T, store *postgres.Store, practice string) []ledger.Refused {
	t.Helper()
	var found []ledger.Refused
	require.NoError(t, store.Ledger(t.Context(), incidentID, "", func(e ledger.Entry) error {
		b, err := e.Decode()
		require.NoError(t, err)
		if b.Kind == ledger.KindRefused && e.Practice == practice {
			r, err := ledger.ResultOf[ledger.Refused](b)
			require.NoError(t, err)
			found = append(found, r)
		}
		return nil
	}))
	return found
}

// TestAnAlarmIsWrittenOnceAndNotTakenBack by what it is about, and is forgotten when
// nothing has raised it for a week.
func TestAnAlarmIsWrittenOnceAndNotTakenBack(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "1"), person("P2", "2")))
	alarm := casebook.Trouble{Incident: incidentID, Practice: "P1", Part: "activity result SendNotice", What: "an answer was refused", Todo: "Find out who."}
	entry := ledger.Refused{Used: "the activity result SendNotice", Made: "another one", Reason: "moved"}
	for range 3 {
		require.NoError(t, store.NoteRefused(t.Context(), "ref-1", alarm, entry))
	}
	require.Equal(t, []ledger.Refused{entry}, refusedIn(t, store, "P1"))
	shown := func() []casebook.Trouble {
		list, err := store.Troubles(t.Context(), incidentID)
		require.NoError(t, err)
		return list
	}
	require.Len(t, shown(), 1, "at once")
	require.Equal(t, casebook.TroubleRefused, shown()[0].Kind)
	require.Equal(t, 1, shown()[0].Times)
	require.NoError(t, store.NoteRefused(t.Context(), "ref-2", alarm, entry))
	require.Equal(t, 2, shown()[0].Times)
	require.Len(t, refusedIn(t, store, "P1"), 2)

	// The practice and the incident are closed.
	_, _, err := store.ClosePractice(t.Context(), incidentID, "P1", 0, today, "done")
	require.NoError(t, err)
	require.NoError(t, store.ClearTrouble(t.Context(), incidentID, "P1", "", ""))
	require.NoError(t, store.ClearIncidentTroubles(t.Context(), incidentID))
	require.Len(t, shown(), 1)

	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	age := func(days string) {
		_, err := conn.Exec(t.Context(), "UPDATE trouble SET last_seen = clock_timestamp() - $1::interval", days)
		require.NoError(t, err)
		require.NoError(t, store.ForgetAlarms(t.Context()))
	}
	age("6 days")
	require.Len(t, shown(), 1)
	age("8 days")
	require.Empty(t, shown())
	require.Len(t, refusedIn(t, store, "P1"), 2, "the ledger keeps it")
}

// TestAnAlarmOfWhatIsMadeUp: whoever makes up a workflow's ID chooses its practice and
// its incident.
func TestAnAlarmOfWhatIsMadeUp(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "1")))
	entry := ledger.Refused{Used: "the workflow input Practice", Reason: "moved"}
	require.NoError(t, store.NoteRefused(t.Context(), "ref", casebook.Trouble{Incident: incidentID, Practice: "none", What: "x"}, entry))
	require.Len(t, refusedIn(t, store, ""), 1)
	require.NoError(t, store.NoteRefused(t.Context(), "ref", casebook.Trouble{Incident: "none", Practice: "P1", What: "y"}, entry))
	require.NoError(t, store.NoteRefused(t.Context(), "ref", casebook.Trouble{What: "z"}, entry))
	all, err := store.Troubles(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, all, 2)
	for _, x := range all {
		require.Empty(t, x.Practice)
		require.Contains(t, []string{"", incidentID}, x.Incident)
	}
}
