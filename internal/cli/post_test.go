package cli_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// TestNoticesByPostAreOneCommandEachWay: printed by one, recorded by one, and neither
// does anything a second time.
func TestNoticesByPostAreOneCommandEachWay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	folder := syntheticCase(t, 4, 24)
	const id = "DEMO-2026-03"
	list, err := os.ReadFile(filepath.Join(folder, "practices.csv"))
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(list)).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		setColumn(t, folder, "practices.csv", row[0], "email", "")
	}
	o.must("start", folder, "--by", "Ada Rivera", "--no-wait")
	testkit.Await(t, func() bool { return o.read(id).Notices.NoEmail == 4 }, func() string { return o.must("status", id) })
	require.Contains(t, o.must("status", id), "notify "+id+" --post")

	require.Contains(t, o.must("notify", id, "--post", "--dry-run", "--by", "Ada Rivera"), "4 notices by post would be printed")
	out := o.must("notify", id, "--post", "--by", "Ada Rivera")
	require.Contains(t, out, "POST notices-001: 4 letters")
	for _, name := range []string{"letters.pdf", "pieces.csv", "manifest.json"} {
		require.FileExists(t, filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "notices-001", name))
	}
	entries, err := os.ReadDir(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail"))
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Contains(t, o.must("notify", id, "--post", "--by", "Ada Rivera"), "nothing changed")
	waits := func() (n int) {
		for _, row := range o.table("report", "open", id, "--csv") {
			if row["kind"] == "post" {
				n++
			}
		}
		return n
	}
	require.Equal(t, 1, waits(), "somebody has to say that they were mailed")
	require.Contains(t, o.must("status", id), "notices-001: 4 letters to practices are printed and not recorded as mailed: duenotice record "+id+" --batch notices-001")

	day := o.read(id).AsOf.String()
	require.Equal(t, 2, o.do("record", id, "--batch", "notices-001", "--fact", "practice_reminded", "--on", day, "--by", "Ada Rivera").code)
	require.Equal(t, 3, o.do("record", id, "--batch", "notices-001", "--fact", "practice_notified", "--on", "2026-03-20", "--by", "Ada Rivera").code, "before it was printed")
	require.Equal(t, 3, o.do("record", id, "--batch", "notices-009", "--fact", "practice_notified", "--on", day, "--by", "Ada Rivera").code)
	record := []string{"record", id, "--batch", "notices-001", "--fact", "practice_notified", "--on", day, "--by", "Ada Rivera"}
	require.Contains(t, o.must(record...), "4 done")
	require.Contains(t, o.must(record...), "4 done before")
	require.Zero(t, waits())
	require.NotContains(t, o.must("status", id), "recorded as mailed")
	o.await(id, func(s casebook.Status) bool { return s.Notices.NoEmail == 0 })
	require.Len(t, o.table("report", "unopened", id, "--csv"), 4, "told, and nobody has answered")
	require.Equal(t, 2, o.do("notify", id, "--reminders", "--by", "Ada Rivera").code)
}

// read is where an incident stands.
func (o *office) read(id string) (s casebook.Status) {
	o.t.Helper()
	require.NoError(o.t, json.Unmarshal([]byte(o.must("status", id, "--json")), &s))
	return s
}
