package door_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/door"
	"duenotice/internal/testkit/browser"
)

// window is a real browser in front of the door.
type window struct {
	*lodge
	*browser.Tab
}

func newWindow(l *lodge) *window {
	l.t.Helper()
	return &window{lodge: l, Tab: browser.New(l.t)}
}

// shows waits for a text on the page.
func (w *window) shows(text string) chromedp.Action[chromedp.Void] {
	return chromedp.WaitVisible(`//main//*[contains(normalize-space(.), "` + text + `")] | //h1[contains(., "` + text + `")]`)
}

func (w *window) signIn(link string) {
	w.t.Helper()
	w.Do(chromedp.Navigate(link), chromedp.Click(chromedp.CSS(`button`)), w.shows("The page of ada"))
}

// makePasskey goes the person's way, and names it.
func (w *window) makePasskey(label string) {
	w.t.Helper()
	w.Do(
		chromedp.Navigate(w.address.String()+door.AccountPath), chromedp.Click(chromedp.CSS(`a[href="/duenotice/account/passkey"]`)),
		chromedp.WaitVisible(chromedp.CSS(`#label`)), chromedp.SetValue(chromedp.CSS(`#label`), label),
		chromedp.Click(chromedp.CSS(`form button`)), w.shows("Last used"), w.shows(label),
	)
}

func (w *window) signOut() {
	w.t.Helper()
	w.Do(chromedp.Navigate(w.address.String()+door.AccountPath), chromedp.Click(chromedp.CSS(`button[aria-label="Sign out"]`)), w.shows("You are signed out"))
}

// signInByPasskey asks for a page and is let in by the passkey.
func (w *window) signInByPasskey() {
	w.t.Helper()
	w.Do(chromedp.Navigate(w.address.String()+page), w.shows("You are not signed in"),
		chromedp.Click(chromedp.CSS(`form[data-passkey=get] button`)), w.shows("The page of ada"))
}

func (l *lodge) passkeys() []casebook.Passkey {
	l.t.Helper()
	list, err := l.store.Passkeys(l.t.Context(), "")
	require.NoError(l.t, err)
	return list
}

func TestAPasskeySignsInWithoutALink(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	w := newWindow(l)
	w.Authenticator(false)
	w.signIn(l.link())
	w.makePasskey("Laptop of Ada")
	kept := l.passkeys()
	require.Len(t, kept, 1)
	require.Equal(t, []string{"Laptop of Ada", "os:ada", "ada"}, []string{kept[0].Label, kept[0].Identity, kept[0].Who})
	require.NotContains(t, string(kept[0].Handle), "ada", "the authenticator is told nobody's account")

	w.signOut()
	l.later(time.Minute)
	w.signInByPasskey()
	require.Equal(t, l.address.String()+page, browser.Ask(w.Tab, chromedp.Location()), "it leads to the page that was asked for")
	sessions := l.sessions()
	require.Len(t, sessions, 1)
	require.Equal(t, []any{casebook.ByPasskey, kept[0].ID, "os:ada"}, []any{sessions[0].How, sessions[0].PasskeyID, sessions[0].Identity})
	require.Equal(t, l.time(), l.passkeys()[0].Used)

	// The same authenticator has one passkey for a person, and says so.
	w.Do(chromedp.Navigate(l.address.String()+"/duenotice/account/passkey"), chromedp.WaitVisible(chromedp.CSS(`#label`)),
		chromedp.Click(chromedp.CSS(`form button`)), w.shows("has a passkey for you here already"))
	require.Len(t, l.passkeys(), 1)

	// Taken away, it ends its sessions and opens nothing.
	w.Do(chromedp.Navigate(l.address.String()+door.AccountPath), chromedp.Click(chromedp.CSS(`button[aria-label="Take away passkey `+strconv.Itoa(kept[0].ID)+`"]`)), w.shows("You are not signed in any more"))
	require.Empty(t, l.sessions())
	w.Do(chromedp.Click(chromedp.CSS(`form[data-passkey=get] button`)), w.shows("That passkey does not sign in here"))
	var told []string
	for _, e := range l.record() {
		told = append(told, e.What+" "+e.How)
	}
	require.Equal(t, []string{"signed_in link", "passkey_added passkey", "ended link", "signed_in passkey", "passkey_removed passkey", "ended passkey", "refused passkey"}, told)
}

