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
	"duenotice/internal/intake/repair"
)

// Headers as Synthea writes them; values are invented.
const (
	syntheaPatients = "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,MIDDLE,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,FIPS,ZIP,LAT,LON,HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE,INCOME\n" +
		"6f1d1f5c-0000-4000-8000-000000000001,1980-01-02,,999-12-3456,S99900001,,Ms.,Ann,Rue,Doe,,,S,white,nonhispanic,F,Reno,1 Ash St,Reno,Nevada,Washoe,32031,89501,39.5,-119.8,1,1,1\n" +
		"6f1d1f5c-0000-4000-8000-000000000002,1950-03-04,2020-05-06,999-12-3457,,X1X,Mr.,Bob,,Roe,JD,,M,white,nonhispanic,M,Reno,2 Ash St,Reno,Nevada,Washoe,32031,89501,39.5,-119.8,1,1,1\n" +
		"6f1d1f5c-0000-4000-8000-000000000003,1990-03-04,,999-12-3458,,,,Eve,,Poe,,,,white,nonhispanic,F,Reno,3 Ash St,Reno,Nevada,Washoe,32031,89501,39.5,-119.8,1,1,1\n"
	syntheaEncounters = "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION\n" +
		"e1,2010-01-01T00:00:00Z,2010-01-01T00:15:00Z,6f1d1f5c-0000-4000-8000-000000000001,org-1,pr,pa,wellness,1,x,1,1,1,,\n" +
		"e2,2011-01-01T00:00:00Z,2011-01-01T00:15:00Z,6f1d1f5c-0000-4000-8000-000000000001,org-1,pr,pa,wellness,1,x,1,1,1,7,y\n" +
		"e3,2011-01-01T00:00:00Z,2011-01-01T00:15:00Z,6f1d1f5c-0000-4000-8000-000000000001,org-2,pr,pa,wellness,1,x,1,1,1,,\n" +
		"e4,2011-01-01T00:00:00Z,2011-01-01T00:15:00Z,6f1d1f5c-0000-4000-8000-000000000002,org-2,pr,pa,wellness,1,x,1,1,1,,\n" +
		"e5,2011-01-01T00:00:00Z,2011-01-01T00:15:00Z,6f1d1f5c-0000-4000-8000-000000000009,org-2,pr,pa,wellness,1,x,1,1,1,,\n" +
		"e6,2011-01-01T00:00:00Z,2011-01-01T00:15:00Z,6f1d1f5c-0000-4000-8000-000000000002,org-9,pr,pa,wellness,1,x,1,1,1,,\n"
	syntheaOrganizations = "Id,NAME,ADDRESS,CITY,STATE,ZIP,LAT,LON,PHONE,REVENUE,UTILIZATION\n" +
		"org-1,OAK STREET MEDICAL GROUP,1 Oak St,Reno,NV,89501,1,1,5550100,0,1\norg-2,ELM FAMILY PRACTICE,2 Elm Ave,Reno,NV,89502,1,1,5550101,0,1\norg-3,ASH CLINIC,3 Ash Rd,Reno,NV,89503,1,1,5550102,0,1\n"
)

func TestAnEHRExtractIsJoinedByItsVisits(t *testing.T) {
	t.Parallel()
	for name, withClients := range map[string]bool{"its own organizations": false, "a client list": true} {
		dir := caseDir(t)
		sources := []string{file(t, "encounters.csv", syntheaEncounters), file(t, "organizations.csv", syntheaOrganizations), file(t, "patients.csv", syntheaPatients)}
		if withClients {
			sources = append(sources, file(t, "clients.csv", clients))
		}
		report, people := imported(t, intake.Options{Dir: dir, Sources: sources, Repairs: []string{repair.StateName}})
		require.False(t, report.Refused, "%s: %+v", name, report)
		at := map[string]string{}
		for _, row := range people {
			at[row["last_name"]+" "+row["practice_key"]] = row["data_classes"]
			require.Equal(t, "NV", row["state"])
		}
		oak, elm := "org-1", "org-2"
		if withClients {
			oak, elm = "OAK", "ELM"
		}
		require.Equal(t, map[string]string{
			"Doe " + oak: "address;date_of_birth;diagnosis;drivers_license;name;ssn;treatment",
			"Doe " + elm: "address;date_of_birth;drivers_license;name;ssn;treatment",
			"Roe " + elm: "address;date_of_birth;name;passport;ssn;treatment",
		}, at, name)
		unplaced := list(t, dir, intake.UnplacedFile)
		require.Len(t, unplaced, 2, "Poe was nowhere, and Roe at a practice that nobody knows")
		require.Equal(t, 1, report.Notes["visit_of_nobody"], "the visit of a person whom no source has")
		require.Equal(t, 1, report.Notes["no_practice"])
		require.Equal(t, 1, report.Notes["practice_unknown"])
		require.Equal(t, intake.Rows{People: 3, Visits: 6}, report.Rows)
		require.Len(t, list(t, dir, casefolder.PracticesFile), 2, "an organization that nobody was at is told of nothing")
		if !withClients {
			require.Equal(t, 1, report.Notes["practice_of_nobody"])
		}
		requireValid(t, dir)
		first := snapshot(t, dir)
		imported(t, intake.Options{Dir: dir, Sources: sources, Repairs: []string{repair.StateName}})
		require.Equal(t, first, snapshot(t, dir), "%s: the same bytes, the report's too", name)
	}
}

