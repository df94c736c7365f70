package casefolder_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
)

// filled is what somebody writes in place of each mark of the template.
var filled = map[string]string{
	"<EX-2026-03>": "EX-2026-03", "<legal name of your organisation>": "Example Health Cloud, Inc.", "<street and number>": "100 Example Way",
	"<city, State ZIP>": "Somerset, NJ 08873", "<YYYY-MM-DD>": "2026-03-16", "<What happened, with its dates>": "On March 16, 2026 somebody entered.",
	"<What you do to investigate, to limit the harm, and to keep it from happening again>": "We closed the way in.",
	"<What the person should do to protect against harm>":                                  "Read your insurer's letters.",
	"<legal name of the practice>":                                                         "Example Family Practice", "<first name>": "Ada", "<last name>": "Example",
}

func TestTheTemplateIsRefusedUntilItsMarksAreFilledIn(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cases", "new")
	require.NoError(t, casefolder.WriteTemplate(dir))
	_, report, problems := readDir(t, dir)
	require.True(t, report.Refused())
	for _, p := range problems {
		if p.Severity == casefolder.SeverityError {
			require.Equal(t, "E115", p.Rule, "%s %s: only marks are wrong with the template", p.File, p.Message)
		}
	}
	require.NotContains(t, rulesOf(problems), "W001", "the template has only known columns")

	used := map[string]bool{}
	for _, name := range []string{"incident.yaml", "practices.csv", "findings.csv"} {
		path := filepath.Join(dir, name)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		text := regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(string(content), "")
		for mark, value := range filled {
			used[mark] = used[mark] || strings.Contains(text, mark)
			text = strings.ReplaceAll(text, mark, value)
		}
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	require.Len(t, used, len(filled))
	_, report, problems = readDir(t, dir)
	require.False(t, report.Refused(), "%v", problems)
}

func TestTheTemplateHasEveryColumnAndKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, casefolder.WriteTemplate(dir))
	for name, columns := range map[string][]string{"practices.csv": casefolder.PracticeColumns(), "findings.csv": casefolder.FindingColumns()} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		header, _, _ := strings.Cut(string(content), "\r\n")
		require.Equal(t, strings.Join(columns, ","), header)
	}
	incident, err := os.ReadFile(filepath.Join(dir, "incident.yaml"))
	require.NoError(t, err)
	for _, keys := range casefolder.IncidentKeys {
		for _, key := range keys {
			require.Contains(t, string(incident), key+":")
		}
	}
}

func TestTheTemplateOverwritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	own := []byte("mine")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "practices.csv"), own, 0o600))
	refusal, ok := breach.AsRefusal(casefolder.WriteTemplate(dir))
	require.True(t, ok)
	require.Contains(t, refusal.Message, "practices.csv")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing was written beside it")
	content, err := os.ReadFile(filepath.Join(dir, "practices.csv"))
	require.NoError(t, err)
	require.Equal(t, own, content)
}

func TestATemplateCutShortIsCompletedAndAWholeOneIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, casefolder.WriteTemplate(dir))
	require.NoError(t, os.Remove(filepath.Join(dir, "findings.csv")))
	require.NoError(t, casefolder.WriteTemplate(dir))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 4, "no temporary file stays")
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), e.Name())
	}
	_, ok := breach.AsRefusal(casefolder.WriteTemplate(dir))
	require.True(t, ok)
}