// What a browser sent once is of no use again, to nobody, and nothing that was
// changed on its way is taken.
func TestAnAnswerOfAPasskeyIsGoodOnce(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	w := newWindow(l)
	w.Authenticator(false)
	w.signIn(l.link())
	// The form is kept from being sent, and what would be sent is read.
	catch := func(path string) url.Values {
		t.Helper()
		w.Do(chromedp.Navigate(l.address.String()+path), chromedp.WaitVisible(chromedp.CSS(`form[data-passkey]`)))
		browser.Ask(w.Tab, chromedp.Evaluate[string](`HTMLFormElement.prototype.submit = function () { document.title = 'caught' }; ''`))
		w.Do(chromedp.Click(chromedp.CSS(`form[data-passkey] button`)))
		browser.Ask(w.Tab, chromedp.Poll[string](`document.title === 'caught' && 'caught'`))
		return url.Values{
			"ticket": {browser.Ask(w.Tab, chromedp.Value(chromedp.CSS(`input[name=ticket]`)))}, "credential": {browser.Ask(w.Tab, chromedp.Value(chromedp.CSS(`input[name=credential]`)))}, "label": {"x"},
		}
	}
	made := catch("/duenotice/account/passkey")
	owner := l.browser()
	var cookies []*http.Cookie
	all, err := chromedp.Call(w.Context(), storage.GetCookies, storage.GetCookiesParams{}) // those too that no script reads
	require.NoError(t, err)
	for _, c := range all.Cookies {
		cookies = append(cookies, &http.Cookie{Name: c.Name, Value: c.Value, Path: "/"})
	}
	owner.Jar.SetCookies(l.address, cookies)

	other := l.signedInAs("eve", "os:eve")
	status, _ := l.send(other, l.posted("/duenotice/account/passkey", made))
	require.Equal(t, http.StatusBadRequest, status, "what one session's page asked, another's cannot answer")
	for name, change := range map[string]func(url.Values){
		"no ticket":             func(v url.Values) { v.Del("ticket") },
		"another's ticket":      func(v url.Values) { v.Set("ticket", v.Get("ticket")[1:]) },
		"a ticket to sign in":   func(v url.Values) { v.Set("ticket", l.ticket()) },
		"no credential":         func(v url.Values) { v.Set("credential", "{}") },
		"no JSON":               func(v url.Values) { v.Set("credential", "x") },
		"another site's answer": func(v url.Values) { v.Set("credential", atAnotherSite(t, v.Get("credential"))) },
	} {
		bad := url.Values{"ticket": {made.Get("ticket")}, "credential": {made.Get("credential")}, "label": {"x"}}
		change(bad)
		status, _ = l.send(owner, l.posted("/duenotice/account/passkey", bad))
		require.Equal(t, http.StatusBadRequest, status, name)
	}
	require.Empty(t, l.passkeys())
	status, _ = l.send(owner, l.posted("/duenotice/account/passkey", made))
	require.Equal(t, http.StatusOK, status)
	require.Len(t, l.passkeys(), 1)
	status, _ = l.send(owner, l.posted("/duenotice/account/passkey", made))
	require.Equal(t, http.StatusBadRequest, status, "a second time")
	require.Len(t, l.passkeys(), 1)

	signed := catch("/duenotice/login")
	for name, change := range map[string]func(url.Values){
		"another question":      func(v url.Values) { v.Set("ticket", l.ticket()) },
		"another site's answer": func(v url.Values) { v.Set("credential", atAnotherSite(t, v.Get("credential"))) },
		"a made-up signature":   func(v url.Values) { v.Set("credential", forged(v.Get("credential"))) },
	} {
		bad := url.Values{"ticket": {signed.Get("ticket")}, "credential": {signed.Get("credential")}}
		change(bad)
		status, _ = l.send(l.browser(), l.posted("/duenotice/passkey", bad))
		require.Equal(t, http.StatusUnauthorized, status, name)
	}
	thief, officer := l.browser(), l.browser()
	status, _ = l.send(officer, l.posted("/duenotice/passkey", signed))
	require.Equal(t, http.StatusOK, status)
	status, _ = l.send(thief, l.posted("/duenotice/passkey", signed))
	require.Equal(t, http.StatusUnauthorized, status, "a second time")

	late := catch("/duenotice/login")
	l.later(5 * time.Minute)
	status, _ = l.send(l.browser(), l.posted("/duenotice/passkey", late))
	require.Equal(t, http.StatusUnauthorized, status, "five minutes later")
}

