package cli_test

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
	"duenotice/internal/intake/profile"
	"duenotice/internal/pdffile"
)

// formatClients is the client list that goes with every format.
const formatClients = "practice_key,legal_name,npi,address1,city,state,zip,email,phone,toll_free,agent,baa_notice_days,delegation\n" +
	"OAK,Oak Street Medical Group,1234567893,1 Oak St,Reno,NV,89501,office@oak.example.org,775-555-0100,1-800-555-0110,yes,10,all\n"

// formats has for each shipped profile what is handed over in it, with two people each.
// Names are first names and the name of the format, so that no letter can be another's.
var formats = map[string]struct {
	files   map[string]string
	people  []string
	repairs string
}{
	"duenotice": {map[string]string{"people.csv": "person_key,practice_key,first_name,last_name,birth_date,address1,city,state,zip,data_classes\n" +
		"P-1,OAK,Ann,Ownlist,1980-01-02,1 Ash St,Reno,NV,89501,name;ssn\nP-2,OAK,Bob,Ownlist,1990-03-04,2 Ash St,Reno,NV,89501,name;diagnosis\n"}, []string{"Ann Ownlist", "Bob Ownlist"}, ""},
	"list": {map[string]string{"people.xlsx": workbookOf(
		[]any{"Affected people of the March incident"}, []any{},
		[]any{"Practice", "Patient ID", "Last Name", "First Name", "DOB", "Address", "City", "State", "Zip Code", "SSN"},
		[]any{"Oak Street Medical Group", 17, "SPREADSHEET", "ANN", 29221, "1 ASH ST", "Boston", "Massachusetts", 2101, "000-12-3456"},
		[]any{"Oak Street Medical Group", 18, "SPREADSHEET", "BOB", 29222, "2 ASH ST", "Boston", "Massachusetts", 2101, "N"},
	)}, []string{"Ann Spreadsheet", "Bob Spreadsheet"}, "all"},
	"relativity": {map[string]string{"entity-report.csv": "Entity ID,Full Name,First Name,Last Name,Records,Total PII,Merge Reason,Document Identifiers,Cluster ID,Date of Birth,Address,City,State,Zip,SSN,Practice\n" +
		"1,Ann Entities,Ann,Entities,1,2,,D1,1,1980-01-02,1 Ash St,Reno,NV,89501,999-12-3456,Oak Street Medical Group\n" +
		"2,Bob Entities,Bob,Entities,1,2,,D2,2,1990-01-02,2 Ash St,Reno,NV,89501,,Oak Street Medical Group\n"}, []string{"Ann Entities", "Bob Entities"}, ""},
	"canopy": {map[string]string{"entities.csv": "Master Entity ID,First Name,Last Name,Date of Birth,Address Line 1,City,State,Zip Code,SSN,MRN,Data Owner,Raw Entities,Document IDs\n" +
		"1,Ann,Canopies,1980-01-02,1 Ash St,Reno,NV,89501,999-12-3456,,Oak Street Medical Group,2,D1\n" +
		"2,Bob,Canopies,1990-01-02,2 Ash St,Reno,NV,89501,,A-77,Oak Street Medical Group,1,D2\n"}, []string{"Ann Canopies", "Bob Canopies"}, ""},
	"ehr": {map[string]string{
		"patients.csv": "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,MIDDLE,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,FIPS,ZIP,LAT,LON\n" +
			"a1,1980-01-02,,999-12-3456,,,,Ann,,Extract,,,S,white,x,F,Reno,1 Ash St,Reno,Nevada,Washoe,1,89501,1,1\na2,1990-01-02,,999-12-3457,,,,Bob,,Extract,,,S,white,x,M,Reno,2 Ash St,Reno,Nevada,Washoe,1,89501,1,1\n",
		"encounters.csv": "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,REASONCODE,REASONDESCRIPTION\n" +
			"e1,2010-01-01T00:00:00Z,2010-01-01T00:15:00Z,a1,org-1,p,q,wellness,1,x,,\ne2,2010-01-01T00:00:00Z,2010-01-01T00:15:00Z,a2,org-1,p,q,wellness,1,x,,\n",
		"organizations.csv": "Id,NAME,ADDRESS,CITY,STATE,ZIP,LAT,LON,PHONE,REVENUE,UTILIZATION\norg-1,OAK STREET MEDICAL GROUP,1 Oak St,Reno,NV,89501,1,1,5550100,0,1\n",
	}, []string{"Ann Extract", "Bob Extract"}, "all"},
	"fhir": {map[string]string{
		"patients.json": `{"resourceType":"Bundle","type":"collection","entry":[
{"resource":{"resourceType":"Patient","id":"p1","name":[{"family":"Resource","given":["Ann"]}],"birthDate":"1980-01-02","address":[{"line":["1 Ash St"],"city":"Reno","state":"NV","postalCode":"89501"}]}},
{"resource":{"resourceType":"Patient","id":"p2","name":[{"family":"Resource","given":["Bob"]}],"birthDate":"1990-01-02","address":[{"line":["2 Ash St"],"city":"Reno","state":"NV","postalCode":"89501"}]}}]}`,
		"rest.ndjson": `{"resourceType":"Encounter","id":"e1","subject":{"reference":"Patient/p1"},"serviceProvider":{"reference":"Organization/o1"}}` + "\n" +
			`{"resourceType":"Encounter","id":"e2","subject":{"reference":"Patient/p2"},"serviceProvider":{"reference":"Organization/o1"}}` + "\n" +
			`{"resourceType":"Organization","id":"o1","name":"Oak Street Medical Group","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}]}` + "\n",
	}, []string{"Ann Resource", "Bob Resource"}, ""},
	"x12": {map[string]string{"claims.270": "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260316*1200*^*00501*000000001*0*P*:~GS*HS*S*R*20260316*1200*1*X*005010X279A1~" +
		"ST*270*1~HL*1**20~HL*2*1*21~NM1*1P*2*OAK STREET MEDICAL GROUP*****XX*1234567893~" +
		"HL*3*2*22~NM1*IL*1*SEGMENT*ANN****MI*W1~N3*1 ASH ST~N4*RENO*NV*89501~DMG*D8*19800102*F~" +
		"HL*4*2*22~NM1*IL*1*SEGMENT*BOB****MI*W2~N3*2 ASH ST~N4*RENO*NV*89501~DMG*D8*19900102*M~SE*9*1~GE*1*1~IEA*1*000000001~"}, []string{"Ann Segment", "Bob Segment"}, "all"},
	"nppes": {map[string]string{
		"npidata.csv": `"NPI","Entity Type Code","Replacement NPI","Employer Identification Number (EIN)","Provider Organization Name (Legal Business Name)","Provider First Line Business Mailing Address","Provider Business Mailing Address City Name","Provider Business Mailing Address State Name","Provider Business Mailing Address Postal Code","NPI Deactivation Date"` + "\n" +
			`"1234567893","2","","","OAK STREET MEDICAL GROUP INC","1 OAK ST","RENO","NV","895010001",""` + "\n",
		"people.csv": "Patient ID,First Name,Last Name,DOB,Address,City,State,Zip,Clinic NPI\n1,Ann,Registry,1980-01-02,1 Ash St,Reno,NV,89501,1234567893\n2,Bob,Registry,1990-01-02,2 Ash St,Reno,NV,89501,1234567893\n",
	}, []string{"Ann Registry", "Bob Registry"}, ""},
}

