package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestPatientDataNeverTravelsInClear: a database elsewhere must speak TLS, and
// nothing may fall back from it.
func TestPatientDataNeverTravelsInClear(t *testing.T) {
	t.Parallel()
	for url, wantRefused := range map[string]bool{
		"postgres://u@db.example.org/x?sslmode=disable":                       true,
		"postgres://u@db.example.org/x?sslmode=allow":                         true,
		"postgres://u@db.example.org/x?sslmode=prefer":                        true,
		"postgres://u@db.example.org/x":                                       true, // prefer is libpq's default
		"postgres://u@192.0.2.7/x?sslmode=disable":                            true,
		"postgres://u@127.0.0.1,db.example.org/x?sslmode=disable":             true, // one of two hosts is elsewhere
		"host=db.example.org sslmode=disable":                                 true,
		"postgres://u@db.example.org/x?sslmode=require&connect_timeout=1":     true, // any certificate would do
		"postgres://u@db.example.org/x?sslmode=verify-ca&connect_timeout=1":   false,
		"postgres://u@db.example.org/x?sslmode=verify-full&connect_timeout=1": false,
		"postgres://u@127.0.0.1:1/x?sslmode=disable":                          false,
		"postgres://u@[::1]:1/x?sslmode=disable":                              false,
		"postgres://u@localhost:1/x?sslmode=disable":                          false,
		"host=/nowhere/run sslmode=disable":                                   false,
	} {
		require.Equal(t, wantRefused, postgres.RefusesPlaintext(t, url), url)
	}
	_, err := postgres.Open(t.Context(), "postgres://u:secret@db.example.org/x?sslmode=disable")
	refused(t, err, "plaintext_database")
	require.NotContains(t, err.Error(), "secret")
	_, err = postgres.Open(t.Context(), "postgres://u:secret@db.example.org/x?sslmode=require")
	refused(t, err, "unverified_database")
	refused(t, postgres.Migrate(t.Context(), "postgres://u@db.example.org/x?sslmode=prefer"), "plaintext_database")
}

// TestConnectionsAreWhatTheURLSaysFirst: an operator whose database has few connections
// says so in the URL, whatever the program would have.
func TestConnectionsAreWhatTheURLSaysFirst(t *testing.T) {
	t.Parallel()
	const url = "postgres://u@127.0.0.1:1/x?sslmode=disable"
	driver, err := postgres.ParseURL(url, 0)
	require.NoError(t, err)
	for _, c := range []struct {
		url        string
		most, want int32
	}{
		{url, 16, 16}, {url, 0, driver.MaxConns}, {url + "&pool_max_conns=3", 16, 3}, {url + "&pool_max_conns=64", 16, 64},
		{"host=127.0.0.1 port=1 sslmode=disable pool_max_conns=5", 16, 5},
	} {
		config, err := postgres.ParseURL(c.url, int(c.most))
		require.NoError(t, err)
		require.Equal(t, c.want, config.MaxConns, c.url)
		require.NotContains(t, config.ConnConfig.RuntimeParams, "pool_max_conns", "the server is not asked to set it")
	}
}

func TestSeveralProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	var all errgroup.Group
	for range 3 {
		all.Go(func() error { return postgres.Migrate(t.Context(), url) })
	}
	require.NoError(t, all.Wait())
	require.NoError(t, postgres.Migrate(t.Context(), url), "a migrated database stays as it is")
	store := openAt(t, url, postgres.WithMaster(masterOf("test")))
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
}

func TestADatabaseThatIsNotThereSaysSo(t *testing.T) {
	t.Parallel()
	_, err := postgres.Open(t.Context(), "postgres://u:secret@127.0.0.1:1/x?sslmode=disable")
	require.ErrorContains(t, err, "cannot be reached")
	require.NotContains(t, err.Error(), "secret")
}

func TestNoErrorShowsThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://u:sec%20ret@host:port/x", "postgres://u:sec ret@127.0.0.1:1/x", "postgres://u:sec\x7fret@127.0.0.1:1/x",
		"host=127.0.0.1 port=x password=sec1ret", "host=127.0.0.1 password='sec ret' port=1", "host=127.0.0.1 password=sec'ret' nonsense",
		"user=u password = sec2ret sslmode=none", "postgres://u:sec@ret@127.0.0.1:1/x?sslmode=none", "sec3ret",
	} {
		_, err := postgres.Open(t.Context(), url)
		require.Error(t, err, url)
		require.NotRegexp(t, "sec.{0,3}ret", err.Error(), url)
		require.NotRegexp(t, "sec.{0,3}ret", postgres.Migrate(t.Context(), url).Error(), url)
	}
}