// ticket is one that a page of the sign-in gave to somebody else.
func (l *lodge) ticket() string {
	l.t.Helper()
	_, body := l.get(l.browser(), "/duenotice/login")
	return fields(body).Get("ticket")
}

// atAnotherSite is an answer as a page of another origin would have got it.
func atAnotherSite(t *testing.T, credential string) string {
	t.Helper()
	var c map[string]any
	require.NoError(t, json.Unmarshal([]byte(credential), &c))
	response, ok := c["response"].(map[string]any)
	require.True(t, ok)
	data, err := base64.RawURLEncoding.DecodeString(response["clientDataJSON"].(string))
	require.NoError(t, err)
	response["clientDataJSON"] = base64.RawURLEncoding.EncodeToString(regexp.MustCompile(`"origin":"[^"]*"`).ReplaceAll(data, []byte(`"origin":"https://evil.example"`)))
	text, err := json.Marshal(c)
	require.NoError(t, err)
	return string(text)
}

// forged is an answer with a signature of nobody's.
func forged(credential string) string {
	return regexp.MustCompile(`"signature":"[^"]*"`).ReplaceAllString(credential, `"signature":"MEUCIQDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"`)
}

func TestWherePasskeysAreMade(t *testing.T) {
	t.Parallel()
	for address, made := range map[string]bool{
		"http://k3x9ab.localhost:8080": true, "http://localhost:8080": true, "https://board.example.org": true,
		"http://127.0.0.1:8080": false, "http://[::1]:8080": false, "https://192.0.2.7": false, "http://board.example.org": false,
	} {
		u, err := door.ParseAddress(address)
		require.NoError(t, err)
		require.Equal(t, made, door.NoPasskeys(u) == "", address)
		l := newLodge(t)
		l.door.Address = u
		answer := httptest.NewRecorder()
		l.handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, address+"/duenotice/login", nil))
		require.Equal(t, http.StatusOK, answer.Code)
		require.Equal(t, made, regexp.MustCompile(`data-passkey="get"`).MatchString(answer.Body.String()), address)
	}
}

// Whom the provider knows signs in there each time: a passkey of ours would let them
// in when the provider no longer does.
func TestWhomTheProviderKnowsKeepsNoPasskey(t *testing.T) {
	t.Parallel()
	l := newLodge(t)
	l.role(benOfficer, true)
	l.role(access.Grant{Identity: "oidc:ada", Name: "Ada Rivera", Role: access.Counsel}, true)
	b := l.signedInAs("ada", "oidc:ada")
	_, body := l.get(b, door.AccountPath)
	require.NotContains(t, body, "Add a passkey")
	require.Contains(t, body, "you sign in by your organisation")
	status, _ := l.get(b, "/duenotice/account/passkey")
	require.Equal(t, http.StatusForbidden, status)
	status, _ = l.send(b, l.posted("/duenotice/account/passkey", url.Values{"ticket": {l.ticket()}}))
	require.Equal(t, http.StatusForbidden, status)
}
