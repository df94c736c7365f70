package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheWalkthroughShowsWhatTheCommandsSay runs every command of a console
// block in docs/walkthrough.md on a copy of its folder.
func TestTheWalkthroughShowsWhatTheCommandsSay(t *testing.T) {
	t.Parallel()
	docs := filepath.Join("..", "..", "docs")
	dir := t.TempDir()
	one, both := filepath.Join(dir, "one"), filepath.Join(dir, "both")
	for _, folder := range []string{one, both} {
		require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(docs, "walkthrough"))))
	}
	_, later, _ := strings.Cut(readText(t, filepath.Join(both, "later-list.csv")), "\n")
	all := readText(t, filepath.Join(both, "findings.csv")) + later
	require.NoError(t, os.WriteFile(filepath.Join(both, "findings.csv"), []byte(all), 0o600))

	here := strings.NewReplacer("cases/EX-2026-07", one, "cases/both", both, "before.json", filepath.Join(dir, "before.json"))
	commands, shown := 0, 0
	for _, d := range commandsIn(t, filepath.Join(docs, "walkthrough.md")) {
		if len(d.shown) == 0 && d.out == "" {
			continue // for a server
		}
		for i := range d.words {
			d.words[i] = here.Replace(d.words[i])
		}
		r := terminal{}.run(t, d.words...)
		require.Zero(t, r.code, "%s\n%s", d.line, r.err)
		if d.out != "" {
			require.NoError(t, os.WriteFile(here.Replace(d.out), []byte(r.out), 0o600))
		}
		d.show(t, r.out)
		commands, shown = commands+1, shown+len(d.shown)
	}
	require.Equal(t, 4, commands)
	require.Greater(t, shown, 25)
}
