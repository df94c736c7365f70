package door_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/door"
	"duenotice/internal/logging"
)

// Programs follow a link before the officer does: a chat's preview, a mail filter,
// a browser that fetches what may be wanted next.
func TestOnlyTheButtonUsesALinkUp(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	link := l.link()
	for range 3 {
		status, _ := l.send(l.browser(), l.request(http.MethodHead, link, ""))
		require.Equal(t, http.StatusOK, status)
		r := l.request(http.MethodGet, link, "")
		r.Header.Set("Sec-Purpose", "prefetch")
		status, body := l.send(l.browser(), r)
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, body, "<script", "it works without")
	}
	u, err := url.Parse(link)
	require.NoError(t, err)
	for name, origin := range map[string]string{"another site": "https://evil.example", "no page at all": "", "another port": "http://k3x9ab.localhost:1"} {
		r := l.posted("/duenotice/login", u.Query())
		r.Header.Set("Origin", origin)
		status, _ := l.send(l.browser(), r)
		require.Equal(t, http.StatusForbidden, status, name)
	}
	inAddress := l.request(http.MethodPost, link, "")
	inAddress.Header.Set("Origin", l.address.String())
	status, _ := l.send(l.browser(), inAddress)
	require.Equal(t, http.StatusUnauthorized, status, "the form's own field counts, and not the address")
	status, _ = l.press(l.browser(), link)
	require.Equal(t, http.StatusOK, status)
}

func TestAnotherNameIsRefusedAndOursIsNotTold(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	officer := l.signedIn()
	came := l.came()
	port := l.address.Port()
	for _, host := range []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "evil.example:" + port, "x.k3x9ab.localhost:" + port, "k3x9ab.localhost", "k3x9ab.localhost.:" + port} {
		for _, path := range []string{"/", "/duenotice/login?link=x", "/api/v1/settings"} {
			r := l.request(http.MethodGet, path, "")
			for _, c := range officer.Jar.Cookies(l.address) {
				r.AddCookie(c)
			}
			r.Host = host
			status, body := l.send(l.browser(), r)
			require.Equal(t, http.StatusMisdirectedRequest, status, host+path)
			require.NotContains(t, body, "k3x9ab", "a neighbour who knew it could have the cookie sent to a port of theirs")
		}
	}
	require.Equal(t, came, l.came())
	r := l.request(http.MethodGet, "/", "")
	r.Host = strings.ToUpper(l.address.Host)
	status, _ := l.send(l.browser(), r)
	require.Equal(t, http.StatusUnauthorized, status, "a name is the same in capitals")
}

func TestWithTLSTheCookieIsForThisNameAlone(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	address, err := door.ParseAddress("https://Duenotice.example.org")
	require.NoError(t, err)
	l.door.Address = address
	link, err := door.NewLink(t.Context(), l.store, address, "ada", "os:ada", page, l.time())
	require.NoError(t, err)
	u, err := url.Parse(link)
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "https://duenotice.example.org/duenotice/login", strings.NewReader(u.RawQuery))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://duenotice.example.org")
	answer := httptest.NewRecorder()
	l.handler().ServeHTTP(answer, r)
	require.Equal(t, http.StatusSeeOther, answer.Code)
	cookie := answer.Result().Cookies()[0]
	require.True(t, strings.HasPrefix(cookie.Name, "__Host-"), cookie.Name)
	require.True(t, cookie.Secure && cookie.HttpOnly && cookie.Path == "/" && cookie.Domain == "")
}

