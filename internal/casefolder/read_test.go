package casefolder_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

func TestPeopleAreNormalised(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	f.findings.set(
		"person_key", " N1 ", "first_name", " Jose\u0301 ", "last_name", "Nguye\u0302\u0303n\u00a0", "state", "il", "country", "us", "language", "zh-hans-cn",
		"data_classes", "Diagnosis; name;name;", "acquired_or_viewed", "Unknown", "confidential_address", "YES", "address1", "Łe\u0301 Street 1",
		"representative_relation", "Guardian", "representative_name", "Zoe\u0308",
	)
	f.findings.rows = append(f.findings.rows, map[string]string{}, person("N2"))
	f.findings.rows[2]["language"] = ""
	c, _, _ := f.read(t)
	var people []breach.Person
	var rows []int
	require.NoError(t, c.Findings(t.Context(), func(row int, p *breach.Person) error {
		people, rows = append(people, *p), append(rows, row)
		return nil
	}))
	require.Equal(t, []int{2, 4}, rows, "the empty row is no person, and rows are lines of the file")
	day := civil.MustParse
	require.Equal(t, breach.Person{
		Key: "N1", PracticeKey: "P1", FirstName: "José", MiddleName: "B.", LastName: "Nguyễn", Suffix: "Jr.", BirthDate: day("1980-02-29"),
		RepresentativeName: "Zoë", RepresentativeRelation: "guardian", Address1: "Łé Street 1", Address2: "Apt 3", City: "Springfield",
		State: "IL", ZIP: "62701-1234", Country: "US", Email: "lukasz@example.org", EmailAgreedOn: day("2024-01-01"), Phone: "+1 (217) 555-0103",
		Language: "zh-Hans-CN", ConfidentialAddress: breach.Yes, DataClasses: []breach.DataClass{"name", "diagnosis"},
		AcquiredOrViewed: "unknown", Source: "mailbox 7", EnrollmentCode: "CODE-4e31",
	}, people[0])
	require.Empty(t, people[1].Language, "nobody asked for a language, which is not asking for English")
	require.Equal(t, 2, c.FindingsRows)
}

func TestPracticesAreInKeyOrderAndNormalised(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	first := f.practices.rows[0]
	other := map[string]string{"practice_key": "A1", "legal_name": " Cafe\u0301 Clinic ", "agent": "Yes", "delegation": "ALL", "state": "ny"}
	f.practices.rows = []map[string]string{first, other}
	c, report, _ := f.read(t)
	require.False(t, report.Refused())
	require.Equal(t, breach.Practice{Key: "A1", LegalName: "Café Clinic", Agent: breach.Yes, Delegation: "all", State: "NY"}, c.Practices[0])
	require.Equal(t, breach.Practice{
		Key: "P1", NPI: "1234567893", LegalName: "Example Family Practice, LLC", DBA: "Example Family Practice", Address1: "1 Main Street",
		City: "Springfield", State: "IL", ZIP: "62701", PrivacyOfficer: "Ada Example", Email: "privacy@practice.example.org", Phone: "217-555-0100",
		TollFree: "1-800-555-0102", Website: "practice.example.org", BAANoticeDays: 30, Agent: breach.No, Delegation: "all",
		NotifiedOn: civil.MustParse("2026-04-01"), CountingEntity: "P1", Part2Program: breach.No, CALicensedFacility: breach.No, Insurer: breach.No,
		Timezone: "America/Chicago",
	}, c.Practices[1])
}

func TestTheHashChangesWithAnyFileAndNothingElse(t *testing.T) {
	t.Parallel()
	base, _, _ := wholeFolder().read(t)
	again, _, _ := wholeFolder().read(t)
	require.Equal(t, base.SHA256, again.SHA256)
	require.Len(t, base.SHA256, 64)
	seen := map[string]bool{base.SHA256: true}
	for _, spoil := range []func(*folder){
		func(f *folder) { f.incident += "# a comment\n" },
		func(f *folder) { f.practices.set("phone", "217-555-0109") },
		func(f *folder) { f.findings.set("phone", "217-555-0109") },
		func(f *folder) { f.rawPractices = f.findings.csv(); f.rawFindings = f.practices.csv() },
	} {
		f := wholeFolder()
		spoil(f)
		c, _, _ := f.read(t)
		require.False(t, seen[c.SHA256])
		seen[c.SHA256] = true
	}
}

