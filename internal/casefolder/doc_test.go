package casefolder_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
)

// TestTheGuideHasEveryRule holds the table in docs/case-folder.md equal to the
// catalogue. After a change run
// go test ./internal/casefolder -run TestTheGuideHasEveryRule -update.
func TestTheGuideHasEveryRule(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "case-folder.md")
	guide, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(guide), "<!-- rules -->\n")
	require.True(t, found)
	table, after, found := strings.Cut(rest, "<!-- /rules -->")
	require.True(t, found)

	var want strings.Builder
	want.WriteString("| rule | what is wrong | what to do |\n|---|---|---|\n")
	for _, r := range casefolder.Rules() {
		fmt.Fprintf(&want, "| %s | %s | %s |\n", r.ID, r.Title, r.Fix)
	}
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(before+"<!-- rules -->\n"+want.String()+"<!-- /rules -->"+after), 0o600))
		table = want.String()
	}
	require.Equal(t, want.String(), table)
}

func TestTheGuideNamesEveryColumnKeyAndWord(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join("..", "..", "docs", "case-folder.md"))
	require.NoError(t, err)
	guide := string(content)
	var names []string
	names = append(names, casefolder.PracticeColumns()...)
	names = append(names, casefolder.FindingColumns()...)
	names = append(names, casefolder.ReturnColumns()...)
	names = append(names, breach.ReturnReasons...)
	names = append(names, breach.BreachTypes...)
	names = append(names, breach.Locations...)
	names = append(names, breach.Exclusions...)
	names = append(names, breach.Relations...)
	names = append(names, breach.HoldScopes...)
	for _, name := range names {
		require.Contains(t, guide, "`"+name+"`")
	}
	for _, class := range breach.DataClasses() {
		require.Contains(t, guide, string(class))
	}
	for _, keys := range casefolder.IncidentKeys {
		for _, key := range keys {
			require.Contains(t, guide, key)
		}
	}
}
