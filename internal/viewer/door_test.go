package viewer_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/viewer"
)

// Programs follow a link before the officer does: a chat's preview, a mail filter,
// a browser that fetches what may be wanted next.
func TestOnlyTheButtonUsesALinkUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	link := h.link()
	for range 3 {
		status, _ := h.send(h.browser(), h.request(http.MethodHead, link, ""))
		require.Equal(t, http.StatusOK, status)
		r := h.request(http.MethodGet, link, "")
		r.Header.Set("Sec-Purpose", "prefetch")
		status, body := h.send(h.browser(), r)
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, body, "<script", "it works without")
	}
	u, err := url.Parse(link)
	require.NoError(t, err)
	for name, origin := range map[string]string{"another site": "https://evil.example", "no page at all": "", "another port": "http://k3x9ab.localhost:1"} {
		r := h.posted(u.Query())
		r.Header.Set("Origin", origin)
		status, _ := h.send(h.browser(), r)
		require.Equal(t, http.StatusForbidden, status, name)
	}
	inAddress := h.request(http.MethodPost, link, "")
	inAddress.Header.Set("Origin", h.address.String())
	status, _ := h.send(h.browser(), inAddress)
	require.Equal(t, http.StatusUnauthorized, status, "the form's own field counts, and not the address")
	status, _ = h.press(h.browser(), link)
	require.Equal(t, http.StatusOK, status)
}

func TestAnotherNameIsRefusedAndOursIsNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	came := len(h.reached)
	port := h.address.Port()
	for _, host := range []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "evil.example:" + port, "x.k3x9ab.localhost:" + port, "k3x9ab.localhost", "k3x9ab.localhost.:" + port} {
		for _, path := range []string{"/", "/duenotice/login?link=x", "/api/v1/settings"} {
			r := h.request(http.MethodGet, path, "")
			for _, c := range officer.Jar.Cookies(h.address) {
				r.AddCookie(c)
			}
			r.Host = host
			status, body := h.send(h.browser(), r)
			require.Equal(t, http.StatusMisdirectedRequest, status, host+path)
			require.NotContains(t, body, "k3x9ab", "a neighbour who knew it could have the cookie sent to a port of theirs")
		}
	}
	require.Len(t, h.reached, came)
	r := h.request(http.MethodGet, "/", "")
	r.Host = strings.ToUpper(h.address.Host)
	status, _ := h.send(h.browser(), r)
	require.Equal(t, http.StatusUnauthorized, status, "a name is the same in capitals")
}

func TestWithTLSTheCookieIsForThisNameAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	address, err := viewer.ParseAddress("https://Duenotice.example.org")
	require.NoError(t, err)
	h.viewer.Address = address
	link, err := viewer.NewLink(t.Context(), h.store, address, ada, page, h.now)
	require.NoError(t, err)
	u, err := url.Parse(link)
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "https://duenotice.example.org/duenotice/login", strings.NewReader(u.RawQuery))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://duenotice.example.org")
	answer := httptest.NewRecorder()
	h.viewer.Handler().ServeHTTP(answer, r)
	require.Equal(t, http.StatusSeeOther, answer.Code)
	cookie := answer.Result().Cookies()[0]
	require.True(t, strings.HasPrefix(cookie.Name, "__Host-"), cookie.Name)
	require.True(t, cookie.Secure && cookie.HttpOnly && cookie.Path == "/" && cookie.Domain == "")
}

func TestWrongGuessesAreSlowedAndFillNoLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	guess := func() int {
		status, _ := h.send(h.browser(), h.posted(url.Values{"link": {"AAAAAAAAAAAAAAAAAAAAAAAAAA"}}))
		return status
	}
	answers := map[int]int{}
	for range 100 {
		answers[guess()]++
	}
	require.Equal(t, map[int]int{http.StatusUnauthorized: 20, http.StatusTooManyRequests: 80}, answers)
	require.Equal(t, 1, strings.Count(h.log.String(), "was refused"))
	status, _ := h.get(officer, "/")
	require.Equal(t, http.StatusOK, status, "who is logged in stays so")

	link := h.link()
	status, _ = h.press(h.browser(), link)
	require.Equal(t, http.StatusTooManyRequests, status, "a login waits for seconds")
	h.now = h.now.Add(3 * time.Second)
	status, _ = h.press(h.browser(), link)
	require.Equal(t, http.StatusOK, status, "and its link is still good")

	h.now = h.now.Add(time.Minute)
	require.Equal(t, http.StatusUnauthorized, guess())
	require.Contains(t, h.log.String(), `"count":20`, "the next line says how many there were")

	// Of the cookies too, which cost a look into the database where they have the shape of one.
	before := h.log.String()
	for range 50 {
		r := h.request(http.MethodGet, "/", "")
		r.AddCookie(&http.Cookie{Name: "duenotice_" + h.address.Port(), Value: "BAAAAAAAAAAAAAAAAAAAAAAAAA"})
		status, _ = h.send(h.browser(), r)
		require.Equal(t, http.StatusUnauthorized, status)
	}
	require.Equal(t, before, h.log.String())
}

func TestSomebodyHasTenSessionsAtMost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.loggedIn()
	for i := range 10 {
		status, _ := h.get(first, "/")
		require.Equal(t, http.StatusOK, status, i)
		h.now = h.now.Add(time.Second)
		h.loggedIn()
	}
	status, _ := h.get(first, "/")
	require.Equal(t, http.StatusUnauthorized, status, "the oldest ended")
}

// endless is a body without an end, as far as anybody waits for it.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestABodyWithoutAnEndIsCut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	for path, most := range map[string]int64{
		"/duenotice/login": 64 << 10, "/duenotice/codec/decode": 16 << 20, "/duenotice/render": 256 << 10,
		"/api/v1/namespaces/default/workflows/practice:EX-2026-03:P1/query/__temporal_workflow_metadata": 64 << 10,
	} {
		body := &counting{Reader: endless{}}
		r := httptest.NewRequest(http.MethodPost, h.address.String()+path, body)
		r.Header.Set("Origin", h.address.String())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range officer.Jar.Cookies(h.address) {
			r.AddCookie(c)
		}
		answer := httptest.NewRecorder()
		h.viewer.Handler().ServeHTTP(answer, r)
		require.Equal(t, http.StatusRequestEntityTooLarge, answer.Code, path)
		require.LessOrEqual(t, body.read, most+1<<20, path)
	}
	require.Empty(t, h.views())
}

type counting struct {
	io.Reader
	read int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}
