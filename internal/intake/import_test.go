package intake_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/intake"
)

var today = civil.Of(2026, time.November, 29)

// caseDir is a case folder as init writes it.
func caseDir(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "case")
	require.NoError(t, casefolder.WriteTemplate(dir))
	return dir
}

// file writes a source.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// imported imports and returns the report, and each list by its columns.
func imported(t testing.TB, o intake.Options) (intake.Report, []map[string]string) {
	t.Helper()
	o.Today = today
	report, err := intake.Import(t.Context(), o)
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Join(o.Dir, ".import"), "nothing of what was sorted stays")
	return report, list(t, o.Dir, casefolder.FindingsFile)
}

func list(t testing.TB, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	all, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var found []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			if cell != "" {
				row[all[0][i]] = cell
			}
		}
		found = append(found, row)
	}
	return found
}

const clients = `practice_key,legal_name,npi,address1,city,state,zip,email
OAK,Oak Street Medical Group,1234567893,1 Oak St,Reno,NV,89501,office@oak.example.org
ELM,"Elm Family Practice, P.C.",,2 Elm Ave,Reno,NV,89502,office@elm.example.org
`

func TestASpreadsheetOfPeopleBecomesAList(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{
		file(t, "people.csv", "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,SSN,Clinic Name,Shoe Size\n"+
			"17,Ann,Doe,1980-01-02,1 Ash St,Reno,NV,89501,000-12-3456,Oak Street Medical Group,38\n"+
			"17,Ann,Doe,1980-01-02,1 Ash St,Reno,NV,89501,,elm family practice,38\n"+
			"18,Bob,Roe,1990-03-04,2 Ash St,Reno,NV,89501,N,Nowhere Clinic,44\n"),
		file(t, "clients.csv", clients),
	}})
	require.False(t, report.Refused, "%+v", report)
	require.Len(t, people, 2)
	require.Equal(t, people[0]["person_key"], people[1]["person_key"], "one id is one person in every practice")
	require.Equal(t, "ELM", people[0]["practice_key"])
	require.Equal(t, "address;date_of_birth;name", people[0]["data_classes"])
	require.Equal(t, "address;date_of_birth;name;ssn", people[1]["data_classes"], "the number is a kind")
	require.Equal(t, "S1 row 2", people[1]["source"], "every row can be traced")
	unplaced := list(t, dir, intake.UnplacedFile)
	require.Len(t, unplaced, 1)
	require.Equal(t, "Nowhere Clinic", unplaced[0]["practice_as_given"])
	require.Equal(t, "Roe", unplaced[0]["last_name"], "rows of an unknown practice go to a list, not away")
	require.Equal(t, []intake.UnknownPractice{{Name: "Nowhere Clinic", Rule: "practice_unknown", Rows: 1}}, report.UnknownPractices)
	require.Equal(t, intake.Written{Practices: 2, People: 1, Findings: 2, Unplaced: 1, PracticesSHA256: report.Written.PracticesSHA256, FindingsSHA256: report.Written.FindingsSHA256}, report.Written)
	require.Equal(t, []intake.NearColumn{{Column: "Shoe Size", Nearest: ""}}, report.Sources[0].Tables[0].Unmapped)
	require.True(t, report.Sources[0].Tables[0].Guessed)
	for _, name := range []string{casefolder.FindingsFile, casefolder.PracticesFile, intake.ReportCSV, intake.ReportJSON, intake.SourcesFile, intake.UnplacedFile} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.NotContains(t, string(content), "000-12-3456", name)
		require.NotContains(t, string(content), "000123456", name)
		if strings.HasPrefix(name, "import-report") || name == intake.SourcesFile {
			for _, private := range []string{"Doe", "Roe", "1980", "Ash St", "17,"} {
				require.NotContains(t, string(content), private, name)
			}
		}
	}
	requireValid(t, dir)
}

// requireValid has the lists checked as validate checks them.
func requireValid(t testing.TB, dir string) {
	t.Helper()
	_, report, err := casefolder.Read(t.Context(), dir, today, nil)
	require.NoError(t, err)
	for _, f := range report.Files {
		if f.Name != casefolder.IncidentFile {
			require.Zero(t, f.Refused, "%s: %v", f.Name, report.ByRule)
		}
	}
}

func TestTheSameSourcesGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	sources := []string{
		file(t, "clients.csv", clients),
		file(t, "people.csv", "Last Name,DOB,Street Address,Clinic Name\nDoe,1980-01-02,1 Ash St,Oak Street Medical Group\nRoe,1990-01-02,1 Ash St,Oak Street Medical Group\n"),
	}
	contents := func(dir string) map[string]string {
		all := map[string]string{}
		for _, name := range []string{casefolder.FindingsFile, casefolder.PracticesFile, intake.ReportCSV, intake.ReportJSON, intake.SourcesFile, intake.KeyFile} {
			content, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			all[name] = string(content)
		}
		return all
	}
	one, other := caseDir(t), caseDir(t)
	imported(t, intake.Options{Dir: one, Sources: sources})
	imported(t, intake.Options{Dir: other, Sources: sources})
	first := contents(one)
	sums, err := intake.SourcesOf(one, hashOf(first[casefolder.FindingsFile]))
	require.NoError(t, err)
	for i, path := range sources {
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, hashOf(string(content)), sums[fmt.Sprintf("S%d", i+1)], "the case remembers what it was made from")
	}
	sums, err = intake.SourcesOf(one, hashOf("changed"))
	require.NoError(t, err)
	require.Empty(t, sums, "a list that was changed since is of nobody's sources")
	require.Equal(t, first, contents(other), "in another folder")
	imported(t, intake.Options{Dir: one, Sources: sources})
	require.Equal(t, first, contents(one), "a second time")
	_, people := imported(t, intake.Options{Dir: one, Sources: []string{sources[1], sources[0]}})
	require.Equal(t, list(t, other, casefolder.FindingsFile)[0]["person_key"], people[0]["person_key"], "a later import gives a person the same key")
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// What is said of an import, in whatever way, may be passed on.
func TestNothingOfAPersonIsReported(t *testing.T) {
	t.Parallel()
	text, _ := damagedList(3000, true)
	private := []string{"Ann", "ANN", "Doe", "Muñoz", "Ash", "1980", "2-Jan", "A0000", "555", "Vegas", "29221"}
	dir := caseDir(t)
	var said strings.Builder
	report, err := intake.Import(t.Context(), intake.Options{
		Dir: dir, Today: today, Sources: []string{file(t, "list.csv", text), file(t, "clients.csv", clients)}, LeaveOut: true, Repairs: []string{"all"},
		Sink: func(e intake.Event) error {
			fmt.Fprintf(&said, "%s %s %d %s %s %s %s\n", e.Source, e.Sheet, e.Row, e.Column, e.What, e.Rule, e.Detail)
			return nil
		},
	})
	require.NoError(t, err)
	require.NotZero(t, report.Written.Findings)
	for _, name := range []string{intake.ReportCSV, intake.ReportJSON, intake.SourcesFile} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		said.Write(content)
	}
	numbers := regexp.MustCompile(`[0-9]+|[0-9a-f]{64}`) // rows, counts and hashes may hold any digits
	words := numbers.ReplaceAllString(said.String(), "")
	for _, word := range private {
		if !numbers.MatchString(word) {
			require.NotContains(t, words, word)
		}
	}
	require.NotContains(t, said.String(), "A000001")
}

func TestWhatAKilledImportLeftIsTakenAway(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	left := filepath.Join(dir, ".import")
	require.NoError(t, os.MkdirAll(left, 0o700))
	for _, name := range []string{"lock", "events", "part-0"} {
		require.NoError(t, os.WriteFile(filepath.Join(left, name), []byte("what was sorted"), 0o600))
	}
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "clients.csv", clients), file(t, "p.csv", "Last Name,Practice Key\nDoe,OAK\n")}})
	require.False(t, report.Refused)
	require.Len(t, people, 1)
}

func TestTwoImportsOfOneCaseAreKeptApart(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	sources := []string{file(t, "clients.csv", clients), file(t, "p.csv", "Last Name,Practice Key\nDoe,OAK\n")}
	var inner error
	_, err := intake.Import(t.Context(), intake.Options{Dir: dir, Today: today, Sources: sources, Sink: func(intake.Event) error {
		if inner == nil {
			_, inner = intake.Import(t.Context(), intake.Options{Dir: dir, Today: today, Sources: sources})
		}
		return nil
	}})
	require.NoError(t, err)
	require.ErrorContains(t, inner, "another import of this case is running")
}

func TestARowThatLostACellIsRefused(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	o := intake.Options{Dir: dir, Sources: []string{
		file(t, "clients.csv", clients+"ASH,Ash Clinic\n"),
		file(t, "p.csv", "Last Name,State,Practice Key,Email\nDoe,NV,OAK,\nRoe,OAK,x@example.org\n\"Poe,NV,OAK,\nMoe,NV,OAK\n"),
	}}
	report, _ := imported(t, o)
	require.True(t, report.Refused)
	require.Equal(t, map[string]int{"cell_count": 1, "quotes": 1}, report.RefusedValues, "OAK is no State; and a mark that never ends costs one row")
	require.Equal(t, map[string]int{"short_row": 2}, report.Needed, "one of people and one of practices without their last cells")
	o.LeaveOut, o.Repairs = true, []string{"short_row"}
	report, people := imported(t, o)
	require.False(t, report.Refused)
	require.Len(t, people, 2, "Doe and Moe")
	require.Equal(t, 2, report.Rows.LeftOut)
}

func TestTheReportIsNotWrittenOverASource(t *testing.T) {
	t.Parallel()
	source := file(t, "p.csv", "Last Name,Practice Key\nDoe,OAK\n")
	_, err := intake.Import(t.Context(), intake.Options{Dir: caseDir(t), Today: today, DryRun: true, Sources: []string{source}, EventsFile: source})
	require.ErrorContains(t, err, "is a source")
}
