package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"duenotice/internal/casefolder"
	"duenotice/internal/intake"
)

// A cell of findings.csv has room for a dozen rows; the report knows the others.
func TestAFindingIsTracedToEachOfItsRows(t *testing.T) {
	t.Parallel()
	const rows = 40
	var b strings.Builder
	b.WriteString("Patient ID,First Name,Last Name,DOB,Zip Code,Practice Key\n")
	for range rows {
		b.WriteString("17,Ann,Doe,1980-01-02,1013,OAK\n")
	}
	b.WriteString("18,Bob,Roe,1990-01-02,89501,ELM\n19,Eve,Poe,1991-01-02,89501,NOWHERE\n")
	dir := caseDir(t)
	source := file(t, "people.csv", b.String())
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{source, file(t, "clients.csv", clients)}, Repairs: []string{"all"}})
	require.False(t, report.Refused, "%+v", report)
	require.Len(t, people, 2)
	for i, row := range people {
		for _, by := range []string{row["person_key"], fmt.Sprint(i + 2)} {
			trace, err := intake.TraceOf(dir, by, "")
			require.NoError(t, err)
			require.False(t, trace.ListChanged)
			require.False(t, trace.ReportChanged)
			require.Len(t, trace.Findings, 1)
			f := trace.Findings[0]
			require.Equal(t, row["person_key"], f.PersonKey)
			require.Equal(t, i+2, f.Line)
			if row["practice_key"] == "ELM" {
				require.Equal(t, []intake.TracedRow{}, f.Rows[1:])
				require.Equal(t, 42, f.Rows[0].Row)
				require.Equal(t, report.Sources[0].SHA256, f.Rows[0].SHA256)
				require.Equal(t, []string{"list"}, f.Rows[0].Profiles)
				continue
			}
			require.Len(t, f.Rows, rows)
			seen := map[int]bool{}
			for _, r := range f.Rows {
				require.Equal(t, "people.csv", r.File)
				seen[r.Row] = true
			}
			require.Len(t, seen, rows, "each row once")
			require.Equal(t, "Zip Code repaired lost_zero", f.Rows[3].Done[0].Column+" "+f.Rows[3].Done[0].What+" "+f.Rows[3].Done[0].Rule)
			require.Equal(t, "merged", f.Rows[3].Done[1].What)
		}
	}
	unplaced := list(t, dir, intake.UnplacedFile)[0]["person_key"]
	trace, err := intake.TraceOf(dir, unplaced, "")
	require.NoError(t, err)
	require.Equal(t, intake.UnplacedFile, trace.Findings[0].File)
	require.Equal(t, 43, trace.Findings[0].Rows[0].Row)
	require.Equal(t, "practice_unknown", trace.Findings[0].Rows[0].Done[0].Rule)

	for _, nobody := range []string{"1", "99", "P-NOBODY"} {
		_, err := intake.TraceOf(dir, nobody, "")
		require.ErrorContains(t, err, "no such row")
	}
	_, err = intake.TraceOf(dir, people[0]["person_key"], "NOWHERE")
	require.ErrorContains(t, err, "no such row")
	require.NoError(t, appendTo(filepath.Join(dir, casefolder.FindingsFile), "X,OAK,Ann\n"))
	trace, err = intake.TraceOf(dir, people[0]["person_key"], "oak")
	if people[0]["practice_key"] == "ELM" {
		trace, err = intake.TraceOf(dir, people[0]["person_key"], "elm")
	}
	require.NoError(t, err)
	require.True(t, trace.ListChanged, "somebody wrote in the list")
	_, err = intake.TraceOf(caseDir(t), "2", "")
	require.ErrorContains(t, err, "no import made the lists")
}

// In a workbook a row is one of a sheet, and what was done to it is said.
func TestAFindingIsTracedToItsSheet(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	_, err := f.NewSheet("Late ones")
	require.NoError(t, err)
	header := []any{"Patient ID", "First Name", "Last Name", "DOB", "State", "Practice Key"}
	for sheet, people := range map[string][][]any{
		"Sheet1":    {header, {"17", "Ann", "Doe", "1980-01-02", "NV", "OAK"}, {"18", "Bob", "Roe", "1990-01-02", "NV", "OAK"}},
		"Late ones": {header, {"19", "Eve", "Poe", "1990-01-02", "Nevada", "OAK"}, {"17", "Ann", "Doe", "1980-01-02", "", "OAK"}},
	} {
		for i, cells := range people {
			require.NoError(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &cells))
		}
	}
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	dir := caseDir(t)
	path := filepath.Join(t.TempDir(), "people.xlsx")
	require.NoError(t, os.WriteFile(path, b.Bytes(), 0o600))
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{path, file(t, "clients.csv", clients)}, Repairs: []string{"all"}})
	require.False(t, report.Refused, "%+v", report)
	at := map[string][]string{}
	for _, p := range people {
		trace, err := intake.TraceOf(dir, p["person_key"], "OAK")
		require.NoError(t, err)
		for _, r := range trace.Findings[0].Rows {
			said := fmt.Sprintf("%s %s %d", r.File, r.Sheet, r.Row)
			for _, e := range r.Done {
				said += " " + e.What + ":" + e.Rule
			}
			at[p["last_name"]] = append(at[p["last_name"]], said)
		}
	}
	require.Equal(t, map[string][]string{
		"Doe": {"people.xlsx Sheet1 2", "people.xlsx Late ones 3 merged:merged"},
		"Roe": {"people.xlsx Sheet1 3"},
		"Poe": {"people.xlsx Late ones 2 repaired:state_name"},
	}, at)
}

