package pages_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/packet"
	"duenotice/internal/pages"
)

func TestALinkOfNobodyIsAnsweredLikeAnother(t *testing.T) {
	t.Parallel()
	f := serve(t)
	unknown, wrong := packet.NewLink(), packet.NewCode().String()
	links := map[string]string{"known": pathOf(f.link[own.Key]), "unknown": pathOf(unknown), "no link": "/p/nothing"}
	var pages []string
	took := map[string]time.Duration{}
	for name, path := range links {
		c := f.clerk(t)
		same := func(a answer) string {
			return fmt.Sprint(a.status, a.header["Content-Security-Policy"], strings.ReplaceAll(a.body, path, "/p/LINK"))
		}
		began := time.Now()
		tried := c.post(path, url.Values{"code": {wrong}})
		took[name] = time.Since(began)
		pages = append(pages, same(c.get(path))+same(c.post(path, url.Values{"code": {"x"}}))+same(tried))
	}
	require.Equal(t, pages[0], pages[1])
	require.Equal(t, pages[0], pages[2])
	for name := range took {
		require.GreaterOrEqual(t, took[name], 300*time.Millisecond, "%s is answered before a slow one would be", name)
	}
	require.NotContains(t, f.log.String(), wrong)
	require.NotContains(t, f.log.String(), f.link[own.Key].String())
}

// TestFollowingALinkUsesNothingUp: previews and mail filters follow links, press no
// button, and leave the code and the tries as they are.
func TestFollowingALinkUsesNothingUp(t *testing.T) {
	t.Parallel()
	f := serve(t)
	code := f.code(t, own)
	c := f.clerk(t)
	for range 50 {
		require.Equal(t, http.StatusOK, c.get(pathOf(f.link[own.Key])).status)
		require.Equal(t, http.StatusOK, c.do(c.request(http.MethodHead, pathOf(f.link[own.Key])+"?utm_source=filter", nil)).status)
	}
	in := c.post(pathOf(f.link[own.Key]), url.Values{"code": {strings.ToLower(code.String())}})
	require.Equal(t, "/notice", in.to())
	again := f.clerk(t).post(pathOf(f.link[own.Key]), url.Values{"code": {code.String()}})
	require.Equal(t, http.StatusUnprocessableEntity, again.status, "a code is good once")
}

func TestWrongCodesAreSlowedAndEndTheRightOne(t *testing.T) {
	t.Parallel()
	f := serve(t)
	right := f.code(t, own)
	c := f.clerk(t)
	wrong, many := 0, 0
	for range 60 {
		switch c.post(pathOf(f.link[own.Key]), url.Values{"code": {packet.NewCode().String()}}).status {
		case http.StatusUnprocessableEntity:
			wrong++
		case http.StatusTooManyRequests:
			many++
		}
	}
	require.Equal(t, 10, wrong, "of one link")
	require.Equal(t, 50, many)
	require.Equal(t, http.StatusTooManyRequests, c.post(pathOf(f.link[own.Key]), url.Values{"code": {right.String()}}).status)
	states, err := f.store.Pages(t.Context(), own.IncidentID)
	require.NoError(t, err)
	for _, s := range states {
		require.Equal(t, s.PracticeKey == own.Key, s.CodesEnded, "ten wrong ones end the right one")
	}
	// The same address comes in to another practice: it used up half of its guesses only.
	c.comesIn(neighbour)
	var tries sync.WaitGroup
	for range 20 {
		tries.Go(func() { c.post(pathOf(packet.NewLink()), url.Values{"code": {packet.NewCode().String()}}) })
	}
	tries.Wait()
	require.Equal(t, http.StatusTooManyRequests, c.post(pathOf(packet.NewLink()), url.Values{"code": {packet.NewCode().String()}}).status)
	require.LessOrEqual(t, strings.Count(f.log.String(), "wrong"), 1, "nobody fills the log")
}

