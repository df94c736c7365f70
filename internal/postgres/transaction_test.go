package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/sqlgen"
	"duenotice/internal/testkit"
)

// Nothing is written of which the ledger could not tell, although its entry is sent last
// and with the commit.
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

// trips counts how often a connection waits for the server.
type trips struct{ n int }

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n++
	return ctx
}
func (*trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.n++
	return ctx
}
func (*trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (*trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

func TestAnEntryIsSentWithWhatComesNext(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	config, err := pgxpool.ParseConfig(url)
	require.NoError(t, err)
	counted := &trips{}
	config.ConnConfig.Tracer = counted
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer pool.Close()
	const readEntries = "SELECT count(*) FROM ledger WHERE practice_key = 'P1'"
	entries := func(tx interface {
		QueryRow(context.Context, string, ...any) pgx.Row
	}) (n int) {
		require.NoError(t, tx.QueryRow(t.Context(), readEntries).Scan(&n))
		return n
	}
	write := func(do func(tx pgx.Tx, q *sqlgen.Queries) error) (took int, err error) {
		before := counted.n
		tx, err := postgres.EntryLast(pool).Begin(t.Context())
		require.NoError(t, err)
		if err := do(tx, sqlgen.New(tx)); err != nil {
			require.NoError(t, tx.Rollback(t.Context()))
			return 0, err
		}
		err = tx.Commit(t.Context())
		require.ErrorIs(t, tx.Rollback(t.Context()), pgx.ErrTxClosed)
		return counted.n - before, err
	}
	entry := sqlgen.AppendEntryParams{IncidentID: incidentID, PracticeKey: "P1", Body: `{"kind":"page","who":"duenotice"}`}

	took, err := write(func(_ pgx.Tx, q *sqlgen.Queries) error { return q.AppendEntry(t.Context(), entry) })
	require.NoError(t, err)
	require.Equal(t, 2, took, "it begins, and commits with the entry")
	require.Equal(t, 1, entries(pool))

	_, err = write(func(tx pgx.Tx, q *sqlgen.Queries) error {
		require.NoError(t, q.AppendEntry(t.Context(), entry))
		require.NoError(t, q.AppendEntry(t.Context(), entry))
		require.Equal(t, 3, entries(tx), "what comes next finds them")
		return q.AppendEntry(t.Context(), entry)
	})
	require.NoError(t, err)
	require.Equal(t, 4, entries(pool))

	_, err = write(func(tx pgx.Tx, q *sqlgen.Queries) error {
		require.NoError(t, q.AppendEntry(t.Context(), sqlgen.AppendEntryParams{IncidentID: incidentID, PracticeKey: "P1", Body: "\x00"}))
		_, err := tx.Exec(t.Context(), "UPDATE practice SET reason = 'written after an entry that failed'")
		return err
	})
	require.Error(t, err, "what follows says it")
	require.Equal(t, 4, entries(pool))
	chains(t, store, "P1")
}
