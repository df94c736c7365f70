package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// TestAChangedRowIsTakenOutOfHistory: of a kept rulebook only the file that has
// changed since is kept, as it was; what is not needed any more goes; and what no
// commit has is asked for.
func TestAChangedRowIsTakenOutOfHistory(t *testing.T) {
	t.Parallel()
	m := module(t.TempDir())
	git := func(args ...string) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", string(m), "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	row := func(state, content string) {
		t.Helper()
		require.NoError(t, write(m.path(rowsHome, "states", state+".yaml"), []byte(content)))
	}
	files := func() []string {
		t.Helper()
		found, err := filepath.Glob(m.path(archived, "files", "*"))
		require.NoError(t, err)
		for i := range found {
			found[i] = "files/" + filepath.Base(found[i])
		}
		return found
	}
	manifest := func(version, texas string) rules.Manifest {
		return rules.Manifest{Version: version, Logic: "1", Files: map[string]string{
			"states/tx.yaml": hashOf([]byte(texas)), "states/ny.yaml": hashOf([]byte("30 days")),
		}}
	}
	git("init", "-q")
	row("tx", "60 days")
	row("ny", "30 days")
	git("add", "-A")
	git("commit", "-q", "-m", "one")
	row("tx", "45 days")
	git("commit", "-q", "-a", "-m", "two")
	row("tx", "30 days") // not committed yet

	kept := []rules.Manifest{manifest("2000.1", "60 days")}
	require.NoError(t, m.complete(kept, manifest("2000.2", "30 days")))
	old := rulebooks.FileName("states/tx.yaml", hashOf([]byte("60 days")))
	require.Equal(t, []string{old}, files(), "one file, and nothing of New York")
	content, err := os.ReadFile(m.path(archived, old))
	require.NoError(t, err)
	require.Equal(t, "60 days", string(content))

	kept = append(kept, manifest("2000.2", "45 days"))
	require.NoError(t, m.complete(kept, manifest("2000.3", "30 days")))
	require.Len(t, files(), 2)
	require.NoError(t, m.complete(kept, manifest("2000.3", "60 days")))
	require.Equal(t, []string{rulebooks.FileName("states/tx.yaml", hashOf([]byte("45 days")))}, files(), "it is what it was again")

	err = m.complete([]rules.Manifest{manifest("1999.1", "never")}, manifest("2000.3", "30 days"))
	require.ErrorContains(t, err, "rulebook 1999.1: internal/rules/states/tx.yaml was never committed with SHA-256 "+hashOf([]byte("never")))
}

// TestAKeptRulebookIsNotKeptAgainAsAnother: its manifest is never changed.
func TestAKeptRulebookIsNotKeptAgainAsAnother(t *testing.T) {
	t.Parallel()
	m := module(t.TempDir())
	path := m.path(archived, rulebooks.ManifestName(rules.Current().Version()))
	require.NoError(t, write(path, []byte("{}")))
	require.ErrorContains(t, m.keep(rules.Current()), "a kept one is never changed")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "{}", string(content))
}
