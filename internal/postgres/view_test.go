package postgres_test

import (
	"testing"
	"time"

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

func TestALinkBecomesOneSession(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	link := casebook.UILink{SHA256: "link", Who: "ada", Identity: "os:ada", Until: noon.Add(time.Minute)}
	require.NoError(t, store.AddUILink(t.Context(), link, noon))
	session := casebook.UISession{SHA256: "session", Until: noon.Add(time.Hour)}

	// Two browsers follow it at the same moment.
	followed := make(chan string, 2)
	for _, sha := range []string{"session", "other"} {
		go func() {
			who, err := store.OpenUISession(t.Context(), "link", casebook.UISession{SHA256: sha, Until: session.Until}, noon)
			require.NoError(t, err)
			followed <- who
		}()
	}
	require.ElementsMatch(t, []string{"ada", ""}, []string{<-followed, <-followed})

	open := 0
	for _, sha := range []string{"session", "other"} {
		who, _, err := store.UISession(t.Context(), sha, noon)
		require.NoError(t, err)
		if who == "ada" {
			open++
		}
		who, _, err = store.UISession(t.Context(), sha, session.Until)
		require.NoError(t, err)
		require.Empty(t, who, "it is over")
	}
	require.Equal(t, 1, open)

	// Making another forgets what is over, and only that.
	require.NoError(t, store.AddUILink(t.Context(), casebook.UILink{SHA256: "next", Who: "ben", Identity: "os:ben", Until: noon.Add(2 * time.Hour)}, noon.Add(30*time.Minute)))
	require.NoError(t, store.AddUILink(t.Context(), casebook.UILink{SHA256: "last", Who: "cy", Identity: "os:cy", Until: noon.Add(3 * time.Hour)}, session.Until))
	who, err := store.OpenUISession(t.Context(), "next", casebook.UISession{SHA256: "s2", Until: noon.Add(4 * time.Hour)}, session.Until)
	require.NoError(t, err)
	require.Equal(t, "ben", who)
}
