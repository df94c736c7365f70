package cli_test

import (
	"bytes"
	"encoding/csv"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/cli"
	"duenotice/internal/testkit"
)

func TestPracticesAreNamedByKeysAndPatterns(t *testing.T) {
	t.Parallel()
	there := []string{"bay", "north-1", "north-2", "north.old", "south-1"}
	for given, want := range map[string][]string{
		"bay": {"bay"}, "": {""}, "nobody": {"nobody"},
		"south-1,bay": {"south-1", "bay"}, "bay, south-1,bay": {"bay", "south-1"}, "bay,nobody": {"bay", "nobody"},
		"north-*": {"north-1", "north-2"}, "north*": {"north-1", "north-2", "north.old"}, "*-1": {"north-1", "south-1"},
		"north-2|north-*|bay": {"north-2", "north-1", "bay"}, "*": there, "n*h-*": {"north-1", "north-2"},
	} {
		got, err := cli.Chosen(there, strings.Split(given, "|")...)
		require.NoError(t, err, given)
		require.Equal(t, want, got, given)
	}
	_, err := cli.Chosen(there, "bay,west-*")
	refusal, refused := breach.AsRefusal(err)
	require.True(t, refused, "%v", err)
	require.Contains(t, refusal.Error(), "no practice's key matches west-*")
	for _, wrong := range []string{"a/b", "bay,", ",bay", "bay,,south-1", "bay,a/b", "north-[12]*", "../*", "n?*"} {
		_, err := cli.Chosen(there, wrong)
		require.Error(t, err, wrong)
		_, refused := breach.AsRefusal(err)
		require.False(t, refused, "%s is a wrong command line", wrong)
	}
}

// table reads a command's CSV by its columns.
func (o *office) table(args ...string) (rows []map[string]string) {
	o.t.Helper()
	records, err := csv.NewReader(strings.NewReader(o.must(args...))).ReadAll()
	require.NoError(o.t, err)
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestSeveralPracticesAreEachAnActOfItsOwn(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	folder := syntheticCase(t, 4, 24)
	const id = "DEMO-2026-03"
	o.must("start", folder, "--by", "Ada Rivera", "--no-wait", "--no-notices")
	var keys []string
	for _, row := range o.table("status", id, "--csv") {
		keys = append(keys, row["practice_key"])
	}
	require.Len(t, keys, 4)
	o.await(id, func(s casebook.Status) bool { return s.In(casebook.PhaseStarting) == 0 })
	notices := func() (list []string) {
		for _, row := range o.table("report", "open", id, "--csv") {
			if row["kind"] == "notice" {
				list = append(list, row["what"]+" | "+strings.Fields(row["do"])[1])
			}
		}
		return list
	}
	require.Equal(t, slices.Repeat([]string{"notice to the practice: kept back | notify"}, 4), notices())
	require.Contains(t, o.must("notify", id, "--practice", keys[0]+","+keys[1], "--by", "Ada Rivera"), "2 practices: 2 done")
	o.must("notify", id, "--by", "Ada Rivera")
	testkit.Await(t, func() bool {
		return slices.Equal(notices(), slices.Repeat([]string{"notice to the practice: to send: in the outbox | record"}, 4))
	}, func() string { return strings.Join(notices(), "\n") })
	answered := func() (list []string) {
		for _, row := range o.table("status", id, "--csv") {
			if row["delegation"] == "letters" {
				list = append(list, row["practice_key"])
			}
		}
		return list
	}
	delegate := func(practices ...string) []string {
		args := []string{"delegate", id, "letters", "--by", "Ada Rivera"}
		for _, p := range practices {
			args = append(args, "--practice", p)
		}
		return args
	}

	r := o.do(delegate(keys[0], "nothing-*")...)
	require.Equal(t, 3, r.code, r.out)
	require.Contains(t, r.err, "no practice's key matches nothing-*")
	r = o.do(append(delegate("*"), "--dry-run")...)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "4 practices: 4 would be done, 0 done before, 0 refused.")
	o.answers = "n\n"
	r = o.do(delegate("*")...)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "This is done for 4 practices, each by an act of its own:")
	require.Contains(t, r.err, "Practice "+keys[3]+": delegation letters")
	require.Contains(t, r.err, "Go on?")
	require.Empty(t, answered(), "asked, and told no")
	o.answers = ""

	r = o.do(delegate(keys[1]+",nobody", keys[2])...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "3 practices: 2 done, 0 done before, 1 refused.")
	require.Contains(t, r.err, "practice nobody: ")
	require.Equal(t, keys[1:3], answered())
	require.Contains(t, o.must(append(delegate("*"), "--yes")...), "4 practices: 2 done, 2 done before, 0 refused.")
	require.Contains(t, o.must(delegate("*")...), "4 practices: 0 done, 4 done before, 0 refused.")
	require.Equal(t, keys, answered())
	require.Contains(t, o.must(delegate(keys[0])...), "Practice "+keys[0]+": delegation letters: already done; nothing changed.")

	// What waits, and until when.
	steps := map[string]string{}
	o.await(id, func(s casebook.Status) bool { return s.In(casebook.PhaseApproval) == 4 })
	for _, row := range o.table("report", "open", id, "--csv") {
		require.NotEmpty(t, row["what"])
		require.Contains(t, []string{"officer", "approver", "practice", "operator"}, row["waits_for"])
		if row["kind"] == "step" {
			steps[row["practice_key"]] = row["what"] + " by " + row["waits_for"]
		}
	}
	for _, key := range keys {
		require.Equal(t, "waiting approval by approver", steps[key])
	}
	o.holdOpenAgainstStatus(id)
	o.holdCalendarAgainstPractices(id, keys)
	o.approvesSeveral(id, keys)

	today := testkit.Today().String()
	done := o.must("record", id, "--practice", strings.Join(keys, ","), "--fact", "hhs_filed", "--on", today, "--reference", "T-1", "--by", "Ada Rivera")
	require.Contains(t, done, "4 practices: 4 done")
	o.await(id, func(casebook.Status) bool {
		for _, row := range o.table("report", "open", id, "--csv") {
			if strings.Contains(row["do"], "hhs_filed") {
				return false
			}
		}
		return true
	})
	require.Contains(t, o.must("report", "calendar", id), "Calendar, ")
	o.holdCalendarAgainstPractices(id, keys)
	require.Equal(t, 3, o.do("report", "open", "NOT-THERE").code)
	require.Equal(t, 3, o.do("report", "calendar", "NOT-THERE").code)
	o.holdBoardAgainstStatus(id, keys)
}

