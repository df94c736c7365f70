package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/accesslog"
	"duenotice/internal/synthetic"
)

// From an access log to answers in a case folder that is read, by what each command says
// is next, and without a patient on the screen.
func TestFromAnAccessLogToItsPeople(t *testing.T) {
	t.Parallel()
	files := t.TempDir()
	in := func(name string) string { return filepath.Join(files, name) }
	truth, err := synthetic.AccessLog{Seed: 5, Patients: 600, Practices: 6, Clerks: 4, Physicians: 4, Days: 21, Night: 400, Exported: 30}.WriteFiles(files)
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)
	require.Zero(t, terminal{}.run(t, "findings", "import", dir, in("patients.csv"), in("clients.csv")).code)

	window := []string{"--from", "2026-03-16T22:00-04:00", "--to", "2026-03-17T06:00-04:00"}
	r := terminal{}.run(t, append([]string{"findings", "access", dir, in("audit.csv")}, window...)...)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "clerk-3 (Billing clerk): left what is usual")
	require.NotContains(t, r.out, "physician-2")
	require.Contains(t, r.out, "--account clerk-3")

	r = terminal{}.run(t, append([]string{"findings", "access", dir, in("audit.csv"), "--account", "clerk-3", "--write"}, window...)...)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "The list's rows: 400 yes, 200 no, 0 unknown.")
	require.NotContains(t, r.out+r.err, "M000")
	text, err := os.ReadFile(filepath.Join(dir, accesslog.ReportJSON))
	require.NoError(t, err)
	var report accesslog.Report
	require.NoError(t, json.Unmarshal(text, &report))
	require.Equal(t, len(truth.Exported), report.People.Exported)
	require.NotContains(t, string(text), "M000")
	r = terminal{}.run(t, "validate", dir)
	require.Contains(t, r.out, "findings.csv    600 rows", "the list with its answers is read")
	require.NotContains(t, r.out, "findings.csv line")

	r = terminal{}.run(t, append([]string{"findings", "access", dir, in("audit.csv"), "--json"}, window...)...)
	require.Zero(t, r.code, r.err)
	text, err = os.ReadFile(filepath.Join(dir, accesslog.ReportJSON))
	require.NoError(t, err)
	require.JSONEq(t, string(text), r.out)
}

func TestAWindowSaysItsZone(t *testing.T) {
	t.Parallel()
	log := writeFile(t, "time,user,patient\n2026-03-16T10:00:00Z,kim,1\n")
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)
	for args, says := range map[string]string{
		"--to 2026-03-17T00:00Z":                                                  "--from is missing",
		"--from 2026-03-16T00:00 --to 2026-03-17T00:00Z":                          "--from has no offset",
		"--from yesterday --to 2026-03-17T00:00Z":                                 "--from is a time",
		"--from 2026-03-16T00:00Z --to 2026-03-17T00:00Z --zone Local":            "--zone is the name",
		"--from 2026-03-16T00:00Z --to 2026-03-17T00:00Z --write":                 "--write needs --account",
		"--from 2026-03-16T00:00Z --to 2026-03-17T00:00Z --leave-out-no":          "--leave-out-no needs --account",
		"--from 2026-03-16 --to 2026-03-17 --zone America/New_York --account kim": "",
	} {
		r := terminal{}.run(t, append([]string{"findings", "access", dir, log}, strings.Fields(args)...)...)
		if says == "" {
			require.NotEqual(t, 2, r.code, r.err)
			continue
		}
		require.Equal(t, 2, r.code, args)
		require.Contains(t, r.err, says)
	}
}

func TestALogsProfileIsPrintedToBeCopied(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t, "findings", "profiles")
	require.Contains(t, r.out, "pgaudit")
	r = terminal{}.run(t, "findings", "profiles", "access-log")
	require.Zero(t, r.code)
	mine := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(mine, []byte(strings.Replace(r.out, "patient: [", "patient: [Chart ID, ", 1)), 0o600))
	log := writeFile(t, "time,user,Chart ID\n2026-03-16T10:00:00Z,kim,1\n")
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)
	window := []string{"findings", "access", dir, log, "--from", "2026-03-16T00:00Z", "--to", "2026-03-17T00:00Z"}
	require.Equal(t, 3, terminal{}.run(t, window...).code)
	r = terminal{}.run(t, append(window, "--profile", mine)...)
	require.Zero(t, r.code, r.err)
}
