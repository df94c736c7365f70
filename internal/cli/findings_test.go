package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/intake"
)

const (
	damagedPeople   = "Patient ID,First Name,Last Name,DOB,Street Address,City,State,Zip Code,SSN,Clinic Name,Shoe Size\n17,Ann,Doe,1/2/1980,1 Ash St,Boston,MA,2101,000-12-3456,Oak Street,38\n18,Bob,Roe,3/4/1990,2 Ash St,Boston,MA,02101,N,Nowhere Clinic,44\n"
	clientsOfPeople = "practice_key,legal_name,npi,email,city,state,zip,address1\nOAK,Oak Street,1234567893,office@oak.example.org,Boston,MA,02101,1 Oak St\n"
)

// From what somebody was given to a case folder that validates, by what each command
// says is next.
func TestFromADamagedSpreadsheetToAValidatedCase(t *testing.T) {
	t.Parallel()
	people, list := filepath.Join(t.TempDir(), "people.csv"), filepath.Join(t.TempDir(), "clients.csv")
	require.NoError(t, os.WriteFile(people, []byte(damagedPeople), 0o600))
	require.NoError(t, os.WriteFile(list, []byte(clientsOfPeople), 0o600))
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)

	r := terminal{}.run(t, "findings", "import", dir, people, list)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, `column "Shoe Size" is not read`)
	require.Contains(t, r.out, "people.csv, row 2, Zip Code")
	require.Contains(t, r.out, "--date-order mdy")
	require.Contains(t, r.out, "Nothing was written")
	require.NotContains(t, r.out+r.err, "Doe")

	r = terminal{}.run(t, "findings", "import", dir, people, list, "--date-order", "mdy")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "--date-order mdy --repair=lost_zero,slashed_date", "the next command has all of this one")

	r = terminal{}.run(t, "findings", "import", dir, people, list, "--date-order", "mdy", "--repair=lost_zero,slashed_date", "--json")
	require.Zero(t, r.code, r.err)
	var report intake.Report
	require.NoError(t, json.Unmarshal([]byte(r.out), &report))
	require.Equal(t, map[string]int{"lost_zero": 1, "slashed_date": 2}, report.Repaired)
	require.Equal(t, 1, report.Written.Findings)
	require.Equal(t, 1, report.Written.Unplaced)
	kept, err := os.ReadFile(filepath.Join(dir, intake.ReportJSON))
	require.NoError(t, err)
	require.JSONEq(t, string(kept), r.out)

	r = terminal{}.run(t, "validate", dir)
	require.Contains(t, r.out, "findings.csv    1 row", "the lists are read")
	require.NotContains(t, r.out, "findings.csv line")
}

func TestAMaskedEntityReportIsRefusedInWords(t *testing.T) {
	t.Parallel()
	report := writeFile(t, "Entity ID,Full Name,First Name,Last Name,Records,Total PII,Merge Reason,Document Identifiers,Cluster ID,Date of Birth\n1,Ann Doe,Ann,Doe,1,1,,D1,1,1\n")
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)
	r := terminal{}.run(t, "findings", "import", dir, report, "--profile", "relativity")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "the export is masked")
	require.Contains(t, r.out, "Show PI Values")
}

func TestAProfileIsPrintedToBeCopied(t *testing.T) {
	t.Parallel()
	r := terminal{}.run(t, "findings", "profiles")
	require.Zero(t, r.code)
	require.Contains(t, r.out, "relativity")
	mine := filepath.Join(t.TempDir(), "mine.yaml")
	r = terminal{}.run(t, "findings", "profiles", "list")
	require.Zero(t, r.code)
	require.NoError(t, os.WriteFile(mine, []byte(r.out), 0o600))
	dir := filepath.Join(t.TempDir(), "case")
	require.Zero(t, terminal{}.run(t, "init", dir).code)
	people := writeFile(t, "Last Name,Practice Key\nDoe,OAK\n")
	list := writeFile(t, clientsOfPeople)
	r = terminal{}.run(t, "findings", "import", dir, people, list, "--profile", mine+",duenotice")
	require.Zero(t, r.code, r.out+r.err)
	r = terminal{}.run(t, "findings", "profiles", "nothing")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "relativity")
}