func TestAnotherPageCannotAnswer(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	fields := c.form(c.get("/answer/received"), "received", signer...)
	send := func(change func(r *http.Request, fields url.Values)) int {
		forged := url.Values{}
		for k, v := range fields {
			forged[k] = v
		}
		r := c.request(http.MethodPost, "/answer/received", nil)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r, forged)
		r.Body = io.NopCloser(strings.NewReader(forged.Encode()))
		return c.do(r).status
	}
	other := f.clerk(t)
	other.comesIn(neighbour)
	foreign := other.form(other.get("/answer/received"), "received").Get("form")
	for name, change := range map[string]func(r *http.Request, fields url.Values){
		"another site":           func(r *http.Request, _ url.Values) { r.Header.Set("Origin", "https://evil.example") },
		"another site, newer":    func(r *http.Request, _ url.Values) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"a site beside us":       func(r *http.Request, _ url.Values) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"no secret":              func(_ *http.Request, fields url.Values) { fields.Del("form") },
		"a wrong secret":         func(_ *http.Request, fields url.Values) { fields.Set("form", "x") },
		"another practice's":     func(_ *http.Request, fields url.Values) { fields.Set("form", foreign) },
		"a frame without a name": func(r *http.Request, fields url.Values) { r.Header.Set("Origin", "null"); fields.Del("form") },
	} {
		require.Equal(t, http.StatusForbidden, send(change), name)
	}
	// The secret in the address is no secret of the form.
	r := c.request(http.MethodPost, "/answer/received?form="+url.QueryEscape(fields.Get("form")), strings.NewReader("name=A&title=B"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, http.StatusForbidden, c.do(r).status)
	for _, path := range []string{"/leave", "/devices/remove", "/devices/begin", "/devices/finish", "/list", "/answer/told", "/answer/delegate", "/answer/contact", "/answer/not-ours"} {
		require.Equal(t, http.StatusForbidden, c.post(path, url.Values{"delegation": {"all"}}).status, path)
		j := c.request(http.MethodPost, path, strings.NewReader(`{"name":"x"}`))
		j.Header.Set("Content-Type", "application/json")
		require.Equal(t, http.StatusForbidden, c.do(j).status, path)
	}
	require.Empty(t, f.answers(t))
	require.Equal(t, http.StatusSeeOther, send(func(r *http.Request, _ url.Values) { r.Header.Set("Origin", "null") }), "an older browser says null of our own form")
	require.Len(t, f.answers(t), 1)
}

func TestASessionShowsItsPracticeOnly(t *testing.T) {
	t.Parallel()
	f := serve(t)
	one, two := f.clerk(t), f.clerk(t)
	one.comesIn(own)
	two.comesIn(neighbour)
	require.Contains(t, two.get("/list").body, "neighbour-0001")
	require.NotContains(t, two.get("/list").body, "own-0001")
	require.Equal(t, "people.zip of neighbour", two.get("/files/people.zip").body)
	// One practice's answer is nothing at another's page.
	sent := one.post("/answer/received", one.form(one.get("/answer/received"), "received", signer...))
	require.Equal(t, http.StatusOK, one.get(sent.to()).status)
	require.Equal(t, http.StatusNotFound, two.get(sent.to()).status)
	// Cookies that nobody gave, or of a session that ended.
	for _, cookie := range []string{packet.NewToken().String(), "", "x", strings.Repeat("A", 10_000), "'; DROP TABLE page_session; --"} {
		c := f.clerk(t)
		r := c.request(http.MethodGet, "/notice", nil)
		r.AddCookie(&http.Cookie{Name: "duenotice_practice_" + f.pages.Address.Port(), Value: cookie})
		require.Equal(t, http.StatusUnauthorized, c.do(r).status)
	}
	left := one.post("/leave", url.Values{"form": {one.form(one.get("/notice"), "leave").Get("form")}, "everybody": {"yes"}})
	require.Equal(t, http.StatusOK, left.status)
	require.Equal(t, http.StatusUnauthorized, one.get("/files/people.csv").status)
	require.Equal(t, http.StatusOK, two.get("/notice").status, "only their own end")
}

