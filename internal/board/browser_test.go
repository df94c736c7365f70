package board_test

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"duenotice/internal/board"
	"duenotice/internal/testkit/browser"
)

// views are one of each kind of page.
var views = []struct{ name, path string }{
	{"incidents", "/board/"}, {"incident", "/board/EX-2026-03/"}, {"practices", "/board/EX-2026-03/practices"}, {"open", "/board/EX-2026-03/open"},
	{"held", "/board/EX-2026-03/held"}, {"pages", "/board/EX-2026-03/pages"}, {"practice", "/board/EX-2026-03/practice/harbor"}, {"nothing", "/board/NONE-1/"},
}

// TestTheBoardHasNoBarriers for who uses it at a desk or on a telephone: axe-core finds
// none, and no page is wider than the screen.
func TestTheBoardHasNoBarriers(t *testing.T) {
	t.Parallel()
	tab := browser.New(t)
	url := case27(t)
	require.NoError(t, execute(t.Context(), url, "UPDATE finding SET state = 'held', state_why = 'address_too_long' WHERE person_key IN ('dune-0001', 'dune-0002')"))
	require.NoError(t, execute(t.Context(), url, "UPDATE practice SET findings = findings + 2 WHERE practice_key = 'dune'"))
	server := httptest.NewServer(served(t, url, "os:ada"))
	t.Cleanup(server.Close)
	for _, view := range views {
		tab.Desktop()
		tab.Do(chromedp.Navigate(server.URL + view.path))
		tab.NoBarriers()
		tab.Picture("board-" + view.name)
		tab.Phone()
		tab.Do(chromedp.Navigate(server.URL + view.path))
		tab.NoBarriers()
		tab.Picture("board-" + view.name + "-phone")
		require.LessOrEqual(t, browser.Ask(tab, chromedp.Evaluate[int]("document.documentElement.scrollWidth")), 360, "%s is wider than a telephone", view.name)
	}
}

// TestAnOfficerFindsThePracticeThatIsLate from the list of incidents, by keyboard and links.
func TestAnOfficerFindsThePracticeThatIsLate(t *testing.T) {
	t.Parallel()
	tab := browser.New(t)
	server := httptest.NewServer(served(t, case27(t), "os:ada"))
	t.Cleanup(server.Close)
	click := func(link, until string) {
		t.Helper()
		tab.Do(chromedp.Click(chromedp.CSS(link)))
		tab.Do(chromedp.WaitReady(chromedp.CSS(until)))
	}
	tab.Do(chromedp.Navigate(server.URL + "/board/"))
	click(`#incidents a[href="/board/EX-2026-03/"]`, "#h-phases")
	require.Contains(t, tab.Text("h1"), "Incident EX-2026-03")
	click(`.after a[href$="show=soon"]`, "#practices")
	require.Contains(t, tab.Text("#practices tbody"), "late 2026-04-09")
	click(`#practices a[href$="/practice/harbor"]`, "#duties")
	require.Contains(t, tab.Text("h1"), "Harbor Pediatrics")
	require.Contains(t, tab.Text("#duties"), "open, 3 days late")
}

// TestTheBoardIsPrintedInGrey: the file comes out of a printer whole.
func TestTheBoardIsPrintedInGrey(t *testing.T) {
	t.Parallel()
	tab := browser.New(t)
	url := case27(t)
	file, err := board.File(t.Context(), openAt(t, url), surroundings(t), incidentID)
	require.NoError(t, err)
	path := t.TempDir() + "/board.html"
	require.NoError(t, writeFile(path, file))
	tab.Do(chromedp.Navigate("file://" + path))
	require.Contains(t, tab.Text("h1"), "Incident EX-2026-03")
	require.Greater(t, len(tab.Print()), 20_000)
	for _, wide := range []func(){tab.Desktop, tab.Phone} {
		wide()
		tab.Do(chromedp.Navigate("file://" + path))
		tab.NoBarriers()
	}
	require.LessOrEqual(t, browser.Ask(tab, chromedp.Evaluate[int]("document.documentElement.scrollWidth")), 360)
	browser.Ask(tab, chromedp.Evaluate[bool](`document.querySelector('a[href="#p-harbor"]').click() ?? true`))
	require.True(t, browser.Ask(tab, chromedp.Evaluate[bool](`document.querySelector("#p-harbor").matches(":target")`)), "a list leads to the practice's story")
	require.Equal(t, "rgb(0, 0, 0)", browser.Ask(tab, chromedp.Evaluate[string](`(() => {
		const print = [...document.styleSheets[0].cssRules].find(r => r.conditionText === "print");
		return print.cssRules[0].style.getPropertyValue("--late").trim() === "#000" ? "rgb(0, 0, 0)" : "coloured";
	})()`)))
}
