package testkit_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/internal/stack"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	one, other := testkit.Postgres(t), testkit.Postgres(t)
	_, err := one.Exec(t.Context(), "CREATE TABLE only_here ()")
	require.NoError(t, err)
	_, err = other.Exec(t.Context(), "SELECT FROM only_here")
	require.ErrorContains(t, err, `"only_here" does not exist`)
}

var migrations atomic.Int32

func migrate(url string) error {
	migrations.Add(1)
	ctx, cancel := context.WithTimeout(context.Background(), testkit.Patience)
	defer cancel()
	return testkit.Administer(ctx, url, "CREATE TABLE people (n int)")
}

func TestMigrationRunsOnceForAllTests(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "another", "a third"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := testkit.Pool(t, testkit.Migrated(t, migrate))
			tag, err := pool.Exec(t.Context(), "INSERT INTO people VALUES (1)")
			require.NoError(t, err)
			require.Equal(t, int64(1), tag.RowsAffected())
			var rows int
			require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM people").Scan(&rows))
			require.Equal(t, 1, rows, "nothing of the other tests")
			require.Equal(t, int32(1), migrations.Load())
		})
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("inner", func(t *testing.T) {
		require.NoError(t, testkit.Postgres(t).QueryRow(t.Context(), "SELECT current_database()").Scan(&name))
	})
	var left int
	pool := testkit.Postgres(t)
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&left))
	require.NotEmpty(t, name)
	require.Zero(t, left)
}

func greet(workflow.Context) (string, error) { return "good day", nil }

func TestEveryTestHasANamespaceOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "another"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := testkit.Temporal(t, "Phase=Keyword")
			c := server.Client(t, client.Options{})
			w := worker.New(c, "queue", worker.Options{})
			w.RegisterWorkflow(greet)
			require.NoError(t, w.Start())
			t.Cleanup(w.Stop)

			phase := temporal.NewSearchAttributeKeyKeyword("Phase")
			run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
				ID: "the same in both", TaskQueue: "queue", TypedSearchAttributes: temporal.NewSearchAttributes(phase.ValueSet("open")),
			}, greet)
			require.NoError(t, err)
			var said string
			require.NoError(t, run.Get(t.Context(), &said))
			require.Equal(t, "good day", said)
		})
	}
}

// The servers of a test program that was killed are stopped and removed by the
// next one; those of one that lives are left alone.
func TestServersOfAKilledTestProgramAreSwept(t *testing.T) {
	t.Parallel()
	all := t.TempDir()
	require.NoError(t, os.Chmod(all, 0o755))
	dead, alive := filepath.Join(all, "servers-dead"), filepath.Join(all, "servers-alive")
	for _, dir := range []string{dead, alive} {
		require.NoError(t, os.MkdirAll(dir, 0o711))
	}
	_, err := stack.StartPostgres(t.Context(), dead, stack.PostgresOptions{Throwaway: true})
	require.NoError(t, err)
	unlock, ok, err := stack.TryLock(filepath.Join(alive, "alive"))
	require.NoError(t, err)
	require.True(t, ok)
	defer unlock()

	testkit.Sweep(t.Context(), all)
	require.NoDirExists(t, dead)
	require.DirExists(t, alive)
}