// What somebody wrote into the list of practices stays, whatever is imported again.
func TestAPracticeThatSomebodyFilledInStays(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	sources := []string{file(t, "encounters.csv", syntheaEncounters), file(t, "organizations.csv", syntheaOrganizations), file(t, "patients.csv", syntheaPatients)}
	o := intake.Options{Dir: dir, Sources: sources, Repairs: []string{repair.StateName}}
	imported(t, o)
	path := filepath.Join(dir, casefolder.PracticesFile)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	filled := strings.Replace(string(text), "ELM FAMILY PRACTICE", "Elm Family Practice", 1)
	require.NotEqual(t, string(text), filled)
	require.NoError(t, os.WriteFile(path, []byte(filled), 0o600))
	report, people := imported(t, o)
	require.False(t, report.Refused)
	require.Len(t, people, 3)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, filled, string(after))
}

func TestEarlierHeadersAreRead(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Practice: "OAK", Sources: []string{
		file(t, "clients.csv", clients),
		file(t, "patients.csv", "ID,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS\n"+
			"6f1d,1980-01-02,,999-12-3456,,,,Ann,Doe,,,,white,x,F,Reno,\"1 Ash St, Reno, NV 89501\"\n"),
	}, Repairs: []string{repair.Addresses}})
	require.False(t, report.Refused, "%+v", report)
	require.Equal(t, "1 Ash St|Reno|NV|89501", strings.Join([]string{people[0]["address1"], people[0]["city"], people[0]["state"], people[0]["zip"]}, "|"))
}

func TestAWorkbookThatASpreadsheetDamaged(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for n, row := range [][]any{
		{"Affected people of the March incident"}, {}, {"Practice", "Last Name", "First Name", "DOB", "Address", "City", "State", "Zip Code"},
		{"Oak Street Medical Group", "MCDONALD", "ANN", 29221, "1 Ash St", "Boston", "Massachusetts", 2101},
		{nil, "de la Cruz", "Eve", 29222.5, "2 Ash St", "Boston", "MA", 2101},
	} {
		at, err := excelize.CoordinatesToCellName(1, n+1)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", at, &row))
	}
	require.NoError(t, f.MergeCell("Sheet1", "A4", "A5"))
	_, err := f.NewSheet("Notes")
	require.NoError(t, err)
	require.NoError(t, f.SetSheetRow("Notes", "A1", &[]any{"made by hand"}))
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "people.xlsx", b.String()), file(t, "clients.csv", clients)}, Repairs: []string{repair.All}})
	require.False(t, report.Refused, "%+v", report)
	require.Equal(t, map[string]int{repair.HeaderRow: 1, repair.MergedCells: 1, repair.LostZero: 2, repair.StateName: 1, repair.Capitals: 2}, report.Repaired)
	require.Equal(t, 1, report.Notes["sheet_unknown"], "the sheet of notes is named")
	require.Len(t, people, 2)
	for _, row := range people {
		require.Equal(t, "OAK", row["practice_key"])
		require.Equal(t, "02101", row["zip"])
		require.Contains(t, []string{"McDonald 1980-01-01 S1 sheet 1 row 4", "de la Cruz 1980-01-02 S1 sheet 1 row 5"}, row["last_name"]+" "+row["birth_date"]+" "+row["source"])
	}
	requireValid(t, dir)
}

