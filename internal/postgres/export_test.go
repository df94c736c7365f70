package postgres

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// NewestMigration is the newest that this program has.
func NewestMigration() int64 { return newestMigration() }

// OldestBeside is which tables a program must expect at least beside these migrations.
func OldestBeside(files fs.FS) (int64, error) { return oldestBeside(files) }

// EndedBefore refuses tables that workers at work could not go on with.
func EndedBefore(t *testing.T, url string, oldest int64) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	return endedBefore(t.Context(), conn, oldest)
}

// Migrations are the texts of all, by the names of their files.
func Migrations(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(migrations, "migrations/*.sql")
	require.NoError(t, err)
	all := map[string]string{}
	for _, name := range names {
		content, err := fs.ReadFile(migrations, name)
		require.NoError(t, err)
		all[filepath.Base(name)] = string(content)
	}
	return all
}

// RefusesPlaintext reports whether the address would be refused, without connecting.
func RefusesPlaintext(t *testing.T, url string) bool {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	return refusePlaintext(config) != nil
}

// WithoutLedger is the store as it would be if it kept no ledger: what a
// benchmark holds the ledger's cost against.
func WithoutLedger(s *Store) *Store {
	return &Store{pool: s.pool, q: s.q, changes: forgetful{s.changes}, master: s.master, generate: s.generate}
}

type forgetful struct{ beginner }

func (f forgetful) Begin(ctx context.Context) (pgx.Tx, error) {
	tx, err := f.beginner.Begin(ctx)
	return forgetfulTx{tx}, err
}

type forgetfulTx struct{ pgx.Tx }

func (f forgetfulTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if strings.Contains(sql, "INSERT INTO ledger ") {
		return pgconn.CommandTag{}, nil
	}
	return f.Tx.Exec(ctx, sql, args...)
}

// WithDataKey gives every incident the same data key, so that hashes of one
// database can be compared with those of another.
func WithDataKey(secret []byte) Option {
	return func(s *Store) { s.generate = func() []byte { return secret } }
}

// SessionUser is the database login of the store.
func (s *Store) SessionUser(ctx context.Context) (name string, err error) {
	return name, s.pool.QueryRow(ctx, "SELECT session_user").Scan(&name)
}

// SessionsEach is how many sessions a person's login may have.
const SessionsEach = sessionsEach

// KeepPeopleApartFor is KeepPeopleApart with other limits.
func (s *Store) KeepPeopleApartFor(ctx context.Context, block, idle, take time.Duration) ([]EndedSession, error) {
	return s.keepPeopleApart(ctx, block, idle, take)
}

// LetPrint has the letters of every practice wait for a mail run, as if each had
// been approved.
func (s *Store) LetPrint(ctx context.Context, incidentID string) error {
	people, err := s.counting(ctx, s.q, incidentID)
	if err != nil {
		return err
	}
	rows, err := s.q.PracticesOf(ctx, incidentID)
	if err != nil {
		return err
	}
	for _, p := range rows {
		_, err := s.pool.Exec(ctx, "UPDATE practice SET printable = true, standing_of = changes, standing_seal = $2 WHERE id = $1", p.ID, printableSeal(people.read, p.PracticeKey, 0))
		if err != nil {
			return err
		}
	}
	return nil
}

// Times are the limits of a session of the store.
func (s *Store) Times(ctx context.Context) (set string, err error) {
	return set, s.pool.QueryRow(ctx, `SELECT concat_ws(' ', current_setting('statement_timeout'),
		current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout'))`).Scan(&set)
}
