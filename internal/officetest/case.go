package officetest

import (
	"encoding/csv"
	"encoding/json"
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

// MakeCase writes an invented case discovered some days ago.
func MakeCase(t testing.TB, people, daysAgo int) (string, synthetic.Made) {
	t.Helper()
	params := synthetic.Default(testkit.Today().AddDays(-daysAgo))
	params.People = people
	dir := filepath.Join(t.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(t, err)
	return dir, made
}

// Steer takes an incident from the loaded case as far as it can go without a
// substitute notice's 90 days, as two officers would. Everything was done so many
// days ago.
func (o *Office) Steer(dir string, made synthetic.Made, daysAgo int) {
	o.T.Helper()
	o.Do("start", dir, "--by", "Ada Officer")
	id := made.IncidentID
	for _, key := range o.PracticeKeys("") {
		o.Do("delegate", id, "--practice", key, "all", "--by", "Ada Officer")
	}
	o.AwaitNothingIn(id, "starting")
	o.Do("approve", id, "--all", "--by", "Ada Officer")
	o.Do("approve", id, "--all", "--by", "Grace Counsel")
	// Letters recorded as mailed before they are printed were others.
	o.AwaitNothingIn(id, "waiting approval", "approved")
	// A practice that is told on a day discovers on it, so an earlier filing
	// would not be one of it.
	on := testkit.Today().AddDays(-daysAgo).String()
	for _, fact := range []string{"practice_notified", "letters_mailed", "media_sent", "posting_started", "toll_free_started",
		"consumer_reporting_agency_notified", "acknowledged"} {
		day := on
		if fact == breach.LettersMailed {
			day = testkit.Today().String() // no letter is mailed before it was printed
		}
		o.Do("record", id, "--fact", fact, "--on", day, "--by", "Ada Officer")
	}
	o.TellTheRest(id, on)
	code, _, errs := o.Run("record", id, "--fact", "regulator_notified", "--on", on, "--by", "Ada Officer")
	require.Equal(o.T, 3, code, "it must say which of the agencies")
	require.Contains(o.T, errs, "--jurisdiction")
	o.Do("record", id, "--fact", "regulator_notified", "--jurisdiction", "all", "--on", on, "--by", "Ada Officer")
	o.Do("record", id, "--fact", "hhs_filed", "--on", on, "--reference", "TEST-1", "--by", "Ada Officer")
	o.Do("record", id, "--fact", "hhs_filed", "--jurisdiction", "part2", "--on", on, "--reference", "TEST-2", "--by", "Ada Officer")
}

// TellTheRest records that those were told whom no letter of ours tells: by practices
// that write to their people themselves, and by e-mail to which they agreed.
func (o *Office) TellTheRest(id, on string) {
	o.T.Helper()
	var status casebook.Status
	require.NoError(o.T, json.Unmarshal([]byte(o.Do("status", id, "--json", "--due", "3660d")), &status))
	for _, d := range status.Details {
		if n := d.Account.In(account.PracticeTells); n > 0 {
			o.Do("record", id, "--practice", d.Key, "--fact", "practice_mailed", "--count", strconv.Itoa(n), "--on", on, "--by", "Ada Officer")
		}
		if d.Account.OwedEmail() > 0 {
			o.Do("record", id, "--practice", d.Key, "--fact", "emails_sent", "--on", on, "--reference", "job 1", "--by", "Ada Officer")
		}
	}
}

// LongAgo is how many days ago a case was discovered whose postings can be over.
const LongAgo = 100

// SteerToTheEnd takes a case of LongAgo to its last duty.
func (o *Office) SteerToTheEnd(dir string, made synthetic.Made) {
	o.T.Helper()
	o.Steer(dir, made, LongAgo-5)
	o.AwaitAllIn(made.IncidentID, casebook.PhaseClosed, casebook.PhaseOpen)
	for _, fact := range []string{"posting_ended", "toll_free_ended"} {
		code, _, errs := o.Run("record", made.IncidentID, "--fact", fact, "--on", testkit.Today().AddDays(-1).String(), "--by", "Ada Officer")
		if code != 0 { // the other fact was the last that was owed
			require.Contains(o.T, errs, "incident "+made.IncidentID+" is closed")
		}
	}
	o.Await(made.IncidentID, casebook.IncidentClosed)
}

// PracticeKeys are the keys of the case's practices, or of those with the delegation.
func (o *Office) PracticeKeys(delegation ...string) []string {
	o.T.Helper()
	rows, err := csv.NewReader(strings.NewReader(ReadFile(o.T, filepath.Join(o.Env["CASE"], "practices.csv")))).ReadAll()
	require.NoError(o.T, err)
	var keys []string
	for _, row := range rows[1:] {
		if len(delegation) == 0 || slices.Contains(delegation, row[Column(rows[0], "delegation")]) {
			keys = append(keys, row[Column(rows[0], "practice_key")])
		}
	}
	return keys
}

// AwaitNothingIn waits until no practice is in any of the phases.
func (o *Office) AwaitNothingIn(id string, phases ...casebook.Phase) {
	o.T.Helper()
	o.AwaitPhases(id, func(p casebook.Phase) bool { return !slices.Contains(phases, p) })
}

// AwaitAllIn waits until every practice is in one of the phases, and the summary says so.
func (o *Office) AwaitAllIn(id string, phases ...casebook.Phase) {
	o.T.Helper()
	o.AwaitPhases(id, func(p casebook.Phase) bool { return slices.Contains(phases, p) })
	var status casebook.Status
	require.NoError(o.T, json.Unmarshal([]byte(o.Do("status", id, "--json")), &status))
	testkit.Await(o.T, func() bool { return o.Summary(id).Counts == status.Letters })
}

// AwaitPhases waits until every practice is in a phase that is fine.
func (o *Office) AwaitPhases(id string, fine func(casebook.Phase) bool) {
	o.T.Helper()
	testkit.Await(o.T, func() bool {
		code, out, _ := o.Run("status", id, "--json")
		var s casebook.Status
		if code != 0 || json.Unmarshal([]byte(out), &s) != nil || s.Launched < s.Practices {
			return false
		}
		return !slices.ContainsFunc(s.Phases, func(p casebook.PhaseCount) bool { return p.Practices > 0 && !fine(p.Phase) })
	})
}