// approvesSeveral: letters of several practices are approved by their keys, asked for
// with what --all says of them; a second time changes nothing.
func (o *office) approvesSeveral(id string, keys []string) {
	o.t.Helper()
	approve := []string{"approve", id, "--practice", keys[0] + "," + keys[1], "--practice", keys[0], "--no-wait", "--by"}
	o.answers = "n\n"
	r := o.do(append(approve, "Ada Rivera")...)
	require.Equal(o.t, 1, r.code)
	require.Contains(o.t, r.err, "the letters of 2 practices (")
	require.Contains(o.t, r.err, "they are printed when another person approves them too.")
	o.answers = ""
	require.Contains(o.t, o.must(append(approve, "Ada Rivera", "--dry-run")...), "2 practices: 2 would be done")
	require.Contains(o.t, o.must(append(approve, "Ada Rivera")...), "2 practices: 2 done, 0 done before, 0 refused.")
	require.Contains(o.t, o.must(append(approve, "Ada Rivera")...), "2 practices: 0 done, 2 done before, 0 refused.")
	approved := map[string]string{}
	for _, row := range o.table("approve", id, "--list", "--csv") {
		approved[row["practice"]] = row["approved_by"]
	}
	require.Equal(o.t, map[string]string{keys[0]: "Ada Rivera", keys[1]: "Ada Rivera", keys[2]: "", keys[3]: ""}, approved)
}

