package stack_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/internal/stack"
)

// The shape of production on one machine: the engine's state in PostgreSQL, with a
// login of its own that has nothing of the program's.
func TestStackWithItsEngineInPostgreSQL(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, _ := options(t, dir)
	o.Engine = stack.PostgreSQL
	first := up(t, o)
	require.Equal(t, stack.PostgreSQL, first.Engine)
	require.NoFileExists(t, filepath.Join(dir, "temporal", "temporal.db"))
	require.Contains(t, stack.SearchAttributeNames(t, first), "NextDue")

	_, err := dial(t, first).ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "kept", TaskQueue: "queue"}, "anything")
	require.Error(t, err, "the operator starts nothing")
	worker := dialAs(t, first, "worker")
	_, err = worker.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "kept", TaskQueue: "queue"}, "anything")
	require.NoError(t, err)

	t.Run("the engine's login and the program's keep apart", func(t *testing.T) {
		engine := stack.EngineURL(t, dir, "temporal")
		require.Equal(t, "duenotice_temporal", query[string](t, engine, "SELECT current_user"))
		require.False(t, query[bool](t, first.OwnerDatabaseURL, "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = 'duenotice_temporal'"))
		u, err := url.Parse(first.DatabaseURL)
		require.NoError(t, err)
		for _, database := range []string{"temporal", "temporal_visibility"} {
			u.Path = "/" + database
			_, err = pgx.Connect(t.Context(), u.String())
			require.ErrorContains(t, err, "permission denied for database")
		}
	})
	t.Run("what is in one store does not move to the other", func(t *testing.T) {
		other := o
		other.Engine = stack.SQLite
		_, err := stack.Up(t.Context(), other)
		require.ErrorContains(t, err, "keeps the engine's state in postgresql")
		other.Engine = "mysql"
		_, err = stack.Up(t.Context(), other)
		require.ErrorContains(t, err, `not in "mysql"`)
		_, running := stack.Read(dir)
		require.True(t, running)
	})

	stack.KillAll(t, dir)
	o.Engine = ""
	back := up(t, o)
	require.Equal(t, first, back, "a stack stays with what it was begun with")
	found, err := dialAs(t, back, "worker").DescribeWorkflowExecution(t.Context(), "kept", "")
	require.NoError(t, err)
	require.Equal(t, "kept", found.GetWorkflowExecutionInfo().GetExecution().GetWorkflowId())
}

// What Temporal keeps, and what it is told, is its owner's alone.
func TestTheEnginesFilesAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	o, _ := options(t, dir)
	o.WorkerArgs, o.Ready = nil, nil
	up(t, o)
	seen := 0
	require.NoError(t, filepath.Walk(filepath.Join(dir, "temporal"), func(path string, info os.FileInfo, err error) error {
		require.NoError(t, err)
		if info.Mode().IsRegular() && filepath.Base(filepath.Dir(path)) != "tls" {
			require.Zero(t, info.Mode().Perm()&0o077, path)
			seen++
		}
		return nil
	}))
	require.GreaterOrEqual(t, seen, 3, "settings, ports and the database")
	tls, err := os.Stat(filepath.Join(dir, "temporal", "tls"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), tls.Mode().Perm())
}
