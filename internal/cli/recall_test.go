package cli_test

import (
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/pdffile"
	"duenotice/internal/testkit"
)

// printedWords are the words of a print file, without the spaces between them.
func printedWords(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := pdffile.Read(content)
	require.NoError(t, err)
	var words strings.Builder
	for page := range r.Pages() {
		texts, err := r.Page(page + 1)
		require.NoError(t, err)
		for _, text := range texts {
			words.WriteString(strings.ReplaceAll(text.Text, " ", ""))
		}
	}
	return words.String()
}

// TestAWrongBatchIsRecalledAndFollowedByAnother, on the real stack: who got it is listed,
// nobody is told by it, the corrected letters are approved and say what they are, and
// whether the first ones were a disclosure is asked until somebody answers.
func TestAWrongBatchIsRecalledAndFollowedByAnother(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.startWorker()
	approve := func() {
		o.must("approve", id, "--all", "--by", "Ada Rivera")
		o.must("approve", id, "--all", "--by", "Ben Okafor")
	}
	o.must("start", folder, "--by", "Ada Rivera")
	approve()
	o.await(id, func(s casebook.Status) bool { return s.Letters.Batches > 0 && s.Letters.NotYetApproved == 0 })
	today := testkit.Today().String()
	first := casebook.BatchName(1, 1)
	o.must("record", id, "--fact", "letters_mailed", "--on", today, "--by", "Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Printed) == 0 })
	before := o.status(id)
	letters := before.Account.Lines.In(account.Mailed)
	require.Positive(t, letters)
	require.Empty(t, before.Recalls)

	recall := []string{"recall", id, "--batch", first, "--why", "wrong-text", "--reason", "The offer has last year's date.", "--sentence", "The day by which you can enroll was wrong.", "--by", "Ada Rivera"}
	require.Contains(t, o.must(append(recall[:len(recall):len(recall)], "--dry-run")...), "Nothing was changed")
	require.Equal(t, 2, o.do("recall", id, "--batch", first, "--why", "wrong-text", "--by", "Ada Rivera").code, "without a reason")
	require.Equal(t, 3, o.do("recall", id, "--batch", first, "--why", "wrong-text", "--reason", "x", "--sentence", "The day was XXX.", "--by", "Ada Rivera").code)
	require.Equal(t, 3, o.do("recall", id, "--batch", "run-009-batch-0001", "--why", "wrong-text", "--reason", "x", "--by", "Ada Rivera").code)
	said := o.must(append(recall[:len(recall):len(recall)], "--yes")...)
	require.Contains(t, said, "recall 1, by Ada Rivera")
	require.Contains(t, said, "untold until the other letter is mailed")

	list, err := os.ReadFile(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "recall-001", "recalled.csv"))
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(list))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, letters+1)
	require.Equal(t, []string{"piece_id", "batch", "practice_key", "person_key", "mailed_on", "came_back", "now", "another_letter"}, rows[0])
	require.Equal(t, []string{first, today, "no", "waiting to be printed", "yes"}, []string{rows[1][1], rows[1][4], rows[1][5], rows[1][6], rows[1][7]})

	require.Contains(t, o.must(append(recall[:len(recall):len(recall)], "--yes")...), "recalled before, as recall 1; nothing changed")
	s := o.status(id)
	require.Len(t, s.Recalls, 1)
	require.Positive(t, s.Recalls[0].Mailed)
	require.True(t, s.Account.AddsUp)
	require.Contains(t, o.must("report", "open", id, "--csv"), "Was one of them itself a disclosure?")
	require.Contains(t, o.must("status", id), "RECALL 1 of")

	require.Zero(t, o.do("report", "files", id, "--batch", first, "--to", t.TempDir()).code, "it was mailed, and is evidence")

	// The corrected letters wait for approval; nothing is printed before.
	o.await(id, func(s casebook.Status) bool {
		return inPhase(s, casebook.PhaseApproval) > 0 && s.Letters.Batches == before.Letters.Batches
	})
	approve()
	second := filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", casebook.BatchName(2, 1), "letters.pdf")
	o.await(id, func(s casebook.Status) bool {
		return s.Letters.Batches > before.Letters.Batches && s.Account.Lines.In(account.Waiting, account.Printing) == 0
	})
	require.Contains(t, printedWords(t, second), "Thislettertakestheplaceoftheonethatwemailedtoyouon")
	require.Contains(t, printedWords(t, second), "Thedaybywhichyoucanenrollwaswrong.")
	require.Empty(t, o.held(id), "every corrected letter reads back as it should")
	require.Contains(t, o.must("report", "order", id), "1 batch", "of what is to be mailed now")
	o.must("record", id, "--fact", "letters_mailed", "--on", today, "--by", "Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Mailed) == letters })

	yes := o.must("recall", id, "--number", "1", "--disclosure", "yes", "--reason", "Two letters lay in one envelope.", "--by", "Ada Rivera")
	require.Contains(t, yes, "an incident of its own")
	require.NotContains(t, o.must("report", "open", id, "--csv"), "itself a disclosure?")
	require.Equal(t, casebook.DisclosureYes, o.status(id).Recalls[0].Disclosure)

	// The record holds: acts and letters are in the evidence, which verifies.
	o.must("report", "evidence", id, "--practice", "harbor")
	o.must("verify", filepath.Join(o.env["DUENOTICE_OUT"], id, "evidence", id+"-harbor.zip"), "--key", filepath.Join(o.env["DUENOTICE_OUT"], id, "evidence", "public-key.pem"))
}