func TestWrongGuessesAreSlowedAndFillNoLog(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	officer := l.signedIn()
	guess := func() int {
		status, _ := l.send(l.browser(), l.posted("/duenotice/login", url.Values{"link": {"AAAAAAAAAAAAAAAAAAAAAAAAAA"}}))
		return status
	}
	answers := map[int]int{}
	for range 100 {
		answers[guess()]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: 20, http.StatusTooManyRequests: 80}, answers)
	require.Equal(t, 1, strings.Count(l.log.String(), "was refused"))
	status, _ := l.get(officer, "/")
	require.Equal(t, http.StatusOK, status, "who is logged in stays so")

	link := l.link()
	status, _ = l.press(l.browser(), link)
	require.Equal(t, http.StatusTooManyRequests, status, "a login waits for seconds")
	l.later(3 * time.Second)
	status, _ = l.press(l.browser(), link)
	require.Equal(t, http.StatusOK, status, "and its link is still good")

	l.later(time.Minute)
	_, _ = l.get(l.browser(), door.HealthPath)
	require.Contains(t, l.log.String(), `"count":19`, "the next line says how many there were, whoever asks next")
	require.Equal(t, http.StatusUnauthorized, guess())
	var refused []int
	for _, e := range l.record() {
		if e.What == casebook.DoorRefused {
			require.Equal(t, []string{casebook.ByLink, "127.0.0.1", ""}, []string{e.How, e.Address, e.Identity})
			refused = append(refused, e.Times)
		}
	}
	require.Equal(t, []int{1, 19}, refused, "a burst is two rows of the record")

	// Of the cookies too, which cost a look into the database where they have the shape of one.
	before := l.log.String()
	for range 50 {
		r := l.request(http.MethodGet, "/", "")
		r.AddCookie(&http.Cookie{Name: "duenotice_" + l.address.Port(), Value: "BAAAAAAAAAAAAAAAAAAAAAAAAA"})
		status, _ = l.send(l.browser(), r)
		require.Equal(t, http.StatusUnauthorized, status)
	}
	require.Equal(t, before, l.log.String())
}

func TestSomebodyHasTenSessionsAtMost(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	first := l.signedIn()
	for i := range 10 {
		status, _ := l.get(first, "/")
		require.Equal(t, http.StatusOK, status, i)
		l.later(time.Second)
		l.signedIn()
	}
	status, _ := l.get(first, "/")
	require.Equal(t, http.StatusUnauthorized, status, "the oldest ended")
}

func TestALinkIsGoodOnceAndForTenMinutes(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	link := l.link()
	status, _ := l.press(l.browser(), link)
	require.Equal(t, http.StatusOK, status)
	status, _ = l.press(l.browser(), link)
	require.Equal(t, http.StatusUnauthorized, status, "a second time")

	late := l.link()
	l.later(10 * time.Minute)
	status, _ = l.press(l.browser(), late)
	require.Equal(t, http.StatusUnauthorized, status, "ten minutes later")

	status, _ = l.get(l.browser(), late)
	require.Equal(t, http.StatusOK, status, "its page is still there, with a button that does nothing")
}

func TestALinkLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	for _, to := range []string{"https://evil.example/", "//evil.example/namespaces/", "/duenotice/login", "javascript:alert(1)", "\\evil"} {
		link, err := door.NewLink(t.Context(), l.store, l.address, "ada", "os:ada", to, l.time())
		require.NoError(t, err)
		b := l.browser()
		b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		u, err := url.Parse(link)
		require.NoError(t, err)
		answer, err := b.Do(l.posted("/duenotice/login", u.Query()))
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusSeeOther, answer.StatusCode)
		require.Equal(t, "/board/", answer.Header.Get("Location"), to)
	}
}

// quoting is a database that breaks on what it was given.
type quoting struct{ door.Store }

func (quoting) Session(context.Context, string, time.Time) (casebook.DoorSession, []access.Grant, error) {
	panic("no session for " + secretName)
}

const secretName = "Juniper Hollow"

func TestAPanicIsAnsweredAndNotQuoted(t *testing.T) {
	t.Parallel()
	address, err := door.ParseAddress("http://127.0.0.1:8080")
	require.NoError(t, err)
	var log bytes.Buffer
	d := &door.Door{Address: address, Store: quoting{}, Now: time.Now, Log: slog.New(logging.Redacting(slog.NewJSONHandler(&log, nil)))}
	answer := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, address.String()+"/", nil)
	r.AddCookie(&http.Cookie{Name: "duenotice_8080", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAA"})
	d.Handler(http.NotFoundHandler()).ServeHTTP(answer, r)
	require.Equal(t, http.StatusInternalServerError, answer.Code)
	require.Contains(t, log.String(), "the program panicked: a string")
	require.NotContains(t, log.String()+answer.Body.String(), secretName)
}
