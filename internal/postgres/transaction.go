package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// entryLast begins transactions in which a ledger's entry waits for whatever the
// transaction does next and is sent with it. Nearly always that is the commit: the
// entry is the last thing that is written, and then costs no round trip of its own,
// which was most of what the ledger cost (docs/adr/0243).
type entryLast struct{ pool *pgxpool.Pool }

// Begin begins one on a connection of its own.
func (e entryLast) Begin(ctx context.Context) (pgx.Tx, error) {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "begin"); err != nil {
		conn.Release()
		return nil, err
	}
	return &transaction{held: conn}, nil
}

// transaction is a pgx.Tx of entryLast.
type transaction struct {
	// held is nil once the transaction has ended.
	held    *pgxpool.Conn
	waiting pgx.Batch
}

// entryStatement is how the statement begins that writes an entry.
const entryStatement = "-- name: AppendEntry :exec\n"

// Exec runs the statement, after the entries that wait; an entry begins to wait, and what
// is wrong with it is said by what comes next.
func (t *transaction) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if strings.HasPrefix(sql, entryStatement) {
		if t.held == nil {
			return pgconn.CommandTag{}, pgx.ErrTxClosed
		}
		t.waiting.Queue(sql, args...)
		return pgconn.CommandTag{}, nil
	}
	conn, err := t.ready(ctx)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	return conn.Exec(ctx, sql, args...)
}

// Query is Exec for rows.
func (t *transaction) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	conn, err := t.ready(ctx)
	if err != nil {
		return nil, err
	}
	return conn.Query(ctx, sql, args...)
}

// QueryRow is Exec for one row.
func (t *transaction) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	conn, err := t.ready(ctx)
	if err != nil {
		return failedRow{err}
	}
	return conn.QueryRow(ctx, sql, args...)
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

// SendBatch is Exec for many statements.
func (t *transaction) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	conn, err := t.ready(ctx)
	if err != nil {
		return pgx.FailedBatchResults(b, err)
	}
	return conn.SendBatch(ctx, b)
}

// CopyFrom is Exec for a COPY.
func (t *transaction) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	conn, err := t.ready(ctx)
	if err != nil {
		return 0, err
	}
	return conn.CopyFrom(ctx, table, columns, rows)
}

// Prepare prepares a statement.
func (t *transaction) Prepare(ctx context.Context, name, sql string) (*pgconn.StatementDescription, error) {
	conn, err := t.ready(ctx)
	if err != nil {
		return nil, err
	}
	return conn.Prepare(ctx, name, sql)
}

// Conn is the connection, past which entries would overtake what is written by it.
// Whoever uses it has none waiting.
func (t *transaction) Conn() *pgx.Conn { return t.held.Conn() }

// LargeObjects are not used.
func (t *transaction) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Begin is refused: nothing here needs a transaction in a transaction.
func (t *transaction) Begin(context.Context) (pgx.Tx, error) {
	return nil, errors.New("a transaction of the store has no transactions within it")
}

// ready is the connection, with nothing waiting.
func (t *transaction) ready(ctx context.Context) (*pgx.Conn, error) {
	if t.held == nil {
		return nil, pgx.ErrTxClosed
	}
	if t.waiting.Len() > 0 {
		b := t.waiting
		t.waiting = pgx.Batch{}
		if err := t.held.SendBatch(ctx, &b).Close(); err != nil {
			return nil, err
		}
	}
	return t.held.Conn(), nil
}

// Commit writes the entries that wait and commits, in one round trip: where an entry
// cannot be written PostgreSQL passes over the commit, and the error is the entry's.
func (t *transaction) Commit(ctx context.Context) error {
	if t.held == nil {
		return pgx.ErrTxClosed
	}
	conn := t.held
	t.held = nil
	defer conn.Release()
	var tag pgconn.CommandTag
	t.waiting.Queue("commit").Exec(func(done pgconn.CommandTag) error {
		tag = done
		return nil
	})
	if err := conn.SendBatch(ctx, &t.waiting).Close(); err != nil {
		_, _ = conn.Exec(ctx, "rollback") // so that the connection can be used again; the error is said already
		return err
	}
	if tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// Rollback undoes everything.
func (t *transaction) Rollback(ctx context.Context) error {
	if t.held == nil {
		return pgx.ErrTxClosed
	}
	conn := t.held
	t.held = nil
	defer conn.Release() // the pool closes it where it is in a transaction still
	if _, err := conn.Exec(ctx, "rollback"); err != nil {
		return fmt.Errorf("undo the transaction: %w", err)
	}
	return nil
}
