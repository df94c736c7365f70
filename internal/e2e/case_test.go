package e2e_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/synthetic"
	"duenotice/internal/testkit"
)

// makeCase writes an invented case discovered some days ago.
func makeCase(t testing.TB, people, daysAgo int) (string, synthetic.Made) {
	t.Helper()
	params := synthetic.Default(testkit.Today().AddDays(-daysAgo))
	params.People = people
	dir := filepath.Join(t.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(t, err)
	return dir, made
}

// steer takes an incident from the loaded case as far as it can go without a
// substitute notice's 90 days, as two officers would. Everything was done so many
// days ago.
func steer(o *office, dir string, made synthetic.Made, daysAgo int) {
	o.t.Helper()
	o.do("start", dir, "--by", "Ada Officer")
	id := made.IncidentID
	for _, key := range practiceKeys(o, "") {
		o.do("delegate", id, "--practice", key, "all", "--by", "Ada Officer")
	}
	awaitNothingIn(o, id, "starting")
	o.do("approve", id, "--all", "--by", "Ada Officer")
	o.do("approve", id, "--all", "--by", "Grace Counsel")
	// Letters recorded as mailed before they are printed were others.
	awaitNothingIn(o, id, "waiting approval", "approved")
	// A practice that is told on a day discovers on it, so an earlier filing
	// would not be one of it.
	on := testkit.Today().AddDays(-daysAgo).String()
	for _, fact := range []string{"practice_notified", "letters_mailed", "media_sent", "posting_started", "toll_free_started",
		"consumer_reporting_agency_notified", "acknowledged"} {
		day := on
		if fact == breach.LettersMailed {
			day = testkit.Today().String() // no letter is mailed before it was printed
		}
		o.do("record", id, "--fact", fact, "--on", day, "--by", "Ada Officer")
	}
	tellTheRest(o, id, on)
	code, _, errs := o.run("record", id, "--fact", "regulator_notified", "--on", on, "--by", "Ada Officer")
	require.Equal(o.t, 3, code, "it must say which of the agencies")
	require.Contains(o.t, errs, "--jurisdiction")
	o.do("record", id, "--fact", "regulator_notified", "--jurisdiction", "all", "--on", on, "--by", "Ada Officer")
	o.do("record", id, "--fact", "hhs_filed", "--on", on, "--reference", "TEST-1", "--by", "Ada Officer")
	o.do("record", id, "--fact", "hhs_filed", "--jurisdiction", "part2", "--on", on, "--reference", "TEST-2", "--by", "Ada Officer")
}

// tellTheRest records that those were told whom no letter of ours tells: by practices
// that write to their people themselves, and by e-mail to which they agreed.
func tellTheRest(o *office, id, on string) {
	o.t.Helper()
	var status casebook.Status
	require.NoError(o.t, json.Unmarshal([]byte(o.do("status", id, "--json", "--due", "3660d")), &status))
	for _, d := range status.Details {
		if n := d.Account.In(account.PracticeTells); n > 0 {
			o.do("record", id, "--practice", d.Key, "--fact", "practice_mailed", "--count", strconv.Itoa(n), "--on", on, "--by", "Ada Officer")
		}
		if d.Account.OwedEmail() > 0 {
			o.do("record", id, "--practice", d.Key, "--fact", "emails_sent", "--on", on, "--reference", "job 1", "--by", "Ada Officer")
		}
	}
}

// longAgo is how many days ago a case was discovered whose postings can be over.
const longAgo = 100

// steerToTheEnd takes a case of longAgo to its last duty.
func steerToTheEnd(o *office, dir string, made synthetic.Made) {
	o.t.Helper()
	steer(o, dir, made, longAgo-5)
	awaitAllIn(o, made.IncidentID, casebook.PhaseClosed, casebook.PhaseOpen)
	for _, fact := range []string{"posting_ended", "toll_free_ended"} {
		code, _, errs := o.run("record", made.IncidentID, "--fact", fact, "--on", testkit.Today().AddDays(-1).String(), "--by", "Ada Officer")
		if code != 0 { // the other fact was the last that was owed
			require.Contains(o.t, errs, "incident "+made.IncidentID+" is closed")
		}
	}
	o.await(made.IncidentID, casebook.IncidentClosed)
}

// practiceKeys are the keys of the case's practices, or of those with the delegation.
func practiceKeys(o *office, delegation ...string) []string {
	o.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(readFile(o.t, filepath.Join(o.env["CASE"], "practices.csv")))).ReadAll()
	require.NoError(o.t, err)
	var keys []string
	for _, row := range rows[1:] {
		if len(delegation) == 0 || slices.Contains(delegation, row[column(rows[0], "delegation")]) {
			keys = append(keys, row[column(rows[0], "practice_key")])
		}
	}
	return keys
}

