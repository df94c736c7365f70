package officetest

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/synthetic"
)

// Reconcile holds what lies in the output folder against what was put in.
func (o *Office) Reconcile(made synthetic.Made) {
	o.T.Helper()
	t := o.T
	s := o.Summary(made.IncidentID)
	root := filepath.Join(o.Out, made.IncidentID)
	require.Equal(t, made.Practices, s.Practices)
	require.Equal(t, made.HHSImmediate, s.HHSImmediate)
	require.Equal(t, len(made.Media), s.MediaNotices)
	c := s.Counts
	require.Equal(t, made.Findings, c.Findings)
	require.Equal(t, c.Findings, c.Letters+c.Joined+c.Held+c.Unaddressable+c.NotDelegated+c.NotYetApproved+c.NotProtected, "%+v", c)
	require.Zero(t, c.NotYetApproved)
	require.Equal(t, c.Letters, s.Letters)

	pieces, pages := 0, 0
	seen := map[string]bool{}
	batches, err := os.ReadDir(filepath.Join(root, "mail"))
	require.NoError(t, err)
	for _, batch := range batches {
		rows, err := csv.NewReader(strings.NewReader(ReadFile(t, filepath.Join(root, "mail", batch.Name(), "pieces.csv")))).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			id := row[Column(rows[0], "piece_id")]
			require.False(t, seen[id], "piece %s twice", id)
			seen[id] = true
			pieces++
			n := 0
			_, err := fmt.Sscan(row[Column(rows[0], "pages")], &n)
			require.NoError(t, err)
			pages += n
		}
		require.NotEmpty(t, ReadFile(t, filepath.Join(root, "mail", batch.Name(), "letters.pdf")))
		require.NotEmpty(t, ReadFile(t, filepath.Join(root, "mail", batch.Name(), "manifest.json")))
	}
	require.Equal(t, s.Letters, pieces)
	require.Equal(t, s.Pages, pages)
	require.Len(t, batches, s.Batches)

	folders, err := os.ReadDir(filepath.Join(root, "practices"))
	require.NoError(t, err)
	require.Len(t, folders, made.Practices)
	people := 0
	for _, f := range folders {
		for _, name := range []string{"notice.pdf", "people.csv", "hhs-worksheet.json", "hhs-worksheet.pdf", "deadlines.ics"} {
			require.FileExists(t, filepath.Join(root, "practices", f.Name(), name))
		}
		rows, err := csv.NewReader(strings.NewReader(ReadFile(t, filepath.Join(root, "practices", f.Name(), "people.csv")))).ReadAll()
		require.NoError(t, err)
		people += len(rows) - 1
	}
	require.Equal(t, made.Findings-c.NotProtected, people)
	for _, m := range made.Media {
		require.FileExists(t, filepath.Join(root, "media", m.State+"-"+m.PracticeKey+".pdf"))
	}
}

// ReadFile is a file's content.
func ReadFile(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

// Column is the place of a column in a header, -1 where there is none.
func Column(header []string, name string) int {
	for i, h := range header {
		if h == name {
			return i
		}
	}
	return -1
}
