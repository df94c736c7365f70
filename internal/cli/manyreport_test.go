package cli_test

import (
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/acts"
	"duenotice/internal/breach"
	"duenotice/internal/cli"
)

// TestWhatBecameOfEachRowIsSaid: only what was done counts as done; one practice that
// hears nothing is a matter of its own, and what was not come to is said too.
func TestWhatBecameOfEachRowIsSaid(t *testing.T) {
	t.Parallel()
	refusal := breach.Refuse("no", "Do this.", "not allowed")
	deaf := &acts.Unheard{Why: "the workflow of practice P4 does not run"}
	for name, c := range map[string]struct {
		rows  []cli.Became
		ended error
		code  int
		says  string
	}{
		"all is done":              {[]cli.Became{{Done: true}, {Done: true}}, nil, 0, "2 rows: 2 done, 0 done before, 0 refused.\n"},
		"some was before":          {[]cli.Became{{Done: true}, {Repeated: true}}, nil, 0, "2 rows: 1 done, 1 done before, 0 refused.\n"},
		"one is refused":           {[]cli.Became{{Done: true}, {Refused: refusal}}, nil, 3, "2 rows: 1 done, 0 done before, 1 refused.\n"},
		"a practice hears nothing": {[]cli.Became{{Refused: refusal}, {Failed: deaf}, {Done: true}}, nil, 1, "3 rows: 1 done, 0 done before, 1 refused, 1 not done.\nThe same command again does what is not done.\n"},
		"it was interrupted":       {[]cli.Became{{Done: true}, {}, {}}, context.Canceled, -1, "3 rows: 1 done, 0 done before, 0 refused, 2 not come to.\nThe same command again does what is not done.\n"},
		"a server went away":       {[]cli.Became{{Done: true}, {}}, errors.New("gone"), -1, "2 rows: 1 done, 0 done before, 0 refused, 1 not come to.\nThe same command again does what is not done.\n"},
	} {
		out, code, err := cli.Concluded("answers.csv", "", c.rows, c.ended)
		require.Equal(t, c.says, out, name)
		if c.ended != nil {
			require.ErrorIs(t, err, c.ended, name)
			continue
		}
		require.Equal(t, c.code, code, name)
	}
}

// TestRefusedRowsAreAFileToCorrect: what the file had, with the reason; corrected there
// it is a file for --from again.
func TestRefusedRowsAreAFileToCorrect(t *testing.T) {
	t.Parallel()
	given := writeFile(t, "Practice_Key,legal_name,delegation\nP1,\"Oak, LLC\",all\nP2,Elm,letter\nP3,=cmd,all\n")
	path := filepath.Join(t.TempDir(), "refused.csv")
	rows := []cli.Became{{Done: true}, {Refused: errors.New("a delegation is all,\nletters or none")}, {Failed: &acts.Unheard{Why: "=it does not run"}}}
	out, _, err := cli.Concluded(given, path, rows, nil)
	require.NoError(t, err)
	require.Contains(t, out, "2 rows are in "+path)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	records, err := csv.NewReader(strings.NewReader(readText(t, path))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"practice_key", "legal_name", "delegation", "refused_because"},
		{"P2", "Elm", "letter", "a delegation is all, letters or none"},
		{"P3", "=cmd", "all", "'=it does not run"},
	}, records)

	_, practices, _, ignored, err := cli.ReadRows(path, "delegation")
	require.NoError(t, err)
	require.Equal(t, []string{"P2", "P3"}, practices)
	require.Equal(t, []string{"legal_name"}, ignored, "the reason is no column that somebody could miss")
	again := filepath.Join(t.TempDir(), "again.csv")
	_, _, err = cli.Concluded(path, again, []cli.Became{{Done: true}, {Refused: errors.New("still not")}}, nil)
	require.NoError(t, err)
	require.Equal(t, "practice_key,legal_name,delegation,refused_because\nP3,=cmd,all,still not\n", readText(t, again))

	none := filepath.Join(t.TempDir(), "none.csv")
	_, _, err = cli.Concluded(given, none, []cli.Became{{Done: true}, {Repeated: true}, {Done: true}}, nil)
	require.NoError(t, err)
	require.NoFileExists(t, none)
}
