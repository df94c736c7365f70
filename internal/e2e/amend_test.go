package e2e_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/synthetic"
)

// amendClosed gives a closed incident a further list: the practice of 499 people
// gets its five-hundredth, that of 500 loses one. Both are open again, only the
// new letter is printed, what is owed to HHS changes, and everything closes anew.
func amendClosed(t *testing.T, o *office, dir string, made synthetic.Made) {
	id := made.IncidentID
	grown, shrunk := made.Boundaries[synthetic.People499].PracticeKey, made.Boundaries[synthetic.People500].PracticeKey
	before := o.summary(id)
	path := filepath.Join(t.TempDir(), "later.csv")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join([]string{
		"person_key,practice_key,last_name,address1,city,state,zip,data_classes,source,removed",
		"the-five-hundredth," + grown + ",Example,1 Example Street,Dayton,OH,45402,name;diagnosis,second look,",
		somebody(t, dir, shrunk) + "," + shrunk + ",,,,,,,another person of that name,yes",
	}, "\n")+"\n"), 0o600))
	require.Contains(t, o.do("amend", id, "--findings", path, "--by", "Ada Officer"), "taken out          1")
	require.Contains(t, o.do("amend", id, "--findings", path, "--by", "Ada Officer"), "loaded before")

	require.Eventually(t, func() bool { return detail(t, o, id, grown).Phase == casebook.PhaseApproval }, 2*time.Minute, 200*time.Millisecond)
	o.do("approve", id, "--all", "--by", "Ada Officer")
	o.do("approve", id, "--all", "--by", "Grace Counsel")
	awaitNothingIn(o, id, casebook.PhaseStarting, casebook.PhaseApproval, casebook.PhaseApproved)
	require.Equal(t, casebook.PhaseLettersReady, detail(t, o, id, grown).Phase, "the mailing recorded before is not of this letter")
	o.do("record", id, "--practice", grown, "--fact", "letters_mailed", "--on", o.today().String(), "--by", "Ada Officer")
	o.await(id, casebook.IncidentClosed)

	require.Equal(t, before.Batches+1, o.summary(id).Batches)
	pieces := readFile(t, filepath.Join(o.out, id, "mail", newestBatch(t, o, id), "pieces.csv"))
	rows, err := csv.NewReader(strings.NewReader(pieces)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2, "one letter")
	forms := func(d casebook.PracticeStatus) map[string]int {
		owed := map[string]int{}
		for _, o := range d.Obligations {
			if o.Kind == breach.HHSNotice && o.Regime == "hipaa" {
				owed[o.Form] = o.Count
			}
		}
		return owed
	}
	require.Equal(t, map[string]int{breach.FormImmediate: 500}, forms(detail(t, o, id, grown)))
	require.Equal(t, map[string]int{breach.FormAnnualLog: 499}, forms(detail(t, o, id, shrunk)))
}

// detail is one practice as status shows it.
func detail(t *testing.T, o *office, id, practice string) casebook.PracticeStatus {
	t.Helper()
	var status casebook.Status
	require.NoError(t, json.Unmarshal([]byte(o.do("status", id, "--practice", practice, "--json")), &status))
	require.Len(t, status.Details, 1)
	return status.Details[0]
}

// somebody is the key of one of a practice's people.
func somebody(t *testing.T, dir, practice string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(readFile(t, filepath.Join(dir, "findings.csv")))).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		if row[column(rows[0], "practice_key")] == practice {
			return row[column(rows[0], "person_key")]
		}
	}
	t.Fatalf("practice %s has nobody", practice)
	return ""
}

func newestBatch(t *testing.T, o *office, id string) string {
	t.Helper()
	batches, err := os.ReadDir(filepath.Join(o.out, id, "mail"))
	require.NoError(t, err)
	return batches[len(batches)-1].Name()
}
