package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/cli"
)

var noon = time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)

// shownOn is what a terminal of so many columns and lines shows of a text after keys.
func shownOn(t *testing.T, width, height, lines int, typed string) []string {
	t.Helper()
	var text []string
	for i := range lines {
		text = append(text, fmt.Sprintf("line %d", i+1))
	}
	drawn, quit := cli.Drawn(text, typed, noon, width, height)
	require.False(t, quit)
	require.True(t, strings.HasPrefix(drawn, "\x1b[H"), "it is written over what is there")
	drawn = strings.NewReplacer("\x1b[H", "", "\x1b[K", "", "\x1b[J", "", "\x1b[7m", "", "\x1b[0m", "").Replace(drawn)
	rows := strings.Split(drawn, "\r\n")
	require.Len(t, rows, height, "all lines of the terminal and no more, or it would move")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
		require.LessOrEqual(t, len(rows[i]), width)
	}
	return rows
}

func TestTheScreenMovesWhereTheTextIsLonger(t *testing.T) {
	t.Parallel()
	for typed, first := range map[string]string{
		"": "line 1", "j": "line 2", "jjk": "line 2", "\x1b[B\x1b[B\x1b[A": "line 2", "\x1bOB": "line 2", "\r": "line 2", "k": "line 1", "\x1b[A": "line 1",
		"f": "line 4", "\x1b[6~\x1b[6~": "line 7", "ffb": "line 4", "G": "line 8", "\x1b[F": "line 8", "Gj": "line 8", "Gk": "line 7", "GfG\x1b[5~": "line 5",
		"Gg": "line 1", "G\x1b[H": "line 1", "xyz\x1b[99~j": "line 2", "?": "", "??j": "line 2", "?\x1b": "line 1", " j": "line 2",
	} {
		rows := shownOn(t, 80, 5, 10, typed)
		require.Equal(t, first, rows[1], "%q", typed)
	}
	require.Equal(t, []string{
		"12:00:00 UTC   Incident X   as of 12:00:00", "line 8", "line 9", "line 10",
		"q end   space pause   r now   up/down move   ? help   lines 8 to 10 of 10",
	}, shownOn(t, 80, 5, 10, "G"))
	require.Equal(t, []string{"12:00:00 UTC   Incident X   PAUSED, as of 12:00:00", "line 1", "", "q end   space pause   r now   up/down move   ? help"}, shownOn(t, 80, 4, 1, "p"))
	require.Contains(t, strings.Join(shownOn(t, 80, 14, 1, "?"), "\n"), "q, Ctrl-C          end")
	require.Equal(t, []string{"12:00:00 U", "line 1", "q end   sp"}, shownOn(t, 10, 3, 1, ""), "a small one")
	require.Equal(t, []string{"12:00", "line", "1", "q end"}, shownOn(t, 5, 4, 1, ""), "a line that is too long goes on below itself")
	for _, typed := range []string{"q", "Q", "\x03", "\x04", "jq"} {
		_, quit := cli.Drawn([]string{"x"}, typed, noon, 80, 24)
		require.True(t, quit, "%q", typed)
	}
}

func FuzzKeys(f *testing.F) {
	f.Add("jk\x1b[A\x1b[6~G", 80, 24)
	f.Fuzz(func(t *testing.T, typed string, width, height int) {
		if width < 1 || width > 300 || height < 3 || height > 300 {
			t.Skip()
		}
		drawn, quit := cli.Drawn([]string{"a", strings.Repeat("b", 500), "c"}, typed, noon, width, height)
		if !quit {
			require.Equal(t, height-1, strings.Count(drawn, "\r\n"))
		}
	})
}

// seat is a person at a terminal: what they see, and keys that are pressed when
// something stands there.
type seat struct {
	mu       sync.Mutex
	seen     bytes.Buffer
	when     map[string]string
	keys     *io.PipeWriter
	restored bool
}

func (s *seat) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Write(p)
	for text, typed := range s.when {
		if strings.Contains(string(p), text) {
			delete(s.when, text)
			go func() { _, _ = io.WriteString(s.keys, typed) }()
		}
	}
	return len(p), nil
}

