package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

// notHere are commands of the guide that this test does not give, and why.
var notHere = map[string]string{
	"demo": "its own test runs all of it (make test-demo)",
	"up":   "the office of the test has servers; internal/e2e starts a stack",
	"down": "as up",
	`recall EX-2026-03 --batch run-001-batch-0001 --why wrong-text --reason "The offer has last year's date." --dry-run --by "Ada Rivera"`: "the guide goes on with these letters (TestAWrongBatchIsRecalledAndFollowedByAnother)",
	`record EX-2026-03 --batch notices-001 --fact practice_notified --on 2026-04-14 --by "YOUR NAME"`:                                      "the guide's practices have e-mail addresses, so that none is told by post (TestNoticesByPostAreOneCommandEachWay)",
	`record EX-2026-03 --batch notices-002 --fact practice_reminded --on 2026-04-22 --by "YOUR NAME"`:                                      "nobody of the guide's case is silent for five days",
	`returns EX-2026-03 bounced.csv --by "Ada Rivera"`:                                                                                     "everybody of the guide's case has an address, so that nobody is told by e-mail",
	`assess EX-2026-03 --practice P1 --conclusion low_probability --factors p1-factors.yaml --by "Ben Okafor"`:                             "with it P1 would owe nothing, and the guide goes on with P1's letters",
}

// TestTheOfficersGuideIsTrue types every command of the guide's blocks in order, on
// the guide's own case, with a real database, Temporal and worker. Each succeeds, and
// prints what the guide shows below it.
func TestTheOfficersGuideIsTrue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	dir := t.TempDir()
	o.startWorker()

	const id = "EX-2026-03"
	docs := filepath.Join("..", "..", "docs")
	folder := filepath.Join(dir, id)
	here := strings.NewReplacer("cases/"+id, folder, "out/", o.env["DUENOTICE_OUT"]+"/", "OLD.json", filepath.Join(dir, "old.json"))
	file := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(file("mailing-receipt.pdf"), []byte("%PDF-1.4 a receipt"), 0o600))

	require.NoError(t, os.WriteFile(file("corrected.csv"), []byte("practice_key,legal_name,privacy_officer\nP1,Example Family Practice PLLC,Another Officer\n"), 0o600))
	// Nothing is mailed before it was printed, which is today.
	mailed, today := "2026-04-20", testkit.Today().String()

	commands, shown := 0, 0
	for _, d := range commandsIn(t, filepath.Join(docs, "officers-guide.md")) {
		if d.mention || strings.Contains(d.line, largeIncident) || notHere[d.words[0]] != "" || notHere[strings.TrimPrefix(d.line, "duenotice ")] != "" {
			continue
		}
		for i, word := range d.words {
			d.words[i] = here.Replace(word)
			for _, name := range []string{"p1-factors.yaml", "mailing-receipt.pdf", "later-list.csv", "came-back.csv", "corrected.csv"} {
				if word == name {
					d.words[i] = file(name)
				}
			}
		}
		if d.words[0] == "returns" {
			require.NoError(t, os.WriteFile(file("came-back.csv"), []byte("piece_id,returned_on\n"+o.somePiece(id)+","+testkit.Today().String()+"\n"), 0o600))
		}
		mailing := slices.Contains(d.words, "letters_mailed")
		if i := slices.Index(d.words, mailed); mailing && i >= 0 {
			d.words[i] = today
		}
		r := o.do(d.words...)
		require.Zero(t, r.code, "%s: %s\n%s%s", d.where, d.line, r.out, r.err)
		if mailing {
			r.out = strings.ReplaceAll(r.out, today, mailed)
		}
		d.show(t, unplaced(r.out, o, folder, dir))
		commands, shown = commands+1, shown+len(d.shown)
		if d.words[0] == "init" {
			// What the officer fills in.
			require.NoError(t, os.RemoveAll(folder))
			require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(docs, "guide"))))
			for _, name := range []string{"p1-factors.yaml", "later-list.csv"} {
				require.NoError(t, os.Rename(filepath.Join(folder, name), file(name)))
			}
		}
	}
	require.Greater(t, commands, 25)
	require.Greater(t, shown, 60)
}

// somePiece is the id of a printed letter.
func (o *office) somePiece(incident string) string {
	o.t.Helper()
	lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], incident, "mail", "run-*", "pieces.csv"))
	require.NoError(o.t, err)
	require.NotEmpty(o.t, lists)
	return rowsOf(o.t, lists[0])[0]["piece_id"]
}

// unplaced writes paths as the guide does, and leaves out what a test adds to commands.
func unplaced(text string, o *office, folder, dir string) string {
	return strings.NewReplacer(o.env["DUENOTICE_OUT"], "out", folder, "cases/EX-2026-03", dir+"/", "", " --dir "+o.dir, "").Replace(text)
}
