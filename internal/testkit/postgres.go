package testkit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DatabaseURL makes an empty database for the test and returns its address. It
// is dropped after the test.
func DatabaseURL(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "")
}

// Postgres makes an empty database for the test and returns a pool on it, which
// is closed after the test.
func Postgres(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return Pool(t, DatabaseURL(t))
}

// Pool opens a pool and closes it after the test.
func Pool(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatalf("testkit: cannot open the database: %v", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

var templates perKey[string]

// Migrated makes a database for the test that migrate was run on, and returns
// its address. migrate runs once in a test program, on a database that all
// others are then copied from, in some 50 ms. Two functions are told apart by
// where they stand in the source: a function literal that does different things
// for different captured variables counts as one.
func Migrated(t testing.TB, migrate func(url string) error) string {
	t.Helper()
	name := runtime.FuncForPC(reflect.ValueOf(migrate).Pointer()).Name()
	template, err := templates.get(name, func() (string, error) {
		server, err := servers(t).DatabaseURL(t.Context())
		if err != nil {
			return "", err
		}
		template := databaseName("template")
		if err := administer(t.Context(), server, "CREATE DATABASE "+template); err != nil {
			return "", err
		}
		return template, migrate(withDatabase(server, template))
	})
	if err != nil {
		t.Fatalf("testkit: migrating the template database: %v", err)
	}
	return newDatabase(t, " TEMPLATE "+template)
}

func newDatabase(t testing.TB, options string) string {
	t.Helper()
	server, err := servers(t).DatabaseURL(t.Context())
	if err != nil {
		t.Fatalf("testkit: this test needs PostgreSQL: %v", err)
	}
	name := databaseName("test")
	if err := administer(t.Context(), server, "CREATE DATABASE "+name+options); err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		// FORCE: a test that failed may have left connections open.
		if err := administer(ctx, server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("testkit: %v", err)
		}
	})
	return withDatabase(server, name)
}

func databaseName(kind string) string {
	return "duenotice_" + kind + "_" + strings.ToLower(rand.Text()[:16])
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // then connecting to it says what is wrong
	}
	u.Path = "/" + name
	return u.String()
}

func administer(ctx context.Context, server, statement string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	if err != nil {
		err = fmt.Errorf("%s: %w", statement, err)
	}
	return errors.Join(err, conn.Close(ctx))
}
