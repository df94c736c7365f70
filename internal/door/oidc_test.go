package door_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/door"
	"duenotice/internal/testkit/browser"
)

// staff are whom the provider knows.
type staff map[string]*storage.User

func (s staff) GetUserByID(id string) *storage.User         { return s[id] }
func (s staff) GetUserByUsername(name string) *storage.User { return s[name] }
func (s staff) ExampleClientID() string                     { return "service" }

func employee(name string, verified bool) *storage.User {
	return &storage.User{ID: name, Username: name, Password: "correct horse", FirstName: name, LastName: "Example", Email: strings.ToUpper(name[:1]) + name[1:] + "@Example.org", EmailVerified: verified}
}

// newProvider starts a certified provider's own server (zitadel/oidc), which knows
// the door as a client, and has the door ask it.
func newProvider(l *lodge, claim string) *door.Provider {
	l.t.Helper()
	l.now = time.Now() // the provider's clock is the machine's
	server := httptest.NewUnstartedServer(nil)
	issuer := "http://" + server.Listener.Addr().String()
	known := staff{"ada": employee("ada", true), "ben": employee("ben", true), "eve": employee("eve", false)}
	store := storage.NewStorageWithClients(known, map[string]*storage.Client{
		"duenotice": storage.WebClient("duenotice", "shared secret", l.address.String()+"/duenotice/oidc/callback"),
	})
	server.Config.Handler = exampleop.SetupServer(issuer, store, nil, false, op.WithAllowInsecure())
	server.Start()
	l.t.Cleanup(server.Close)
	provider := &door.Provider{Issuer: issuer, ClientID: "duenotice", Secret: "shared secret", Claim: claim}
	require.NoError(l.t, provider.Check())
	l.door.Provider = provider
	return provider
}

var adaOfProvider = access.Grant{Identity: "oidc:ada@example.org", Name: "Ada Rivera", Role: access.Counsel, IncidentID: "EX-2026-03"}

func TestTheProviderSignsIn(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	newProvider(l, door.ClaimEmail)
	l.role(benOfficer, true)
	l.role(adaOfProvider, true)
	w := newWindow(l)
	w.Do(chromedp.Navigate(l.address.String()+page), w.shows("You are not signed in"), chromedp.Click(chromedp.CSS(`a[href^="/duenotice/oidc"]`)),
		chromedp.WaitVisible(chromedp.CSS(`#username`)), chromedp.SendKeys(chromedp.CSS(`#username`), "ada"), chromedp.SendKeys(chromedp.CSS(`#password`), "correct horse"),
		chromedp.Click(chromedp.CSS(`button[type=submit]`)), w.shows("The page of Ada Rivera"))
	require.Equal(t, l.address.String()+page, browser.Ask(w.Tab, chromedp.Location()), "it leads to the page that was asked for")
	require.Contains(t, browser.Ask(w.Tab, chromedp.Text(chromedp.CSS("body"))), "EX-2026-03", "and shows what the role reaches")
	sessions := l.sessions()
	require.Len(t, sessions, 1)
	require.Equal(t, []string{casebook.ByOIDC, "oidc:ada@example.org", "Ada Rivera (oidc:ada@example.org)"}, []string{sessions[0].How, sessions[0].Identity, sessions[0].Who})
}

// trip is one way to the provider and back, in a browser that follows nothing by itself.
type trip struct {
	*lodge
	b *http.Client
	// there is where the door sends the browser, back where the provider sends it.
	there, back *url.URL
}

func (l *lodge) depart() *trip {
	l.t.Helper()
	t := &trip{lodge: l, b: l.browser()}
	t.b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	status, header, body := l.answer(t.b, l.request(http.MethodGet, "/duenotice/oidc?to="+url.QueryEscape(page), ""))
	require.Equal(l.t, http.StatusSeeOther, status, body)
	var err error
	t.there, err = url.Parse(header.Get("Location"))
	require.NoError(l.t, err)
	return t
}

