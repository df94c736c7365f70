package casefolder_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
)

// canary stands for a patient's data. It has a space, so that it never is a
// key, which may be repeated.
const canary = "Canary Wren"

func TestNoCellIsRepeated(t *testing.T) {
	t.Parallel()
	for _, column := range casefolder.FindingColumns() {
		for _, value := range []string{
			canary, "=" + canary, "<" + canary + ">", canary + " 123-45-6789", canary + " 4111111111111111", canary + "\x00", canary + "\xff",
			strings.Repeat(canary, 60), "\t" + canary, "1980-02-30 " + canary, canary + ";name", canary + "@",
		} {
			f := wholeFolder()
			f.findings.set(column, value)
			refuseEcho(t, f)
		}
		f := wholeFolder()
		f.findings.header = append(f.findings.header, "note")
		f.findings.set("note", canary+" 123-45-6789")
		refuseEcho(t, f)
	}
	f := wholeFolder()
	f.rawFindings = "N1,P1," + canary + ",1980-02-29\nN2,P1," + canary + ",1980-02-29\n"
	require.Contains(t, refuseEcho(t, f), "E004", "a list without its header has a patient in its first row")
	f.rawFindings = "person_key;last_name;" + canary + "\n"
	require.Contains(t, refuseEcho(t, f), "E003")
}

// refuseEcho reads the folder and fails when anything that is said has the canary in it.
func refuseEcho(t testing.TB, f *folder) []string {
	t.Helper()
	_, report, problems := f.read(t)
	said, err := json.Marshal(struct {
		Report   any
		Problems any
	}{report, problems})
	require.NoError(t, err)
	require.NotContains(t, strings.ToLower(string(said)), strings.ToLower(canary))
	return rulesOf(problems)
}

// noEcho fails when anything that is said has the canary in it.
func noEcho(t *testing.T) casefolder.Sink {
	t.Helper()
	return func(p casefolder.Problem) error {
		require.NotContains(t, p.Message+p.Fix+p.PracticeKey, canary)
		require.Equal(t, p.Rule[0] == 'E', p.Severity == casefolder.SeverityError)
		return nil
	}
}

func FuzzFindings(f *testing.F) {
	whole := wholeFolder().findings
	rows := strings.SplitN(whole.csv(), "\n", 2)[1]
	f.Add(rows)
	f.Add(strings.ReplaceAll(rows, "Nguyễn", canary))
	f.Add(rows + "N2,P1,\"" + canary)
	f.Add(strings.ReplaceAll(rows, "12 Oak Avenue", "=1+2 "+canary))
	f.Add("\"\"\"\n,,,,\n" + canary)
	header := strings.Join(casefolder.FindingColumns(), ",") + "\n"
	f.Fuzz(func(t *testing.T, rows string) {
		list := []byte(header + rows)
		people, report, err := casefolder.CheckFindings(t.Context(), list, today, noEcho(t))
		require.NoError(t, err)
		counts := report.Files[0]
		require.Equal(t, counts.Rows, counts.OK+counts.Warned+counts.Refused)
		if report.Refused() {
			return
		}
		seen := map[string]bool{}
		require.NoError(t, casefolder.StreamPeople(t.Context(), list, func(_ int, p *breach.Person) error {
			require.True(t, breach.IsKey(p.Key))
			require.NotEmpty(t, p.LastName)
			require.NotEmpty(t, p.DataClasses)
			require.False(t, seen[p.Key], "one row for each person")
			seen[p.Key] = true
			return nil
		}), "what was accepted can be read")
		require.Len(t, seen, people)
	})
}

func FuzzPractices(f *testing.F) {
	whole := wholeFolder().practices
	f.Add(whole.csv())
	f.Add(strings.ReplaceAll(whole.csv(), "Ada Example", canary))
	f.Add("practice_key,legal_name\nP1,\"" + canary + "\nP2," + canary + "\n")
	f.Fuzz(func(t *testing.T, list string) {
		practices, report, err := casefolder.CheckPractices(t.Context(), []byte(list), today, noEcho(t))
		require.NoError(t, err)
		if report.Refused() {
			return
		}
		require.NotEmpty(t, practices)
		for i, p := range practices {
			require.True(t, breach.IsKey(p.Key))
			require.NotEmpty(t, p.LegalName)
			require.True(t, i == 0 || practices[i-1].Key < p.Key, "in key order, each once")
		}
	})
}

func FuzzIncident(f *testing.F) {
	f.Add(incidentText)
	f.Add(strings.ReplaceAll(incidentText, "Example", canary))
	f.Add("id: [" + canary)
	f.Add("a: &a\n  <<: *a\n")
	f.Add("? - - -\n: {[]: }")
	f.Fuzz(func(t *testing.T, text string) {
		incident, report, err := casefolder.CheckIncident([]byte(text), today, noEcho(t))
		require.NoError(t, err)
		if report.Refused() {
			return
		}
		require.True(t, breach.IsIncidentID(incident.ID))
		require.False(t, incident.Discovered.IsZero())
		require.NotEmpty(t, incident.WhatHappened)
	})
}