// TestPrintingThatPausedGoesOn: on the real stack a line that is reached pauses printing,
// a person's word lets it go on, and the mail house's order is of what is printed then.
func TestPrintingThatPausedGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	incident, err := os.ReadFile(filepath.Join(folder, "incident.yaml"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "incident.yaml"), append(incident, "\nprint_run: {halt: {disputed: 1}}\n"...), 0o600))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	resume := []string{"resume", id, "--reason", "One row of another office; the others are right.", "--by", "Ada Rivera"}
	require.Equal(t, 3, o.do(resume...).code, "nothing has paused")
	require.Equal(t, 3, o.do("report", "order", id).code, "nothing is printed")
	o.must("practice", "dispute", id, "--practice", "harbor", "--person", "H-001", "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--no-wait", "--by", "Ben Okafor")
	testkit.Await(t, func() bool { return strings.Contains(o.must("status", id), "PRINTING HAS PAUSED") })
	s := o.status(id)
	require.Equal(t, []breach.HaltReason{{Kind: breach.HaltDisputed, Count: 1, Limit: 1}}, s.Halted)
	require.Zero(t, s.Letters.Batches)
	require.Contains(t, o.must("report", "open", id, "--csv"), "printing has paused")

	require.Contains(t, o.must(resume...), "printing goes on, by Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return s.Letters.Batches > 0 && len(s.Halted) == 0 })
	require.Equal(t, 3, o.do(resume...).code)
	require.Contains(t, o.must("report", "order", id), "1 batch")
	order, reader, err := pdf.Open(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail-order.pdf"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = order.Close() })
	text, err := reader.GetPlainText()
	require.NoError(t, err)
	words, err := io.ReadAll(text)
	require.NoError(t, err)
	require.Contains(t, string(words), casebook.BatchName(1, 1))
	o.must("record", id, "--fact", "letters_mailed", "--on", testkit.Today().String(), "--by", "Ada Rivera")
	require.Equal(t, 3, o.do("report", "order", id).code, "everything is mailed")
	require.Contains(t, o.must("report", "order", id, "--batch", casebook.BatchName(1, 1)), "1 batch", "a batch that is named is ordered again")
}

// TestWhatPrintingHeldBackIsTriedAgain, on the real stack: a letter that still cannot be
// printed is held back again, by the next run, and nobody is lost.
func TestWhatPrintingHeldBackIsTriedAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	setColumn(t, folder, "findings.csv", "H-001", "last_name", "Nguyen \U00012000")
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ben Okafor")
	o.await(id, func(s casebook.Status) bool {
		return s.Account.Lines.In(account.Held) == 1 && s.Account.Lines.In(account.Printing) == 0
	})
	require.Equal(t, casebook.BatchName(1, 1), o.held(id)[0].Batch)
	require.Contains(t, o.must("reprint", id, "--reason", "Another build of the fonts.", "--by", "Ada Rivera"), "1 letter wait again, of 1 practice")
	testkit.Await(t, func() bool {
		held := o.held(id)
		return len(held) == 1 && held[0].Batch == casebook.BatchName(2, 1)
	})
	require.True(t, o.status(id).Account.AddsUp)
}