// workbookOf is an XLSX file of one sheet.
func workbookOf(rows ...[]any) string {
	f := excelize.NewFile()
	for i := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &rows[i]); err != nil {
			panic(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		panic(err)
	}
	return b.String()
}

// From what is handed over in each shipped format to the letters: import, validate, start,
// two approvals, and the names read back from the printed pages.
func TestEachFormatComesToLetters(t *testing.T) {
	t.Parallel()
	all, err := profile.Shipped()
	require.NoError(t, err)
	o := newOffice(t)
	o.startWorker()
	number := 0
	for _, shipped := range all {
		format, has := formats[shipped.ID]
		require.True(t, has, "the profile %s is shipped and nothing is imported by it here", shipped.ID)
		number++
		id := fmt.Sprintf("EX-2026-1%02d", number)
		dir := filepath.Join(t.TempDir(), "case")
		require.Zero(t, terminal{}.run(t, "init", dir).code)
		incident := readText(t, filepath.Join("..", "..", "docs", "walkthrough", casefolder.IncidentFile))
		require.NoError(t, os.WriteFile(filepath.Join(dir, casefolder.IncidentFile), []byte(strings.Replace(incident, "EX-2026-07", id, 1)), 0o600))
		folder := t.TempDir()
		args := []string{"findings", "import", dir}
		for name, content := range format.files {
			path := filepath.Join(folder, name)
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
			args = append(args, path)
		}
		clients := filepath.Join(folder, "clients.csv")
		require.NoError(t, os.WriteFile(clients, []byte(formatClients), 0o600))
		args = append(args, clients)
		if format.repairs != "" {
			args = append(args, "--repair="+format.repairs)
		}
		r := o.do(args...)
		require.Zero(t, r.code, "%s: %s", shipped.ID, r.out+r.err)
		r = o.do("validate", dir)
		require.Zero(t, r.code, "%s: %s", shipped.ID, r.out+r.err)
		o.must("start", dir, "--by", "Ada Rivera", "--yes")
		o.must("approve", id, "--all", "--by", "Ada Rivera")
		o.must("approve", id, "--all", "--by", "Ben Okafor")

		printed := lettersText(t, filepath.Join(o.env["DUENOTICE_OUT"], id))
		for _, person := range format.people {
			require.Contains(t, printed, "Dear "+person, shipped.ID)
			require.Contains(t, printed, strings.ToUpper(person), "%s: the address", shipped.ID)
		}
		require.Equal(t, len(format.people), strings.Count(printed, "Dear "), shipped.ID)
		require.NotContains(t, printed, "12-3456", shipped.ID)
	}
	require.Len(t, all, len(formats))
}

// lettersText is what can be read on the printed letters of an incident.
func lettersText(t *testing.T, out string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(out, "mail", "*", "letters.pdf"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var said strings.Builder
	for _, path := range files {
		r, err := pdffile.Read([]byte(readText(t, path)))
		require.NoError(t, err)
		for page := range r.Pages() {
			texts, err := r.Page(page + 1)
			require.NoError(t, err)
			for _, text := range texts {
				said.WriteString(text.Text + "\n")
			}
		}
	}
	return said.String()
}
