package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheWalkthroughShowsWhatTheCommandsSay runs every command of a console
// block in docs/walkthrough.md on a copy of its folder. What stands below a
// command must be among its lines, in this order, spaces aside.
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
	for _, block := range strings.Split(readText(t, filepath.Join(docs, "walkthrough.md")), "```console\n")[1:] {
		block, _, closed := strings.Cut(block, "```")
		require.True(t, closed)
		var printed []string
		for line := range strings.Lines(block) {
			line = strings.TrimSpace(line)
			if command, is := strings.CutPrefix(line, "$ duenotice "); is {
				command, file, kept := strings.Cut(here.Replace(command), " > ")
				r := terminal{}.run(t, strings.Fields(command)...)
				require.Zero(t, r.code, "%s\n%s", command, r.err)
				if kept {
					require.NoError(t, os.WriteFile(file, []byte(r.out), 0o600))
				}
				printed = strings.Split(r.out, "\n")
				commands++
				continue
			}
			if line == "..." {
				continue
			}
			want, found := strings.Join(strings.Fields(line), " "), false
			for !found && len(printed) > 0 {
				found = strings.HasPrefix(strings.Join(strings.Fields(printed[0]), " "), want)
				printed = printed[1:]
			}
			require.True(t, found, "docs/walkthrough.md shows a line that the command does not print, or not there:\n%s", line)
			shown++
		}
	}
	require.Equal(t, 4, commands)
	require.Greater(t, shown, 25)
}

func readText(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}
