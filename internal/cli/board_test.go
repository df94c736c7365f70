package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

func TestALinkLeadsToTheBoard(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.do("board")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "DUENOTICE_TEMPORAL_UI")
	o.startWorker()
	o.must("start", syntheticCase(t, 2, 4), "--no-wait")
	o.env["DUENOTICE_TEMPORAL_UI"] = "http://k3x9ab.localhost:8080"
	for page, args := range map[string][]string{"/board/": {"board"}, "/board/DEMO-2026-03/": {"board", "DEMO-2026-03", "--by", "Ada Rivera"}} {
		link, err := url.Parse(strings.TrimSpace(o.must(args...)))
		require.NoError(t, err)
		require.Equal(t, "k3x9ab.localhost:8080/duenotice/login", link.Host+link.Path)
		require.Equal(t, page, link.Query().Get("to"))
	}
	r = o.do("board", "NO-SUCH")
	require.Equal(t, 3, r.code, r.err)
	r = o.do("board", "../X")
	require.Equal(t, 2, r.code)
}

// signedIn keeps a session as the page does when somebody signs in.
func (o *office) signedIn(who, identity, browser string) {
	o.t.Helper()
	now := time.Now()
	_, err := o.store().BeginSession(o.t.Context(), casebook.DoorSession{
		SHA256: who + browser, Who: who, Identity: identity, How: casebook.ByLink, Address: "127.0.0.1", Browser: browser, Began: now, Until: now.Add(casebook.DoorSessionLasts),
	}, "")
	require.NoError(o.t, err)
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	require.Contains(t, o.as("ada", "board", "sessions").out, "Nobody is signed in.")
	o.as("ada", "access", "grant", "officer", "--to", "os:ada", "--name", "Ada Rivera", "--by", "Ada Rivera")
	o.as("ada", "access", "grant", "counsel", "--to", "os:cleo", "--name", "Cleo Marsh", "--by", "Ada Rivera")
	o.as("ada", "access", "grant", "approver", "--to", "os:ben", "--name", "Ben Okafor", "--incident", "EX-1", "--by", "Ada Rivera")
	o.signedIn("ada", "os:ada", "Firefox")
	o.signedIn("cleo", "os:cleo", `=HYPERLINK("https://evil.example")`)
	o.signedIn("ben", "os:ben", "Chromium")

	type shown struct {
		ID                                int
		Who, Identity, How, From, Browser string
		Began, Seen, Until                time.Time
	}
	list := func(account string) (ids []int) {
		t.Helper()
		r := o.as(account, "board", "sessions", "--json")
		require.Zero(t, r.code, r.err)
		var all []shown
		require.NoError(t, json.Unmarshal([]byte(r.out), &all))
		for _, s := range all {
			require.Equal(t, []string{"link", "127.0.0.1"}, []string{s.How, s.From})
			require.WithinDuration(t, s.Began.Add(12*time.Hour), s.Until, time.Second)
			ids = append(ids, s.ID)
		}
		return ids
	}
	require.Equal(t, []int{1, 2, 3}, list("ada"), "who gives roles sees everybody's")
	require.Equal(t, []int{3}, list("ben"), "others their own, also with a role for one incident")
	rows, err := csv.NewReader(strings.NewReader(o.as("ada", "board", "sessions", "--csv").out)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, `'=HYPERLINK("https://evil.example")`, rows[2][8], "a spreadsheet runs nothing that a browser says")

	r := o.as("ben", "board", "sessions", "--end", "2")
	require.Equal(t, 3, r.code, r.err)
	require.Contains(t, r.err, "no session 2 that could be ended")
	r = o.as("eve", "board", "sessions")
	require.Equal(t, 3, r.code, r.err)
	r = o.as("ben", "board", "sessions", "--end", "3")
	require.Contains(t, r.out, "Session 3 is ended.")
	r = o.as("ada", "board", "sessions", "--end", "2,1")
	require.Zero(t, r.code, r.err)
	require.Empty(t, list("ada"))
	r = o.as("ada", "board", "sessions", "--end", "1")
	require.Equal(t, 3, r.code, "it is ended already")

	require.Equal(t, 3, o.as("ben", "board", "sessions", "--record").code, "who looked is for who oversees")
	record := o.as("cleo", "board", "sessions", "--record")
	require.Zero(t, record.code, record.err)
	require.Contains(t, record.out, "an officer ended it")
	require.Equal(t, 2, strings.Count(record.out, "its person ended it"), "an officer ends their own as their own")
	require.Equal(t, 3, strings.Count(record.out, "signed in"))
}

func TestPasskeysAreListedAndTakenAway(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	require.Contains(t, o.as("ada", "board", "passkeys").out, "There are no passkeys.")
	o.as("ada", "access", "grant", "officer", "--to", "os:ada", "--name", "Ada Rivera", "--by", "Ada Rivera")
	o.as("ada", "access", "grant", "counsel", "--to", "os:cleo", "--name", "Cleo Marsh", "--by", "Ada Rivera")
	for _, p := range []casebook.Passkey{
		{Credential: []byte("a"), Handle: []byte("a"), Who: "ada", Identity: "os:ada", Kept: []byte("{}"), Label: "Laptop", Added: time.Now()},
		{Credential: []byte("c"), Handle: []byte("c"), Who: "cleo", Identity: "os:cleo", Kept: []byte("{}"), Label: "Key", Added: time.Now()},
	} {
		require.NoError(t, o.store().AddPasskey(t.Context(), p, casebook.DoorSession{}))
	}
	out := o.as("ada", "board", "passkeys").out
	require.Contains(t, out, "Laptop")
	require.Contains(t, out, "Key")
	out = o.as("cleo", "board", "passkeys").out
	require.NotContains(t, out, "Laptop")
	require.Equal(t, 3, o.as("cleo", "board", "passkeys", "--remove", "1").code)
	r := o.as("ada", "board", "passkeys", "--remove", "2")
	require.Zero(t, r.code, r.err)
	require.Contains(t, o.as("cleo", "board", "passkeys").out, "There are no passkeys.")
	require.Contains(t, o.as("ada", "board", "passkeys", "--json").out, `"used": null`)
}

// An e-mail address is the provider's in whichever capitals an officer types it.
func TestARoleIsGivenToWhomTheProviderKnows(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.env["DUENOTICE_OIDC_ISSUER"], o.env["DUENOTICE_OIDC_CLIENT_ID"], o.env["DUENOTICE_OIDC_CLAIM"] = "https://login.example.org", "duenotice", "email"
	r := o.as("ada", "access")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "which file has the client's secret")
	o.env["DUENOTICE_OIDC_CLIENT_SECRET_FILE"] = "/nowhere/secret" // read by the page, and by no command
	o.as("ada", "access", "grant", "officer", "--to", "os:ada", "--name", "Ada Rivera", "--by", "Ada Rivera")
	r = o.as("ada", "access", "grant", "counsel", "--to", "oidc:Cleo@Example.org", "--name", "Cleo Marsh", "--by", "Ada Rivera")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "oidc:cleo@example.org")
	r = o.as("ada", "access", "revoke", "counsel", "--to", "oidc:CLEO@example.org", "--by", "Ada Rivera")
	require.Contains(t, r.out, "no longer holds")
	r = o.as("ada", "access", "grant", "counsel", "--to", "saml:cleo", "--name", "Cleo Marsh", "--by", "Ada Rivera")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "oidc:")
}
