package board_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"duenotice/internal/board"
)

// TestTheBoardIsForLooking: what would change something is refused, and every answer
// keeps itself to the reader's browser.
func TestTheBoardIsForLooking(t *testing.T) {
	t.Parallel()
	h := served(t, case27(t), "os:ada")
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, "PROPFIND"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/board/EX-2026-03/", strings.NewReader("x=1")))
		require.Equal(t, http.StatusMethodNotAllowed, w.Code, method)
		require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodHead, "/board/EX-2026-03/", nil))
	require.Equal(t, http.StatusOK, w.Code)
	for _, path := range []string{
		"/board/", "/board/EX-2026-03/", "/board/EX-2026-03/practices", "/board/EX-2026-03/csv/open.csv", "/board/EX-2026-03/practice/harbor",
		"/board/NONE-1/", "/board/EX-2026-03/practice/nobody", "/board/EX-2026-03/csv/nothing.csv", "/", "/favicon.ico", "/board/../etc/passwd", "/board/%2e%2e/x",
	} {
		header := get(t, h, path).Header()
		require.Equal(t, "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'", header.Get("Content-Security-Policy"), path)
		for name, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			require.Equal(t, value, header.Get(name), "%s of %s", name, path)
		}
		require.Empty(t, header.Get("Access-Control-Allow-Origin"))
		require.Empty(t, header.Values("Set-Cookie"), "who signs in is somebody else's matter")
	}
}

// TestNoPageOfTheBoardNamesAPatient: neither a page nor a table, nor the file, has a name,
// an address or a key of somebody on a list.
func TestNoPageOfTheBoardNamesAPatient(t *testing.T) {
	t.Parallel()
	url := case27(t)
	require.NoError(t, execute(t.Context(), url, "UPDATE finding SET state = 'held', state_why = 'address_too_long' WHERE person_key IN ('dune-0001', 'dune-0002')"))
	require.NoError(t, execute(t.Context(), url, "UPDATE finding SET state = 'returned' WHERE person_key IN ('elm-0001', 'elm-0002')"))
	found := everything(t, served(t, url, "os:ada"))
	file, err := board.File(t.Context(), openAt(t, url), surroundings(t), incidentID)
	require.NoError(t, err)
	found["the file"] = string(file)
	require.Greater(t, len(found), 60)
	require.Contains(t, found["/board/EX-2026-03/held"], "dune", "somebody is held back")
	require.Contains(t, found["/board/EX-2026-03/held"], "elm", "and letters came back")
	require.NotContains(t, found["/board/EX-2026-03/held"], "harbor")
	person := regexp.MustCompile(`Canary|1970-01-01|(harbor|bay|cedar|dune|elm|fern|grove|island)-\d{4}`)
	for path, content := range found {
		require.NotRegexp(t, person, content, path)
	}
}

// TestEveryTableOfTheBoardIsCSVToo, and no cell of one is a formula.
func TestEveryTableOfTheBoardIsCSVToo(t *testing.T) {
	t.Parallel()
	h := served(t, case27(t), "os:ada")
	tables := 0
	for path, content := range everything(t, h) {
		if strings.Contains(path, ".csv") {
			tables++
			for _, row := range rows(t, h, path) {
				for _, cell := range row {
					require.False(t, cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])), "%q of %s", cell, path)
				}
			}
			continue
		}
		// Beside each table stands its CSV. The list of what is urgent is the beginning of another.
		page := parsed(t, content)
		require.GreaterOrEqual(t, len(all(page, "a", "class", "csv")), len(all(page, "table", "", ""))-len(all(page, "table", "id", "urgent")), path)
	}
	require.Greater(t, tables, 40)
	names := rows(t, h, "/board/EX-2026-03/csv/practices.csv?q=dental")
	require.Equal(t, [][2]string{{"grove", "'=Grove Dental"}}, [][2]string{{names[0][0], names[0][1]}})
}

func parsed(t testing.TB, page string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	return root
}