// watch has somebody watch what read says, with keys pressed when a text is seen.
func (s *seat) watch(t *testing.T, ctx context.Context, read func(context.Context) (string, bool, error)) error {
	t.Helper()
	in, keys := io.Pipe()
	s.keys = keys
	defer func() { _ = keys.Close() }()
	err := cli.Watch(ctx, cli.IO{
		In: in, Out: s, Now: time.Now, Getenv: func(string) string { return "" },
		IsTerminal: func(io.Writer) bool { return true }, Width: func(io.Writer) int { return 80 }, Height: func(io.Writer) int { return 10 },
		Keys: func() (func(), error) { return func() { s.restored = true }, nil },
	}, read)
	s.mu.Lock()
	defer s.mu.Unlock()
	return err
}

func TestWatchingEndsWhenItIsOverOrSomebodyEndsIt(t *testing.T) {
	t.Parallel()
	const enter, leave = "\x1b[?1049h", "\x1b[?1049l"
	n := 0
	reading := func(last int) func(context.Context) (string, bool, error) {
		return func(context.Context) (string, bool, error) {
			n++
			return fmt.Sprintf("reading %d\n", n), n == last, nil
		}
	}
	t.Run("over at once", func(t *testing.T) {
		n = 0
		s := &seat{}
		require.NoError(t, s.watch(t, t.Context(), reading(1)))
		require.Equal(t, "reading 1\n", s.seen.String(), "nothing to watch")
	})
	t.Run("over when it is read again", func(t *testing.T) {
		n = 0
		s := &seat{when: map[string]string{"reading 1": "r"}}
		require.NoError(t, s.watch(t, t.Context(), reading(2)))
		require.Contains(t, s.seen.String(), enter)
		require.True(t, strings.HasSuffix(s.seen.String(), leave+"reading 2\n"), "what was last seen stays: %q", s.seen.String())
		require.True(t, s.restored)
	})
	t.Run("a key", func(t *testing.T) {
		n = 0
		s := &seat{when: map[string]string{"reading 1": "q"}}
		require.NoError(t, s.watch(t, t.Context(), reading(0)))
		require.True(t, strings.HasSuffix(s.seen.String(), leave+"reading 1\n"))
		require.True(t, s.restored)
	})
	t.Run("it cannot be read in between", func(t *testing.T) {
		n = 0
		s := &seat{when: map[string]string{"reading 1": "r", "NOT READ since": "r", "reading 3": "q"}}
		require.NoError(t, s.watch(t, t.Context(), func(context.Context) (string, bool, error) {
			n++
			if n == 2 {
				return "", false, errors.New("the database went away")
			}
			return fmt.Sprintf("reading %d", n), false, nil
		}))
		require.Contains(t, s.seen.String(), ": the database went away")
	})
	t.Run("it cannot be read at all", func(t *testing.T) {
		s := &seat{}
		gone := errors.New("gone")
		require.ErrorIs(t, s.watch(t, t.Context(), func(context.Context) (string, bool, error) { return "", false, gone }), gone)
		require.Empty(t, s.seen.String())
	})
	t.Run("it is told to stop", func(t *testing.T) {
		n = 0
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		s := &seat{}
		require.NoError(t, s.watch(t, ctx, func(context.Context) (string, bool, error) {
			stop()
			return "reading", false, nil
		}))
		require.True(t, strings.HasSuffix(s.seen.String(), leave+"reading\n"))
		require.True(t, s.restored)
	})
}

// TestStatusIsWatched on a terminal, and ends with status's own exit code.
func TestStatusIsWatched(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.must("start", syntheticCase(t, 2, 4), "--no-wait")
	const id = "DEMO-2026-03"
	o.await(id, func(s casebook.Status) bool { return s.In(casebook.PhaseStarting) == 0 })
	code := o.do("status", id, "--exit-code").code
	require.NotZero(t, code)
	sitting := o.terminal
	sitting.terminal, sitting.width, sitting.answers, sitting.now = true, 90, "?q", time.Now()
	r := sitting.runIn(t.Context(), []string{"status", id, "--watch", "--exit-code", "--dir", o.dir})
	require.Equal(t, code, r.code, r.err)
	require.Contains(t, r.out, "Incident "+id+"   as of ")
	require.Contains(t, r.out, "? help")
	require.Contains(t, r.out, "2 practices, 4 different people")
}
