package pages_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"duenotice/internal/packet"
	"duenotice/internal/pages"
	"duenotice/internal/testkit/browser"
)

// opens brings a browser in with a code.
func opens(t *testing.T, f fixture, tab *browser.Tab, of packet.Practice) {
	t.Helper()
	tab.Do(chromedp.Navigate(f.server.URL+pathOf(f.link[of.Key])),
		chromedp.SendKeys(chromedp.CSS("#code"), f.code(t, of).String()+"\r"), chromedp.WaitVisible(chromedp.CSS("#next")))
}

// press clicks, and waits for what is shown then.
func press(tab *browser.Tab, selector, then string) {
	tab.Do(chromedp.Click(chromedp.CSS(selector)), chromedp.WaitVisible(chromedp.CSS(then)))
}

func TestAPasskeyOpensThePage(t *testing.T) {
	t.Parallel()
	f := serve(t)
	tab := browser.New(t)
	tab.Authenticator(true)
	opens(t, f, tab, own)
	tab.Do(chromedp.Navigate(f.server.URL+"/devices"), chromedp.SendKeys(chromedp.CSS("#device-name"), "front desk"))
	press(tab, "#passkey-add", ".files")
	require.Contains(t, tab.Text(".files"), "front desk")
	tab.Do(chromedp.Click(chromedp.CSS("#leave-everywhere")), chromedp.WaitNotPresent(chromedp.CSS("#leave-everywhere")))
	tab.Do(chromedp.Navigate(f.server.URL + pathOf(f.link[own.Key])))
	press(tab, "#passkey-login", "#next")
	require.Contains(t, tab.Text("h1"), "Practice own")

	// At another practice's link it opens nothing.
	tab.Do(chromedp.Navigate(f.server.URL+pathOf(f.link[neighbour.Key])), chromedp.Click(chromedp.CSS("#passkey-login")),
		chromedp.WaitVisible(chromedp.CSS("#passkey-problem:not(:empty)")))
	require.Contains(t, tab.Text("#passkey-problem"), "does not open this page")

	// Taken away it opens nothing.
	tab.Do(chromedp.Navigate(f.server.URL + "/devices"))
	press(tab, ".files button", "#passkey-add")
	require.Contains(t, tab.Text("#kept + p"), "There are none yet.")
	tab.Do(chromedp.Navigate(f.server.URL+pathOf(f.link[own.Key])), chromedp.Click(chromedp.CSS("#passkey-login")),
		chromedp.WaitVisible(chromedp.CSS("#passkey-problem:not(:empty)")))
	require.Contains(t, tab.Text("#passkey-problem"), "does not open this page")
}

func TestADeviceWithoutASecretIsToldSo(t *testing.T) {
	t.Parallel()
	f := serve(t)
	tab := browser.New(t)
	tab.Authenticator(false)
	opens(t, f, tab, own)
	tab.Do(chromedp.Navigate(f.server.URL+"/devices"), chromedp.Click(chromedp.CSS("#passkey-add")),
		chromedp.WaitVisible(chromedp.CSS("#passkey-problem:not(:empty)")))
	require.Contains(t, tab.Text("#passkey-problem"), "nothing was stored")
	tab.Do(chromedp.Reload())
	require.Contains(t, tab.Text("#kept + p"), "There are none yet.")
}

