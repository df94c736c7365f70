package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// chains reads and checks every chain of the incident.
func chains(t testing.TB, store *postgres.Store, key string) map[string][]ledger.Entry {
	t.Helper()
	all := map[string][]ledger.Entry{}
	require.NoError(t, store.Ledger(t.Context(), incidentID, key, func(e ledger.Entry) error {
		all[e.Practice] = append(all[e.Practice], e)
		return nil
	}))
	for practice, entries := range all {
		chain := ledger.Chain{Incident: incidentID, Practice: practice}
		for _, e := range entries {
			require.NoError(t, chain.Add(e))
		}
	}
	return all
}

func kinds(t testing.TB, entries []ledger.Entry) []string {
	t.Helper()
	var list []string
	for _, e := range entries {
		b, err := e.Decode()
		require.NoError(t, err)
		if b.Kind == ledger.KindIntent || b.Kind == ledger.KindResult {
			step, err := ledger.ResultOf[ledger.Step](b)
			require.NoError(t, err)
			b.Kind += " " + step.What + " " + step.State
		}
		list = append(list, b.Kind)
	}
	return list
}

func TestTheLedgerTellsTheWholeStory(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	plan := planOf(duty("rule", breach.MediaNotice, "VA", "2026-05-15"))
	_, err := store.SavePlan(ctx, incidentID, "P1", plan, casebook.Standing{Phase: casebook.PhaseOpen})
	require.NoError(t, err)
	// The same plan in another place of status decides nothing.
	_, err = store.SavePlan(ctx, incidentID, "P1", plan, casebook.Standing{Phase: casebook.PhaseApproval})
	require.NoError(t, err)
	approved(t, store, "P1")
	for range 2 { // everything may run twice
		_, err = store.IntendMessage(ctx, incidentID, "P1", "practice_notice")
		require.NoError(t, err)
	}
	changes := practice(t, store, "P1").Changes
	for _, move := range [][2]string{{"intended", "sending"}, {"sending", "sent"}, {"sending", "sent"}} {
		_, err = store.MoveMessage(ctx, casebook.MessageID(incidentID, "P1", "practice_notice", 1), move[0], casebook.Message{State: move[1], ProviderID: "p", SentOn: today, Changes: changes})
		require.NoError(t, err)
	}
	run := mailRun(t, store, 1, 5000)
	require.Equal(t, 1, run.Batches)
	require.NoError(t, store.IntendBatch(ctx, incidentID, 1, "run-001-batch-0001"))
	for range 2 {
		require.NoError(t, store.SaveBatch(ctx, incidentID, 1, casebook.Batch{Name: "run-001-batch-0001", Number: 1, Pieces: 1, PDFSHA256: "x", CSVSHA256: "y"}))
	}
	for range 2 {
		_, _, err = store.ClosePractice(ctx, incidentID, "P1", practice(t, store, "P1").Changes, today, "done")
		require.NoError(t, err)
		require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentClosed, today))
	}

	all := chains(t, store, "")
	require.Equal(t, []string{
		"incident_loaded", "mail_run_planned", "intent batch intended", "result batch finished", "incident_phase",
	}, kinds(t, all[""]))
	require.Equal(t, []string{
		"decision", "papers_made", "decision", "act", "act", "intent email intended", "intent email sending", "result email sent",
		"letters_planned", "letters_printed", "practice_closed",
	}, kinds(t, all["P1"]))
	require.Empty(t, all["P2"], "nothing was done about it yet")
	require.NotContains(t, chains(t, store, "P1"), "P2")
}

// TestTwoWorkersKeepOneChain has many write at once, into one practice and into many.
func TestTwoWorkersKeepOneChain(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	other, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(other.Close)
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), person("P1", "a")))
	const writers, each = 8, 15
	var all sync.WaitGroup
	failures := make(chan error, 4*writers*each)
	for w := range writers {
		all.Go(func() {
			s := []*postgres.Store{store, other}[w%2]
			for n := range each {
				for _, key := range []string{"P1", "P2", "P3", ""} {
					failures <- s.Intend(t.Context(), incidentID, key, "Robin Officer", ledger.StepEmail, fmt.Sprint(w, ".", n), nil)
				}
				_, err := s.AnchorLedger(t.Context(), incidentID, 0)
				failures <- err
			}
		})
	}
	go func() { all.Wait(); close(failures) }()
	for err := range failures {
		require.NoError(t, err)
	}
	entries := chains(t, store, "")
	for _, key := range []string{"P1", "P2", "P3"} {
		require.Len(t, entries[key], writers*each)
	}
	require.Len(t, slices.DeleteFunc(kinds(t, entries[""]), func(k string) bool { return k != "intent email intended" }), writers*each)
}

func TestNothingIsTakenOutOfTheLedger(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	approved(t, store, "P1")
	anchored(t, store)
	pool := testkit.Pool(t, url)
	for _, statement := range []string{
		"UPDATE ledger SET body = body", "DELETE FROM ledger", "TRUNCATE ledger", "UPDATE ledger_anchor SET seq = seq", "DELETE FROM ledger_anchor",
		"TRUNCATE ledger_anchor",
	} {
		_, err := pool.Exec(t.Context(), statement)
		require.ErrorContains(t, err, "rows are only added", statement)
	}
	// Nor can a place be chosen: whatever is put in continues the chain.
	_, err := pool.Exec(t.Context(), `INSERT INTO ledger VALUES ('EX-2026-03', 'P1', 1, '2020-01-01', 'x', 'y', '{"kind":"act"}')`)
	require.NoError(t, err)
	entries := chains(t, store, "P1")["P1"]
	require.Equal(t, len(entries), entries[len(entries)-1].Seq)
}

