package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/simulate"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// TestPlanSimulateStartAndTheUIShowTheSameObligations gives one folder to each
// of them and holds what every practice owes against the others: at the start,
// and after a later list and a hold, which in the folder stand from the first.
func TestPlanSimulateStartAndTheUIShowTheSameObligations(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	today := testkit.Today()
	o.must("start", folder, "--by", "Ada Rivera")
	o.holdAgainstEachOther(folder, today)

	// Every agency known so far is told. Those of a later list are not among them.
	told := []string{"record", "EX-2026-07", "--fact", "regulator_notified", "--on", today.String(), "--by", "Ada Rivera"}
	r := o.do(told...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "CT:attorney_general, MD:attorney_general, NY:attorney_general")
	require.Equal(t, []string{"CT", "MD", "NY", "NY", "NY", "NY"}, o.untold())
	o.must(append(told, "--jurisdiction", "all")...)
	require.Contains(t, o.must(append(told, "--jurisdiction", "all")...), "nothing changed")
	testkit.Await(t, func() bool { return len(o.untold()) == 0 }, func() string { return "the practices are told one after the other" })

	later, incident, findings := filepath.Join(folder, "later-list.csv"), filepath.Join(folder, "incident.yaml"), filepath.Join(folder, "findings.csv")
	o.must("amend", "EX-2026-07", "--findings", later, "--by", "Ada Rivera")
	_, rows, _ := strings.Cut(readText(t, later), "\n")
	require.NoError(t, os.WriteFile(findings, []byte(readText(t, findings)+rows), 0o600))
	o.must("hold", "EX-2026-07", "--kind", "written", "--stated-on", today.String(), "--until", today.AddDays(75).String(), "--official", "C. Example",
		"--agency", "FBI", "--statement", "Wait.", "--covers", "individual", "--by", "Ada Rivera")
	require.NoError(t, os.WriteFile(incident, fmt.Appendf(nil, `%s
law_enforcement_holds:
  - {kind: written, stated_on: %s, until: %s, official: C. Example, agency: FBI, statement: Wait., covers: [individual]}
`, readText(t, incident), today, today.AddDays(75)), 0o600))
	o.holdAgainstEachOther(folder, today)
	require.Equal(t, []string{"DC", "VT", "VT"}, o.untold())
}

// untold are the States of the agencies that are still to be told.
func (o *office) untold() []string {
	o.t.Helper()
	var states []string
	for _, key := range []string{"bay", "harbor"} {
		var s casebook.Status
		require.NoError(o.t, json.Unmarshal([]byte(o.must("status", "EX-2026-07", "--practice", key, "--json")), &s))
		for _, owed := range s.Details[0].Obligations {
			if owed.Kind == breach.RegulatorNotice && owed.SettledOn.IsZero() {
				states = append(states, owed.Jurisdiction)
			}
		}
	}
	slices.Sort(states)
	return states
}