// holdOpenAgainstStatus: each open duty with a day that is not the program's own to
// fulfil is in the list, with status's day and lateness, and no other is.
func (o *office) holdOpenAgainstStatus(id string) {
	o.t.Helper()
	type duty struct{ practice, what, due, late string }
	var want, got []duty
	lists := map[string]bool{}
	for _, row := range o.table("report", "open", id, "--csv") {
		switch row["kind"] {
		case "duty":
			what, _, _ := strings.Cut(row["what"], ", not before")
			got = append(got, duty{row["practice_key"], what, row["due"], row["late"]})
		case "notice":
			lists[row["practice_key"]] = true
		}
	}
	for _, p := range o.table("status", id, "--csv") {
		for _, d := range o.table("status", id, "--practice", p["practice_key"], "--csv") {
			toPractice := d["kind"] == breach.CoveredEntityNotice || d["kind"] == breach.DataOwnerNotice
			if d["settled_on"] == "" && d["due"] != "" && !toPractice {
				want = append(want, duty{p["practice_key"], d["what"], d["due"], d["late"]})
			}
			if d["kind"] == breach.CoveredEntityNotice && d["settled_on"] == "" {
				require.True(o.t, lists[p["practice_key"]], "its notice lies in the outbox")
			}
		}
	}
	require.NotEmpty(o.t, want)
	require.ElementsMatch(o.t, want, got)

	// On a terminal it fits the width.
	wide := o.terminal
	wide.terminal, wide.width = true, 80
	r := wide.runIn(o.t.Context(), []string{"report", "open", id, "--dir", o.dir})
	require.Zero(o.t, r.code, r.err)
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(r.out, "\x1b[31m", ""), "\x1b[0m", ""), "\n") {
		require.LessOrEqual(o.t, len(line), 80, line)
	}
	require.Contains(o.t, r.out, "things wait, ")
}

// holdBoardAgainstStatus: the board as a file has every practice, and the command for
// each thing that report open lists.
func (o *office) holdBoardAgainstStatus(id string, keys []string) {
	o.t.Helper()
	path := filepath.Join(o.env["DUENOTICE_OUT"], id, "board.html")
	require.Contains(o.t, o.must("report", "board", id), "Board: ")
	other := filepath.Join(o.t.TempDir(), "of my own.html")
	require.Contains(o.t, o.must("report", "board", id, "--output", other), "of my own.html")
	for _, path := range []string{path, other} {
		content, err := os.ReadFile(path)
		require.NoError(o.t, err)
		page := html.UnescapeString(string(content))
		for _, key := range keys {
			require.Contains(o.t, page, ">"+key+"</a></th>")
		}
		for _, row := range o.table("report", "open", id, "--csv") {
			if row["kind"] != "letter" {
				require.Contains(o.t, page, row["do"])
			}
		}
	}
	require.Equal(o.t, 3, o.do("report", "board", "NOT-THERE").code)
	require.Equal(o.t, 2, o.do("report", "board", "not/an/id").code)
}

// holdCalendarAgainstPractices: the officer's calendar has every event of the
// practices' own files, with the same place in their changes.
func (o *office) holdCalendarAgainstPractices(id string, keys []string) {
	o.t.Helper()
	incident := filepath.Join(o.env["DUENOTICE_OUT"], id)
	sequences := func(path string) map[string]string {
		content, err := os.ReadFile(path)
		require.NoError(o.t, err)
		calendar, err := ics.ParseCalendar(bytes.NewReader(content))
		require.NoError(o.t, err)
		events := map[string]string{}
		for _, e := range calendar.Events() {
			stamp, err := e.GetDtStampTime()
			require.NoError(o.t, err)
			require.Equal(o.t, testkit.Today().String(), stamp.Format("2006-01-02"))
			events[e.Id()] = e.GetProperty(ics.ComponentPropertySequence).Value + e.GetProperty(ics.ComponentPropertyStatus).Value +
				e.GetProperty(ics.ComponentPropertySummary).Value + e.GetProperty(ics.ComponentPropertyDtStart).Value
		}
		return events
	}
	testkit.Await(o.t, func() bool {
		o.must("report", "calendar", id)
		all, own := sequences(filepath.Join(incident, "deadlines.ics")), map[string]string{}
		for _, key := range keys {
			for uid, event := range sequences(filepath.Join(incident, "practices", key, "deadlines.ics")) {
				own[uid] = event
			}
		}
		if len(own) == 0 || len(own) != len(all) {
			return false
		}
		for uid, event := range own {
			if all[uid] != event {
				return false // the practice's file follows what was recorded in a moment
			}
		}
		return true
	})
}