// prove shows the provider who somebody is.
func (t *trip) prove(name string) *trip {
	t.t.Helper()
	_, header, _ := t.answer(t.b, t.request(http.MethodGet, t.there.String(), ""))
	asks := t.there.ResolveReference(&url.URL{Path: header.Get("Location")})
	path, query, _ := strings.Cut(header.Get("Location"), "?")
	asks.Path, asks.RawQuery = path, query
	_, body := t.get(t.b, asks.String())
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(body)
	require.NotNil(t.t, id, body)
	r := t.request(http.MethodPost, t.there.Scheme+"://"+t.there.Host+"/login/username", url.Values{"username": {name}, "password": {"correct horse"}, "id": {id[1]}}.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, header, _ = t.answer(t.b, r)
	next, err := t.there.Parse(header.Get("Location"))
	require.NoError(t.t, err)
	_, header, body = t.answer(t.b, t.request(http.MethodGet, next.String(), ""))
	t.back, err = url.Parse(header.Get("Location"))
	require.NoError(t.t, err, body)
	require.Equal(t.t, t.address.Host, t.back.Host, body)
	return t
}

// arrive comes back in a browser.
func (t *trip) arrive(b *http.Client) (int, string) {
	t.t.Helper()
	return t.get(b, t.back.String())
}

func (l *lodge) refused() (why []string) {
	l.t.Helper()
	for _, e := range l.record() {
		if e.What == casebook.DoorRefused {
			why = append(why, e.How+" "+e.Identity+": "+e.Why)
		}
	}
	return why
}

func TestOnlyWhoHoldsARoleComesInByTheProvider(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	newProvider(l, door.ClaimEmail)
	come := func(name string) (int, string) {
		trip := l.depart().prove(name)
		return trip.arrive(trip.b)
	}
	// While nobody holds a role, who reaches the machine may do everything; who is
	// somebody's employee reaches nothing of it.
	status, body := come("ada")
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, body, "hold no role here")
	l.role(benOfficer, true)
	status, _ = come("ada")
	require.Equal(t, http.StatusForbidden, status)
	require.Equal(t, []string{"oidc oidc:ada@example.org: no role that may look is held"}, l.refused(), "a burst is one row")
	l.role(access.Grant{Identity: "oidc:ada@example.org", Name: "Ada Rivera", Role: access.Practice, IncidentID: "EX-2026-03", PracticeKey: "P1"}, true)
	status, _ = come("ada")
	require.Equal(t, http.StatusForbidden, status, "a practice's person")
	require.Empty(t, l.sessions())
	l.role(adaOfProvider, true)
	status, body = come("ada")
	require.Equal(t, http.StatusOK, status, body)
	require.Contains(t, body, `<meta http-equiv="refresh" content="0; url=/board/EX-2026-03/">`)
	require.Len(t, l.sessions(), 1)

	// An address that nobody has verified can be anybody's.
	l.role(access.Grant{Identity: "oidc:eve@example.org", Name: "Eve Stone", Role: access.Counsel}, true)
	status, body = come("eve")
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, body, "has not verified the e-mail address")
	require.Len(t, l.sessions(), 1)
}

func TestTheProvidersSubjectIsAnIdentity(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	newProvider(l, door.ClaimSubject)
	l.role(benOfficer, true)
	l.role(access.Grant{Identity: "oidc:eve", Name: "Eve Stone", Role: access.Counsel}, true)
	trip := l.depart().prove("eve")
	status, _ := trip.arrive(trip.b)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "oidc:eve", l.sessions()[0].Identity)
	require.Equal(t, "openid", trip.there.Query().Get("scope"), "no more is asked for than is used")
}

