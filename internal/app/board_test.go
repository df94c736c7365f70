package app_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/app"
	"duenotice/internal/door"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestTheBoardIsBehindTheSignIn, as the programs serve it, and alone where there is no
// UI of Temporal's.
func TestTheBoardIsBehindTheSignIn(t *testing.T) {
	t.Parallel()
	page, port, ended, _ := serving(t)
	page.Config.UIUpstream = ""
	page.Config.KeyFile, page.Config.KeyText = "", "" // the board reads no patient, and needs none
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { ended <- page.Run(ctx) }()
	testkit.Await(t, func() bool { return page.Check(t.Context()) == nil })
	store, err := postgres.Open(t.Context(), page.Config.DatabaseURL)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	root, err := door.ParseAddress(page.Config.TemporalUI)
	require.NoError(t, err)

	browser := func() *http.Client {
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		return &http.Client{Jar: jar, Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
		}}}
	}
	ask := func(b *http.Client, method, path, body string) (int, string, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, root.String()+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Origin", root.String())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := b.Do(r)
		require.NoError(t, err)
		defer func() { require.NoError(t, answer.Body.Close()) }()
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, answer.Request.URL.Path, string(text)
	}
	signIn := func(identity access.Identity) (*http.Client, int, string, string) {
		t.Helper()
		link, err := door.NewLink(t.Context(), store, root, "Somebody", identity, "/board/", time.Now())
		require.NoError(t, err)
		u, err := url.Parse(link)
		require.NoError(t, err)
		b := browser()
		code, at, text := ask(b, http.MethodPost, u.Path, u.RawQuery)
		return b, code, at, text
	}
	for _, path := range []string{"/", "/board/", "/board/EX-2026-03/", "/board/incidents.csv"} {
		code, _, text := ask(browser(), http.MethodGet, path, "")
		require.Equal(t, http.StatusUnauthorized, code, path)
		require.NotContains(t, text, "ncident ")
	}
	ada, code, at, text := signIn("os:ada")
	require.Equal(t, http.StatusOK, code, text)
	require.Equal(t, "/board/", at)
	require.Contains(t, text, `href="/duenotice/account"`, "the way to one's sessions and out")
	_, at, _ = ask(ada, http.MethodGet, "/", "")
	require.Equal(t, "/board/", at)
	code, _, _ = ask(ada, http.MethodGet, "/board/NO-SUCH/", "")
	require.Equal(t, http.StatusNotFound, code)
	code, _, _ = ask(ada, http.MethodPost, "/board/", "")
	require.Equal(t, http.StatusMethodNotAllowed, code)

	officer, err := postgres.Open(t.Context(), page.Config.DatabaseURL, postgres.As(access.Everywhere(access.Officer)))
	require.NoError(t, err)
	t.Cleanup(officer.Close)
	_, err = officer.ChangeRole(t.Context(), postgres.RoleChange{
		Grant: access.Grant{Identity: "os:ben", Name: "Ben Okafor", Role: access.Officer}, Granted: true, Who: "Ben Okafor", By: "os:ben", At: time.Now(),
	})
	require.NoError(t, err)
	code, _, _ = ask(ada, http.MethodGet, "/board/", "")
	require.Equal(t, http.StatusForbidden, code, "asked at each request")
	_, code, _, _ = signIn("os:ben")
	require.Equal(t, http.StatusOK, code)
	stop()
	require.NoError(t, <-ended)
	require.Error(t, (&app.Viewer{Config: page.Config}).Check(context.Background()))
}
