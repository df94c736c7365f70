package door_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/door"
	"duenotice/internal/testkit"
)

// ends are how sessions ended, by the record.
func (l *lodge) ends() (list []string) {
	l.t.Helper()
	for _, e := range l.record() {
		if e.What == casebook.DoorEnded {
			list = append(list, fmt.Sprintf("%d %s %s %q", e.SessionID, e.At.Format("15:04"), e.Why, e.ByWhom))
		}
	}
	return list
}

func TestASessionEndsByTime(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	used, idle := l.signedIn(), l.signedInAs("ben", "os:ben")
	for range 13 {
		l.later(55 * time.Minute)
		status, _ := l.get(used, page)
		require.Equal(t, http.StatusOK, status, "who goes on using it stays in")
	}
	status, _ := l.get(idle, page)
	require.Equal(t, http.StatusUnauthorized, status, "an hour without use")
	l.later(5*time.Minute - time.Second)
	status, _ = l.get(used, page)
	require.Equal(t, http.StatusOK, status, "in the evening")
	l.later(time.Second)
	status, _ = l.get(used, page)
	require.Equal(t, http.StatusUnauthorized, status, "twelve hours later")
	require.Equal(t, []string{`1 03:00 its time was over ""`, `2 16:00 nobody used it ""`}, l.ends(), "the record says when and why")
	require.Empty(t, l.sessions())
}

func TestAPageThatIsOpenedWritesOnce(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	b := l.signedIn()
	began := l.time()
	l.later(30 * time.Second)
	_, _ = l.get(b, page)
	require.Equal(t, began, l.sessions()[0].Seen)
	l.later(31 * time.Second)
	_, _ = l.get(b, page)
	require.Equal(t, l.time(), l.sessions()[0].Seen)
}

// Whoever could put a cookie into a browser before its person signed in must not
// know the session afterwards.
func TestASignInMakesANewSecret(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	planted := "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	name := "duenotice_" + l.address.Port()
	b := l.browser()
	b.Jar.SetCookies(l.address, []*http.Cookie{{Name: name, Value: planted, Path: "/"}})
	_, _ = l.press(b, l.link())
	secret := b.Jar.Cookies(l.address)[0].Value
	require.NotEqual(t, planted, secret)
	r := l.request(http.MethodGet, page, "")
	r.AddCookie(&http.Cookie{Name: name, Value: planted})
	status, _ := l.send(l.browser(), r)
	require.Equal(t, http.StatusUnauthorized, status)

	// A neighbour's own session is no better: it ends when somebody signs in over it.
	neighbour := l.signedInAs("eve", "os:eve")
	theirs := neighbour.Jar.Cookies(l.address)
	b = l.browser()
	b.Jar.SetCookies(l.address, theirs)
	_, _ = l.press(b, l.link())
	status, _ = l.get(neighbour, page)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, []string{`2 15:00 signed in anew in this browser ""`}, l.ends())
	_, body := l.get(b, page)
	require.Contains(t, body, "The page of ada")
}

func TestTheDatabaseKeepsNoSecret(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	link := l.link()
	b := l.signedIn()
	u, err := url.Parse(link)
	require.NoError(t, err)
	var kept string
	require.NoError(t, testkit.Pool(t, l.database).QueryRow(t.Context(), `SELECT (SELECT string_agg(x::text, ' ') FROM door_link x)
		|| (SELECT string_agg(x::text, ' ') FROM door_session x) || (SELECT string_agg(x::text, ' ') FROM door_event x)`).Scan(&kept))
	require.Contains(t, kept, "os:ada")
	require.NotContains(t, kept, u.Query().Get("link"))
	require.NotContains(t, kept, b.Jar.Cookies(l.address)[0].Value)
	require.NotContains(t, l.log.String(), b.Jar.Cookies(l.address)[0].Value)
}

