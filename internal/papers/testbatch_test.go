package papers_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

// A test batch is read by the machines as the real one is, and every page says that it
// is none. Nobody on it exists.
func TestATestBatchHasNobodyAndEveryCode(t *testing.T) {
	t.Parallel()
	incident := mailed()
	batch, pieces, err := papers.TestBatch(incident, []breach.Practice{examplePractice()}, may1)
	require.NoError(t, err)
	var file bytes.Buffer
	_, err = batch.WriteTo(&file)
	require.NoError(t, err)
	pages := map[int]bool{}
	for _, text := range readPDF(t, file.Bytes()) {
		pages[text.page] = pages[text.page] || strings.Contains(text.text, "NOT FOR MAILING")
	}
	last := pieces[len(pieces)-1]
	require.Len(t, pages, last.FirstPage+last.Pages-1)
	for page, marked := range pages {
		require.True(t, marked, "page %d", page)
	}
	barcodes, classes := map[string]bool{}, map[string]bool{}
	for _, p := range pieces {
		classes[p.Mail.Class] = true
		require.True(t, strings.HasPrefix(p.PieceID, "TEST-"))
		if p.Mail.IMb != "" {
			require.False(t, barcodes[p.Mail.IMb], "a barcode twice")
			barcodes[p.Mail.IMb] = true
			require.Contains(t, p.Mail.IMb, "00270123456999999", "none that a real letter has")
		}
	}
	require.Len(t, classes, 2)
	require.Greater(t, len(barcodes), 12)
	says, _ := sheetCode(t, file.Bytes(), 1)
	require.Equal(t, "TEST-000001/1/1", says)
}
