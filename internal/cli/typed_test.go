package cli_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cases"
	"duenotice/internal/testkit"
)

// What nobody could read is refused when it is typed; a name in any script is
// taken, and the evidence is made with it.
func TestANameInAnotherScriptNeverStopsTheEvidence(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	today := o.now.UTC().Format("2006-01-02")
	o.must("start", cases.Folder(t, "act-name"), "--by", "Ada Rivera")
	r := o.do("record", "ACT-NAME", "--practice", "P1", "--fact", "acknowledged", "--on", today, "--by", "Jos\xe9")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "--by has a letter that is not valid UTF-8")

	o.must("start", cases.Folder(t, "act-name-script"), "--by", "Ada Rivera")
	o.must("record", "ACT-NAME-SCRIPT", "--practice", "P1", "--fact", "practice_notified", "--on", today, "--by", "Ada Rivera")
	o.must("record", "ACT-NAME-SCRIPT", "--practice", "P1", "--fact", "acknowledged", "--on", today, "--by", "王小明", "--reference", "receipt → file")
	for _, id := range []string{"ACT-NAME", "ACT-NAME-SCRIPT"} {
		o.must("report", "evidence", id, "--practice", "P1")
		o.must("report", "binder", id, "--practice", "P1")
	}
}

// A later deadlines.ics has the same events with a higher SEQUENCE where a duty
// moved.
func TestALaterCalendarIsOneOfTheSameEvents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	o.must("start", cases.Folder(t, "ics-update"), "--by", "Ada Rivera")
	path := filepath.Join(o.env["DUENOTICE_OUT"], "ICS-UPDATE", "practices", "P1", "deadlines.ics")
	read := func() map[string]string {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		sequence := map[string]string{}
		folded := strings.ReplaceAll(string(content), "\r\n ", "")
		for _, e := range regexp.MustCompile(`(?s)BEGIN:VEVENT.*?END:VEVENT`).FindAllString(folded, -1) {
			part := func(name string) string { return regexp.MustCompile(name + `[^:]*:(.*)\r`).FindStringSubmatch(e)[1] }
			sequence[part("UID")] = part("SEQUENCE") + " " + part("STATUS") + " " + part("DTSTART")
		}
		return sequence
	}
	testkit.Await(t, func() bool { _, err := os.Stat(path); return err == nil })
	before := read()
	const notice = "ICS-UPDATE.P1.hipaa.164.410.business_associate@duenotice.invalid"
	require.Equal(t, "0 CONFIRMED 20261204", before[notice])
	// It is no agent of the practice, whose own days count from now on.
	o.must("record", "ICS-UPDATE", "--practice", "P1", "--fact", "practice_notified", "--on", "2026-10-06", "--by", "Ada Rivera")
	testkit.Await(t, func() bool { return !maps.Equal(read(), before) })
	after := read()
	require.Equal(t, "1 CANCELLED 20261204", after[notice])
	require.Regexp(t, "^[1-9] CONFIRMED ", after["ICS-UPDATE.P1.hipaa.164.404.individual@duenotice.invalid"], "its first day came later than itself")
	for id := range before {
		require.Contains(t, after, id)
	}
}
