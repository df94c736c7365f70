package postgres

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

// RefusesPlaintext reports whether the address would be refused, without connecting.
func RefusesPlaintext(t *testing.T, url string) bool {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	return refusePlaintext(config) != nil
}

// FindingColumns are the columns a load writes.
var FindingColumns = findingColumns

// WithoutLedger is the store as it would be if it kept no ledger: what a
// benchmark holds the ledger's cost against.
func WithoutLedger(s *Store) *Store {
	return &Store{pool: s.pool, q: s.q, changes: forgetful{s.pool}, master: s.master, generate: s.generate}
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

// Plain is a person as it is encrypted, and the part that decides their letter.
func Plain(p breach.Person) (plain, letter []byte) {
	plain, letterEnds := appendPlain(nil, &p, false, breach.SetOf(p.DataClasses...))
	return plain, plain[:letterEnds]
}

// ReadPlain is Plain's other direction, without the keys.
func ReadPlain(plain []byte) (breach.Person, error) {
	p, classes, err := readPlain(plain)
	p.DataClasses = classes.Classes()
	return p, err
}

// SessionsEach is how many sessions a person's login may have.
const SessionsEach = sessionsEach

// KeepPeopleApartFor is KeepPeopleApart with other limits.
func (s *Store) KeepPeopleApartFor(ctx context.Context, block, idle, take time.Duration) ([]EndedSession, error) {
	return s.keepPeopleApart(ctx, block, idle, take)
}
