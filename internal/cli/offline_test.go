package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
	"duenotice/internal/simulate"
)

func writeFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestInitWritesACaseThatValidateRefusesUntilItIsFilledIn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "case")
	r := terminal{}.run(t, "init", dir)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "duenotice validate")

	r = terminal{}.run(t, "validate", dir)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "placeholder")

	r = terminal{}.run(t, "init", dir)
	require.Equal(t, 3, r.code, "it never overwrites")
}

func TestValidateTellsEveryProblemToProgramsAndTheFirstToPeople(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 12, 3700)
	findings := filepath.Join(dir, "findings.csv")
	content, err := os.ReadFile(findings)
	require.NoError(t, err)
	bad := strings.Repeat("x,NOPE\n", 5)
	require.NoError(t, os.WriteFile(findings, append(content, bad...), 0o600))
	list := filepath.Join(t.TempDir(), "errors.csv")

	people := terminal{}.run(t, "validate", dir, "--errors", list)
	require.Equal(t, 3, people.code)
	require.Contains(t, people.out, "and 2 more")
	require.Contains(t, people.out, "REFUSED for 5 errors")
	file, err := os.Open(list)
	require.NoError(t, err)
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.NoError(t, file.Close())

	programs := terminal{}.run(t, "validate", dir, "--json")
	require.Equal(t, 3, programs.code)
	require.Empty(t, programs.err)
	var document struct {
		Refused  bool
		Report   casefolder.Report
		Problems []casefolder.Problem
	}
	require.NoError(t, json.Unmarshal([]byte(programs.out), &document))
	require.True(t, document.Refused)
	require.Equal(t, 5, document.Report.Errors)
	require.Len(t, document.Problems, document.Report.Errors+document.Report.Warnings)
	require.Len(t, rows, len(document.Problems)+1)
}

func TestValidateTakesAGoodCase(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t, "validate", syntheticCase(t, 3, 30))
	require.Zero(t, r.code, r.out)
	require.Contains(t, r.out, "No errors. Next: duenotice plan")
}

func TestPlanIsOneDocumentOrOneScreen(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 12, 3700)
	programs := terminal{}.run(t, "plan", dir, "--json", "--as-of", "2026-04-01")
	require.Zero(t, programs.code, programs.err)
	document, err := plan.Parse([]byte(programs.out))
	require.NoError(t, err)
	require.Equal(t, "2026-04-01", document.AsOf.String())
	require.Len(t, document.Practices, 12)

	people := terminal{}.run(t, "plan", dir)
	require.Zero(t, people.code)
	require.Regexp(t, `2026-05-15 +Individual notice +11 practices`, people.out)
	require.Regexp(t, `2026-03-26 overdue +Notice to the practice +P-00005`, people.out, "whom it concerns, and that its day is over")
	require.Regexp(t, `P-00005 +Cinder Summit Internal Medicine, Ltd\. +560`, people.out)
	require.Contains(t, people.out, "as of 2026-04-12")
}

func TestPlanOfARefusedCaseLeavesStandardOutputEmpty(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 3, 30)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "findings.csv"), []byte("nope\n"), 0o600))
	r := terminal{}.run(t, "plan", dir, "--json")
	require.Equal(t, 3, r.code)
	require.Empty(t, r.out)
	require.Contains(t, r.err, "findings.csv")
}

func TestRulesInThreeForms(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t, "rules", "--json")
	require.Zero(t, r.code)
	var document struct {
		Version, SHA256 string
		Rules           []rules.Rule
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &document))
	require.Equal(t, rules.Current().SHA256(), document.SHA256)
	require.Equal(t, rules.Current().Rules(), document.Rules)

	require.Contains(t, terminal{}.run(t, "rules").out, "hipaa.164.404.individual")
	require.Equal(t, rules.Current().Markdown(), terminal{}.run(t, "rules", "--markdown").out)
}

// TestRulesNobodyLookedAtSince: the readings of this rulebook are of 2026-11-22.
func TestRulesNobodyLookedAtSince(t *testing.T) {
	t.Parallel()
	listed := func(args ...string) int {
		r := terminal{}.run(t, append([]string{"rules", "--json"}, args...)...)
		require.Zero(t, r.code, r.err)
		var document struct{ Rules []rules.Rule }
		require.NoError(t, json.Unmarshal([]byte(r.out), &document))
		return len(document.Rules)
	}
	require.Zero(t, listed("--stale", "180d", "--as-of", "2027-05-21"), "the 180th day")
	require.Equal(t, len(rules.Current().Rules()), listed("--stale", "180d", "--as-of", "2027-05-22"))
	require.Zero(t, listed("--stale", "26w", "--as-of", "2027-05-23"))
	require.Contains(t, terminal{}.run(t, "rules", "--stale", "180d", "--as-of", "2026-11-22").out, "No rule: every reading was compared")
	require.Contains(t, terminal{}.run(t, "rules", "--stale", "7d", "--as-of", "2027-01-01").out, "2026-11-22")
	require.Equal(t, 2, terminal{}.run(t, "rules", "--stale", "half a year").code)
	require.Equal(t, 2, terminal{}.run(t, "rules", "--as-of", "2027-05-22").code)
}