func anchored(t testing.TB, store *postgres.Store) {
	t.Helper()
	_, err := store.AnchorLedger(t.Context(), incidentID, 0)
	require.NoError(t, err)
}

func TestAnAnchorIsMadeOnlyWhenSomethingMoved(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	anchor := func(every time.Duration) bool {
		made, err := store.AnchorLedger(t.Context(), incidentID, every)
		require.NoError(t, err)
		return made
	}
	require.False(t, anchor(0), "no practice has an entry")
	approved(t, store, "P1")
	require.True(t, anchor(0))
	require.False(t, anchor(0), "nothing moved")
	approved(t, store, "P2")
	require.False(t, anchor(time.Hour), "the last one is young")
	require.True(t, anchor(0))
}

// TestTheSuperuserIsCaught changes rows with the triggers off, as only the
// owner of the database can.
func TestTheSuperuserIsCaught(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ tamper, says string }{
		"a word":      {`UPDATE ledger SET body = replace(body, 'Robin', 'Other') WHERE practice_key = 'P1' AND seq = 3`, "practice P1, entry 3"},
		"a row":       {`DELETE FROM ledger WHERE practice_key = 'P1' AND seq = 2`, "practice P1, entry 2: it is missing"},
		"the time":    {`UPDATE ledger SET at = at - interval '1 day' WHERE practice_key = 'P1' AND seq = 1`, "practice P1, entry 1"},
		"the hash":    {`UPDATE ledger SET hash = sha256('x') WHERE practice_key = 'P1' AND seq = 2`, "practice P1, entry 2"},
		"a short one": {`UPDATE ledger SET hash = 'x' WHERE practice_key = 'P1' AND seq = 2`, "practice P1, entry 2"},
		"the order": {`UPDATE ledger SET seq = -seq WHERE practice_key = 'P1' AND seq IN (2, 3);
			UPDATE ledger SET seq = 5 + seq WHERE practice_key = 'P1' AND seq < 0`, "practice P1, entry 2"},
		"the incident's": {`UPDATE ledger SET body = replace(body, 'Robin', 'Other') WHERE practice_key = ''`, "the incident's ledger, entry 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
			approved(t, store, "P1")
			chains(t, store, "")
			tamper(t, testkit.Pool(t, url), c.tamper)
			require.ErrorContains(t, checkAll(t, store), c.says)
		})
	}
}

func tamper(t testing.TB, pool *pgxpool.Pool, statement string) {
	t.Helper()
	_, err := pool.Exec(t.Context(), "SET session_replication_role = replica; "+statement+"; RESET session_replication_role")
	require.NoError(t, err)
}

func checkAll(t testing.TB, store *postgres.Store) error {
	t.Helper()
	var chain *ledger.Chain
	return store.Ledger(t.Context(), incidentID, "", func(e ledger.Entry) error {
		if chain == nil || chain.Practice != e.Practice {
			chain = &ledger.Chain{Incident: incidentID, Practice: e.Practice}
		}
		return chain.Add(e)
	})
}

// Nothing is written of which the ledger could not tell.
func TestAnEntryThatCannotBeWrittenUndoesWhatItTellsOf(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	pool := testkit.Pool(t, url)
	for _, statement := range []string{
		`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space is left'; END $$`,
		`CREATE TRIGGER full_disk BEFORE INSERT ON ledger FOR EACH ROW WHEN (NEW.practice_key = 'P1') EXECUTE FUNCTION full_disk()`,
	} {
		_, err := pool.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	plan := planOf(duty("rule", breach.MediaNotice, "VA", "2026-05-15"))
	for range 20 { // more often than there are connections: none is lost by it
		_, err := store.SavePlan(t.Context(), incidentID, "P1", plan, casebook.Standing{Phase: casebook.PhaseOpen})
		require.ErrorContains(t, err, "no space is left")
	}
	require.Equal(t, casebook.PhaseStarting, practice(t, store, "P1").Phase)
	require.Empty(t, chains(t, store, "P1")["P1"])
	_, err := store.SavePlan(t.Context(), incidentID, "P2", plan, casebook.Standing{Phase: casebook.PhaseOpen})
	require.NoError(t, err)
	require.Len(t, chains(t, store, "P2")["P2"], 1)
}

func TestTheLedgerNamesTheFilesThatAListWasImportedFrom(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	imported := caseOf(incident(), practices("P1"), person("P1", "a"))
	imported.Sources = map[string]string{"S1": "aa", "S2": "bb"}
	loaded(t, store, imported)
	for _, e := range chains(t, store, "")[""] {
		if b, err := e.Decode(); err == nil && b.Kind == ledger.KindLoaded {
			require.Equal(t, "aa", b.Inputs[ledger.SourceInput+"S1"])
			require.Equal(t, "bb", b.Inputs[ledger.SourceInput+"S2"])
			return
		}
	}
	t.Fatal("the ledger does not say that the case was loaded")
}