// holdAgainstEachOther compares the folder's plan and simulation with where the
// running incident stands, and that with the practices' pages in the Temporal UI.
func (o *office) holdAgainstEachOther(folder string, today civil.Date) {
	o.t.Helper()
	t := o.t
	document, err := plan.Parse([]byte(o.must("plan", folder, "--json", "--as-of", today.String())))
	require.NoError(t, err)
	var calendar simulate.Calendar
	simulated := o.must("simulate", folder, "--from", today.String(), "--until", today.String(), "--json")
	require.NoError(t, json.Unmarshal([]byte(simulated), &calendar))
	require.Len(t, calendar.Practices, len(document.Practices))
	temporal := o.temporal()
	jurisdictions := map[string]bool{}
	for i, p := range document.Practices {
		require.Equal(t, p.PracticeKey, calendar.Practices[i].PracticeKey)
		require.Len(t, calendar.Practices[i].Obligations, len(p.Obligations))
		var want []string
		for n, s := range calendar.Practices[i].Obligations {
			planned := p.Obligations[n]
			jurisdictions[planned.Jurisdiction] = true
			require.Equal(t, duty(planned, s.Due), duty(breach.Obligation{
				Rule: s.Rule, Jurisdiction: s.Jurisdiction, Recipient: s.Recipient, Form: s.Form, Count: s.Count,
			}, s.Due), "planned and simulated")
			if !planned.Due.IsZero() { // else its clock started when the program told the practice
				require.Equal(t, planned.Due, s.Due, "%s of %s: planned and simulated", planned.Rule, p.PracticeKey)
			}
			want = append(want, duty(planned, s.Due))
		}
		// The practices take up late facts one after the other.
		var told differing
		testkit.Await(t, func() bool {
			standing, page := o.standing(document.Incident, p.PracticeKey)
			told = differing{
				{"simulated", strings.Join(want, "\n")}, {"started", strings.Join(standing, "\n")},
				{"status", strings.Join(page, "\n")}, {"in the UI", strings.Join(pageInUI(t, temporal, document.Incident, p.PracticeKey), "\n")},
			}
			return told[0].list == told[1].list && told[2].list == told[3].list
		}, func() string { return fmt.Sprintf("%s differ: %s", p.PracticeKey, &told) })
	}
	require.GreaterOrEqual(t, len(jurisdictions), 5, "there must be something to compare: %v", jurisdictions)
}

// differing is what each of four says, printed when it is asked for.
type differing [4]struct{ who, list string }

func (d *differing) String() string {
	var b strings.Builder
	for _, one := range d {
		fmt.Fprintf(&b, "\n%s:\n%s\n", one.who, one.list)
	}
	return b.String()
}

// duty names what is owed, to whom, of how many, by when.
func duty(o breach.Obligation, due civil.Date) string {
	return fmt.Sprintf("%s %s %s %s %d %s", o.Rule, o.Jurisdiction, o.Recipient, o.Form, o.Count, due)
}

// standing is what status says of a practice, and how its page in the UI would say it.
func (o *office) standing(incident, key string) (duties, lines []string) {
	o.t.Helper()
	var s casebook.Status
	require.NoError(o.t, json.Unmarshal([]byte(o.must("status", incident, "--practice", key, "--json")), &s))
	require.Len(o.t, s.Details, 1)
	for _, owed := range s.Details[0].Obligations {
		duties = append(duties, duty(owed.Obligation, owed.Due))
		mark, when := "done", "due "+owed.Due.String()
		if owed.SettledOn.IsZero() {
			mark = "open"
		}
		line := fmt.Sprintf("- [%s] %s %s, %s", mark, owed.Title(), when, owed.Citation)
		if owed.Due.IsZero() {
			line = fmt.Sprintf("- [%s] %s, not due yet: waits for %s, %s", mark, owed.Title(), owed.Trigger, owed.Citation)
		}
		if owed.NoSetDay() {
			line = fmt.Sprintf("- [%s] %s, no set day, %s", mark, owed.Title(), owed.Citation)
		}
		lines = append(lines, line)
	}
	return duties, lines
}

func (o *office) temporal() client.Client {
	o.t.Helper()
	config, err := app.LoadConfig(func(name string) string { return o.env[name] }, o.dir)
	require.NoError(o.t, err)
	c, err := app.DialTemporal(o.t.Context(), config, nil)
	require.NoError(o.t, err)
	o.t.Cleanup(c.Close)
	return c
}

// escaped is a character that Markdown would take for its own.
var escaped = regexp.MustCompile(`\\(.)`)

// pageInUI is the list of duties on a practice's page, asked for as the Temporal UI does.
func pageInUI(t *testing.T, temporal client.Client, incident, key string) []string {
	t.Helper()
	answer, err := temporal.QueryWorkflow(t.Context(), temporalx.PracticeID(incident, key), "", "__temporal_workflow_metadata")
	require.NoError(t, err)
	var page sdkpb.WorkflowMetadata
	require.NoError(t, answer.Get(&page))
	var lines []string
	for line := range strings.Lines(page.CurrentDetails) {
		if strings.HasPrefix(line, "- [") {
			lines = append(lines, escaped.ReplaceAllString(strings.TrimSpace(line), "$1"))
		}
	}
	return lines
}
