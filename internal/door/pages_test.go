package door_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/door"
	"duenotice/internal/testkit/browser"
	"duenotice/templates"
)

func TestTheDoorsPagesHaveNoBarriers(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	l.door.Provider = &door.Provider{Issuer: "https://login.example.org", ClientID: "duenotice", Secret: "s", Claim: door.ClaimSubject}
	l.role(benOfficer, true)
	l.role(adaCounsel, true)
	l.signedIn()
	w := newWindow(l)
	w.Authenticator(false)
	look := func(name string) {
		t.Helper()
		w.Desktop()
		w.Picture(name)
		w.NoBarriers()
		w.Phone()
		w.Picture(name + "-phone")
		w.NoBarriers()
		require.False(t, browser.Ask(w.Tab, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`)), "%s fits a telephone", name)
	}
	w.Do(chromedp.Navigate(l.address.String()+page), chromedp.WaitVisible(chromedp.CSS(`form[data-passkey]`)))
	look("door-signin")
	w.Do(chromedp.Navigate(l.linkOf("ben", "os:ben")), chromedp.WaitVisible(chromedp.CSS(`button`)))
	look("door-link")
	w.Do(chromedp.Click(chromedp.CSS(`button`)), w.shows("The page of ben"), chromedp.Navigate(l.address.String()+"/duenotice/account/passkey"), chromedp.WaitVisible(chromedp.CSS(`#label`)))
	look("door-passkey")
	w.Do(chromedp.Click(chromedp.CSS(`form button`)), w.shows("Last used"))
	look("door-account")
}

func TestASignInNeedsNoScriptButForPasskeys(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	b := l.signedIn()
	_, body := l.get(b, door.AccountPath)
	require.NotContains(t, body, "<script")
	_, body = l.get(l.browser(), "/duenotice/login?link=x")
	require.NotContains(t, body, "<script")
	_, body = l.get(l.browser(), "/duenotice/login")
	require.Contains(t, body, "</button>\n<p role=\"alert\"></p>\n</form>")
	require.Contains(t, body, " hidden>\n<h2>With a passkey</h2>", "without the script the form is not there")

	status, header, css := l.answer(l.browser(), l.request(http.MethodGet, "/duenotice/door.css", ""))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "text/css; charset=utf-8", header.Get("Content-Type"))
	require.Less(t, len(css), 16<<10)
	require.NotContains(t, css, "url(")
	_, err := templates.Door().Open("door.css")
	require.NoError(t, err)
}
