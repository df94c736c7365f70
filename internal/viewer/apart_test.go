package viewer_test

import (
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit/browser"
)

// Temporal's UI is somebody else's program, at the same origin as the sign-in. What a
// script in it could make last is refused by the browser itself.
func TestAScriptInTemporalsPageMakesNothingThatLasts(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	b := browser.New(t)
	b.Authenticator(false)
	b.Do(chromedp.Navigate(h.link()), chromedp.Click(chromedp.CSS("button")), chromedp.WaitReady(`//title[contains(., "Temporal's UI")]`))
	for does, want := range map[string]string{
		`(await fetch('/duenotice/account')).status`:         "403",
		`(await fetch('/duenotice/account/passkey')).status`: "403",
		`await new Promise(done => { const r = new XMLHttpRequest(); r.onloadend = () => done(r.status); r.open('GET', '/duenotice/account/passkey'); r.send(); })`: "403",
		`await navigator.serviceWorker.register('/_app/worker.js')`: "TypeError",
		`await navigator.credentials.create({publicKey: {challenge: new Uint8Array(32), rp: {name: 'x'}, user: {id: new Uint8Array(8), name: 'x', displayName: 'x'}, pubKeyCredParams: [{type: 'public-key', alg: -7}]}})`:                                                                                             "NotAllowedError",
		`await new Promise(done => { const f = document.createElement('iframe'); f.onload = () => done(f.contentDocument ? f.contentDocument.forms.length : 'nothing'); f.onerror = () => done('nothing'); f.src = '/duenotice/account/passkey'; document.body.append(f); setTimeout(() => done('nothing'), 5000); })`: "nothing",
		// The window opens, and what opened it has it no more: its opener policy differs.
		`await new Promise(done => { const w = window.open('/duenotice/account/passkey'); if (!w) { done('no window'); return } const look = setInterval(() => { if (w.closed) { clearInterval(look); done('gone') } else if (w.document && w.document.querySelector('[name=ticket]')) { clearInterval(look); done('read') } }, 20); })`: "gone",
	} {
		got := browser.Ask(b, chromedp.Evaluate[string](`(async () => { try { return String(`+does+`) } catch (e) { return e.name } })()`, chromedp.EvalAwaitPromise, byHand))
		require.Equal(t, want, got, does)
	}
}

// byHand has a script do what it does as if a person had just clicked.
func byHand(p *runtime.EvaluateParams) {
	yes := true
	p.UserGesture = &yes
}
