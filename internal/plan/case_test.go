package plan_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

const incidentYAML = `id: EX-2026-03
entity:
  name: Example Health Cloud, Inc.
  role: business_associate
  address: [100 Example Way, "Somerset, NJ 08873"]
  toll_free: 1-800-555-0100
  email: privacy@example.org
  website: https://example.org/notice
  public_company: no
occurred: {from: 2026-03-16, to: 2026-03-16}
discovered: 2026-03-16
breach_type: Hacking/IT Incident
location: [Electronic Medical Record]
what_happened: Somebody entered a system that keeps records.
what_we_are_doing: We closed the way in and told the police.
what_you_can_do: Watch the statements you get.
data_security: unsecured
law_enforcement_holds:
  - {kind: oral, stated_on: 2026-03-20, official: Agent Example, agency: Example Bureau, statement: It would impede us., until: , covers: [media]}
`

// caseFolder writes a case with n people of each practice.
func caseFolder(tb testing.TB, practices, n int) string {
	tb.Helper()
	dir := tb.TempDir()
	write := func(name string, content func(w *bufio.Writer)) {
		f, err := os.Create(filepath.Join(dir, name))
		require.NoError(tb, err)
		w := bufio.NewWriter(f)
		content(w)
		require.NoError(tb, w.Flush())
		require.NoError(tb, f.Close())
	}
	write("incident.yaml", func(w *bufio.Writer) { _, _ = w.WriteString(incidentYAML) })
	write("practices.csv", func(w *bufio.Writer) {
		_, _ = w.WriteString("practice_key,legal_name,address1,city,state,zip,email,agent,baa_notice_days,delegation\n")
		for p := range practices {
			fmt.Fprintf(w, "P%04d,Clinic %d,1 Example St,Springfield,VA,22150,p%d@example.org,yes,10,all\n", p, p, p)
		}
	})
	write("findings.csv", func(w *bufio.Writer) {
		_, _ = w.WriteString("person_key,practice_key,first_name,last_name,birth_date,address1,city,state,zip,data_classes\n")
		for i := range practices * n {
			fmt.Fprintf(w, "k%08d,P%04d,Alex,Example,1980-02-03,%d Example St,Springfield,VA,22150,name;address;diagnosis\n", i, i/n, i)
		}
	})
	return dir
}

func TestACaseFolderIsPlanned(t *testing.T) {
	t.Parallel()
	c, report, err := casefolder.Read(t.Context(), caseFolder(t, 2, 501), asOf, refused(t))
	require.NoError(t, err)
	require.False(t, report.Refused())
	d, err := plan.Of(t.Context(), inputOf(c), asOf, rules.Current())
	require.NoError(t, err)
	require.Equal(t, plan.Totals{Practices: 2, People: 1002, Findings: 1002, Letters: 1002, Obligations: 8}, d.Totals)
	require.Equal(t, []string{"covered_entity_notice US 501", "individual_notice US 501", "media_notice VA 501", "hhs_notice USimmediate 501"}, kinds(d.Practices[1]))
	require.Equal(t, "2026-03-26", d.Practices[1].Obligations[0].Due.String())
	require.Equal(t, "2026-04-19", d.Practices[1].Obligations[2].NotBefore.String(), "the hold of incident.yaml")
}

func inputOf(c *casefolder.Case) plan.Input {
	return plan.Input{Incident: c.Incident, Practices: c.Practices, Findings: c.Findings}
}

// refused fails the test on a refused row and lets warnings pass.
func refused(tb testing.TB) casefolder.Sink {
	tb.Helper()
	return func(p casefolder.Problem) error {
		if p.Severity == casefolder.SeverityError {
			tb.Errorf("refused: %+v", p)
		}
		return nil
	}
}

// BenchmarkPlanCaseFolder is all of `plan` on a million rows: reading and
// checking the folder, and the plan. The issue asks for under 15 s and 300 MB.
func BenchmarkPlanCaseFolder(b *testing.B) {
	const practices, each = 400, 2500
	dir := caseFolder(b, practices, each)
	for b.Loop() {
		c, report, err := casefolder.Read(b.Context(), dir, asOf, refused(b))
		require.NoError(b, err)
		require.False(b, report.Refused())
		d, err := plan.Of(b.Context(), inputOf(c), asOf, rules.Current())
		require.NoError(b, err)
		require.Equal(b, practices*each, d.Totals.People)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-from-OS")
}
