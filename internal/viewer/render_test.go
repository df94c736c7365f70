package viewer_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/temporalx"
)

func (h *house) render(text string) *http.Request {
	h.t.Helper()
	r := h.request(http.MethodPost, "/duenotice/render?theme=dark", text)
	r.Header.Set("Origin", h.address.String())
	r.Header.Set("Content-Type", "text/plain")
	return r
}

// Temporal's UI lets a frame fetch "/render?content=" with what was decoded.
func TestNothingDecodedLeavesInAnAddress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	came := len(h.reached)
	status, body := h.get(officer, "/render?content="+url.QueryEscape(summary)+"&theme=light")
	require.Equal(t, http.StatusGone, status)
	require.NotContains(t, body, "164.404")
	require.Len(t, h.reached, came, "Temporal's UI and its log never see it")
	require.NotContains(t, h.log.String(), "164.404")

	answer, err := officer.Do(h.request(http.MethodGet, page, ""))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	policy := answer.Header.Get("Content-Security-Policy")
	for _, part := range []string{"frame-src 'none'", "connect-src 'self'", "form-action 'self'", "img-src 'self' data: blob:", "object-src 'none'", "base-uri 'self'"} {
		require.Contains(t, policy, part, "the browser opens no frame with it, and tells nobody else")
	}
	require.Equal(t, "same-origin", answer.Header.Get("Referrer-Policy"))

	_, body = h.get(officer, page)
	require.Contains(t, body, `<head><script>`, "our script comes before any of the UI's")
	require.Contains(t, body, `"/duenotice/render?theme="`)
	require.Contains(t, body, "<title>Temporal's UI</title></head></html>", "the rest is as it was")

	status, body = h.send(officer, h.render("**Juniper Hollow** 600 people\n\n- [open] "+summary+"\n- [done] more\n\n| phase | practices |\n|---|---:|\n| open | 3 |\n"))
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "<strong>Juniper Hollow</strong> 600 people")
	require.Contains(t, body, "<li>[open] "+summary+"</li>")
	require.Regexp(t, `<td[^>]*>3</td>`, body)
	require.NotContains(t, h.log.String(), "164.404")
	require.Len(t, h.reached, came+2)
}

// Whoever forgets to write a text as text still makes no link.
func TestNoLinkIsMadeOfMarkdown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	for _, text := range []string{
		"[Sign in](https://evil.example/)", "![](https://evil.example/x.png)", "<https://evil.example>", "https://evil.example www.evil.example a@evil.example", "<script>alert(1)</script>",
		"<img src=x onerror=alert(1)>", "[x][1]\n\n[1]: https://evil.example", "<!-- x --><a href=x>y</a>", "| [x](https://evil.example) |\n|---|\n| <b onclick=x>y</b> |", "- <a href=\"https://evil.example\">x</a>",
		temporalx.Text("[Sign in](https://evil.example/)"),
	} {
		status, body := h.send(officer, h.render(text))
		require.Equal(t, http.StatusOK, status)
		_, content, found := strings.Cut(body, "<body>")
		require.True(t, found)
		for _, made := range regexp.MustCompile(`<[^>]*>?`).FindAllString(content, -1) {
			require.Regexp(t, `^</?(p|br|ul|li|table|thead|tbody|tr|th|td|body|html)( style="text-align:\w+")?( /)?>$`, made, text)
		}
	}
	_, body := h.send(officer, h.render(temporalx.Text("[Sign in](https://evil.example/)")))
	require.Contains(t, body, "<p>[Sign in](https://evil.example/)</p>")
	status, _ := h.send(h.browser(), h.render("x"))
	require.Equal(t, http.StatusUnauthorized, status)
	other := h.render("x")
	other.Header.Set("Origin", "https://evil.example")
	status, _ = h.send(officer, other)
	require.Equal(t, http.StatusForbidden, status)
}
