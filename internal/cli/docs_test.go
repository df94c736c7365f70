package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
	"github.com/stretchr/testify/require"

	"duenotice/internal/cli"
)

// documented is a command as a document has it, with the lines that are shown below it.
type documented struct {
	where, line string
	words       []string
	// env are the variables that are set before the command, out is the file that its
	// output goes into.
	env, out string
	// shown are in the order in which the command prints them, with "..." for those left out.
	shown []string
	// mention: in a sentence, where what is not the subject is left out.
	mention bool
}

var (
	fence = regexp.MustCompile("^```([a-z]*)$")
	span  = regexp.MustCompile("`([^`]+)`")
	call  = regexp.MustCompile(`^(?:\$ )?((?:[A-Z_]+=\S+ )*)(?:duenotice|go run \./starter) (.*)$`)
)

// commandsIn reads the commands of a document: of its blocks, and of its sentences.
func commandsIn(t *testing.T, path string) []documented {
	t.Helper()
	var list []documented
	block, inside, before := "", false, ""
	for i, line := range strings.Split(readText(t, path), "\n") {
		where := fmt.Sprintf("%s:%d", filepath.Base(path), i+1)
		if f := fence.FindStringSubmatch(line); f != nil {
			inside, block = !inside, f[1]
			continue
		}
		if !inside {
			for _, s := range span.FindAllStringSubmatch(line, -1) {
				if c := call.FindStringSubmatch(s[1]); c != nil {
					list = append(list, documentedAs(t, where, c, true))
				}
			}
			continue
		}
		if more, is := strings.CutSuffix(line, "\\"); is {
			before += more
			continue
		}
		c := call.FindStringSubmatch(strings.TrimSpace(before + line))
		before = ""
		switch {
		case c != nil:
			list = append(list, documentedAs(t, where, c, false))
		case block == "console" && strings.TrimSpace(line) != "":
			require.NotEmpty(t, list, "%s: a block begins with its command", where)
			last := &list[len(list)-1]
			last.shown = append(last.shown, strings.Join(strings.Fields(line), " "))
		}
	}
	require.False(t, inside, "%s: a block that does not end", path)
	return list
}

func documentedAs(t *testing.T, where string, c []string, mention bool) documented {
	t.Helper()
	d := documented{where: where, line: strings.TrimPrefix(c[0], "$ "), env: strings.TrimSpace(c[1]), mention: mention}
	command, _, _ := strings.Cut(c[2], " # ")
	command, d.out, _ = strings.Cut(command, " > ")
	words, err := shellwords.Parse(strings.TrimSpace(command))
	require.NoError(t, err, "%s: %s", where, c[0])
	d.words = words
	return d
}

// documents are those that people read.
func documents(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	require.NoError(t, err)
	require.Greater(t, len(paths), 10)
	return append(paths, filepath.Join("..", "..", "README.md"), filepath.Join("..", "..", "SECURITY.md"))
}

// TestEveryCommandInTheDocumentsIsOne: the program has each command with each of its
// flags, and wants nothing more.
func TestEveryCommandInTheDocumentsIsOne(t *testing.T) {
	t.Parallel()
	found := 0
	for _, path := range documents(t) {
		for _, d := range commandsIn(t, path) {
			found++
			require.NoError(t, cli.Understood(d.words, !d.mention), "%s: %s", d.where, d.line)
		}
	}
	require.Greater(t, found, 100)
	for _, wrong := range []string{"nonsense", "keys nonsense", "status --nope", "release X --on 2026-04-02", "plan", "delegate X all --practice P1 --by A b"} {
		require.Error(t, cli.Understood(strings.Fields(wrong), true), wrong)
	}
}

func TestEveryExampleOfTheHelpIsUnderstood(t *testing.T) {
	t.Parallel()
	found := 0
	for name, texts := range cli.Commands() {
		example := strings.ReplaceAll(texts[1], "\\\n", " ")
		for _, line := range strings.Split(example, "\n") {
			if c := call.FindStringSubmatch(strings.TrimSpace(line)); c != nil {
				found++
				d := documentedAs(t, "the help of "+name, c, false)
				require.NoError(t, cli.Understood(d.words, true), "%s: %s", d.where, d.line)
			}
		}
	}
	require.Greater(t, found, 50)
}

// TestNothingInTheDocumentsIsTypedWrongly gives every command that speaks to a server
// where there is none: that is then the only thing wrong with it.
func TestNothingInTheDocumentsIsTypedWrongly(t *testing.T) {
	t.Parallel()
	local := map[string]bool{ // what needs no server would do it, here
		"init": true, "up": true, "down": true, "demo": true, "validate": true, "plan": true, "simulate": true, "verify": true, "worker": true, "viewer": true,
	}
	out := t.TempDir()
	for _, path := range documents(t) {
		for _, d := range commandsIn(t, path) {
			if d.mention || len(d.words) == 0 || local[d.words[0]] || d.words[0] == "keys" && len(d.words) > 1 && d.words[1] == "new" {
				continue
			}
			r := terminal{env: map[string]string{"DUENOTICE_OUT": out}}.run(t, d.words...)
			require.NotEqual(t, 2, r.code, "%s: %s\n%s", d.where, d.line, r.err)
		}
	}
	left, err := os.ReadDir(out)
	require.NoError(t, err)
	require.Empty(t, left)
}

// show wants the lines below a documented command among those that were printed, in
// this order, spaces aside.
func (d documented) show(t *testing.T, printed string) {
	t.Helper()
	lines := strings.Split(printed, "\n")
	for _, want := range d.shown {
		if want == "..." {
			continue
		}
		found := false
		for !found && len(lines) > 0 {
			found = strings.HasPrefix(strings.Join(strings.Fields(lines[0]), " "), want)
			lines = lines[1:]
		}
		require.True(t, found, "%s shows a line that this command does not print, or not there: %s\n%s\n\nIt prints:\n%s", d.where, d.line, want, printed)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}
