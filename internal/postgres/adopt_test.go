package postgres_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// forgotten is a store whose database was restored from a backup of before its mail run:
// six letters in three batches, of which the records of some were made. held is held back.
type forgotten struct {
	store   *postgres.Store
	pool    *pgxpool.Pool
	records map[string][]byte
	// was is where everybody stood before it was forgotten.
	was map[string]string
}

func forget(t *testing.T, run int, batches ...int) forgotten {
	t.Helper()
	store, url := open(t)
	pool := testkit.Pool(t, url)
	var rows []breach.Person
	for i := range 6 {
		p := person("P1", fmt.Sprint("p", i))
		p.ZIP = fmt.Sprintf("2322%d", i)
		rows = append(rows, p)
	}
	joined := person("P2", "p0")
	joined.ZIP = "23220"
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), append(rows, joined)...))
	approved(t, store, "P1", "P2")
	planned := mailRun(t, store, 1, 2)
	require.Equal(t, 3, planned.Batches)
	f := forgotten{store: store, pool: pool, records: map[string][]byte{}}
	if run != 1 {
		_, err := pool.Exec(t.Context(), "UPDATE mail_run SET number = $1", run)
		require.NoError(t, err)
	}
	for _, n := range batches {
		name := casebook.BatchName(run, n)
		b := casebook.Batch{Name: name, Number: n, Pieces: 2, Pages: 4, PDFSHA256: name + ".pdf", CSVSHA256: name + ".csv", PrintedAt: noon}
		if n == 2 {
			b.Held = []casebook.HeldPiece{{PieceID: fmt.Sprintf("R%03d-000003", run), Reason: breach.HeldScript}}
		}
		sealed, err := store.SealBatch(t.Context(), incidentID, run, b)
		require.NoError(t, err)
		f.records[name] = sealed
		require.NoError(t, store.SaveBatch(t.Context(), incidentID, run, b))
	}
	f.was = f.states(t)
	for _, statement := range []string{
		"DELETE FROM batch", "DELETE FROM piece", "DELETE FROM mail_run_practice", "DELETE FROM mail_run",
		"UPDATE finding SET state = 'waiting', state_why = '', letter = ''",
	} {
		_, err := pool.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	return f
}

func (f forgotten) states(t *testing.T) map[string]string {
	t.Helper()
	rows, err := f.pool.Query(t.Context(), "SELECT practice_id || person_key, state || ' ' || state_why || ' ' || letter FROM finding")
	require.NoError(t, err)
	states := map[string]string{}
	for rows.Next() {
		var who, state string
		require.NoError(t, rows.Scan(&who, &state))
		states[who] = state
	}
	require.NoError(t, rows.Err())
	return states
}

func TestARunThatWasForgottenIsAdopted(t *testing.T) {
	t.Parallel()
	f := forget(t, 1, 1, 2, 3)
	require.NoError(t, f.store.AdoptRun(t.Context(), incidentID, 1, f.records))
	require.Equal(t, f.was, f.states(t), "everybody stands where they stood")
	require.NoError(t, f.store.AdoptRun(t.Context(), incidentID, 1, f.records), "twice is once")
	accountIsRight(t, f.store, f.pool, "adopted")

	run := mailRun(t, f.store, 1, 100)
	require.Equal(t, 3, run.Batches)
	require.Equal(t, 6, run.Pieces)
	finished, err := f.store.FinishedBatches(t.Context(), incidentID, 1)
	require.NoError(t, err)
	require.Equal(t, map[int]bool{1: true, 2: true, 3: true}, finished)
	require.Equal(t, []string{"23220 p0: P1 P2", "23221 p1: P1"}, envelopes(letters(t, f.store, 1, 1)))
	require.Zero(t, mailRun(t, f.store, 2, 100).Pieces, "nobody is left who waits")
}

// TestOfARunOnlyWhatWasFinishedIsAdopted: nobody knows what became of the batch between,
// and its people wait for the next run.
func TestOfARunOnlyWhatWasFinishedIsAdopted(t *testing.T) {
	t.Parallel()
	f := forget(t, 3, 1, 3)
	require.NoError(t, f.store.AdoptRun(t.Context(), incidentID, 3, f.records))
	printing, err := f.store.Printing(t.Context(), incidentID)
	require.NoError(t, err)
	require.False(t, printing, "nothing of it is left to print")
	for _, passed := range []int{1, 2} {
		run, err := f.store.MailRun(t.Context(), incidentID, passed)
		require.NoError(t, err)
		require.Zero(t, run.Pieces)
	}
	run := mailRun(t, f.store, 4, 100)
	require.Equal(t, 2, run.Pieces)
	require.Equal(t, []string{"23222 p2: P1", "23223 p3: P1"}, envelopes(letters(t, f.store, 4, 1)))
	accountIsRight(t, f.store, f.pool, "adopted")
}

func TestNothingIsAdoptedThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, f forgotten)
		code  string
	}{
		"somebody who is not on the list any more": {func(t *testing.T, f forgotten) {
			t.Helper()
			_, err := f.pool.Exec(t.Context(), "DELETE FROM finding WHERE person_key = 'p4'")
			require.NoError(t, err)
		}, "lists_missing"},
		"somebody whose address came later": {func(t *testing.T, f forgotten) {
			t.Helper()
			_, err := f.pool.Exec(t.Context(), "UPDATE finding SET state = $1 WHERE person_key = 'p4'", string(account.NoAddress))
			require.NoError(t, err)
		}, "lists_missing"},
		"somebody who has a letter": {func(t *testing.T, f forgotten) {
			t.Helper()
			_, err := f.pool.Exec(t.Context(), `INSERT INTO piece (run_id, piece_no, practice_id, lead, person_key) SELECT 99, 1, practice_id, true, person_key FROM finding WHERE person_key = 'p5'`)
			require.NoError(t, err)
		}, "lists_missing"},
		"a record under another name": {func(_ *testing.T, f forgotten) {
			f.records["run-001-batch-0001"], f.records["run-001-batch-0002"] = f.records["run-001-batch-0002"], f.records["run-001-batch-0001"]
		}, "foreign_record"},
		"a record that was changed": {func(_ *testing.T, f forgotten) {
			f.records["run-001-batch-0001"][40] ^= 1
		}, "foreign_record"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := forget(t, 1, 1, 2, 3)
			c.spoil(t, f)
			before := f.states(t)
			refused(t, f.store.AdoptRun(t.Context(), incidentID, 1, f.records), c.code)
			require.Equal(t, before, f.states(t), "nothing of it is done")
			_, err := f.store.MailRun(t.Context(), incidentID, 1)
			refused(t, err, "unknown_mail_run")
		})
	}
}