func TestTheWayBackBelongsToTheWayThere(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	newProvider(l, door.ClaimEmail)
	l.role(benOfficer, true)
	l.role(adaOfProvider, true)
	query := l.depart().there.Query()
	require.Equal(t, "S256", query.Get("code_challenge_method"))
	require.NotEmpty(t, query.Get("code_challenge"))
	require.NotEmpty(t, query.Get("nonce"))
	require.NotEmpty(t, query.Get("state"))

	refused := func(name string, status int, body string) {
		t.Helper()
		require.Equal(t, http.StatusUnauthorized, status, name)
		require.Contains(t, body, "did not succeed", name)
		require.Empty(t, l.sessions(), name)
		l.later(3 * time.Second) // the next guess
	}
	with := func(u *url.URL, key, value string) *url.URL {
		changed, q := *u, u.Query()
		q.Set(key, value)
		changed.RawQuery = q.Encode()
		return &changed
	}
	trip := l.depart().prove("ada")
	status, body := trip.arrive(l.browser())
	refused("another browser: an attacker's sign-in given to somebody else", status, body)

	for key, value := range map[string]string{"state": "x", "code": "", "error": "access_denied", "iss": "https://evil.example"} {
		trip = l.depart().prove("ada")
		trip.back = with(trip.back, key, value)
		status, body = trip.arrive(trip.b)
		refused(key, status, body)
		require.NotContains(t, body, "evil.example", "what a stranger wrote is not shown")
	}
	trip = l.depart()
	trip.there = with(trip.there, "nonce", "anothers")
	status, body = trip.prove("ada").arrive(trip.b)
	refused("an ID token of another sign-in", status, body)
	trip = l.depart()
	trip.there = with(trip.there, "code_challenge", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	status, body = trip.prove("ada").arrive(trip.b)
	refused("a code that was begun elsewhere", status, body)
	trip, other := l.depart().prove("ada"), l.depart().prove("ada")
	trip.back = with(trip.back, "code", other.back.Query().Get("code"))
	status, body = trip.arrive(trip.b)
	refused("another's code", status, body)
	trip = l.depart().prove("ada")
	l.later(5 * time.Minute)
	status, body = trip.arrive(trip.b)
	refused("five minutes later", status, body)

	trip = l.depart().prove("ada")
	cookies := trip.b.Jar.Cookies(l.address)
	status, _ = trip.arrive(trip.b)
	require.Equal(t, http.StatusOK, status)
	again := l.browser()
	again.Jar.SetCookies(l.address, cookies)
	status, _ = trip.arrive(again)
	require.Equal(t, http.StatusUnauthorized, status, "a second time, with all that the browser sent")
	require.Len(t, l.sessions(), 1)

	// No page of another site begins it.
	r := l.request(http.MethodGet, "/duenotice/oidc", "")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	status, header, _ := l.answer(l.browser(), r)
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, header.Get("Location"))
}

func TestAProviderThatIsAwayKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	issuer := gone.URL
	gone.Close()
	l.door.Provider = &door.Provider{Issuer: issuer, ClientID: "duenotice", Secret: "shared secret", Claim: door.ClaimSubject}
	for range 5 {
		status, body := l.get(l.browser(), "/duenotice/oidc")
		require.Equal(t, http.StatusBadGateway, status)
		require.NotContains(t, body, issuer)
	}
	require.Equal(t, 1, strings.Count(l.log.String(), "cannot be asked"))
	l.signedIn()

	// A secret that is wrong is the provider's no.
	l = newLodge(t)
	newProvider(l, door.ClaimSubject).Secret = "another"
	trip := l.depart().prove("ada")
	status, body := trip.arrive(trip.b)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, body, "does not take the code")
	require.NotContains(t, l.log.String(), "another")
}

func TestWithoutAProviderThereIsNoWayToOne(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	_, body := l.get(l.browser(), "/duenotice/login")
	require.NotContains(t, body, "organisation")
	for _, path := range []string{"/duenotice/oidc", "/duenotice/oidc/callback?state=x&code=y"} {
		status, _ := l.get(l.browser(), path)
		require.Equal(t, http.StatusNotFound, status)
	}
}

func TestAProviderIsAskedSafelyOrNotAtAll(t *testing.T) {
	t.Parallel()
	good := func() *door.Provider {
		return &door.Provider{Issuer: "https://login.example.org/tenant", ClientID: "duenotice", Secret: "s", Claim: door.ClaimSubject}
	}
	require.NoError(t, good().Check())
	for says, change := range map[string]func(*door.Provider){
		"takes https":        func(p *door.Provider) { p.Issuer = "http://login.example.org" },
		"not an address":     func(p *door.Provider) { p.Issuer = "login.example.org" },
		"client's id":        func(p *door.Provider) { p.ClientID = "" },
		"client's secret":    func(p *door.Provider) { p.Secret = "" },
		"preferred_username": func(p *door.Provider) { p.Claim = "preferred_username" },
	} {
		p := good()
		change(p)
		require.ErrorContains(t, p.Check(), says)
	}
	_, err := (&door.Provider{Issuer: "http://127.0.0.1:1"}).Discover(time.Now())
	require.ErrorContains(t, err, "does not say how it is asked")
}
