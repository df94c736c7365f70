package postgres_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

func TestALinkBecomesOneSession(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	require.NoError(t, store.AddSignInLink(ctx, casebook.SignInLink{SHA256: "link", Who: "ada", Identity: "os:ada", Until: noon.Add(time.Minute)}, noon))

	// Two browsers follow it at the same moment.
	followed := make(chan casebook.DoorSession, 2)
	for _, sha := range []string{"session", "other"} {
		go func() {
			session, err := store.BeginSessionByLink(ctx, "link", casebook.DoorSession{SHA256: sha, How: casebook.ByLink, Began: noon, Until: noon.Add(time.Hour)}, "")
			require.NoError(t, err)
			followed <- session
		}()
	}
	first, second := <-followed, <-followed
	if first.ID == 0 {
		first, second = second, first
	}
	require.Equal(t, []string{"ada", "os:ada"}, []string{first.Who, first.Identity})
	require.Zero(t, second.ID)
	open := 0
	for _, sha := range []string{"session", "other"} {
		session, _, err := store.Session(ctx, sha, noon)
		require.NoError(t, err)
		if session.ID != 0 {
			open++
		}
	}
	require.Equal(t, 1, open)

	// Making another forgets what is over, and only that.
	link := func(sha string, until time.Duration) casebook.SignInLink {
		return casebook.SignInLink{SHA256: sha, Who: "ben", Identity: "os:ben", Until: noon.Add(until)}
	}
	require.NoError(t, store.AddSignInLink(ctx, link("next", 2*time.Hour), noon.Add(30*time.Minute)))
	require.NoError(t, store.AddSignInLink(ctx, link("last", 3*time.Hour), noon.Add(time.Hour)))
	session, err := store.BeginSessionByLink(ctx, "next", casebook.DoorSession{SHA256: "s2", How: casebook.ByLink, Began: noon.Add(time.Hour), Until: noon.Add(4 * time.Hour)}, "")
	require.NoError(t, err)
	require.Equal(t, "ben", session.Who)
}

// A link whose session cannot be kept is not used up.
func TestALinkIsUsedWithItsSessionOrNotAtAll(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	require.NoError(t, store.AddSignInLink(ctx, casebook.SignInLink{SHA256: "link", Who: "ada", Identity: "os:ada", Until: noon.Add(time.Minute)}, noon))
	session := casebook.DoorSession{SHA256: "session", How: "by the window", Began: noon, Until: noon.Add(time.Hour)}
	_, err := store.BeginSessionByLink(ctx, "link", session, "")
	require.Error(t, err)
	session.How = casebook.ByLink
	begun, err := store.BeginSessionByLink(ctx, "link", session, "")
	require.NoError(t, err)
	require.NotZero(t, begun.ID)
}

func TestWhoCameInIsWrittenDownForGood(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	ctx := t.Context()
	_, err := store.BeginSession(ctx, casebook.DoorSession{SHA256: "s", Who: "ada", Identity: "os:ada", How: casebook.ByLink, Began: noon, Until: noon.Add(time.Minute)}, "")
	require.NoError(t, err)
	events, err := store.DoorEvents(ctx, noon.Add(time.Minute))
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.Equal(t, casebook.DoorEnded, events[1].What)
	events, err = store.DoorEvents(ctx, noon.Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, events, 2, "it ended once")

	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	for _, change := range []string{"UPDATE door_event SET who = 'nobody'", "DELETE FROM door_event", "TRUNCATE door_event"} {
		_, err = conn.Exec(ctx, change)
		require.ErrorContains(t, err, "rows are only added", change)
	}
}

func TestAPasskeyIsOfOnePerson(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	ctx := t.Context()
	key := casebook.Passkey{Credential: []byte("c"), Handle: []byte("h"), Who: "ada", Identity: "os:ada", Kept: []byte("{}"), Label: "Laptop", Added: noon}
	require.NoError(t, store.AddPasskey(ctx, key, casebook.DoorSession{}))
	other := key
	other.Identity = "os:eve"
	refused(t, store.AddPasskey(ctx, other, casebook.DoorSession{}), "passkeys")
	for i := range 19 {
		key.Credential = []byte{byte(i)}
		require.NoError(t, store.AddPasskey(ctx, key, casebook.DoorSession{}))
	}
	key.Credential = []byte("one more")
	refused(t, store.AddPasskey(ctx, key, casebook.DoorSession{}), "passkeys")

	list, err := store.Passkeys(ctx, "os:ada")
	require.NoError(t, err)
	require.Len(t, list, 20)
	refused(t, store.RemovePasskey(ctx, list[0].ID, "os:eve", "eve", noon), "unknown_passkey")
	require.NoError(t, store.RemovePasskey(ctx, list[0].ID, "", "ben", noon))
	session := casebook.DoorSession{SHA256: "s", How: casebook.ByPasskey, Began: noon, Until: noon.Add(time.Hour)}
	begun, err := store.BeginSessionByPasskey(ctx, list[0], session, "")
	require.NoError(t, err)
	require.Zero(t, begun.ID, "it was taken away between what it signed and the session")
	refused(t, store.EndSession(ctx, 1, "os:ben", true, "ben", noon), "unknown_session")
}
