package casefolder_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/envelope"
)

func readCorrected(t *testing.T, content string) (*casefolder.Practices, casefolder.Report, []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "practices.csv")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	var problems []string
	list, report, err := casefolder.ReadPractices(t.Context(), path, []string{"P1", "P2"}, casefolder.ListOptions{}, today, func(p casefolder.Problem) error {
		problems = append(problems, place(p))
		return nil
	})
	require.NoError(t, err)
	return list, report, problems
}

// TestACorrectedListOfPractices has some of the practices and columns, and meets
// the checks of the first one.
func TestACorrectedListOfPractices(t *testing.T) {
	t.Parallel()
	list, report, problems := readCorrected(t, "legal_name,practice_key,email,baa_notice_days\nOak Clinic LLC,P2,office@example.org,10\n")
	require.Empty(t, problems, "what the list says nothing of is no news")
	require.False(t, report.Refused())
	require.Equal(t, []string{"practice_key", "legal_name", "email", "baa_notice_days"}, list.Columns)
	require.Equal(t, []breach.Practice{{Key: "P2", LegalName: "Oak Clinic LLC", Email: "office@example.org", BAANoticeDays: 10}}, list.Rows)
	require.Len(t, list.SHA256, 64)

	for rows, want := range map[string][]string{
		"P3,New Clinic,\n":         {"E220 practices.csv:2 practice_key"},
		"P1,Clinic,nobody\n":       {"E203 practices.csv:2 email"},
		"P1,Clinic,\nP1,Again,\n":  {"E201 practices.csv:3 practice_key"},
		"P1,,office@example.org\n": {"E107 practices.csv:2 legal_name"},
		"p1,Clinic,\n":             {"E220 practices.csv:2 practice_key"},
		"":                         {"E010 practices.csv:0"},
		"P1,Clinic,a@example.org\nP9,Clinic 9,\n": {"E220 practices.csv:3 practice_key"},
	} {
		_, report, problems := readCorrected(t, "practice_key,legal_name,email\n"+rows)
		require.Equal(t, want, problems)
		require.True(t, report.Refused())
	}
	_, _, err := casefolder.ReadPractices(t.Context(), filepath.Join(t.TempDir(), "none.csv"), nil, casefolder.ListOptions{}, today, nil)
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok)
	require.Equal(t, "no_list", refusal.Code)
}

// TestACorrectedIncident meets the checks of the first one.
func TestACorrectedIncident(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	c, _, _ := f.read(t)
	path := filepath.Join(c.Dir, casefolder.IncidentFile)
	correction, report, err := casefolder.ReadIncident(t.Context(), path, today, envelope.Forms{}, nil)
	require.NoError(t, err)
	require.False(t, report.Refused())
	require.Equal(t, c.Incident, correction.Incident)
	require.Equal(t, c.IncidentSHA256, correction.SHA256)

	require.NoError(t, os.WriteFile(path, []byte("id: EX-2026-03\n"), 0o600))
	_, report, err = casefolder.ReadIncident(t.Context(), path, today, envelope.Forms{}, nil)
	require.NoError(t, err)
	require.True(t, report.Refused())
	_, _, err = casefolder.ReadIncident(t.Context(), filepath.Join(c.Dir, "none.yaml"), today, envelope.Forms{}, nil)
	require.Error(t, err)
}
