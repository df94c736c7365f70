package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// TestACaseIsCorrectedAfterItsStart: a dry run shows each change before and after,
// the duties, the papers and the approvals, and changes nothing; the correction
// makes papers anew; the same file again changes nothing, and start knows the case.
func TestACaseIsCorrectedAfterItsStart(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.must("start", folder, "--by", "Ada Rivera")
	o.must("approve", id, "--practice", "harbor", "--by", "Ada Rivera")
	notice := filepath.Join(o.env["DUENOTICE_OUT"], id, "practices", "harbor", "notice.pdf")
	before := readText(t, notice)

	require.Equal(t, 2, o.do("amend", id, "--by", "Ada").code)
	require.Equal(t, 2, o.do("amend", id, "--by", "Ada", "--findings", "a", "--practices", "b").code)
	practices := filepath.Join(folder, "practices.csv")
	amend := func(what, file string, more ...string) result {
		return o.do(append([]string{"amend", id, what, file, "--by", "Ada Rivera"}, more...)...)
	}
	rewrite := func(path, old, with string) {
		require.Contains(t, readText(t, path), old)
		require.NoError(t, os.WriteFile(path, []byte(strings.Replace(readText(t, path), old, with, 1)), 0o600))
	}
	rewrite(practices, "Harbor Clinic PLLC,1 Harbor Way,Washington,DC,20001,Hana Harbor,privacy@harbor.example.org,10", "Harbor Clinic PLLC,9 Harbor Way,Washington,DC,20001,Hana Harbor,privacy@harbor.example.org,20")
	trial := amend("--practices", practices, "--dry-run")
	require.Zero(t, trial.code, trial.err)
	for _, line := range []string{
		`harbor +address1 +1 Harbor Way +9 Harbor Way`, `harbor +baa_notice_days +10 +20`, `Nothing was changed`,
		`Papers made anew, to be approved again: of 1 practice`, `Approvals void: of 1 practice\n +harbor: Ada Rivera`,
		`1 moved`, `moved +Notice to the practice`, `2026-04-05 +2026-03-26`,
	} {
		require.Regexp(t, line, trial.out)
	}
	require.Equal(t, before, readText(t, notice))
	start := o.do("start", folder, "--by", "Ada Rivera")
	require.Equal(t, 3, start.code)
	require.Contains(t, start.err, "edited since: practices.csv")

	require.Contains(t, amend("--practices", practices).out, "corrected, as list 2")
	require.Contains(t, amend("--practices", practices).out, "nothing changed")
	testkit.Await(t, func() bool { return readText(t, notice) != before }, func() string { return "the notice is made anew" })
	testkit.Await(t, func() bool {
		return strings.Contains(o.must("approve", id, "--list", "--by", "Ada Rivera"), "harbor")
	}, func() string { return "the approval is void" })

	incident := filepath.Join(folder, "incident.yaml")
	rewrite(incident, "somebody had signed in", "somebody had repeatedly signed in")
	rewrite(incident, "phone: 1-800-555-0199", "phone: 1-800-555-0188")
	trial = amend("--incident", incident, "--dry-run")
	require.Zero(t, trial.code, trial.err)
	for _, line := range []string{`what_happened +\(see below\)`, `after: .*repeatedly signed in`, `credit_monitoring.phone +1-800-555-0199 +1-800-555-0188`, `No obligation changes`, `of 2 practices`} {
		require.Regexp(t, line, trial.out)
	}
	require.Contains(t, amend("--incident", incident).out, "corrected, as list 3")
	require.Contains(t, amend("--incident", incident).out, "nothing changed")
	again := o.must("start", folder, "--by", "Ada Rivera")
	require.Contains(t, again, "nothing changed")
	require.Contains(t, again, "amended since: practices, list 2, by Ada Rivera")
	require.Contains(t, again, "amended since: incident, list 3, by Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseApproval) == 2 })

	require.NoError(t, os.WriteFile(practices, []byte("practice_key,legal_name,email\nnew,New Clinic,nobody\n"), 0o600))
	refused := amend("--practices", practices)
	require.Equal(t, 3, refused.code)
	require.Contains(t, refused.err, "E203")
	require.Contains(t, refused.err, "E220")
	list := o.must("amend", id, "--findings", filepath.Join(folder, "later-list.csv"), "--dry-run", "--by", "Ada")
	require.Contains(t, list, "WHAT")
	require.Contains(t, list, "added")
	require.Equal(t, 3, o.do("amend", "NONE", "--practices", practices, "--by", "Ada").code)
}
