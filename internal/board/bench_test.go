package board_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/board"
)

// BenchmarkBoard asks for each kind of page of an incident of 45,000 practices, as an
// officer whose rows the database looks at one by one. "of-status" is its time as a part
// of what status takes to count the same incident in the same run, "first-ms" how long it
// is until the first reader of all has the incident's numbers.
func BenchmarkBoard(b *testing.B) {
	const practices = 45_000
	url := large(b, practices)
	store := openAt(b, url)
	began := time.Now()
	_, err := store.Status(b.Context(), incidentID, looking, discovered.AddDays(27))
	require.NoError(b, err)
	status := time.Since(began)
	h := within(b, 100*time.Millisecond, url, "os:ada")
	began = time.Now()
	shown(b, served(b, url, "os:ada"), "/board/EX-2026-03/")
	first := time.Since(began)
	require.Eventually(b, func() bool { return get(b, h, "/board/EX-2026-03/").Header().Get("Refresh") == "" }, time.Minute, time.Second)
	for _, page := range []struct{ name, path string }{
		{"incidents", "/board/"}, {"incident", "/board/EX-2026-03/"}, {"practices", "/board/EX-2026-03/practices"},
		{"late", "/board/EX-2026-03/practices?show=late"}, {"phase", "/board/EX-2026-03/practices?phase=closed"},
		{"further", "/board/EX-2026-03/practices?after=P30000&due=2026-05-01"}, {"waiting", "/board/EX-2026-03/practices?show=waiting"},
		{"search", "/board/EX-2026-03/practices?q=practice+44999"}, {"nothing-found", "/board/EX-2026-03/practices?q=nobody"},
		{"open", "/board/EX-2026-03/open"}, {"open-operator", "/board/EX-2026-03/open?whom=operator"}, {"held", "/board/EX-2026-03/held"},
		{"pages", "/board/EX-2026-03/pages"}, {"practice", "/board/EX-2026-03/practice/P30000"}, {"csv", "/board/EX-2026-03/csv/waits.csv"},
	} {
		b.Run(page.name, func(b *testing.B) {
			for b.Loop() {
				answer := get(b, h, page.path)
				if answer.Code != http.StatusOK {
					b.Fatal(errors.New(answer.Body.String()))
				}
			}
			each := b.Elapsed() / time.Duration(b.N)
			b.ReportMetric(float64(each.Microseconds())/1000, "ms/page")
			b.ReportMetric(float64(each)/float64(status), "of-status")
			b.ReportMetric(float64(first.Milliseconds()), "first-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
	b.Run("file", func(b *testing.B) {
		for b.Loop() {
			_, err := board.File(b.Context(), store, surroundings(b), incidentID)
			require.NoError(b, err)
		}
		b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/file")
		b.ReportMetric(0, "ns/op")
	})
}
