// Package browser has a real browser for tests: Chromium, driven as a person drives
// it, and what looks for barriers on the pages it shows.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/clerk"
)

// limit is how long a test may take with its browser, under the race detector and
// beside other tests.
const limit = 2 * time.Minute

// New starts a browser with a profile of its own and opens an empty page; everything
// ends with the test. The test is skipped on a machine without Chromium: `make test`
// installs it where it can.
func New(t *testing.T) *Tab {
	t.Helper()
	program := clerk.FindBrowser()
	if program == "" {
		t.Skip("no Chromium is installed: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses root
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx), "Chromium starts")
	return &Tab{t: t, ctx: ctx}
}

// Tab is a browser's page in one test.
type Tab struct {
	t   *testing.T
	ctx context.Context
}

// Do does something in the browser, or fails the test with what the page showed.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.failed(err)
	}
}

// Text is what the first element of a CSS selector shows.
func (b *Tab) Text(selector string) string {
	b.t.Helper()
	return Ask(b, chromedp.Text(chromedp.CSS(selector)))
}

// Ask runs an action and returns what it says, or fails the test.
func Ask[T any](b *Tab, action chromedp.Action[T]) T {
	b.t.Helper()
	answer, err := chromedp.Run(b.ctx, action)
	for n := 0; n < asksAgain && err != nil && strings.Contains(err.Error(), "No node with given id"); n++ {
		answer, err = chromedp.Run(b.ctx, action)
	}
	if err != nil {
		b.failed(err)
	}
	return answer
}

// asksAgain is how often the page that is there now is asked where the one that was asked
// was just being replaced: its elements are gone before they answered.
const asksAgain = 5

// Context is the browser's, for what is not here.
func (b *Tab) Context() context.Context { return b.ctx }

func (b *Tab) failed(err error) {
	b.t.Helper()
	address, _ := chromedp.Run(b.ctx, chromedp.Location())
	text, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	b.t.Fatalf("%v\nat %s, which shows:\n%s", err, address, text)
}

// Phone makes the page as wide as a small telephone's.
func (b *Tab) Phone() {
	b.Do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
}

// Desktop makes the page as wide as a desk's screen.
func (b *Tab) Desktop() { b.Do(chromedp.EmulateViewport(1280, 900)) }

// Authenticator gives the browser a passkey device of its own that asks nobody and
// has the pseudo-random function (WebAuthn extension prf), or has it not.
func (b *Tab) Authenticator(prf bool) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{})
	require.NoError(b.t, err)
	_, err = chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Ctap2version: webauthn.Ctap2versionCtap21, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true, HasPrf: prf,
	}})
	require.NoError(b.t, err)
}

// barrier is what axe-core found.
type barrier struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML   string   `json:"html"`
		Target []string `json:"target"`
	} `json:"nodes"`
}

// NoBarriers fails the test where axe-core finds on the page what WCAG 2.1 A or AA
// forbids. Without axe-core (`make test` fetches it with npm) it says so and goes on.
func (b *Tab) NoBarriers() {
	b.t.Helper()
	found, looked := b.Barriers()
	if !looked {
		b.t.Log("axe-core is not there, so barriers were not looked for: npm ci --ignore-scripts in tools/axe fetches it")
	}
	require.Empty(b.t, found, "barriers on %s", Ask(b, chromedp.Location()))
}

// Barriers describes what axe-core finds, "" for nothing; looked is false without axe-core.
func (b *Tab) Barriers() (found string, looked bool) {
	b.t.Helper()
	_, here, _, _ := runtime.Caller(0)
	script, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "..", "tools", "axe", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", false
	}
	Ask(b, chromedp.Evaluate[int](string(script)+"; 0"))
	answer := Ask(b, chromedp.Evaluate[string](`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then(r => JSON.stringify(r.violations))`,
		chromedp.EvalAwaitPromise))
	var barriers []barrier
	require.NoError(b.t, json.Unmarshal([]byte(answer), &barriers))
	var text strings.Builder
	for _, it := range barriers {
		fmt.Fprintf(&text, "%s (%s): %s\n", it.ID, it.Impact, it.Help)
		for _, n := range it.Nodes {
			fmt.Fprintf(&text, "    %s: %s\n", strings.Join(n.Target, " "), n.HTML)
		}
	}
	return text.String(), true
}

// picturesVariable names the folder in which Picture leaves what it took.
const picturesVariable = "DUENOTICE_PICTURES"

// Picture takes the whole page as a PNG into the folder that $DUENOTICE_PICTURES names,
// for the guide and for whoever looks; without one it does nothing.
func (b *Tab) Picture(name string) {
	b.t.Helper()
	folder := os.Getenv(picturesVariable)
	if folder == "" {
		return
	}
	png := Ask(b, chromedp.FullScreenshot(100))
	require.NoError(b.t, os.WriteFile(filepath.Join(folder, name+".png"), png, 0o600))
}

// Print is the page as it comes out of a printer, as PDF.
func (b *Tab) Print() []byte {
	b.t.Helper()
	printed, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	require.NoError(b.t, err)
	return printed.Data
}
