package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cases"
)

// TestAColumnByAnotherNameIsRefusedUntilSomebodySaysWhatItIs, by the case or by
// the command, and the plan is that of the list with the right name.
func TestAColumnByAnotherNameIsRefusedUntilSomebodySaysWhatItIs(t *testing.T) {
	t.Parallel()
	dir := cases.Folder(t, "country-pr")
	change := func(name, old, replacement string) {
		path := filepath.Join(dir, name)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(content), old)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(content), old, replacement, 1)), 0o600))
	}
	right := terminal{}.run(t, "plan", dir, "--json")
	require.Zero(t, right.code, right.err)

	change("findings.csv", ",zip,", ",Zip Code,")
	r := terminal{}.run(t, "validate", dir)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "column 10, Zip Code, looks like zip")
	require.Equal(t, 3, terminal{}.run(t, "plan", dir).code)

	r = terminal{}.run(t, "plan", dir, "--json", "--ignore-column", "Zip Code")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, `"no_usable_address": 1`, "without its ZIP nobody can be written to")

	change("incident.yaml", "letters:", "columns: {Zip Code: zip}\nletters:")
	require.Zero(t, terminal{}.run(t, "validate", dir).code)
	r = terminal{}.run(t, "plan", dir, "--json")
	require.Zero(t, r.code, r.err)
	require.Equal(t, right.out, r.out)
}
