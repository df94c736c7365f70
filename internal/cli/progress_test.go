package cli_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cli"
)

// watched is what a person, or a log, sees of progress.
type watched struct {
	out bytes.Buffer
	now time.Time
	p   *cli.Progress
}

func watch(terminal bool) *watched {
	w := &watched{now: time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)}
	w.p = cli.NewProgress(cli.IO{
		Err: &w.out, Now: func() time.Time { return w.now }, Getenv: func(string) string { return "" },
		IsTerminal: func(io.Writer) bool { return terminal }, Width: func(io.Writer) int { return 72 },
	})
	return w
}

// lines are those that were drawn, each in the place of the one before it.
func (w *watched) lines() []string {
	return strings.FieldsFunc(w.out.String(), func(r rune) bool { return strings.ContainsRune("\r\n", r) })
}

func TestProgressSaysHowFastItGoesAndWhenItIsDone(t *testing.T) {
	t.Parallel()
	w := watch(true)
	for i := range 41 { // a quarter of a second each
		w.p.Of(i*5, 2000, "Starting:", "practices have their papers")
		w.now = w.now.Add(250 * time.Millisecond)
	}
	lines := w.lines()
	require.Equal(t, "\x1b[KStarting: 20 of 2,000 practices have their papers, 20 a second, 2 minut", lines[0], "after a second, and no wider than the terminal")
	w.p.End()
	require.True(t, strings.HasSuffix(w.out.String(), "\r\x1b[K"), "nothing of it stays")

	w = watch(true)
	for i := range 100 {
		w.p.Of(i, 0, "Read:", "rows")
		w.now = w.now.Add(4 * time.Second)
	}
	require.Equal(t, "\x1b[KRead: 99 rows, 15 a minute", w.lines()[98], "where the total is not known, how fast it goes alone")

	w = watch(true)
	w.p.Share(0, 1000, "Reading")
	w.now = w.now.Add(8 * time.Second)
	w.p.Share(100, 1000, "Reading")
	w.now = w.now.Add(110 * time.Second)
	w.p.Share(200, 1000, "Reading")
	w.now = w.now.Add(time.Second)
	w.p.Share(1000, 1000, "Reading")
	require.Equal(t, []string{"\x1b[KReading: 10%, 72 seconds left", "\x1b[KReading: 20%, 15 minutes left", "\x1b[KReading: 100%"}, w.lines(), "by what was done lately")
}

func TestProgressIsQuietWhereNobodyWatches(t *testing.T) {
	t.Parallel()
	w := watch(false)
	for i := range 100 {
		w.p.Of(i, 100, "Loading:", "findings")
		w.now = w.now.Add(time.Second)
	}
	w.p.End()
	require.Equal(t, []string{
		"Loading: 30 of 100 findings, 1.0 a second, 70 seconds left",
		"Loading: 60 of 100 findings, 1.0 a second, 40 seconds left",
		"Loading: 90 of 100 findings, 1.0 a second, 10 seconds left",
	}, w.lines())
	require.NotContains(t, w.out.String(), "\x1b")
}

func TestWhatTakesNoTimeShowsNothing(t *testing.T) {
	t.Parallel()
	for _, terminal := range []bool{true, false} {
		w := watch(terminal)
		for i := range 100 {
			w.p.Of(i, 100, "Loading:", "findings")
			w.now = w.now.Add(9 * time.Millisecond)
		}
		w.p.End()
		require.Empty(t, w.out.String())
	}
}