// TestPagesHaveNoBarriers goes through every page at a phone's width and at a desk's,
// in both languages.
func TestPagesHaveNoBarriers(t *testing.T) {
	t.Parallel()
	f := serve(t)
	f.pack(t, own, examplePage(own), 5) // axe-core looks at every row
	tab := browser.New(t)
	for _, lang := range pages.Languages {
		tab.Desktop()
		tab.Do(chromedp.Navigate(f.server.URL + pathOf(f.link[own.Key]) + "?lang=" + lang))
		opens(t, f, tab, own)
		for _, wide := range []bool{false, true} {
			if wide && lang != pages.Languages[0] {
				continue // the longer words are tried where there is least room
			}
			size := "phone"
			tab.Phone()
			if wide {
				size = "desk"
				tab.Desktop()
			}
			for _, path := range []string{pathOf(f.link[own.Key]), "/", "/notice", "/list", "/answer/received", "/answer/delegate", "/answer/contact", "/answer/told", "/devices"} {
				tab.Do(chromedp.Navigate(f.server.URL + path))
				tab.NoBarriers()
				require.LessOrEqual(t, browser.Ask(tab, chromedp.Evaluate[int]("document.documentElement.scrollWidth - document.documentElement.clientWidth")), 0, "%s at %s scrolls sideways", path, size)
				name := strings.ReplaceAll(strings.Trim(path, "/"), "/", "-")
				if strings.HasPrefix(name, "p-") {
					name = "come-in"
				}
				tab.Picture("page-" + lang + "-" + size + "-" + cmp.Or(name, "front"))
			}
			tab.Do(chromedp.Navigate(f.server.URL+"/answer/delegate"), chromedp.Click(chromedp.CSS("#delegation-all")), chromedp.SendKeys(chromedp.CSS("#name"), "Ann Example"),
				chromedp.SendKeys(chromedp.CSS("#title"), "Office manager\r"), chromedp.WaitVisible(chromedp.CSS("#agree")))
			tab.NoBarriers()
			tab.Picture("page-" + lang + "-" + size + "-review")
			tab.Do(chromedp.Navigate(f.server.URL+"/answer/contact"), chromedp.SetValue(chromedp.CSS("#email"), "nobody@home"), chromedp.SendKeys(chromedp.CSS("#name"), "A"),
				chromedp.SendKeys(chromedp.CSS("#title"), "B\r"), chromedp.WaitVisible(chromedp.CSS("#errors")))
			require.Equal(t, "errors", browser.Ask(tab, chromedp.Evaluate[string]("document.activeElement.id")), "what is wrong has the focus")
			tab.NoBarriers()
			tab.Picture("page-" + lang + "-" + size + "-errors")
			if folder := os.Getenv("DUENOTICE_PICTURES"); folder != "" && wide {
				tab.Do(chromedp.Navigate(f.server.URL + "/notice"))
				require.NoError(t, os.WriteFile(filepath.Join(folder, "page-"+lang+"-print.pdf"), tab.Print(), 0o600))
			}
		}
	}
}

// TestAClerkNeedsNoMouse goes from the link to the signed delegation with the keys of a
// keyboard alone, on a phone's width; whatever has the focus shows it.
func TestAClerkNeedsNoMouse(t *testing.T) {
	t.Parallel()
	f := serve(t)
	tab := browser.New(t)
	tab.Phone()
	focused := func() string { return browser.Ask(tab, chromedp.Evaluate[string]("document.activeElement.id")) }
	to := func(id string) {
		t.Helper()
		for range 60 {
			if focused() == id {
				require.NotEqual(t, "none 0px", browser.Ask(tab, chromedp.Evaluate[string](
					"(s => s.outlineStyle + ' ' + (s.outlineStyle === 'none' ? '0px' : s.outlineWidth))(getComputedStyle(document.activeElement))")), "the focus on %s is seen", id)
				return
			}
			tab.Do(chromedp.KeyEvent(kb.Tab))
		}
		t.Fatalf("no number of tabs comes to %s", id)
	}
	signs := func() {
		t.Helper()
		to("name")
		tab.Do(chromedp.KeyEvent("Ann Example"))
		to("title")
		tab.Do(chromedp.KeyEvent("Office manager" + kb.Enter))
	}
	tab.Do(chromedp.Navigate(f.server.URL+pathOf(f.link[own.Key])), chromedp.WaitVisible(chromedp.CSS("#code")))
	to("code")
	tab.Do(chromedp.KeyEvent(f.code(t, own).String()+kb.Enter), chromedp.WaitVisible(chromedp.CSS("#next-step")))
	to("next-step")
	tab.Do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#received")))
	signs()
	tab.Do(chromedp.WaitVisible(chromedp.CSS("#state")), chromedp.Navigate(f.server.URL+"/notice"), chromedp.WaitVisible(chromedp.CSS("#next-step")))
	to("next-step")
	tab.Do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS("#delegation-all")))
	to("delegation-all")
	tab.Do(chromedp.KeyEvent(" "))
	signs()
	tab.Do(chromedp.WaitVisible(chromedp.CSS("#agree")))
	to("agree")
	tab.Do(chromedp.KeyEvent(" "+kb.Enter), chromedp.WaitVisible(chromedp.CSS("#state")))
	answers := f.answers(t)
	require.Len(t, answers, 2)
	require.Equal(t, "all", answers[1].Delegation)
}