func TestCountsAddUp(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	f.findings.rows = append(f.findings.rows, person("N2"), person("N1"), person("N4"), map[string]string{})
	f.findings.rows[1]["state"] = ""
	f.findings.rows[3]["last_name"], f.findings.rows[3]["birth_date"] = "", "soon"
	_, report, _ := f.read(t)
	require.Equal(t, casefolder.FileCounts{Name: "findings.csv", Rows: 5, OK: 1, Warned: 2, Refused: 2}, report.Files[2])
	require.Equal(t, map[string]int{"E302": 1, "E107": 1, "E108": 1, "W201": 1, "W002": 1}, report.ByRule)
	require.Equal(t, 3, report.Errors)
	require.Equal(t, 2, report.Warnings)
	require.True(t, report.Refused())
}

func TestMissingFilesAreNamedTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "practices.csv"), nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "findings.csv"), 0o700))
	for path, message := range map[string]string{dir: "has no incident.yaml, findings.csv", filepath.Join(dir, "none"): "is not a folder"} {
		_, _, err := casefolder.Read(t.Context(), path, today, nil)
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok)
		require.Contains(t, refusal.Message, message)
		require.Contains(t, refusal.Advice, "duenotice init")
	}
}

func TestAListThatChangedIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(string) string{
		"a letter":  func(s string) string { return strings.Replace(s, "Oak", "Elm", 1) },
		"a row":     func(s string) string { return s + s[strings.Index(s, "\n")+1:] },
		"a bad row": func(s string) string { return s + "\"\n" },
		"no rows":   func(string) string { return "\n" },
		"a bad day": func(s string) string { return strings.Replace(s, "1980-02-29", "1980-02-30", 1) },
		"a space":   func(s string) string { return s + "\n" },
	} {
		f := wholeFolder()
		dir := f.write(t)
		c, _, _ := readDir(t, dir)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "findings.csv"), []byte(change(f.findings.csv())), 0o600))
		err := c.Findings(t.Context(), func(int, *breach.Person) error { return nil })
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, name)
		require.Equal(t, "list_changed", refusal.Code, name)
	}
}

func TestErrorsOfTheCallerStopTheReading(t *testing.T) {
	t.Parallel()
	f := wholeFolder()
	f.findings.set("state", "")
	f.incident = strings.Replace(f.incident, "toll_free", "tollfree", 1)
	dir, enough := f.write(t), errors.New("enough")
	calls := 0
	_, _, err := casefolder.Read(t.Context(), dir, today, func(casefolder.Problem) error { calls++; return enough })
	require.ErrorIs(t, err, enough)
	require.Equal(t, 1, calls)

	c, _, _ := wholeFolder().read(t)
	require.ErrorIs(t, c.Findings(t.Context(), func(int, *breach.Person) error { return enough }), enough)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, c.Findings(cancelled, func(int, *breach.Person) error { return nil }), context.Canceled)
	_, _, err = casefolder.Read(cancelled, dir, today, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	dir := wholeFolder().write(t)
	before := snapshot(t, dir)
	readDir(t, dir)
	require.Equal(t, before, snapshot(t, dir))
}

func snapshot(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var b strings.Builder
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		fmt.Fprintln(&b, e.Name(), info.Mode(), info.ModTime(), string(content))
	}
	return b.String()
}