// awaitNothingIn waits until no practice is in any of the phases.
func awaitNothingIn(o *office, id string, phases ...casebook.Phase) {
	o.t.Helper()
	o.awaitPhases(id, func(p casebook.Phase) bool { return !slices.Contains(phases, p) })
}

// awaitAllIn waits until every practice is in one of the phases, and the summary says so.
func awaitAllIn(o *office, id string, phases ...casebook.Phase) {
	o.t.Helper()
	o.awaitPhases(id, func(p casebook.Phase) bool { return slices.Contains(phases, p) })
	var status casebook.Status
	require.NoError(o.t, json.Unmarshal([]byte(o.do("status", id, "--json")), &status))
	testkit.Await(o.t, func() bool { return o.summary(id).Counts == status.Letters })
}

func (o *office) awaitPhases(id string, fine func(casebook.Phase) bool) {
	o.t.Helper()
	testkit.Await(o.t, func() bool {
		code, out, _ := o.run("status", id, "--json")
		var s casebook.Status
		if code != 0 || json.Unmarshal([]byte(out), &s) != nil || s.Launched < s.Practices {
			return false
		}
		return !slices.ContainsFunc(s.Phases, func(p casebook.PhaseCount) bool { return p.Practices > 0 && !fine(p.Phase) })
	})
}

func TestACaseFromTheFolderToTheLastDuty(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	dir, made := makeCase(t, 6_000, longAgo)
	o.env["CASE"] = dir
	steerToTheEnd(o, dir, made)
	reconcile(o, made)
	require.Zero(t, o.summary(made.IncidentID).Late)
	if *record {
		recordHistories(t, o, made.IncidentID, map[string]string{
			"500-people":   made.Boundaries[synthetic.People500].PracticeKey,
			"499-people":   made.Boundaries[synthetic.People499].PracticeKey,
			"not-answered": practiceKeys(o, "")[0],
		})
	}

	t.Run("a second start changes nothing", func(t *testing.T) {
		before := o.summary(made.IncidentID)
		code, _, _ := o.run("start", dir, "--by", "Ada Officer")
		require.Zero(t, code)
		require.Equal(t, before.Letters, o.summary(made.IncidentID).Letters)
	})
}

// reconcile holds what lies in the output folder against what was put in.
func reconcile(o *office, made synthetic.Made) {
	o.t.Helper()
	t := o.t
	s := o.summary(made.IncidentID)
	root := filepath.Join(o.out, made.IncidentID)
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
		rows, err := csv.NewReader(strings.NewReader(readFile(t, filepath.Join(root, "mail", batch.Name(), "pieces.csv")))).ReadAll()
		require.NoError(t, err)
		for _, row := range rows[1:] {
			id := row[column(rows[0], "piece_id")]
			require.False(t, seen[id], "piece %s twice", id)
			seen[id] = true
			pieces++
			n := 0
			_, err := fmt.Sscan(row[column(rows[0], "pages")], &n)
			require.NoError(t, err)
			pages += n
		}
		require.NotEmpty(t, readFile(t, filepath.Join(root, "mail", batch.Name(), "letters.pdf")))
		require.NotEmpty(t, readFile(t, filepath.Join(root, "mail", batch.Name(), "manifest.json")))
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
		rows, err := csv.NewReader(strings.NewReader(readFile(t, filepath.Join(root, "practices", f.Name(), "people.csv")))).ReadAll()
		require.NoError(t, err)
		people += len(rows) - 1
	}
	require.Equal(t, made.Findings-c.NotProtected, people)
	for _, m := range made.Media {
		require.FileExists(t, filepath.Join(root, "media", m.State+"-"+m.PracticeKey+".pdf"))
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

func column(header []string, name string) int {
	for i, h := range header {
		if h == name {
			return i
		}
	}
	return -1
}