func TestFHIRBecomesAList(t *testing.T) {
	t.Parallel()
	bundle := `{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"Patient","id":"p1","name":[{"family":"Doe","given":["Ann"]}],"birthDate":"1980-01-02","identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"999-12-3456"}],"address":[{"line":["1 Ash St"],"city":"Reno","state":"NV","postalCode":"89501"}],"communication":[{"language":{"coding":[{"code":"es"}]}}]}},
{"resource":{"resourceType":"Patient","id":"p2","name":[{"family":"Roe","given":["Bob"]}],"birthDate":"2015","managingOrganization":{"reference":"Organization/o1"}}}]}`
	ndjson := `{"resourceType":"Encounter","id":"e1","subject":{"reference":"Patient/p1"},"serviceProvider":{"reference":"Organization/o1"}}
{"resourceType":"Organization","id":"o1","name":"Oak Street Medical Group","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]}
{"resourceType":"Observation","id":"x"}
`
	dir := caseDir(t)
	sources := []string{file(t, "patients.json", bundle), file(t, "rest.ndjson", ndjson)}
	report, _ := imported(t, intake.Options{Dir: dir, Sources: sources})
	require.True(t, report.Refused, "a year is no birth date")
	report, people := imported(t, intake.Options{Dir: dir, Sources: sources, LeaveOut: true})
	require.False(t, report.Refused)
	require.Equal(t, map[string]int{repair.DatePartial: 1}, report.RefusedValues)
	require.Len(t, people, 1)
	require.Equal(t, "1234567893", people[0]["practice_key"])
	require.Equal(t, "address;date_of_birth;name;ssn", people[0]["data_classes"])
	require.Equal(t, "es", people[0]["language"])
	require.Equal(t, 1, report.Notes["resources_not_taken"])
	requireValid(t, dir)
}

func TestClaimsFilesBecomeAList(t *testing.T) {
	t.Parallel()
	isa := "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260316*1200*^*00501*000000001*0*P*:~GS*HS*S*R*20260316*1200*1*X*005010X279A1~"
	text := isa + "ST*270*1~HL*1**20~HL*2*1*21~NM1*1P*2*OAK STREET MEDICAL GROUP*****XX*1234567893~HL*3*2*22~NM1*IL*1*DOE*JOHN*M***MI*W1~N3*1 ASH ST~N4*RENO*NV*89501~DMG*D8*19800102*M~REF*SY*999123456~" +
		"HL*4*3*23~NM1*03*1*DOE*JANE~N3*1 ASH ST~N4*RENO*NV*89501~DMG*D8*20150203*F~SE*9*1~GE*1*1~IEA*1*000000001~"
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "claims.270", text)}, Repairs: []string{repair.Capitals}})
	require.False(t, report.Refused, "%+v", report)
	require.Len(t, people, 2)
	require.NotEqual(t, people[0]["person_key"], people[1]["person_key"])
	for _, row := range people {
		require.Equal(t, "Doe", row["last_name"])
		require.Equal(t, "1234567893", row["practice_key"])
	}
	requireValid(t, dir)
	require.Equal(t, "OAK STREET MEDICAL GROUP", list(t, dir, casefolder.PracticesFile)[0]["legal_name"])
}

func TestNPPESFillsWhatTheListLacksAndAsks(t *testing.T) {
	t.Parallel()
	nppes := `"NPI","Entity Type Code","Replacement NPI","Employer Identification Number (EIN)","Provider Organization Name (Legal Business Name)","Provider First Line Business Mailing Address","Provider Business Mailing Address City Name","Provider Business Mailing Address State Name","Provider Business Mailing Address Postal Code","NPI Deactivation Date"
"1234567893","2","","","OAK STREET MEDICAL GROUP INC","1 OAK ST","RENO","NV","895010001",""
"1999999984","2","1234567893","","ELM OLD","2 ELM AVE","RENO","NV","89502","03/16/2020"
"1000000004","1","","","","","","","",""
`
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Sources: []string{
		file(t, "npidata.csv", nppes), file(t, "clients.csv", "practice_key,legal_name,npi\nOAK,Oak Street,1234567893\n"),
		file(t, "people.csv", "Last Name,DOB,Clinic NPI\nDoe,1980-01-02,1234567893\nRoe,1980-01-02,1999999984\n"),
	}})
	require.False(t, report.Refused, "%+v", report)
	require.Len(t, people, 1)
	practices := list(t, dir, casefolder.PracticesFile)
	require.Equal(t, "Oak Street|1 OAK ST|RENO|NV|895010001", strings.Join([]string{practices[0]["legal_name"], practices[0]["address1"], practices[0]["city"], practices[0]["state"], practices[0]["zip"]}, "|"))
	require.Equal(t, 4, report.Notes["practice_filled"])
	require.Equal(t, []intake.UnknownPractice{{NPI: "1999999984", Rule: "practice_unknown", Rows: 1, Hint: "NPPES: ELM OLD, replaced by 1234567893, deactivated 2020-03-16"}}, report.UnknownPractices)
}