func TestALaterList(t *testing.T) {
	t.Parallel()
	c, _, _ := wholeFolder().read(t)
	practices := append(c.Practices, breach.Practice{Key: "P2"})
	list := wholeFolder().findings
	read := func(content string) (*casefolder.List, casefolder.Report, []casefolder.Problem) {
		path := filepath.Join(t.TempDir(), "later.csv")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		var problems []casefolder.Problem
		l, report, err := casefolder.ReadList(t.Context(), path, practices, casefolder.ListOptions{}, today, func(p casefolder.Problem) error {
			problems = append(problems, p)
			return nil
		})
		require.NoError(t, err)
		return l, report, problems
	}
	l, report, problems := read(list.csv())
	require.Empty(t, problems, "a practice without a row is no news in a later list")
	require.False(t, report.Refused())
	require.Equal(t, 1, l.Rows)
	require.Equal(t, c.FindingsSHA256, l.SHA256, "the same list has the same hash")
	seen := 0
	require.NoError(t, l.Findings(t.Context(), func(row int, p *breach.Person) error {
		seen++
		require.Equal(t, "N1", p.Key)
		return nil
	}))
	require.Equal(t, 1, seen)

	list.set("practice_key", "P9")
	_, report, problems = read(list.csv())
	require.Equal(t, []string{"E301"}, rulesOf(problems))
	require.Equal(t, "later.csv", problems[0].File)
	require.True(t, report.Refused())

	list.rows = nil
	_, report, problems = read(list.csv())
	require.Equal(t, []string{"E010"}, rulesOf(problems))
	require.True(t, report.Refused())

	_, _, err := casefolder.ReadList(t.Context(), filepath.Join(t.TempDir(), "none.csv"), practices, casefolder.ListOptions{}, today, nil)
	_, refused := breach.AsRefusal(err)
	require.True(t, refused)
}

// TestALaterListTakesPeopleOut: such a row needs the two keys and a reason, and
// is still held against everything that may not stand in a list.
func TestALaterListTakesPeopleOut(t *testing.T) {
	t.Parallel()
	read := func(content string) (*casefolder.List, []string) {
		path := filepath.Join(t.TempDir(), "later.csv")
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		var problems []casefolder.Problem
		l, _, err := casefolder.ReadList(t.Context(), path, []breach.Practice{{Key: "P1"}}, casefolder.ListOptions{}, today, func(p casefolder.Problem) error {
			problems = append(problems, p)
			return nil
		})
		require.NoError(t, err)
		return l, rulesOf(problems)
	}
	const header = "person_key,practice_key,last_name,data_classes,source,removed\n"
	l, problems := read(header + "N1,P1,,,\"Another Ada, of no practice\",yes\nN2,P1,Łukasz,name,,no\nN3,P1,Example,name,,\n")
	require.Empty(t, slices.DeleteFunc(problems, func(rule string) bool { return rule[0] == 'W' }))
	require.Equal(t, 3, l.Rows)
	require.Equal(t, []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: "N1", Why: "Another Ada, of no practice"}}, l.Removals)
	var added []string
	require.NoError(t, l.Findings(t.Context(), func(_ int, p *breach.Person) error {
		added = append(added, p.Key)
		return nil
	}))
	require.Equal(t, []string{"N2", "N3"}, added)

	for name, c := range map[string]struct{ rows, rule string }{
		"without a reason":        {"N1,P1,,,,yes\n", "E306"},
		"without a person":        {",P1,,,mistaken,yes\n", "E107"},
		"of an unknown practice":  {"N1,P9,,,mistaken,yes\n", "E301"},
		"added and taken out":     {"N1,P1,Example,name,,\nN1,P1,,,mistaken,yes\n", "E302"},
		"in another word":         {"N1,P1,,,mistaken,gone\n", "E110"},
		"with a number in it":     {"N1,P1,,,not 219-09-9999,yes\n", "E105"},
		"kept, with nothing else": {"N1,P1,,,,no\n", "E107"},
	} {
		_, problems := read(header + c.rows)
		require.Contains(t, problems, c.rule, name)
	}
}