// Every row of the list of an EHR extract is of a patient's row, and of visits.
func TestEveryRowCanBeTraced(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	_, people := imported(t, intake.Options{Dir: dir, Repairs: []string{"all"}, Sources: []string{
		file(t, "encounters.csv", syntheaEncounters), file(t, "organizations.csv", syntheaOrganizations), file(t, "patients.csv", syntheaPatients),
	}})
	require.NotEmpty(t, people)
	for i := range people {
		trace, err := intake.TraceOf(dir, fmt.Sprint(i+2), "")
		require.NoError(t, err)
		files := map[string]bool{}
		for _, r := range trace.Findings[0].Rows {
			files[r.File] = true
			require.NotZero(t, r.Row)
			require.Len(t, r.SHA256, 64)
		}
		require.Equal(t, map[string]bool{"patients.csv": true, "encounters.csv": true}, files)
	}
}

func TestATrialChangesNothing(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	first := []string{file(t, "people.csv", "Patient ID,Last Name,Practice Key\n17,Doe,OAK\n"), file(t, "clients.csv", clients)}
	imported(t, intake.Options{Dir: dir, Sources: first})
	before := snapshot(t, dir)
	again, err := intake.Again(dir)
	require.NoError(t, err)
	require.Equal(t, first[0], absolute(t, again.Sources[0]))

	again.Today = today
	to, report, forget, err := intake.Trial(t.Context(), again)
	require.NoError(t, err)
	require.False(t, report.Refused)
	require.Equal(t, list(t, dir, casefolder.FindingsFile), list(t, to, casefolder.FindingsFile), "the same sources give the same list")
	require.FileExists(t, filepath.Join(to, casefolder.IncidentFile))
	_, err = intake.Import(t.Context(), intake.Options{Dir: dir, Sources: first, Today: today})
	require.ErrorContains(t, err, "another import of this case is running")
	require.NoError(t, forget())
	require.NoDirExists(t, to)

	require.NoError(t, os.WriteFile(first[0], []byte("Patient ID,Last Name,Practice Key\n17,Doe,OAK\n18,Roe,OAK\n"), 0o600))
	to, _, forget, err = intake.Trial(t.Context(), again)
	require.NoError(t, err)
	require.Len(t, list(t, to, casefolder.FindingsFile), 2, "a newer file in the place of the one before")
	keys := func(dir string) (keys []string) {
		for _, p := range list(t, dir, casefolder.FindingsFile) {
			keys = append(keys, p["person_key"])
		}
		return keys
	}
	require.Subset(t, keys(to), keys(dir), "who was there keeps their key")
	require.NoError(t, forget())
	require.Equal(t, before, snapshot(t, dir))

	require.NoError(t, os.Remove(first[0]))
	_, err = intake.Again(dir)
	require.ErrorContains(t, err, "people.csv is not where it was")
	_, err = intake.Again(caseDir(t))
	require.ErrorContains(t, err, "no import made the lists")
}

func absolute(t testing.TB, path string) string {
	t.Helper()
	whole, err := filepath.Abs(path)
	require.NoError(t, err)
	return whole
}

// Two systems know one person under two ids: put together by the rules, the finding leads
// to the rows of both, and so it does where sources said something of their own.
func TestAFindingOfTwoKeysIsTracedToBoth(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{
		file(t, "clients.csv", clients),
		file(t, "entities.csv", "Entity ID,Full Name,First Name,Last Name,Records,Total PII,Merge Reason,Document Identifiers,Cluster ID,Date of Birth,Address,City,State,Zip,Practice\n"+
			"1,Ann Doe,Ann,Doe,1,1,,DOC-1,1,1980-01-02,1 Ash St,Reno,NV,89501,Oak Street Medical Group\n"),
		file(t, "people.csv", "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,Clinic Name\n"+
			"17,Ann,Doe,1980-01-02,1 Ash St,Reno,NV,89501,Oak Street Medical Group\n18,Ann,Doe,1980-01-02,1 Ash St,Reno,NV,89501,Elm Family Practice\n"),
	}})
	require.False(t, report.Refused, "%+v", report)
	require.Len(t, people, 2, "one person at two practices")
	require.Equal(t, people[0]["person_key"], people[1]["person_key"])
	rows := map[string][]string{}
	for i, p := range people {
		trace, err := intake.TraceOf(dir, fmt.Sprint(i+2), "")
		require.NoError(t, err)
		require.False(t, trace.ListChanged)
		for _, r := range trace.Findings[0].Rows {
			rows[p["practice_key"]] = append(rows[p["practice_key"]], fmt.Sprintf("%s %d", r.File, r.Row))
		}
	}
	require.Equal(t, map[string][]string{"OAK": {"entities.csv 2", "people.csv 2"}, "ELM": {"people.csv 3"}}, rows)
}