func TestOneIDOfTwoPeopleIsKeptApart(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Practice: "OAK", Sources: []string{file(t, "clients.csv", clients), file(t, "people.csv",
		"ID,First Name,Last Name,DOB\n1,Ann,Doe,1980-01-02\n1,Ann,Roe,1980-01-02\n1,Bob,Doe,1991-02-03\n2,J,Poe,\n2,Jane,Poe,1970-01-02\n")}})
	require.False(t, report.Refused)
	require.Equal(t, 1, report.Notes["same_id_two_people"], "Bob is not Ann, whatever the id says")
	require.Equal(t, 2, report.Notes["merged"], "Ann married; J is Jane")
	require.Len(t, people, 3)
	require.Equal(t, 3, report.Written.People)
}

func TestAListThatSomebodyMadeIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	sources := []string{file(t, "clients.csv", clients), file(t, "people.csv", "Last Name,Practice Key\nDoe,OAK\n")}
	imported(t, intake.Options{Dir: dir, Sources: sources})
	snapshotted := snapshot(t, dir)
	require.NoError(t, appendTo(filepath.Join(dir, casefolder.FindingsFile), "\n"))
	_, err := intake.Import(t.Context(), intake.Options{Dir: dir, Sources: sources, Today: today})
	require.ErrorContains(t, err, "--replace")
	imported(t, intake.Options{Dir: dir, Sources: sources, Replace: true})
	require.Equal(t, snapshotted, snapshot(t, dir))
}

// A person with ten thousand visits and an import larger than memory's part take the
// path over the disk; the bytes are those of the path without it.
func TestManyVisitsAreOnePersonAtEachPractice(t *testing.T) {
	t.Parallel()
	var visits strings.Builder
	visits.WriteString("Id,PATIENT,ORGANIZATION,PROVIDER,ENCOUNTERCLASS\n")
	for n := range 10000 {
		fmt.Fprintf(&visits, "e%d,6f1d1f5c-0000-4000-8000-000000000001,org-%d,p,c\n", n, 1+n%2)
	}
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Repairs: []string{repair.StateName}, Sources: []string{file(t, "v.csv", visits.String()), file(t, "p.csv", syntheaPatients), file(t, "o.csv", syntheaOrganizations)}})
	require.False(t, report.Refused, "%+v", report)
	require.Len(t, people, 2)
	require.Equal(t, 10000, report.Rows.Visits)
}

// A client list that is taken for people would be letters to clinics.
func TestAListOfPracticesIsNoListOfPeople(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, role string }{
		"clients by name":  {"Name,NPI,Address,City,State,Zip\nOak Street Medical Group,1234567893,1 Oak St,Reno,NV,89501\nElm Clinic,,2 Elm Ave,Reno,NV,89502\n", "practices"},
		"clients, no NPI":  {"Practice Name,Address,City,State,Zip\nOak Street,1 Oak St,Reno,NV,89501\n", "practices"},
		"people":           {"Name,Address,City,State,Zip,Phone\nAnn Doe,1 Ash St,Reno,NV,89501,\nBob Roe,2 Ash St,Reno,NV,89501,\n", "people"},
		"people at places": {"Patient Name,DOB,Address,City,State,Zip,Clinic Name\nAnn Doe,1980-01-02,1 Ash St,Reno,NV,89501,Elm Clinic\n", "people"},
		"either":           {"Name,Address,City,State,Zip\nOak Street Medical Group,1 Oak St,Reno,NV,89501\nAnn Doe,1 Oak St,Reno,NV,89501\n", "open"},
	} {
		report, err := intake.Import(t.Context(), intake.Options{Dir: caseDir(t), Today: today, DryRun: true, Sources: []string{file(t, "list.csv", c.text)}})
		require.NoError(t, err, name)
		if c.role == "open" {
			require.Len(t, report.Problems, 1, name)
			require.Equal(t, "role_open", report.Problems[0].Rule, name)
			continue
		}
		require.Empty(t, report.Problems, name)
		require.Equal(t, c.role, report.Sources[0].Tables[0].Role, name)
	}
}
