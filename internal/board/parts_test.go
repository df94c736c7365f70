package board_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"duenotice/internal/testkit"
)

// practicesOn are the keys that a page lists, in its order, and where its list goes on.
func practicesOn(t testing.TB, h http.Handler, path string) (keys []string, next string) {
	t.Helper()
	page := parsed(t, shown(t, h, path))
	for _, table := range all(page, "table", "id", "practices") {
		for _, head := range all(table, "th", "scope", "row") {
			keys = append(keys, textOf(head))
		}
	}
	for _, a := range all(page, "a", "class", "next") {
		next = of(a, "href")
	}
	return keys, next
}

// TestEveryPracticeIsOnOnePartOfTheList, what is due first on the first.
func TestEveryPracticeIsOnOnePartOfTheList(t *testing.T) {
	t.Parallel()
	url := large(t, 240)
	h := served(t, url, "os:ada")
	whole := rows(t, h, "/board/EX-2026-03/csv/practices.csv")
	require.Len(t, whole, 240)
	var keys, days []string
	for _, row := range whole {
		keys = append(keys, row[0])
		if row[3] != "" {
			days = append(days, row[3])
		}
	}
	require.IsNonDecreasing(t, days)
	require.Less(t, len(days), 240, "the closed ones have no day, and stand last")
	var listed []string
	parts := 0
	for next := "/board/EX-2026-03/practices"; next != ""; parts++ {
		var some []string
		some, next = practicesOn(t, h, next)
		require.LessOrEqual(t, len(some), 50)
		listed = append(listed, some...)
	}
	require.Equal(t, keys, listed)
	require.Equal(t, 5, parts)

	// Narrowed, it goes on within what was asked for.
	var open []string
	for next := "/board/EX-2026-03/practices?show=late"; next != ""; {
		var some []string
		some, next = practicesOn(t, h, next)
		open = append(open, some...)
	}
	late := rows(t, h, "/board/EX-2026-03/csv/practices.csv?show=late")
	require.Len(t, open, len(late))
	require.NotEmpty(t, late)
	for _, row := range late {
		require.Equal(t, "yes", row[6])
	}
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/practices.csv?phase=waiting+approval") {
		require.Equal(t, "waiting approval", row[2])
	}
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/practices.csv?show=waiting") {
		require.NotEmpty(t, row[4])
	}
	require.Len(t, rows(t, h, "/board/EX-2026-03/csv/practices.csv?q=p0012"), 10)
	require.Len(t, rows(t, h, "/board/EX-2026-03/csv/practices.csv?q=Practice+24,"), 1)
	require.Empty(t, rows(t, h, "/board/EX-2026-03/csv/practices.csv?q=%25"), "a percent sign is one")
	require.Contains(t, shown(t, h, "/board/EX-2026-03/practices?q=%22%3E%3Cscript%3E"), "&#34;&gt;&lt;script&gt;")
}

// TestWhatWaitsIsListedInParts: following the parts gives what the CSV has.
func TestWhatWaitsIsListedInParts(t *testing.T) {
	t.Parallel()
	h := served(t, large(t, 240), "os:ada")
	whole := rows(t, h, "/board/EX-2026-03/csv/open.csv")
	require.NotEmpty(t, whole)
	lines := 0
	for next := "/board/EX-2026-03/open"; next != ""; {
		page := parsed(t, shown(t, h, next))
		next = ""
		for _, table := range all(page, "table", "id", "open") {
			lines += len(all(table, "th", "scope", "row"))
		}
		for _, a := range all(page, "a", "class", "next") {
			next = html.UnescapeString(of(a, "href"))
		}
	}
	require.Equal(t, len(whole), lines)
}

// TestALargeIncidentIsCountedBesideItsPage: whoever opens it first is told so, and the page
// loads itself again.
func TestALargeIncidentIsCountedBesideItsPage(t *testing.T) {
	t.Parallel()
	url := case27(t)
	h := impatient(t, url)
	// What is locked cannot be counted.
	other := testkit.Pool(t, url)
	hold, err := other.Begin(t.Context())
	require.NoError(t, err)
	_, err = hold.Exec(t.Context(), "LOCK TABLE obligation IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	for range 3 {
		answer := get(t, h, "/board/EX-2026-03/")
		require.Equal(t, http.StatusOK, answer.Code)
		require.Equal(t, "1", answer.Header().Get("Refresh"))
		require.Contains(t, answer.Body.String(), "being counted")
	}
	require.NoError(t, hold.Rollback(t.Context()))
	require.Eventually(t, func() bool {
		answer := get(t, h, "/board/EX-2026-03/")
		return answer.Header().Get("Refresh") == "" && strings.Contains(answer.Body.String(), "Where the practices stand")
	}, testkit.Patience, 5*time.Millisecond)
}