// all are the elements of a name, and of an attribute's value unless attribute is "".
func all(root *html.Node, name, attribute, value string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) && (attribute == "" || of(n, attribute) == value) {
			found = append(found, n)
		}
	}
	return found
}

func of(n *html.Node, attribute string) string {
	for _, a := range n.Attr {
		if a.Key == attribute {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(text.String())
}

// TestPagesOfTheBoardAreReadWithoutSeeingThem: charts have a name and a description, tables
// a caption and heads, fields a label, and what is said of one by id is there once.
func TestPagesOfTheBoardAreReadWithoutSeeingThem(t *testing.T) {
	t.Parallel()
	charts := 0
	for path, content := range everything(t, served(t, case27(t), "os:ada")) {
		if strings.Contains(path, ".csv") || strings.Contains(path, ".css") {
			continue
		}
		page := parsed(t, content)
		ids := map[string]*html.Node{}
		for n := range page.Descendants() {
			if id := of(n, "id"); id != "" {
				require.NotContains(t, ids, id, path)
				ids[id] = n
			}
		}
		for _, svg := range all(page, "svg", "", "") {
			charts++
			require.Equal(t, "img", of(svg, "role"), path)
			names := strings.Fields(of(svg, "aria-labelledby"))
			require.Len(t, names, 2)
			require.Equal(t, []string{"title", "desc"}, []string{ids[names[0]].Data, ids[names[1]].Data}, path)
			require.NotEmpty(t, textOf(ids[names[0]]))
			require.NotEmpty(t, textOf(ids[names[1]]))
		}
		for _, table := range all(page, "table", "", "") {
			require.NotEmpty(t, textOf(all(table, "caption", "", "")[0]), path)
			require.NotEmpty(t, all(table, "th", "scope", "col"), path)
			require.Len(t, all(table, "th", "scope", "row"), len(all(table, "tr", "", ""))-1, path)
		}
		for _, name := range []string{"input", "select"} {
			for _, field := range all(page, name, "", "") {
				require.Len(t, all(page, "label", "for", of(field, "id")), 1, path)
			}
		}
		require.Len(t, all(page, "h1", "", ""), 1, path)
		require.Equal(t, "en", of(all(page, "html", "", "")[0], "lang"))
		require.Empty(t, all(page, "script", "", ""), path)
		for n := range page.Descendants() {
			require.Empty(t, of(n, "style"), "%s: the policy lets no style in an attribute", path)
		}
	}
	require.Equal(t, 2*3, charts, "phases, days and ladder of each incident")
}

// TestTheFileOfTheBoardStandsAlone: it says what the page says and asks for nothing.
func TestTheFileOfTheBoardStandsAlone(t *testing.T) {
	t.Parallel()
	url := case27(t)
	file, err := board.File(t.Context(), openAt(t, url), surroundings(t), incidentID)
	require.NoError(t, err)
	page := parsed(t, string(file))
	for n := range page.Descendants() {
		require.NotContains(t, []string{"script", "link", "img", "iframe", "object", "embed", "base", "form"}, n.Data)
		for _, attribute := range []string{"src", "href", "srcset", "action", "data"} {
			if value := of(n, attribute); value != "" {
				require.True(t, strings.HasPrefix(value, "#"), "%s of %s: %s", attribute, n.Data, value)
				require.Len(t, all(page, "", "id", value[1:]), 1, "%s leads within the page", value)
			}
		}
	}
	require.NotContains(t, string(file), "@import")
	require.NotContains(t, board.Style, "url(")
	require.Contains(t, string(file), ".figures", "its style is in it")
	require.Len(t, all(page, "svg", "role", "img"), 3)
	require.Len(t, all(all(page, "table", "id", "practices")[0], "tr", "", ""), 1+len(members))
	require.Contains(t, textOf(all(page, "table", "id", "open")[0]), "duenotice approve EX-2026-03 --list")
	require.Contains(t, textOf(page), "Elm & Oak <Partners>", "what others wrote is text")

	// Each practice has its story, with what it owes and what was done, and the lists lead there.
	for _, m := range members {
		require.Len(t, all(page, "article", "id", "p-"+m.key), 1, m.key)
		require.NotEmpty(t, all(page, "a", "href", "#p-"+m.key), m.key)
	}
	story := textOf(all(page, "article", "id", "p-harbor")[0])
	for _, words := range []string{"Harbor Pediatrics", "Individual notice", "45 CFR 164.404", "Robin Officer: Approved the papers", "open, 3 days late"} {
		require.Contains(t, story, words)
	}
	require.NotContains(t, string(file), "left out")

	// Of many it tells of those that are due first, and says where the others are.
	file, err = board.FileOf(t.Context(), openAt(t, url), surroundings(t), incidentID, 2)
	require.NoError(t, err)
	page = parsed(t, string(file))
	require.Len(t, all(page, "article", "", ""), 2)
	require.Len(t, all(all(page, "table", "id", "practices")[0], "a", "", ""), 2)
	require.Len(t, all(all(page, "table", "id", "practices")[0], "tr", "", ""), 1+2)
	require.Contains(t, textOf(page), "These are the 2 practices of which something is due first, so what is late stands at the top. 5 more practices are counted above and not listed: duenotice status EX-2026-03 --csv")
	require.Contains(t, textOf(page), "duenotice report open EX-2026-03 --csv lists all that waits")
	require.NotContains(t, textOf(page), "All practices")
	require.Contains(t, textOf(page), "The stories of 5 more practices are left out")
	require.Contains(t, textOf(page), "duenotice status EX-2026-03 --practice KEY shows one")

	_, err = board.File(t.Context(), openAt(t, url), surroundings(t), "NONE-1")
	require.ErrorContains(t, err, "there is no incident NONE-1")
}

// TestTheStyleIsSmallAndOurs.
func TestTheStyleIsSmallAndOurs(t *testing.T) {
	t.Parallel()
	require.Less(t, len(board.Style), 16<<10)
	require.NotContains(t, board.Style, "@import")
	h := served(t, case27(t), "os:ada")
	answer := get(t, h, "/board/style.css")
	require.Equal(t, board.Style, answer.Body.String())
	require.Equal(t, "text/css; charset=utf-8", answer.Header().Get("Content-Type"))
}

// TestAnAccountThatDoesNotAddUpIsAnAlarm on the incident's page and on the practice's.
func TestAnAccountThatDoesNotAddUpIsAnAlarm(t *testing.T) {
	t.Parallel()
	url := case27(t)
	require.NoError(t, execute(t.Context(), url, "UPDATE practice SET findings = findings + 2 WHERE practice_key = 'dune'"))
	h := served(t, url, "os:ada")
	page := parsed(t, shown(t, h, "/board/EX-2026-03/"))
	alarms := all(page, "div", "role", "alert")
	require.Len(t, alarms, 1)
	require.Contains(t, textOf(alarms[0]), "The account does not add up. 1,729 findings are on the lists, 1,727 accounted for. Mail nothing and record nothing for: dune.")
	require.Contains(t, textOf(page), "It does not add up to the 1,729 findings on the lists.")
	require.Contains(t, shown(t, h, "/board/EX-2026-03/practice/dune"), "The account does not add up")
	require.NotContains(t, shown(t, h, "/board/EX-2026-03/practice/bay"), "does not add up")
}

// TestThatNobodyWatchesIsSaidFirst where no worker gave a sign of life.
func TestThatNobodyWatchesIsSaidFirst(t *testing.T) {
	t.Parallel()
	url := case27(t)
	require.NoError(t, execute(t.Context(), url, "UPDATE worker_sign SET seen_at = seen_at - interval '1 hour', worked_at = worked_at - interval '1 hour'"))
	h := served(t, url, "os:ada")
	for _, path := range []string{"/board/", "/board/EX-2026-03/"} {
		page := shown(t, h, path)
		require.Contains(t, page, "<strong>Nothing is watched.</strong> no worker takes work; the last sign of life was on", path)
	}
}
