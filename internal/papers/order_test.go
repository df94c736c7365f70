package papers_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/papers"
)

// What a mail house needs stands on the sheet: counts that agree with the batches, the
// files' hashes, dates, the class, what comes back, whom to ask.
func TestTheOrderSaysWhatAMailHouseNeeds(t *testing.T) {
	t.Parallel()
	in := papers.OrderInput{
		Incident: mailed(), Dated: may1, MailBy: civil.MustParse("2026-05-15"), OrderedOn: may1,
		Batches: []papers.OrderBatch{
			{Name: "run-001-batch-0001", Pieces: 5000, Pages: 10_003, Sheets: 5003, BySheets: map[int]int{1: 4997, 2: 3}, Classes: map[string]int{breach.FirstClass: 5000},
				Files: []papers.OrderFile{{Name: "letters.pdf", SHA256: "0123abcd", Bytes: 12_345}}},
			{Name: "run-001-batch-0002", Pieces: 2, Pages: 4, Sheets: 2, BySheets: map[int]int{1: 2}, Classes: map[string]int{breach.FirstClass: 1, breach.International: 1}},
		},
	}
	in.Incident.PrintRun.Contact = "Sam Second, 1-800-555-0100"
	file, err := papers.Order(in)
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	for _, words := range []string{
		"5,002 letters on 5,005 sheets, in 2 batches. Mailed by May 15, 2026 at the latest.", "Both sides of the sheet.", "#10 envelopes",
		"First-Class Mail 5,001", "First-Class Mail International 1", "of mailer 123456", "dated May 1, 2026",
		"run-001-batch-0001 5,000 10,003 5,003 4,997 of 1 sheet, 3 of 2 sheets", "run-001-batch-0001/letters.pdf, 12,345 bytes, SHA-256 0123abcd",
		"PS Form 3600", "5,002 letters were ordered", "Ask, before you decide anything yourself: Sam Second, 1-800-555-0100",
	} {
		require.Contains(t, text, words)
	}
	again, err := papers.Order(in)
	require.NoError(t, err)
	require.Equal(t, file, again)

	in.Incident.PrintRun = breach.PrintRun{Sides: 1}
	file, err = papers.Order(in)
	require.NoError(t, err)
	text = flowed(textOf(t, file))
	require.Contains(t, text, "One side of the sheet")
	require.Contains(t, text, "no Intelligent Mail barcode")
	require.Contains(t, text, "privacy@example.org", "whom to ask where nobody is named")
}

// TestAnOrderNamesTheFormOfEnvelope that the letters are set for.
func TestAnOrderNamesTheFormOfEnvelope(t *testing.T) {
	t.Parallel()
	require.Contains(t, papers.EnvelopeWords(envelope.Form{}), `into #10 envelopes of 9.5 by 4.125 inches with a window of 4.5 by 1.125 inches, 0.875 inch from the left and 0.5 inch above the foot. Use no envelope with a second window.`)
	double, _ := envelope.Forms{}.Named("#10 double window")
	require.Contains(t, papers.EnvelopeWords(double), "The sender's window is 3.5 by 1 inches")
}
