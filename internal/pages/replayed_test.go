package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/packet"
)

// as sends a request with somebody's cookie, as whoever has recorded it.
func (c *clerk) as(cookie *http.Cookie, method, path string, fields url.Values) answer {
	c.t.Helper()
	r := c.request(method, path, strings.NewReader(fields.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(cookie)
	return c.do(r)
}

// session is the cookie of who came in.
func (c *clerk) session() *http.Cookie {
	c.t.Helper()
	at, err := url.Parse(c.f.server.URL)
	require.NoError(c.t, err)
	for _, cookie := range c.client.Jar.Cookies(at) {
		if strings.Contains(cookie.Name, "_practice_") {
			return cookie
		}
	}
	require.Fail(c.t, "nobody came in")
	return nil
}

// TestWhatWasRecordedIsGoodForNothing: link, code, cookie and form of a visit that is
// over, sent again by somebody else.
func TestWhatWasRecordedIsGoodForNothing(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	code := f.code(t, own)
	require.Equal(t, http.StatusSeeOther, c.post(pathOf(f.link[own.Key]), url.Values{"code": {code.String()}}).status)
	cookie := c.session()
	fields := c.form(c.get("/answer/received"), "received", signer...)
	sent := c.post("/answer/received", fields)
	require.Len(t, f.answers(t), 1)
	require.Equal(t, http.StatusOK, c.post("/leave", c.form(c.get("/notice"), "leave")).status)

	thief := f.clerk(t)
	require.Equal(t, http.StatusUnprocessableEntity, thief.post(pathOf(f.link[own.Key]), url.Values{"code": {code.String()}}).status, "the code was used")
	for _, path := range []string{"/notice", "/list", "/files/people.csv", "/calendar", "/devices", sent.to()} {
		require.Equal(t, http.StatusUnauthorized, thief.as(cookie, http.MethodGet, path, nil).status, path)
	}
	require.Equal(t, http.StatusUnauthorized, thief.as(cookie, http.MethodPost, "/answer/received", fields).status)
	// In a session of their own, with the form of the one that is over.
	thief.comesIn(neighbour)
	require.Equal(t, http.StatusForbidden, thief.post("/answer/received", fields).status)
	// And with the other's form as theirs: it is an answer of their own practice, or none.
	fields.Set("form", thief.form(thief.get("/answer/received"), "received").Get("form"))
	thief.post("/answer/received", fields)
	for _, a := range f.answers(t)[1:] {
		require.Equal(t, neighbour, a.Of)
	}
	again := f.clerk(t)
	again.comesIn(own)
	require.Equal(t, http.StatusOK, again.get(sent.to()).status, "the first answer is as it was")
}

// TestACodeOfOnePracticeOpensNoOther, though it is good at its own.
func TestACodeOfOnePracticeOpensNoOther(t *testing.T) {
	t.Parallel()
	f := serve(t)
	code := url.Values{"code": {f.code(t, own).String()}}
	c := f.clerk(t)
	require.Equal(t, http.StatusUnprocessableEntity, c.post(pathOf(f.link[neighbour.Key]), code).status)
	require.Equal(t, http.StatusUnprocessableEntity, c.post(pathOf(packet.NewLink()), code).status)
	// A name before the link, a longer link, one in other letters: each is nobody's.
	link := f.link[own.Key].String()
	for _, forged := range []string{link + "A", link[1:], strings.ToUpper(link), link[:42] + "=", "x/" + link, link + "%00", "%2e%2e%2f" + link} {
		require.NotEqual(t, http.StatusSeeOther, f.clerk(t).post("/p/"+forged, code).status, forged)
	}
	require.Equal(t, http.StatusSeeOther, c.post(pathOf(f.link[own.Key]), code).status)
}

// TestAHostThatIsNotOursIsAnsweredNothing: neither by its name, nor by what proxies add,
// and no answer repeats it.
func TestAHostThatIsNotOursIsAnsweredNothing(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	for _, host := range []string{"evil.example", f.pages.Address.Host + ".evil.example", f.pages.Address.Hostname(), "evil.example:" + f.pages.Address.Port()} {
		r := c.request(http.MethodGet, "/notice", nil)
		r.Host = host
		a := c.do(r)
		require.Equal(t, http.StatusMisdirectedRequest, a.status, host)
		require.NotContains(t, a.body, "evil")
	}
	r := c.request(http.MethodGet, "/notice?lang=es", nil)
	for _, name := range []string{"X-Forwarded-Host", "X-Original-Url", "X-Rewrite-Url", "Forwarded", "X-Forwarded-Proto"} {
		r.Header.Set(name, "evil.example")
	}
	a := c.do(r)
	require.Equal(t, "/notice", a.to())
	require.NotContains(t, a.body, "evil")
}
