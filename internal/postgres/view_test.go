package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

func TestThatSomebodyLookedIsWrittenDownForGood(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	view := casebook.PayloadView{At: noon, Who: "ada", Namespace: "default", WorkflowID: "practice:EX:P1", RunID: "r1", Payloads: 3, Readable: true}
	require.NoError(t, store.AddPayloadView(t.Context(), view))
	views, err := store.PayloadViews(t.Context())
	require.NoError(t, err)
	require.Len(t, views, 1)
	views[0].At = views[0].At.UTC()
	require.Equal(t, view, views[0])

	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	for _, change := range []string{"UPDATE payload_view SET who = 'nobody'", "DELETE FROM payload_view", "TRUNCATE payload_view"} {
		_, err = conn.Exec(t.Context(), change)
		require.ErrorContains(t, err, "rows are only added", change)
	}
}
