package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/cases"
)

// TestTheKinOfWhoeverDiedOnAnUnknownDayAreWrittenTo (45 CFR 164.404(d)(1)(ii)):
// without a word on the death the list is refused, with it the letter is theirs.
func TestTheKinOfWhoeverDiedOnAnUnknownDayAreWrittenTo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := cases.Folder(t, "deceased-kin-no-date")
	refused := o.do("start", folder, "--by", "Ada Rivera")
	require.Equal(t, 3, refused.code)
	require.Contains(t, refused.err, "E307")

	path := filepath.Join(folder, "findings.csv")
	list, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(list), ",1980-01-01,,")
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(list), ",1980-01-01,,", ",1980-01-01,unknown,", 1)), 0o600))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	const id = "DECEASED-KIN-NO-DATE"
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return s.Letters.Batches > 0 })
	pieces := o.glob(id + "/mail/*/pieces.csv")
	require.Len(t, pieces, 1)
	rows := rowsOf(t, pieces[0])
	require.Len(t, rows, 1)
	var address []string
	for _, cell := range rows[0] {
		address = append(address, cell)
	}
	require.Contains(t, strings.Join(address, "\n"), "Lena Test1")
	require.Contains(t, strings.Join(address, "\n"), "Next of Kin or Personal Representative of")

	people := rowsOf(t, o.glob(id + "/practices/P1/people.csv")[0])
	require.Equal(t, "unknown", people[0]["deceased_date"])
}
