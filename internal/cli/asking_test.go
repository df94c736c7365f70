package cli_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

// Nobody can do what needs a day that the statement does not have: no server is asked.
func TestAWrittenHoldWithoutADayIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	hold := []string{"hold", "X", "--stated-on", "2026-04-01", "--official", "Det. C. Example", "--agency", "FBI", "--statement", "Wait.", "--by", "Ada", "--kind"}
	r := terminal{}.run(t, append(hold, "written")...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "45 CFR 164.412(a)")
	require.Contains(t, r.err, "--kind oral")
	require.Equal(t, 1, terminal{}.run(t, append(hold, "written", "--until", "2026-05-20")...).code, "only the server is missing")
	require.Equal(t, 1, terminal{}.run(t, append(hold, "oral")...).code)
	r = terminal{}.run(t, append(hold, "oral", "--covers", "mdeia")...)
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, "did you mean media?")
}

// What cannot be taken back is shown and asked for where a person can answer, and
// nowhere else; practices can be chosen; and what is not there is refused everywhere.
func TestAnOfficerIsAskedChoosesAndIsToldWhatIsNotThere(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.env["DUENOTICE_TEMPORAL_UI"] = "http://127.0.0.1:1"
	folder := syntheticCase(t, 3, 12)
	const id = "DEMO-2026-03"
	o.startWorker()

	o.answers = "n\n"
	r := o.do("start", folder)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "cannot be taken back")
	require.Contains(t, r.err, "begins for 3 practices")
	require.Contains(t, r.err, "Go on? [y/N]")
	require.Contains(t, o.must("status"), "There is no incident")
	o.answers = "y\n"
	require.Contains(t, o.must("start", folder), "3 practices, 12 people")
	r = o.do("start", folder)
	require.Zero(t, r.code)
	require.NotContains(t, r.err, "Go on?", "the second start changes nothing")

	waiting := func(flags ...string) [][]string {
		r := o.do(append([]string{"status", id, "--csv"}, flags...)...)
		require.Zero(t, r.code, r.err)
		rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
		require.NoError(t, err)
		return rows[1:]
	}
	require.Len(t, waiting(), 3)
	inApproval := waiting("--phase", "waiting approval")
	require.NotEmpty(t, inApproval)
	for _, row := range inApproval {
		require.Equal(t, "waiting approval", row[3])
	}
	require.Empty(t, waiting("--phase", "closed"))
	for _, row := range waiting("--needs") {
		require.NotEmpty(t, row[4])
	}
	require.Len(t, regexp.MustCompile(`(?m)^P-0`).FindAllString(o.must("status", id, "--needs"), -1), len(waiting("--needs")))
	key := inApproval[0][0]
	duties := waiting("--practice", key)
	require.NotEmpty(t, duties)
	require.Equal(t, key, duties[0][0])
	r = o.do("status", id, "--phase", "waiting approvla")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, "did you mean waiting approval?")

	o.answers = "\n"
	r = o.do("approve", id, "--all", "--by", "Ada Rivera")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "printed when another person approves")
	r = o.do("approve", id, "--all", "--by", "Ada Rivera", "--yes")
	require.Zero(t, r.code, r.err)
	require.NotContains(t, r.err, "Go on?")
	o.answers = ""
	r = o.do("approve", id, "--practice", key, "--by", "Ben Okafor")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.err, "are approved and printed", "a script is told and not asked")

	require.Contains(t, o.must("hold", id, "--kind", "oral", "--stated-on", "2026-04-01", "--official", "Det. C. Example", "--agency", "FBI",
		"--statement", "Wait.", "--covers", "media,hhs", "--by", "Ada"), "delays the media notice, the report to HHS until 2026-05-01, by Ada")
	require.Contains(t, o.must("status", id), "HOLD oral, stated on 2026-04-01 by Det. C. Example, FBI: delays the media notice, the report to HHS until 2026-05-01")
	o.answers = "no\n"
	r = o.do("release", id, "--on", "2026-04-02", "--by", "Ada")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "what it held goes out")
	o.answers = ""

	file := writeFile(t, "piece_id,returned_on\n")
	for _, args := range [][]string{
		{"status", "NOPE"}, {"status", id, "--practice", "NOPE"}, {"ui", "NOPE"}, {"ui", id, "--practice", "NOPE"}, {"approve", "NOPE", "--list"},
		{"approve", "NOPE", "--all", "--by", "Ada"}, {"approve", id, "--practice", "NOPE", "--by", "Ada"},
		{"assess", "NOPE", "--practice", key, "--conclusion", breach.Presumed, "--by", "Ada"}, {"assess", id, "--practice", "NOPE", "--conclusion", breach.Presumed, "--by", "Ada"},
		{"delegate", "NOPE", "all", "--practice", key, "--by", "Ada"}, {"delegate", id, "all", "--practice", "NOPE", "--by", "Ada"},
		{"record", "NOPE", "--fact", "acknowledged", "--on", "2026-04-20", "--by", "Ada"},
		{"record", id, "--practice", "NOPE", "--fact", "acknowledged", "--on", "2026-04-20", "--by", "Ada"},
		{"hold", "NOPE", "--kind", "oral", "--stated-on", "2026-04-01", "--official", "O", "--agency", "A", "--statement", "S", "--by", "Ada"},
		{"release", "NOPE", "--on", "2026-04-02", "--by", "Ada"}, {"replan", "NOPE", "--dry-run"}, {"returns", "NOPE", file, "--by", "Ada"},
		{"amend", "NOPE", "--findings", folder + "/findings.csv", "--by", "Ada"}, {"audit", "replay", "NOPE"}, {"reveal", "NOPE"},
		{"reveal", id, "--practice", "NOPE", "--person", "x", "--reason", "r", "--by", "Ada"},
		{"handover", "NOPE", "--batch", "b", "--to", "T", "--by", "Ada"}, {"handover", id, "--practice", "NOPE", "--to", "T", "--by", "Ada"},
		{"report", "evidence", "NOPE"}, {"report", "evidence", id, "--practice", "NOPE"}, {"report", "binder", "NOPE", "--practice", "P1"},
		{"report", "binder", id, "--practice", "NOPE"}, {"report", "accounting", id, "--practice", "NOPE"},
		{"keys", "hold", "NOPE", "--matter", "m", "--by", "Ada"}, {"keys", "release", "NOPE", "--matter", "m", "--by", "Ada"}, {"keys", "shred", "NOPE", "--by", "Ada"},
	} {
		r := o.do(args...)
		require.Equal(t, 3, r.code, "%v: %s", args, r.err)
		require.Contains(t, r.err, "NOPE", "%v", args)
	}
	require.Contains(t, o.must("ui", id, "--practice", key), "http://127.0.0.1:1/")
}