func TestOnlyNamedPartsAreTaken(t *testing.T) {
	t.Parallel()
	f := serve(t)
	page := examplePage(own)
	page.Files[0].Name = "no\r\nSet-Cookie: a=b\"; filename=\"evil.exe"
	page.Files[3].Name, page.Files[3].Type = "../../letter\u202efdp.html", "text/html"
	f.pack(t, own, page, 250)
	c := f.clerk(t)
	c.comesIn(own)
	notice := c.get("/files/notice.pdf")
	require.Equal(t, http.StatusOK, notice.status)
	require.Equal(t, "attachment; filename=no--Set-Cookie--a-b---filename--evil.exe", notice.header.Get("Content-Disposition"))
	require.Empty(t, notice.header.Get("Set-Cookie"))
	require.Equal(t, "nosniff", notice.header.Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", notice.header.Get("Cache-Control"))
	require.Contains(t, notice.header.Get("Content-Security-Policy"), "sandbox")
	proof := c.get("/files/letter-proof.pdf")
	require.Equal(t, "application/octet-stream", proof.header.Get("Content-Type"), "nothing is shown as a page")
	require.Equal(t, "attachment; filename=letter-fdp.html", proof.header.Get("Content-Disposition"))
	require.Equal(t, "text/calendar; charset=utf-8", c.get("/calendar").header.Get("Content-Type"))
	require.Equal(t, http.StatusOK, c.get("/files/list-002.csv").status)
	require.Equal(t, http.StatusOK, c.get("/files/filed-abc").status)
	for _, part := range []string{"page", "people.csv%2f..%2fpage", "..%2f..%2fetc%2fpasswd", "%2e%2e%2fpage", "filed-abd", "list-001.csv", "PEOPLE.CSV", "people.csv%00", "people.csv%0d%0aX:1", "signed-delegation.pdf", strings.Repeat("a", 300)} {
		require.Equal(t, http.StatusNotFound, c.get("/files/"+part).status, part)
	}
	for _, path := range []string{"/files/", "//evil.example/?lang=es", `/\evil.example/?lang=es`, "/assets/style.css", "/assets/..%2fen.yaml", "/p/", "/answers/x", "/answers/00000000-0000-0000-0000-000000000000"} {
		a := c.get(path)
		require.False(t, strings.HasPrefix(a.to(), "//") || strings.Contains(a.to(), `\`), "%s leads to %s", path, a.to())
		require.NotEqual(t, http.StatusOK, a.status, path)
	}
}

func TestHeadersOfEveryPage(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	for _, path := range []string{"/", pathOf(f.link[own.Key]), "/notice", "/nowhere", "/files/people.csv", "/devices", "/health"} {
		h := c.get(path).header
		policy := h.Get("Content-Security-Policy")
		require.Contains(t, policy, "default-src 'none'", path)
		require.Contains(t, policy, "frame-ancestors 'none'", path)
		require.NotContains(t, policy, "unsafe", path)
		scripts := path == "/devices" || strings.HasPrefix(path, "/p/")
		require.Equal(t, scripts, strings.Contains(policy, "script-src"), path)
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
		require.Equal(t, "no-store", h.Get("Cache-Control"), path)
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Opener-Policy"))
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"))
		require.Empty(t, h.Get("Strict-Transport-Security"), "there is no TLS here")
	}
	r := c.request(http.MethodGet, "/notice", nil)
	r.Host = "evil.example"
	require.Equal(t, http.StatusMisdirectedRequest, c.do(r).status)
}

func TestWithTLSTheCookieIsForThisNameAlone(t *testing.T) {
	t.Parallel()
	f := serve(t, func(s *pages.Server) { s.Address = &url.URL{Scheme: "https", Host: s.Address.Host} })
	c := f.clerk(t)
	r := c.request(http.MethodPost, pathOf(f.link[own.Key]), strings.NewReader(url.Values{"code": {f.code(t, own).String()}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	in := c.do(r)
	require.Equal(t, http.StatusSeeOther, in.status)
	require.Regexp(t, `^__Host-duenotice_practice=[\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`, in.header.Get("Set-Cookie"))
	require.Equal(t, "max-age=31536000", in.header.Get("Strict-Transport-Security"))
}

func TestLongAndBrokenBodiesAreRefused(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	secret := c.form(c.get("/answer/contact"), "contact").Get("form")
	long := c.post("/answer/contact", url.Values{"form": {secret}, "email": {strings.Repeat("x", 70<<10)}})
	require.Equal(t, http.StatusRequestEntityTooLarge, long.status)
	require.Equal(t, http.StatusRequestEntityTooLarge, c.post(pathOf(f.link[own.Key]), url.Values{"code": {strings.Repeat("x", 70<<10)}}).status)
	for kind, body := range map[string]string{
		"application/x-www-form-urlencoded": "form=%zz", "multipart/form-data": "no boundary", "multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nunfinished",
		"application/json": "{", "text/plain": "form=" + secret,
	} {
		r := c.request(http.MethodPost, "/answer/told", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		require.Contains(t, []int{http.StatusBadRequest, http.StatusForbidden}, c.do(r).status, kind)
	}
	stranger := f.clerk(t)
	require.Equal(t, http.StatusUnauthorized, stranger.upload("/answer/told", nil, "x.pdf", pdf).status)
	require.Empty(t, f.answers(t))

	// Who announces ten megabytes without a session is answered before they are sent.
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", f.server.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	fmt.Fprintf(conn, "POST /answer/told HTTP/1.1\r\nHost: %s\r\nCookie: duenotice_practice_%s=%s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 10000000\r\n\r\n--x", f.pages.Address.Host, f.pages.Address.Port(), packet.NewToken())
	line, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "401")
}

func TestTheProxyIsBelievedAndNobodyElse(t *testing.T) {
	t.Parallel()
	s := &pages.Server{Proxy: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, c := range []struct{ remote, said, want string }{
		{"192.0.2.1:55", "", "192.0.2.1"},
		{"192.0.2.1:55", "203.0.113.9", "192.0.2.1"},
		{"10.0.0.1:55", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:55", "198.51.100.7, 203.0.113.9", "203.0.113.9"},
		{"10.0.0.1:55", "203.0.113.9, 10.0.0.2", "203.0.113.9"},
		{"10.0.0.1:55", "nonsense", "10.0.0.1"},
		{"10.0.0.1:55", "", "10.0.0.1"},
		{"[fd00::1]:55", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"[::ffff:10.0.0.1]:55", "203.0.113.9", "203.0.113.9"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.said != "" {
			r.Header.Set("X-Forwarded-For", c.said)
		}
		require.Equal(t, c.want, s.Client(r), "%s %s", c.remote, c.said)
	}
}

func TestSomebodyIsFoundHoweverTheyAreTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"NÚÑEZ": "nunez", "O\u2019Neil": "o'neil", "Łukasz": "łukasz", "Zoe\u0308": "zoe", "Nguyễn": "nguyen", "A\u2013B 1": "a-b 1", "\x7f\xff": "\x7f\ufffd"} {
		require.Equal(t, want, pages.Plain(text))
	}
}

// TestEveryTryAtALinkIsTheSameWork: a link with a wrong code, one whose codes were ended
// and one whose code was used make the same number of slow hashes and of ways to the
// database, so that time tells nothing of them. A link of nobody is looked for and no more: a
// stranger who makes up links takes no processor from practices. It is counted here, and
// not timed; a try waits for the same moment besides (TestALinkOfNobodyIsAnsweredLikeAnother).
func TestEveryTryAtALinkIsTheSameWork(t *testing.T) {
	t.Parallel()
	var hashes atomic.Int64
	f := serve(t, func(s *pages.Server) { s.CountHashes(&hashes) })
	link := func(of packet.Practice) string { return pathOf(f.link[of.Key]) }
	used := f.code(t, neighbour)
	require.Equal(t, http.StatusSeeOther, f.clerk(t).post(link(neighbour), url.Values{"code": {used.String()}}).status)

	type work struct{ hashes, statements int64 }
	try := func(path, code string, status int) work {
		before := work{hashes.Load(), f.statements.Load()}
		require.Equal(t, status, f.clerk(t).post(path, url.Values{"code": {code}}).status, path)
		return work{hashes.Load() - before.hashes, f.statements.Load() - before.statements}
	}
	wrong := func() string { return packet.NewCode().String() }
	usual := work{hashes: 1, statements: 2}
	ended := f.code(t, own)
	for n := range 9 {
		require.Equal(t, usual, try(link(own), wrong(), http.StatusUnprocessableEntity), "wrong code %d", n+1)
	}
	require.Equal(t, usual, try(link(own), wrong(), http.StatusUnprocessableEntity), "the one that ends the right one")
	many := work{}
	require.Equal(t, many, try(link(own), ended.String(), http.StatusTooManyRequests), "a known link that was tried too often")
	require.Equal(t, usual, try(link(neighbour), wrong(), http.StatusUnprocessableEntity), "a link without a code")
	require.Equal(t, usual, try(link(neighbour), used.String(), http.StatusUnprocessableEntity), "a code that was used")
	// Nobody's link is not hashed (docs/adr/0227): it cannot be found by trying.
	nobodys := work{hashes: 0, statements: 1}
	stranger := pathOf(packet.NewLink())
	for n := range 7 {
		require.Equal(t, nobodys, try(stranger, wrong(), http.StatusUnprocessableEntity), "a link of nobody, %d", n+1)
	}
	require.Equal(t, nobodys, try("/p/nothing", wrong(), http.StatusUnprocessableEntity), "what is no link")

	// What is no code at all, and following a link, ask nothing of anybody, whose link it may be.
	for _, path := range []string{link(own), stranger, "/p/nothing"} {
		require.Zero(t, try(path, "x", http.StatusUnprocessableEntity), path)
		before := f.statements.Load()
		require.Equal(t, http.StatusOK, f.clerk(t).get(path).status)
		require.Equal(t, before, f.statements.Load(), path)
	}
}

// TestAnEndedLinkIsAsMuchWorkAsAnother: after the server began anew nobody is slowed, and
// a link whose codes were ended is tried as every other is.
func TestAnEndedLinkIsAsMuchWorkAsAnother(t *testing.T) {
	t.Parallel()
	var hashes atomic.Int64
	f := serve(t, func(s *pages.Server) { s.CountHashes(&hashes) })
	code := f.code(t, own)
	for range 10 {
		f.clerk(t).post(pathOf(f.link[own.Key]), url.Values{"code": {packet.NewCode().String()}})
	}
	anew := &pages.Server{Door: f.pages.Door, Address: f.pages.Address, Log: f.pages.Log, Now: f.pages.Now}
	anew.CountHashes(&hashes)
	handler, err := anew.Handler()
	require.NoError(t, err)
	hashed, asked := hashes.Load(), f.statements.Load()
	r := httptest.NewRequest(http.MethodPost, f.server.URL+pathOf(f.link[own.Key]), strings.NewReader(url.Values{"code": {code.String()}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	require.Equal(t, http.StatusUnprocessableEntity, answer.Code)
	require.EqualValues(t, 1, hashes.Load()-hashed)
	require.EqualValues(t, 2, f.statements.Load()-asked)
}
