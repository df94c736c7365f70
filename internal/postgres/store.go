package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/postgres/sqlgen"
)

// Store is the database. It is safe for use by many goroutines.
type Store struct {
	pool *pgxpool.Pool
	q    *sqlgen.Queries
	// changes begins the transactions that write: the pool, but for a test.
	changes beginner
	// master wraps the data keys; nil in a program that reads no people.
	master    datakey.Master
	unwrapped keyCache
	// as is the role it works in; none is the engine.
	as access.Scope
	// identity is who acts of this store's session are by.
	identity access.Identity
	// decide is asked once, on the first connection, and answers with the scope.
	decide  func(Login) (access.Scope, error)
	account string
	who     Login
	meeting sync.Mutex
	// worker is the identity of the account that the worker runs under.
	worker access.Identity
	// connections it has at most; 0 leaves that to the driver.
	connections int
	// environment is whose the database must be.
	environment string
	// generate makes a data key: datakey.Generate, or what a test wants.
	generate func() []byte
}

type beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// Option says more about a Store.
type Option func(*Store)

// WithMaster has people read and written, under data keys that master wraps.
// Without it everything else works, and what needs people is refused with code
// "no_key".
func WithMaster(master datakey.Master) Option { return func(s *Store) { s.master = master } }

// WithConnections has at most so many connections at the same time. Where the URL itself
// names a number (pool_max_conns), that one holds. Without it there are as many as the
// driver thinks, four on a small machine: enough for a command.
func WithConnections(most int) Option { return func(s *Store) { s.connections = most } }

// Open connects to the database at url, a PostgreSQL URL or keyword string. It
// refuses, with code "plaintext_database", one on another machine that may be
// spoken to without TLS: patient data would travel in clear (45 CFR 164.312(e));
// and with code "unverified_database" one whose certificate is not checked.
func Open(ctx context.Context, url string, options ...Option) (*Store, error) {
	s := &Store{generate: datakey.Generate}
	for _, set := range options {
		set(s)
	}
	config, err := ParseURL(url, s.connections)
	if err != nil {
		return nil, err
	}
	config.AfterConnect = s.welcome
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be opened: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("the database cannot be reached: %w", err)
	}
	s.pool, s.q = pool, sqlgen.New(pool)
	if s.changes == nil {
		s.changes = pool
	}
	if err := checkEnvironment(ctx, pool, s.environment); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// ParseURL reads a PostgreSQL URL or keyword string, and refuses what Open refuses. There
// are at most so many connections as the URL says (pool_max_conns), else as most, else,
// where that is 0, as the driver thinks.
func ParseURL(url string, most int) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errDatabaseURL()
	}
	// The pool takes its own settings out of what it read.
	given, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, errDatabaseURL()
	}
	if _, named := given.RuntimeParams["pool_max_conns"]; !named && most > 0 {
		config.MaxConns = int32(most)
	}
	return config, refusePlaintext(config.ConnConfig)
}

// Close ends all connections, after waiting for those in use.
func (s *Store) Close() { s.pool.Close() }

// refusePlaintext looks at every address the driver would try, also those it
// would fall back to after a refused handshake (sslmode allow and prefer).
func refusePlaintext(config *pgx.ConnConfig) error {
	const advice = "Set sslmode=verify-full, with sslrootcert when the certificate is your own."
	tried := append([]*pgconn.FallbackConfig{{Host: config.Host, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	tried = slices.DeleteFunc(tried, func(c *pgconn.FallbackConfig) bool { return onThisMachine(c.Host) })
	for _, c := range tried {
		if c.TLSConfig == nil {
			return breach.Refuse("plaintext_database", advice, "the database on %s may be spoken to without TLS", c.Host)
		}
	}
	for _, c := range tried {
		// sslmode=verify-ca sets both; it checks the certificate in a function of its own.
		if c.TLSConfig.InsecureSkipVerify && c.TLSConfig.VerifyPeerCertificate == nil {
			return breach.Refuse("unverified_database", advice, "the database on %s would not have to prove that it is the one that is meant", c.Host)
		}
	}
	return nil
}

// errDatabaseURL does not say what is wrong: the driver's own error repeats the
// URL where it cannot tell which part of it is the password.
func errDatabaseURL() error {
	return breach.Refuse("database_url", "Write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full, with %XX for other characters in the password than letters and digits.",
		"the database URL cannot be read")
}

// onThisMachine reports whether host is a socket or a loopback address. Another
// name is not looked up: what it means can change between here and connecting.
func onThisMachine(host string) bool {
	if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}

// inTx runs do in one transaction: committed when do returns nil, else undone.
func (s *Store) inTx(ctx context.Context, do func(tx pgx.Tx, q *sqlgen.Queries) error) error {
	return pgx.BeginFunc(ctx, s.changes, func(tx pgx.Tx) error { return do(tx, s.q.WithTx(tx)) })
}

// inSnapshot runs do on the database as it is at one moment, read only.
func (s *Store) inSnapshot(ctx context.Context, do func(q *sqlgen.Queries) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, s.pool, options, func(tx pgx.Tx) error { return do(s.q.WithTx(tx)) })
}

func unknownIncident(id string) error {
	return breach.Refuse("unknown_incident", "Run status without an incident to see which there are.", "there is no incident %s", id)
}

func unknownPractice(incidentID, key string) error {
	return breach.Refuse("unknown_practice", "Check the key against practices.csv.", "incident %s has no practice %s", incidentID, key)
}

// orUnknownIncident turns "no row" into the refusal that says so.
func orUnknownIncident(err error, id string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return unknownIncident(id)
	}
	return err
}

func orUnknownPractice(err error, incidentID, key string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return unknownPractice(incidentID, key)
	}
	return err
}

// instant returns a pointer for columns that may be NULL; the zero time is NULL.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