func TestColoursOnlyOnATerminalThatWantsThem(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)
	const escape = "\x1b["
	require.Contains(t, terminal{terminal: true}.run(t, "validate", dir).out, escape)
	require.NotContains(t, terminal{}.run(t, "validate", dir).out, escape)
	noColor := terminal{terminal: true, env: map[string]string{"NO_COLOR": "1"}}
	require.NotContains(t, noColor.run(t, "validate", dir).out, escape)
}

func TestSimulatePrintsTheCalendarAndTakesAScript(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 3, 3_000)
	r := terminal{}.run(t, "simulate", dir, "--until", "2026-05-20")
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "Nobody acts.")
	require.Contains(t, r.out, "Individual notice: MISSED")
	require.Contains(t, r.out, "2026-05-15")

	script := writeFile(t, "acts:\n  - {on: 2026-03-30, act: delegate, practice: P-00001, delegation: nonsense, by: Ada Rivera}\n")
	r = terminal{}.run(t, "simulate", dir, "--until", "2026-05-20", "--script", script, "--practice", "P-00001", "--json")
	require.Zero(t, r.code, r.err)
	var calendar simulate.Calendar
	require.NoError(t, json.Unmarshal([]byte(r.out), &calendar))
	require.Equal(t, 1, calendar.Totals.Refused)
	require.Len(t, calendar.Practices, 1)
	for _, e := range calendar.Events {
		require.Equal(t, []string{"P-00001"}, e.PracticeKeys)
	}

	for name, args := range map[string][]string{
		"2 no day":            {"--until", "soon"},
		"3 before it starts":  {"--from", "2026-01-01"},
		"3 no such practice":  {"--practice", "NOPE"},
		"3 not a script":      {"--script", writeFile(t, "acts: nothing")},
		"1 no file of script": {"--script", filepath.Join(dir, "missing.yaml")},
	} {
		r := terminal{}.run(t, append([]string{"simulate", dir}, args...)...)
		require.Equal(t, string(name[0]), strconv.Itoa(r.code), "%s: %s", name, r.err)
	}
}

func TestPlanDiffSaysWhatChangedSinceAPlanThatWasKept(t *testing.T) {
	t.Parallel()
	dir := syntheticCase(t, 3, 3_000)
	first := terminal{}.run(t, "plan", dir, "--json")
	require.Zero(t, first.code, first.err)
	old := writeFile(t, first.out)

	r := terminal{}.run(t, "plan", dir, "--diff", old)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "No obligation changes.")

	incident := filepath.Join(dir, "incident.yaml")
	content, err := os.ReadFile(incident)
	require.NoError(t, err)
	later := strings.ReplaceAll(string(content), "discovered: 2026-03-16", "discovered: 2026-03-17")
	require.NotEqual(t, string(content), later)
	require.NoError(t, os.WriteFile(incident, []byte(later), 0o600))
	r = terminal{}.run(t, "plan", dir, "--diff", old)
	require.Zero(t, r.code, r.err)
	require.Contains(t, r.out, "2026-05-16")
	require.Contains(t, r.out, "2026-05-15")
	require.Contains(t, r.out, "moved")

	r = terminal{}.run(t, "plan", dir, "--diff", old, "--json")
	require.Zero(t, r.code, r.err)
	var document struct {
		Changes []plan.Change `json:"changes"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &document))
	require.NotEmpty(t, document.Changes)
	for _, c := range document.Changes {
		require.NotEmpty(t, c.PracticeKey)
	}

	require.Equal(t, 3, terminal{}.run(t, "plan", dir, "--diff", writeFile(t, "not a plan")).code)
	require.Equal(t, 3, terminal{}.run(t, "plan", dir, "--diff", writeFile(t, `{"incident":"OTHER"}`)).code)
	require.Equal(t, 1, terminal{}.run(t, "plan", dir, "--diff", filepath.Join(dir, "missing.json")).code)
}
