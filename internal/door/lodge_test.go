package door_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/door"
	"duenotice/internal/logging"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const page = "/board/EX-2026-03/"

// lodge is a door with a real database, and behind it a page that says who came.
type lodge struct {
	t        *testing.T
	database string
	store    *postgres.Store
	door     *door.Door
	address  *url.URL
	log      lines

	mu      sync.Mutex
	now     time.Time
	reached int
}

// lines is a log that requests write at the same time.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newLodge(t *testing.T) *lodge {
	t.Helper()
	l := &lodge{t: t, now: time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)}
	l.database = testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	var err error
	l.store, err = postgres.Open(t.Context(), l.database)
	require.NoError(t, err)
	t.Cleanup(l.store.Close)
	front := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(front.Listener.Addr().String())
	require.NoError(t, err)
	l.address, err = door.ParseAddress("http://k3x9ab.localhost:" + port)
	require.NoError(t, err)
	l.door = &door.Door{
		Address: l.address, Store: l.store, Ways: []door.Way{{Title: "Board", Path: "/board/"}, {Title: "Temporal UI", Path: "/"}},
		Now: l.time, Log: slog.New(logging.Redacting(slog.NewJSONHandler(&l.log, nil))),
	}
	front.Config.Handler = l.handler()
	front.Start()
	t.Cleanup(front.Close)
	return l
}

func (l *lodge) handler() http.Handler {
	return l.door.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.reached++
		l.mu.Unlock()
		p, ok := door.Of(r)
		require.True(l.t, ok)
		who, grants, err := door.Who(r)
		require.NoError(l.t, err)
		require.Equal(l.t, p.Identity, who)
		require.Len(l.t, grants, len(p.Grants))
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<h1>The page of "+p.Name+"</h1>"+strings.Join(p.Incidents(), " "))
	}))
}

func (l *lodge) time() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *lodge) later(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

// came is how many requests the page behind the door got.
func (l *lodge) came() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reached
}

// browser is a client that keeps cookies and follows redirects.
func (l *lodge) browser() *http.Client {
	l.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(l.t, err)
	// A browser takes every name below localhost for this machine.
	return &http.Client{Jar: jar, Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}}}
}

func (l *lodge) link() string { return l.linkOf("ada", "os:ada") }

func (l *lodge) linkOf(name string, identity access.Identity) string {
	l.t.Helper()
	link, err := door.NewLink(l.t.Context(), l.store, l.address, name, identity, page, l.time())
	require.NoError(l.t, err)
	return link
}

// signedIn is a browser in which a link was followed and its button pressed.
func (l *lodge) signedIn() *http.Client { return l.signedInAs("ada", "os:ada") }

func (l *lodge) signedInAs(name string, identity access.Identity) *http.Client {
	l.t.Helper()
	b := l.browser()
	status, body := l.press(b, l.linkOf(name, identity))
	require.Equal(l.t, http.StatusOK, status, body)
	require.Contains(l.t, body, "The page of "+name)
	return b
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="(.*?)">`)

// fields are the hidden fields of a page's form.
func fields(body string) url.Values {
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(body, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	return form
}

// press follows a link and presses the button of the page that it leads to.
func (l *lodge) press(b *http.Client, link string) (int, string) {
	l.t.Helper()
	status, body := l.get(b, link)
	require.Equal(l.t, http.StatusOK, status, body)
	require.Contains(l.t, body, `<form method="post" action="/duenotice/login">`)
	return l.send(b, l.posted("/duenotice/login", fields(body)))
}

// posted is what a browser sends for a form of ours.
func (l *lodge) posted(path string, form url.Values) *http.Request {
	l.t.Helper()
	r := l.request(http.MethodPost, path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", l.address.String())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (l *lodge) get(b *http.Client, address string) (int, string) {
	l.t.Helper()
	return l.send(b, l.request(http.MethodGet, address, ""))
}

func (l *lodge) request(method, address, body string) *http.Request {
	l.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = l.address.String() + address
	}
	r, err := http.NewRequestWithContext(l.t.Context(), method, address, strings.NewReader(body))
	require.NoError(l.t, err)
	return r
}

func (l *lodge) send(b *http.Client, r *http.Request) (int, string) {
	l.t.Helper()
	status, _, body := l.answer(b, r)
	return status, body
}

func (l *lodge) answer(b *http.Client, r *http.Request) (int, http.Header, string) {
	l.t.Helper()
	answer, err := b.Do(r)
	require.NoError(l.t, err)
	defer func() { require.NoError(l.t, answer.Body.Close()) }()
	body, err := io.ReadAll(answer.Body)
	require.NoError(l.t, err)
	return answer.StatusCode, answer.Header, string(body)
}

// role gives a role or takes it away, as an officer does.
func (l *lodge) role(g access.Grant, granted bool) {
	l.t.Helper()
	store, err := postgres.Open(l.t.Context(), l.database, postgres.As(access.Everywhere(access.Officer)))
	require.NoError(l.t, err)
	defer store.Close()
	_, err = store.ChangeRole(l.t.Context(), postgres.RoleChange{Grant: g, Granted: granted, Who: "Ben Okafor", By: "os:ben", At: l.time()})
	require.NoError(l.t, err)
}

var (
	benOfficer = access.Grant{Identity: "os:ben", Name: "Ben Okafor", Role: access.Officer}
	adaCounsel = access.Grant{Identity: "os:ada", Name: "Ada Rivera", Role: access.Counsel, IncidentID: "EX-2026-03"}
)

func (l *lodge) sessions() []casebook.DoorSession {
	l.t.Helper()
	list, err := l.store.Sessions(l.t.Context(), "", l.time())
	require.NoError(l.t, err)
	return list
}

// record is what was written down, as "what how who why times by".
func (l *lodge) record() []casebook.DoorEvent {
	l.t.Helper()
	list, err := l.store.DoorEvents(l.t.Context(), l.time())
	require.NoError(l.t, err)
	return list
}
