package board_test

import (
	"context"
	"encoding/csv"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"duenotice/internal/access"
	"duenotice/internal/board"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// surroundings are those of an installation whose clock stands at day 27.
func surroundings(t testing.TB) board.Surroundings {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	return board.Surroundings{
		Now: func() time.Time { return looking }, Zone: zone, Queue: queue, TemporalUI: "http://ui.localhost:8080", Namespace: "default",
		Command:   func(words ...string) string { return "duenotice " + strings.Join(words, " ") },
		StepWords: func(t casebook.Trouble) string { return t.Kind },
	}
}

// served is the board of a database as somebody sees it, who waits for every number.
func served(t testing.TB, url string, who access.Identity, grants ...access.Grant) http.Handler {
	t.Helper()
	return within(t, time.Minute, url, who, grants...)
}

// impatient is the board as somebody sees it who waits for no number.
func impatient(t testing.TB, url string) http.Handler {
	t.Helper()
	return within(t, time.Nanosecond, url, "os:ada")
}

func within(t testing.TB, patience time.Duration, url string, who access.Identity, grants ...access.Grant) http.Handler {
	t.Helper()
	b := &board.Board{
		Surroundings: surroundings(t), Log: slog.New(slog.DiscardHandler), Patience: patience,
		Who: func(*http.Request) (access.Identity, []access.Grant, error) { return who, grants, nil },
		Open: func(ctx context.Context, scope access.Scope) (*postgres.Store, error) {
			return postgres.Open(ctx, url, postgres.As(scope))
		},
	}
	t.Cleanup(b.Close)
	return b.Handler()
}

// case27 is a copy of the usual case.
func case27(t testing.TB) (url string) {
	t.Helper()
	return testkit.Migrated(t, usual)
}

func get(t testing.TB, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w
}

// shown is a page that is there, as text.
func shown(t testing.TB, h http.Handler, path string) string {
	t.Helper()
	w := get(t, h, path)
	require.Equal(t, http.StatusOK, w.Code, "%s: %s", path, w.Body)
	return w.Body.String()
}

// rows are a table's, without its head.
func rows(t testing.TB, h http.Handler, path string) [][]string {
	t.Helper()
	w := get(t, h, path)
	require.Equal(t, http.StatusOK, w.Code, "%s: %s", path, w.Body)
	require.Equal(t, "text/csv; charset=utf-8", w.Header().Get("Content-Type"), path)
	all, err := csv.NewReader(w.Body).ReadAll()
	require.NoError(t, err, path)
	require.NotEmpty(t, all, path)
	return all[1:]
}

var links = regexp.MustCompile(`href="(/board/[^"#]*)"`)

// everything follows every link of the board from its first page and returns what each
// address answered.
func everything(t testing.TB, h http.Handler) map[string]string {
	t.Helper()
	found := map[string]string{}
	for open := []string{"/board/"}; len(open) > 0; open = open[1:] {
		path := html.UnescapeString(open[0])
		if _, was := found[path]; was {
			continue
		}
		found[path] = shown(t, h, path)
		for _, link := range links.FindAllStringSubmatch(found[path], -1) {
			open = append(open, link[1])
		}
	}
	return found
}

// TestTheBoardSaysWhatStatusSays, number by number.
func TestTheBoardSaysWhatStatusSays(t *testing.T) {
	t.Parallel()
	url := case27(t)
	h, store := served(t, url, "os:ada"), openAt(t, url)
	status, err := store.Status(t.Context(), incidentID, looking, discovered.AddDays(27))
	require.NoError(t, err)
	page := shown(t, h, "/board/EX-2026-03/")
	require.Contains(t, page, "<b>27</b>", "the day of the 60")
	require.Positive(t, status.Late)
	for _, figure := range []struct {
		name string
		n    int
	}{{"Practices late", status.Late}, {"Wait for a person", status.NeedsPerson}} {
		require.Regexp(t, `<dt>`+figure.name+`</dt><dd><b><a href="[^"]*">`+strconv.Itoa(figure.n)+`</a></b>`, page)
	}
	var phases [][]string
	for _, c := range status.Phases {
		phases = append(phases, []string{string(c.Phase), strconv.Itoa(c.Practices), strconv.Itoa(c.Late), strconv.Itoa(c.People), c.OldestDue.String()})
	}
	require.Equal(t, phases, rows(t, h, "/board/EX-2026-03/csv/phases.csv"))
	var account [][]string
	for _, row := range casebook.RowsOf(status.Account.Lines) {
		account = append(account, []string{row.State.Words(), strconv.Itoa(row.People), row.Why(strconv.Itoa), string(row.State)})
	}
	require.Equal(t, account, rows(t, h, "/board/EX-2026-03/csv/account.csv"))
	require.Contains(t, page, "It adds up: 1,727 findings")

	details, err := store.StatusDetails(t.Context(), incidentID, postgres.Filter{}, looking)
	require.NoError(t, err)
	lines := rows(t, h, "/board/EX-2026-03/csv/practices.csv")
	require.Len(t, lines, len(details))
	for _, d := range details {
		i := slices.IndexFunc(lines, func(line []string) bool { return line[0] == d.Key })
		require.GreaterOrEqual(t, i, 0, d.Key)
		require.Equal(t, []string{string(d.Phase), d.NeedsPerson, strconv.Itoa(d.People), map[bool]string{true: "yes", false: "no"}[d.Late], d.Delegation, d.Notice},
			[]string{lines[i][2], lines[i][4], lines[i][5], lines[i][6], lines[i][7], lines[i][8]}, d.Key)
		duties := rows(t, h, "/board/EX-2026-03/practice/"+d.Key+"/csv/duties.csv")
		require.Len(t, duties, len(d.Obligations), d.Key)
		for i, o := range d.Obligations {
			require.Equal(t, []string{o.Title(), o.Due.String(), o.SettledOn.String(), strconv.Itoa(o.DaysLate)}, []string{duties[i][0], duties[i][1], duties[i][2], duties[i][7]})
		}
	}
}

// TestTheLadderStandsOnBothSidesOfTheLine and the media's States are those of the duties.
func TestTheLadderStandsOnBothSidesOfTheLine(t *testing.T) {
	t.Parallel()
	h := served(t, case27(t), "os:ada")
	steps := map[string][]string{}
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/ladder.csv") {
		steps[row[4]] = row[1:4]
	}
	require.Equal(t, []string{"1", "0", "1"}, steps["450"], "cedar, with 486 people")
	require.Equal(t, []string{"1", "1", "0"}, steps["500"], "bay, with 505")
	require.Equal(t, []string{"1", "1", "0"}, steps["600"], "harbor, with 620")
	near := rows(t, h, "/board/EX-2026-03/csv/near-500.csv")
	require.Equal(t, [][]string{{"bay", "with the letters"}, {"cedar", "by the yearly log"}}, [][]string{{near[0][0], near[0][3]}, {near[1][0], near[1][3]}})
	media := rows(t, h, "/board/EX-2026-03/csv/media.csv")
	require.Equal(t, [][]string{{"VA", "2", "2", "0", "2026-05-15", "620"}}, media)
	require.Equal(t, [][]string{{"0", "2026-03-16", "0", "7"}, {"24", "2026-04-09", "1", "6"}}, rows(t, h, "/board/EX-2026-03/csv/told.csv"))
}
