package postgres_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// A change of the workflows' course is taken up when every worker knows it that may
// still take work, and then stays: who comes later without knowing it is refused.
func TestAChangeIsTakenUpWhenEveryWorkerKnowsIt(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	store := openAt(t, url)
	sign := func(worker, build string, changes int) (int, error) {
		return store.Sign(t.Context(), postgres.Sign{Worker: worker, Queue: "q", Build: build, Changes: changes})
	}
	silent := func(worker, by string) {
		_, err := testkit.Pool(t, url).Exec(t.Context(), "UPDATE worker_sign SET seen_at = seen_at - $2::interval WHERE worker = $1", worker, by)
		require.NoError(t, err)
	}
	says := func(worker string, changes, want int) {
		t.Helper()
		taken, err := sign(worker, "build of "+worker, changes)
		require.NoError(t, err)
		require.Equal(t, want, taken)
	}
	says("old", 1, 1)
	says("new", 3, 1)
	silent("old", "70 seconds")
	says("new", 3, 1) // it may be on its way back
	says("old", 1, 1)

	programs, taken, err := store.Programs(t.Context(), "q")
	require.NoError(t, err)
	require.Equal(t, 1, taken)
	require.Len(t, programs, 2)
	require.Equal(t, "build of new", programs[0].Build)
	require.Equal(t, 1, programs[1].Workers)

	require.NoError(t, store.EndSign(t.Context(), "old", "q", ""))
	says("middle", 2, 2)
	says("new", 3, 2)
	silent("middle", "3 minutes")
	says("new", 3, 3)
	_, err = sign("old", "", 1)
	refused(t, err, "newer_workflows")
	_, err = sign("middle", "", 2)
	refused(t, err, "newer_workflows")
	says("new", 3, 3)

	programs, _, err = store.Programs(t.Context(), "q")
	require.NoError(t, err)
	require.Len(t, programs, 1, "who was refused is not at work")
}

// Programs of two sets of tables work beside each other where the newer tables allow it,
// and the one that cannot is refused before it does anything.
func TestProgramsWorkBesideTablesThatAllowIt(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	pool := testkit.Pool(t, url)
	program := testkit.ProgramLogin(t, url)
	store := openAt(t, url)
	newest := postgres.NewestMigration()
	exec := func(query string, args ...any) {
		t.Helper()
		_, err := pool.Exec(t.Context(), query, args...)
		require.NoError(t, err)
	}

	// As after the migration of a later program.
	exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)", newest+1)
	exec("UPDATE access_rules SET sha256 = 'of a later program'")
	require.NoError(t, migrate(url))
	require.NoError(t, migrate(program))
	var rights string
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT max(sha256) FROM access_rules").Scan(&rights))
	require.Equal(t, "of a later program", rights, "an earlier program does not take the later one's rights back")
	_, err := store.Sign(t.Context(), postgres.Sign{Worker: "w", Queue: "q"})
	require.NoError(t, err)

	exec("UPDATE release SET tables = $1", newest+1)
	refused(t, migrate(url), "newer_tables")
	refused(t, migrate(program), "newer_tables")
	_, err = store.Sign(t.Context(), postgres.Sign{Worker: "w", Queue: "q"})
	refused(t, err, "newer_tables")
}

// Tables that an earlier program cannot work with are not made while it works.
func TestTablesWaitForEarlierProgramsToEnd(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	pool := testkit.Pool(t, url)
	_, err := pool.Exec(t.Context(), "INSERT INTO worker_sign (worker, queue, build, tables) VALUES ('old', 'q', 'v1', 198)")
	require.NoError(t, err)
	refused(t, postgres.EndedBefore(t, url, 205), "older_workers")
	require.NoError(t, postgres.EndedBefore(t, url, 198))
	_, err = pool.Exec(t.Context(), "UPDATE worker_sign SET ended = true")
	require.NoError(t, err)
	require.NoError(t, postgres.EndedBefore(t, url, 205))
}

// Every migration since releases say it says whether earlier programs may run beside
// its tables; one that does not is taken for one beside which they must not.
func TestEachMigrationSaysWhatEarlierProgramsMay(t *testing.T) {
	t.Parallel()
	for name, text := range postgres.Migrations(t) {
		if name < "00205" {
			continue
		}
		require.Regexp(t, `(?m)^-- Earlier programs: (may run beside these tables|have to end first)\.$`, text, name)
	}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	oldest, err := postgres.OldestBeside(fstest.MapFS{
		"00100_before.sql": file("-- +goose Up\n"), "00205_a.sql": file("-- +goose Up\n-- Earlier programs: may run beside these tables.\n"),
	})
	require.NoError(t, err)
	require.Zero(t, oldest)
	oldest, err = postgres.OldestBeside(fstest.MapFS{
		"00206_b.sql": file("-- +goose Up\n-- Earlier programs: have to end first.\n"), "00207_c.sql": file("-- +goose Up\n"),
		"00208_d.sql": file("-- +goose Up\n-- Earlier programs: may run beside these tables.\n"),
	})
	require.NoError(t, err)
	require.Equal(t, int64(207), oldest)
}
