package evidence_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
)

// TestAWorksheetMadeAnewTakesTheEarlierOnesPlace: the other papers stay in the pack as
// they were made, and papers made anew are all there are.
func TestAWorksheetMadeAnewTakesTheEarlierOnesPlace(t *testing.T) {
	t.Parallel()
	w := &world{chains: map[string][]ledger.Entry{}}
	made := func(kind string, files ...ledger.File) {
		w.add(t, "P1", ledger.Body{Kind: kind, Who: "duenotice"}, ledger.Papers{Files: files})
	}
	papers := func() []ledger.File {
		list, err := evidence.PapersOf(w.chains["P1"])
		require.NoError(t, err)
		return list
	}
	notice := ledger.File{Path: "practices/P1/notice.pdf", SHA256: "n"}
	first, later := ledger.File{Path: "practices/P1/hhs-worksheet.pdf", SHA256: "1"}, ledger.File{Path: "practices/P1/hhs-worksheet.pdf", SHA256: "2"}
	made(ledger.KindPapers, notice, first)
	made(ledger.KindWorksheet, later)
	require.ElementsMatch(t, []ledger.File{notice, later}, papers())
	made(ledger.KindWorksheet, first)
	require.ElementsMatch(t, []ledger.File{notice, first}, papers())
	made(ledger.KindPapers, notice)
	require.Equal(t, []ledger.File{notice}, papers())
}
