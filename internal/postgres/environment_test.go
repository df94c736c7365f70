package postgres_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func openFor(t *testing.T, url, environment string) error {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, postgres.InEnvironment(environment))
	if err == nil {
		store.Close()
	}
	return err
}

func TestADatabaseBelongsToOneEnvironment(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url := testkit.DatabaseURL(t)
	refused(t, openFor(t, url, "ehr-3"), "no_environment_yet")
	require.NoError(t, openFor(t, url, ""), "doctor looks at an empty one")
	require.NoError(t, postgres.Migrate(ctx, url))
	refused(t, openFor(t, url, "ehr-3"), "no_environment_yet")

	require.NoError(t, postgres.MigrateFor(ctx, url, "ehr-3", masterOf("test")))
	require.NoError(t, openFor(t, url, "ehr-3"))
	for _, other := range []string{"ehr-4", "EHR-3", ""} {
		refused(t, openFor(t, url, other), "other_environment")
		refused(t, postgres.MigrateFor(ctx, url, other, masterOf("test")), "other_environment")
	}
	require.NoError(t, postgres.MigrateFor(ctx, url, "ehr-3", masterOf("test")), "again")

	pool := testkit.Pool(t, url)
	for _, change := range []string{"UPDATE environment SET name = 'ehr-4'", "DELETE FROM environment", "TRUNCATE environment"} {
		_, err := pool.Exec(ctx, change)
		require.ErrorContains(t, err, "rows are only added", change)
	}
	_, err := pool.Exec(ctx, "INSERT INTO environment (name) VALUES ('ehr-4')")
	require.ErrorContains(t, err, "environment_pkey")
}

// Another environment's database is not even brought up to date.
func TestAnotherEnvironmentsTablesAreLeftAlone(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	require.NoError(t, postgres.MigrateFor(t.Context(), url, "ehr-3", masterOf("test")))
	pool := testkit.Pool(t, url)
	_, err := pool.Exec(t.Context(), "DELETE FROM goose_db_version WHERE version_id > 1")
	require.NoError(t, err)
	refused(t, postgres.MigrateFor(t.Context(), url, "ehr-4", masterOf("test")), "other_environment")
	var versions int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM goose_db_version WHERE version_id > 1").Scan(&versions))
	require.Zero(t, versions)
}

// Who only reads can ask whose the database is.
func TestEveryLoginSeesWhoseADatabaseIs(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	require.NoError(t, postgres.MigrateFor(t.Context(), url, "ehr-3", masterOf("test")))
	pool := testkit.Pool(t, url)
	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	var name string
	_, err = conn.Exec(t.Context(), "SET ROLE pg_read_all_stats")
	require.NoError(t, err)
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT environment_name()").Scan(&name))
	require.Equal(t, "ehr-3", name)
	_, err = conn.Exec(t.Context(), "RESET ROLE")
	require.NoError(t, err)
}

func TestTwoEnvironmentsAtOnceCannotBothHaveADatabase(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	var all errgroup.Group
	var had atomic.Int32
	for _, name := range []string{"ehr-3", "ehr-4", "ehr-5", "ehr-6"} {
		all.Go(func() error {
			err := postgres.MigrateFor(context.WithoutCancel(t.Context()), url, name, masterOf("test"))
			if refusal, ok := breach.AsRefusal(err); ok && refusal.Code == "other_environment" {
				return nil
			}
			if err == nil {
				had.Add(1)
			}
			return err
		})
	}
	require.NoError(t, all.Wait())
	require.Equal(t, int32(1), had.Load())
}

// A slip at the first start does not give a database from before there were
// environments to the wrong one, which could not read it.
func TestADatabaseIsTakenOverByWhoeverCanReadIt(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "A")))
	refused(t, postgres.MigrateFor(t.Context(), url, "ehr-4", masterOf("another")), "lost_key")
	refused(t, postgres.MigrateFor(t.Context(), url, "ehr-4", nil), "no_key")
	require.NoError(t, openFor(t, url, ""), "it is nobody's still")
	require.NoError(t, postgres.MigrateFor(t.Context(), url, "ehr-3", masterOf("newer", "test")))
	require.NoError(t, openFor(t, url, "ehr-3"))
}
