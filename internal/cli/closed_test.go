package cli_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/testkit"
)

// TestAClosedIncidentIsOpenedByAFurtherList: an estimate keeps it from closing
// until the final number; a list that comes after the end opens its practices
// again, prints the new letter alone, and everything closes once more, until that
// letter comes back.
func TestAClosedIncidentIsOpenedByAFurtherList(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 2, 6)
	const id = "DEMO-2026-03"
	o.startWorker()
	o.must("start", folder)
	for _, key := range []string{"P-00001", "P-00002"} {
		o.must("delegate", id, "--practice", key, "all", "--by", "Ada")
	}
	approve := func() {
		o.must("approve", id, "--all", "--by", "Ada")
		o.must("approve", id, "--all", "--by", "Ben")
	}
	approve()
	for _, fact := range []string{"practice_notified", "letters_mailed", "media_sent", "posting_started", "regulator_notified",
		"consumer_reporting_agency_notified", "acknowledged"} {
		on := "2026-04-20"
		if fact == "letters_mailed" {
			on = testkit.Today().String() // no day before they were printed
		}
		o.must("record", id, "--fact", fact, "--on", on, "--by", "Ada")
	}
	o.must("record", id, "--practice", "P-00001", "--fact", "hhs_filed", "--on", "2026-04-20", "--reference", "T-1", "--estimate", "500", "--by", "Ada")
	o.must("record", id, "--practice", "P-00002", "--fact", "hhs_filed", "--on", "2026-04-20", "--reference", "T-2", "--by", "Ada")
	require.Contains(t, o.must("status", id, "--practice", "P-00001"), "HHS wants an addendum with the final number")
	o.await(id, func(s casebook.Status) bool { return closedOf(s) == 1 })
	o.must("record", id, "--practice", "P-00001", "--fact", "hhs_addendum", "--on", "2026-04-21", "--by", "Ada")
	o.await(id, func(s casebook.Status) bool { return s.Phase == casebook.IncidentClosed })

	mail := func() (pieces int) {
		lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "pieces.csv"))
		require.NoError(t, err)
		for _, list := range lists {
			pieces += len(rowsOf(t, list))
		}
		return pieces
	}
	require.Contains(t, o.must("report", "accounting", id, "--practice", "P-00001"), "accounting-of-disclosures.csv")
	own := rowsOf(t, filepath.Join(o.env["DUENOTICE_OUT"], id, "practices", "P-00001", "people.csv"))
	entries := rowsOf(t, filepath.Join(o.env["DUENOTICE_OUT"], id, "practices", "P-00001", "accounting-of-disclosures.csv"))
	require.Len(t, entries, len(own))
	require.Equal(t, own[0]["person_key"], entries[0]["person_key"])
	require.Equal(t, 3, o.do("report", "accounting", id, "--practice", "NOPE").code)

	before := mail()
	findings := rowsOf(t, filepath.Join(folder, "findings.csv"))
	gone := findings[0]
	list := filepath.Join(t.TempDir(), "later.csv")
	require.NoError(t, os.WriteFile(list, []byte(strings.Join([]string{
		"person_key,practice_key,last_name,address1,city,state,zip,data_classes,source,removed",
		"LATER-1," + gone["practice_key"] + ",Example,9 Example Way,Somerset,NJ,08873,name;diagnosis,second look,",
		gone["person_key"] + "," + gone["practice_key"] + ",,,,,,,another person of that name,yes",
	}, "\n")+"\n"), 0o600))
	require.Regexp(t, `taken out +1\n`, o.must("amend", id, "--findings", list, "--dry-run", "--by", "Ada"))
	require.Contains(t, o.must("amend", id, "--findings", list, "--by", "Ada"), "list 2 is loaded")
	require.Contains(t, o.must("amend", id, "--findings", list, "--by", "Ada"), "nothing changed")
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseApproval) == 1 })
	approve()
	require.Equal(t, before+1, mail(), "only the difference is printed")
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseLettersReady) == 1 })
	mailed := testkit.Today()
	record := []string{"record", id, "--practice", gone["practice_key"], "--fact", "letters_mailed", "--by", "Ada", "--on"}
	early := o.do(append(record, mailed.AddDays(-1).String())...)
	require.Equal(t, 3, early.code)
	require.Contains(t, early.err, "is before the letters were printed")
	require.Contains(t, o.must(append(record, mailed.String())...), "letters mailed on "+mailed.String()+": run-002-batch-0001, by Ada", "a second mailing on one day is a second one")
	require.Contains(t, o.must(append(record, mailed.String())...), "nothing changed")
	unknown := o.do("record", id, "--batch", "run-009-batch-0001", "--fact", "letters_mailed", "--on", mailed.String(), "--by", "Ada")
	require.Equal(t, 3, unknown.code)
	require.Contains(t, unknown.err, "run-001-batch-0001, run-002-batch-0001")
	o.await(id, func(s casebook.Status) bool { return s.Phase == casebook.IncidentClosed })
	require.Contains(t, o.must("status", id, "--practice", gone["practice_key"]), fmt.Sprintf("done %s, %d days late", mailed, mailed.DaysSince(civil.MustParse("2026-05-15"))))

	// The new letter comes back after the end: its addressee is still to be told.
	piece, today := "", testkit.Today().String()
	lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "pieces.csv"))
	require.NoError(t, err)
	for _, list := range lists {
		for _, row := range rowsOf(t, list) {
			if strings.Contains(row["address_block"], "9 Example Way") {
				piece = row["piece_id"]
			}
		}
	}
	file := filepath.Join(t.TempDir(), "came-back.csv")
	require.NoError(t, os.WriteFile(file, []byte("piece_id,returned_on\n"+piece+","+today+"\n"), 0o600))
	require.Regexp(t, `addresses out of date +1\n`, o.must("returns", id, file, "--by", "Ada"))
	o.await(id, func(s casebook.Status) bool {
		return s.Phase == casebook.IncidentRunning && inPhase(s, casebook.PhaseOpen) == 1 && closedOf(s) == 1
	})
	o.must("record", id, "--practice", gone["practice_key"], "--fact", "posting_started", "--on", today, "--by", "Ada")
	o.await(id, func(s casebook.Status) bool { return s.Phase == casebook.IncidentClosed })
	require.Contains(t, o.must("returns", id, file, "--by", "Ada"), "nothing changed")
}

// await polls status until it is as wanted.
func (o *office) await(incident string, wanted func(casebook.Status) bool) {
	o.t.Helper()
	var last string
	testkit.Await(o.t, func() bool {
		var s casebook.Status
		last = o.must("status", incident, "--json")
		require.NoError(o.t, json.Unmarshal([]byte(last), &s))
		return wanted(s)
	}, func() string { return last })
}

func inPhase(s casebook.Status, phase casebook.Phase) int {
	for _, p := range s.Phases {
		if p.Phase == phase {
			return p.Practices
		}
	}
	return 0
}

func closedOf(s casebook.Status) int { return inPhase(s, casebook.PhaseClosed) }

// rowsOf reads a CSV file by column.
func rowsOf(t *testing.T, path string) []map[string]string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	require.NoError(t, err)
	var list []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, column := range rows[0] {
			cells[column] = row[i]
		}
		list = append(list, cells)
	}
	return list
}