// A worker that is started again asks nobody to sign in again, and what was between
// two steps of a sign-in is begun again.
func TestASessionOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	b := l.signedIn()
	l.door = &door.Door{Address: l.address, Store: l.store, Now: l.time, Log: slog.New(slog.DiscardHandler)}
	answer := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, l.address.String()+page, nil)
	for _, c := range b.Jar.Cookies(l.address) {
		r.AddCookie(c)
	}
	l.handler().ServeHTTP(answer, r)
	require.Equal(t, http.StatusOK, answer.Code)
}

// end asks to end a session as the page's button does.
func (l *lodge) end(b *http.Client, id int) (int, string) {
	l.t.Helper()
	return l.send(b, l.posted("/duenotice/account/end", url.Values{"id": {strconv.Itoa(id)}}))
}

func TestSessionsAreEndedByTheirPersonAndByWhoGivesRoles(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	l.role(benOfficer, true)
	l.role(adaCounsel, true)
	ada, adasOther, ben := l.signedIn(), l.signedIn(), l.signedInAs("ben", "os:ben")
	_, body := l.get(ada, door.AccountPath)
	require.Equal(t, 2, strings.Count(body, "/duenotice/account/end"), "a person sees their own")
	require.NotContains(t, body, "ben")
	_, body = l.get(ben, door.AccountPath)
	require.Equal(t, 3, strings.Count(body, "/duenotice/account/end"), "who gives roles sees everybody's")
	require.Contains(t, body, "127.0.0.1")
	require.Contains(t, body, "Go-http-client")
	require.Contains(t, body, "2026-04-12 15:00 UTC")

	for _, id := range []int{3, 99} {
		status, answer := l.end(ada, id)
		require.Equal(t, http.StatusConflict, status, "nobody ends another's, or learns of it: "+answer)
	}
	for _, id := range []string{"", "-1", "0", "x", "1 OR 1=1", "99999999999999999999"} {
		status, _ := l.send(ada, l.posted("/duenotice/account/end", url.Values{"id": {id}}))
		require.Equal(t, http.StatusBadRequest, status, id)
	}
	status, _ := l.end(ada, 2)
	require.Equal(t, http.StatusOK, status)
	status, _ = l.get(adasOther, page)
	require.Equal(t, http.StatusUnauthorized, status)

	_, body = l.end(ada, 1)
	require.Contains(t, body, "You are signed out.")
	require.Empty(t, ada.Jar.Cookies(l.address), "the browser forgets it too")
	ada = l.signedIn()
	status, _ = l.end(ben, 4)
	require.Equal(t, http.StatusOK, status)
	status, _ = l.get(ada, page)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, []string{`2 15:00 its person ended it "ada"`, `1 15:00 its person ended it "ada"`, `4 15:00 an officer ended it "ben"`}, l.ends())

	// Without a role somebody still signs out, and does nothing else.
	ada = l.signedIn()
	l.role(adaCounsel, false)
	came := l.came()
	for _, path := range []string{page, "/", "/duenotice/account/passkey"} {
		status, _ = l.get(ada, path)
		require.Equal(t, http.StatusForbidden, status, path)
	}
	require.Equal(t, came, l.came())
	_, body = l.end(ada, 5)
	require.Contains(t, body, "You are signed out.")
}

// changing are the forms by which something changes.
var changing = []string{"/duenotice/login", "/duenotice/passkey", "/duenotice/account/end", "/duenotice/account/passkey", "/duenotice/account/passkey/remove", "/board/EX", "/"}

func TestOnlyThePageItselfChangesAnything(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	b := l.signedIn()
	came := l.came()
	for _, path := range changing {
		for name, header := range map[string]http.Header{
			"another site":      {"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
			"another port":      {"Origin": {"http://k3x9ab.localhost:1"}, "Sec-Fetch-Site": {"same-site"}},
			"the same with TLS": {"Origin": {"https://" + l.address.Host}}, "a file": {"Origin": {"null"}}, "no page at all": {},
			// A browser that lies in one of the two has been told to by nobody's script.
			"a page of two minds": {"Origin": {l.address.String()}, "Sec-Fetch-Site": {"cross-site"}},
		} {
			for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
				r := l.request(method, path, url.Values{"id": {"1"}, "link": {"x"}}.Encode())
				r.Header = header.Clone()
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				status, _ := l.send(b, r)
				require.Equal(t, http.StatusForbidden, status, "%s %s: %s", method, path, name)
			}
		}
	}
	require.Equal(t, came, l.came())
	require.Len(t, l.sessions(), 1)

	// The cookie is not sent along by another site at all.
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	u, err := url.Parse(l.link())
	require.NoError(t, err)
	answer, err := b.Do(l.posted("/duenotice/login", u.Query()))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	cookie := answer.Cookies()[0]
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Empty(t, cookie.Domain)
	require.Equal(t, "/", cookie.Path)
	require.Equal(t, 12*60*60, cookie.MaxAge)
}

func TestNoOtherPageShowsOrReadsTheDoors(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	b := l.signedIn()
	for _, path := range []string{"/duenotice/login", "/duenotice/login?link=x", door.AccountPath, "/duenotice/account/passkey"} {
		r := l.request(http.MethodGet, path, "")
		r.Header.Set("Sec-Fetch-Dest", "document")
		status, header, body := l.answer(b, r)
		require.Equal(t, http.StatusOK, status, path)
		policy := header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
			"script-src " + l.address.String() + "/duenotice/passkey.js;"} {
			require.Contains(t, policy, part, path)
		}
		require.Equal(t, "DENY", header.Get("X-Frame-Options"))
		require.Equal(t, "no-store", header.Get("Cache-Control"))
		require.Equal(t, "noopener-allow-popups", header.Get("Cross-Origin-Opener-Policy"), "a window with Temporal's UI, whose policy differs, does not reach into it")
		require.NotContains(t, body, "<style")
		require.NotContains(t, body, " onclick")
	}
	// Scripts of other pages of this site, and frames.
	for _, path := range []string{door.AccountPath, "/duenotice/account/passkey"} {
		for _, dest := range []string{"empty", "iframe", "frame", "object", "embed"} {
			r := l.request(http.MethodGet, path, "")
			r.Header.Set("Sec-Fetch-Dest", dest)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			status, body := l.send(b, r)
			require.Equal(t, http.StatusForbidden, status, dest)
			require.NotContains(t, body, "ticket")
		}
	}
	// No script of any page here stays between the browser and all of them.
	came := l.came()
	for _, path := range []string{"/_app/worker.js", "/duenotice/passkey.js"} {
		r := l.request(http.MethodGet, path, "")
		r.Header.Set("Service-Worker", "script")
		status, _ := l.send(b, r)
		require.Equal(t, http.StatusForbidden, status)
	}
	require.Equal(t, came, l.came())
}

func TestABrowserMaySayOfItselfWhatItLikes(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	b := l.browser()
	u, err := url.Parse(l.link())
	require.NoError(t, err)
	r := l.posted("/duenotice/login", u.Query())
	r.Header.Set("User-Agent", "<script>alert(1)</script>\u202e\u009b31m"+strings.Repeat("x", 1000))
	r.Header.Set("X-Forwarded-For", "198.51.100.7, 203.0.113.9")
	status, _ := l.send(b, r)
	require.Equal(t, http.StatusOK, status)
	session := l.sessions()[0]
	require.LessOrEqual(t, len(session.Browser), 300)
	require.NotContains(t, session.Browser, "\u202e")
	require.NotContains(t, session.Browser, "\u009b")
	require.Equal(t, "203.0.113.9 through 127.0.0.1", session.Address, "what a proxy says is told apart from what the connection says")
	_, body := l.get(b, door.AccountPath)
	require.Contains(t, body, "&lt;script&gt;")
	require.NotContains(t, body, "<script>alert")

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	b.Jar = jar
	status, _ = l.get(b, door.AccountPath)
	require.Equal(t, http.StatusUnauthorized, status)
}
