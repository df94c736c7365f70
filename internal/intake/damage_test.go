package intake_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"duenotice/internal/intake"
	"duenotice/internal/intake/repair"
)

// damage is one way in which a row is damaged, how often, and what it looks like whole.
type damage struct {
	rule  string
	refus bool
	every int
	apply func(row map[string]string)
}

var damages = []damage{
	{repair.LostZero, false, 7, func(r map[string]string) { r["Zip Code"], r["State"] = "1013", "MA" }},
	{repair.SlashedDate, false, 5, func(r map[string]string) { r["DOB"] = "1/22/1980" }},
	{repair.SerialDate, false, 11, func(r map[string]string) { r["DOB"] = "29221" }},
	{repair.Scientific, false, 13, func(r map[string]string) { r["Phone"] = "5.551234567E+09" }},
	{repair.DecimalZero, false, 17, func(r map[string]string) { r["Phone"] = "5551234567.0" }},
	{repair.DecodedTwice, false, 19, func(r map[string]string) { r["Last Name"] = "MuÃ±oz" }},
	{repair.LastFirst, false, 23, func(r map[string]string) { r["Last Name"], r["First Name"] = "Doe, Ann", "" }},
	{repair.Capitals, false, 3, func(r map[string]string) { r["First Name"] = "ANN" }},
	{repair.StateName, false, 29, func(r map[string]string) { r["State"] = "Nevada" }},
	{repair.Spaces, false, 31, func(r map[string]string) { r["City"] = "Las  Vegas " }},
	{repair.Addresses, false, 37, func(r map[string]string) { r["Street Address"] = "1 Ash St; 2 Elm Ave" }},
	{repair.NoValue, false, 41, func(r map[string]string) { r["Phone"] = "NaN" }},
	{repair.LineBreaks, false, 43, func(r map[string]string) { r["City"] = "Re\nno" }},
	{repair.Apostrophe, false, 47, func(r map[string]string) { r["Zip Code"] = "'89501" }},
	{repair.TimedDate, false, 53, func(r map[string]string) { r["DOB"] = "1980-01-02 00:00:00" }},
	{repair.WrittenDate, false, 59, func(r map[string]string) { r["DOB"] = "2-Jan-1980" }},
	{repair.DigitsLost, true, 61, func(r map[string]string) { r["Phone"] = "5.55E+09" }},
	{repair.LettersLost, true, 67, func(r map[string]string) { r["Last Name"] = "Mu?oz" }},
	{repair.DatePartial, true, 71, func(r map[string]string) { r["DOB"] = "2015" }},
	{repair.PartialDate, false, 71, func(r map[string]string) { r["DOB"] = "1980-05" }},
	{repair.DateCentury, true, 73, func(r map[string]string) { r["DOB"] = "1/22/12" }},
	{repair.DateBad, true, 79, func(r map[string]string) { r["DOB"] = "soon" }},
	{"no_last_name", true, 89, func(r map[string]string) { r["Last Name"], r["First Name"] = "", "Ann" }},
}

var damagedHeader = []string{"ID", "First Name", "Last Name", "DOB", "Street Address", "City", "State", "Zip Code", "Phone", "Practice Key"}

// damagedList writes rows of which each has one damage at most, chosen by a seed, and
// counts what was done.
func damagedList(rows int, refusals bool) (text string, counts map[string]int) {
	random := rand.New(rand.NewPCG(7, 13))
	counts = map[string]int{}
	var b strings.Builder
	b.WriteString(strings.Join(damagedHeader, ",") + "\n")
	for n := range rows {
		row := map[string]string{
			"ID": fmt.Sprintf("A%06d", n), "First Name": "Ann", "Last Name": "Doe", "DOB": "1980-01-02", "Street Address": fmt.Sprintf("%d Ash St", n+1),
			"City": "Reno", "State": "NV", "Zip Code": "89501", "Phone": "555-0100", "Practice Key": "OAK",
		}
		if d := damages[random.IntN(len(damages))]; random.IntN(d.every) == 0 && (refusals || !d.refus) {
			d.apply(row)
			counts[d.rule]++
		}
		for i, column := range damagedHeader {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + row[column] + `"`)
		}
		b.WriteByte('\n')
	}
	return b.String(), counts
}

func TestEachRepairAndRefusalIsCountedExactly(t *testing.T) {
	t.Parallel()
	const rows = 20000
	text, counts := damagedList(rows, true)
	repairs, refusals, refusedRows := map[string]int{}, map[string]int{}, 0
	for _, d := range damages {
		require.NotZero(t, counts[d.rule], "%s does not occur", d.rule)
		if d.refus {
			refusals[d.rule] = counts[d.rule]
			refusedRows += counts[d.rule]
		} else {
			repairs[d.rule] = counts[d.rule]
		}
	}
	sources := []string{file(t, "damaged.csv", text), file(t, "clients.csv", clients)}

	dir := caseDir(t)
	asked := map[string]int{}
	report, people := imported(t, intake.Options{Dir: dir, Sources: sources, LeaveOut: true, Repairs: []string{repair.All}, Sink: func(e intake.Event) error {
		if e.What == intake.Repaired || e.What == intake.Refused {
			asked[e.Rule]++
		}
		return nil
	}})
	require.Equal(t, repairs, report.Repaired)
	require.Equal(t, refusals, report.RefusedValues)
	require.Empty(t, report.Needed)
	require.Equal(t, refusedRows, report.Rows.LeftOut)
	require.Len(t, people, rows-refusedRows, "nobody else is left out")
	for rule, n := range asked {
		require.Equal(t, counts[rule], n, "every one of them is an event of its own: %s", rule)
	}
	requireValid(t, dir)

	dir = caseDir(t)
	before := snapshot(t, dir)
	report, _ = imported(t, intake.Options{Dir: dir, Sources: sources, DryRun: true})
	require.True(t, report.Refused)
	needed := map[string]int{}
	for rule, n := range repairs {
		if repair.IsNeeded(rule) {
			needed[rule] = n
		}
	}
	require.Equal(t, needed, report.Needed, "what was not asked for is needed, and not done")
	require.Equal(t, map[string]int{repair.Capitals: counts[repair.Capitals], repair.Spaces: counts[repair.Spaces]}, report.Offered)
	require.Empty(t, report.Repaired)
	require.Equal(t, before, snapshot(t, dir), "nothing was written")
}

func TestWhatStandsForADayOfDeath(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Repairs: []string{repair.All}, Sources: []string{file(t, "clients.csv", clients), file(t, "p.csv",
		"ID,Last Name,Date of Death,Practice Key\n1,Doe,Y,OAK\n2,Roe,N,OAK\n3,Poe,2019,OAK\n4,Moe,2019-02-03,OAK\n5,Low,unknown,OAK\n")}})
	require.False(t, report.Refused, "%+v", report)
	require.Equal(t, map[string]int{repair.DeathSaid: 2, repair.PartialDate: 1}, report.Repaired)
	dates := map[string]string{}
	for _, row := range people {
		dates[row["last_name"]] = row["deceased_date"]
	}
	require.Equal(t, map[string]string{"Doe": "unknown", "Roe": "", "Poe": "unknown", "Moe": "2019-02-03", "Low": "unknown"}, dates)
}

func TestAnAddressThatIsNotGivenMasksNothing(t *testing.T) {
	t.Parallel()
	report, err := intake.Import(t.Context(), intake.Options{Dir: caseDir(t), Today: today, DryRun: true, Sources: []string{
		file(t, "clients.csv", clients), file(t, "p.csv", "Last Name,Address,Practice Key\nDoe,** Address Not Given **,OAK\n")}})
	require.NoError(t, err)
	require.Empty(t, report.Problems)
}

func TestAZIPThatMayBeOfAnotherStateIsLeftAsItStands(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Repairs: []string{repair.All}, Sources: []string{file(t, "clients.csv", clients), file(t, "p.csv", "Last Name,State,Zip Code,Practice Key\nDoe,TX,1013,OAK\n")}})
	require.False(t, report.Refused)
	require.Equal(t, 1, report.Notes[repair.ZIPUnclear])
	require.Equal(t, "1013", people[0]["zip"])
}

func TestWithoutARepairTheImportIsRefused(t *testing.T) {
	t.Parallel()
	dir := caseDir(t)
	before := snapshot(t, dir)
	report, err := intake.Import(t.Context(), intake.Options{Dir: dir, Today: today, Sources: []string{file(t, "clients.csv", clients), file(t, "p.csv", "Last Name,Zip Code,Practice Key\nDoe,1013,OAK\n")}})
	require.NoError(t, err)
	require.True(t, report.Refused)
	require.Equal(t, map[string]int{repair.LostZero: 1}, report.Needed)
	require.Equal(t, before, snapshot(t, dir), "nothing was written")
}

func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		all[entry.Name()] = string(content)
	}
	return all
}

func TestFilesAsSpreadsheetsWriteThem(t *testing.T) {
	t.Parallel()
	const text = "Last Name;DOB;City;Practice Key\nMuñoz;1980-01-02;Reno;OAK\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ";", "\t"))
	require.NoError(t, err)
	windows, err := charmap.Windows1252.NewEncoder().String(text)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		content string
		repairs map[string]int
	}{
		"semicolons":   {text, map[string]int{repair.Separator: 1}},
		"windows":      {windows, map[string]int{repair.Separator: 1, repair.Windows1252: 1}},
		"unicode text": {utf16, map[string]int{repair.Separator: 1, repair.UTF16: 1}},
		"a note":       {"sep=;\r\n" + text, map[string]int{repair.Separator: 1}},
		"a title":      {"Affected people\n\nas of March;;;\n" + text, map[string]int{repair.Separator: 1, repair.HeaderRow: 1}},
	} {
		dir := caseDir(t)
		report, people := imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "list.csv", c.content), file(t, "clients.csv", clients)}, Repairs: []string{repair.All}})
		require.False(t, report.Refused, "%s: %+v", name, report)
		require.Equal(t, c.repairs, report.Repaired, name)
		require.Len(t, people, 1, name)
		require.Equal(t, "Muñoz", people[0]["last_name"], name)
	}
}

func TestTheOrderOfDatesIsFoundOrAsked(t *testing.T) {
	t.Parallel()
	open := "Last Name,DOB,Practice Key\nDoe,1/2/1980,OAK\n"
	for name, c := range map[string]struct {
		text, order, want string
		asked             int
		refused           bool
	}{
		"open":         {open, "", "", 1, true},
		"said":         {open, "dmy", "1980-02-01", 0, false},
		"shown by one": {open + "Roe,1/22/1980,OAK\n", "", "1980-01-02", 0, false},
		"both ways":    {open + "Roe,1/22/1980,OAK\nPoe,22/1/1980,OAK\n", "", "", 1, true},
	} {
		dir, asked := caseDir(t), 0
		report, people := imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "list.csv", c.text), file(t, "clients.csv", clients)}, Repairs: []string{repair.All}, DateOrder: repair.Order(c.order),
			AskOrder: func(_, column string, dates int) (repair.Order, error) {
				asked++
				require.Equal(t, "DOB", column)
				require.Equal(t, 1, dates)
				return repair.Open, nil
			}})
		require.Equal(t, c.refused, report.Refused, name)
		require.Equal(t, c.asked, asked, name)
		if !c.refused {
			found := false
			for _, row := range people {
				found = found || row["last_name"] == "Doe" && row["birth_date"] == c.want
			}
			require.True(t, found, name)
		}
	}
}

func TestAMaskedExportIsRefusedWithItsSetting(t *testing.T) {
	t.Parallel()
	header := "Entity ID,Full Name,First Name,Last Name,Records,Total PII,Merge Reason,Document Identifiers,Cluster ID,Date of Birth,Address,SSN\n"
	for name, rows := range map[string]string{
		"counts":  "1,Ann Doe,Ann,Doe,2,4,Exact Name Match,D1,1,1,2,1\n2,Bob Roe,Bob,Roe,1,2,,D2,2,1,,0\n",
		"yes, no": "1,Ann Doe,Ann,Doe,2,4,Exact Name Match,D1,1,Y,Y,Y\n2,Bob Roe,Bob,Roe,1,2,,D2,2,Y,N,N\n",
		"signs":   "1,Ann Doe,Ann,Doe,2,4,Exact Name Match,D1,1,**/**/1980,*****,***-**-1234\n",
	} {
		dir := caseDir(t)
		report, _ := imported(t, intake.Options{Dir: dir, Sources: []string{file(t, "report.csv", header+rows), file(t, "clients.csv", clients)}, Practice: "OAK"})
		require.True(t, report.Refused, name)
		require.NotEmpty(t, report.Problems, name)
		require.Equal(t, "masked", report.Problems[0].Rule, name)
		require.Contains(t, report.Problems[0].Fix, "Show PI Values", name)
	}
	dir := caseDir(t)
	report, people := imported(t, intake.Options{Dir: dir, Practice: "oak", Profiles: []string{"relativity"}, Repairs: []string{repair.SlashedDate}, Sources: []string{
		file(t, "report.csv", header+"1,Ann Doe,Ann,Doe,2,4,Exact Name Match,D1,1,1/22/1980,1 Ash St,000-11-2222\n2,Bob Roe,Bob,Roe,1,2,,D2,2,,,\n"), file(t, "clients.csv", clients),
	}})
	require.False(t, report.Refused, "%+v", report)
	require.Equal(t, "relativity", report.Sources[0].Tables[0].Profile)
	require.Len(t, people, 2)
	for _, row := range people {
		if row["last_name"] == "Doe" {
			require.Equal(t, "address;date_of_birth;name;ssn", row["data_classes"])
			require.Equal(t, "S1 row 2: D1", row["source"])
		} else {
			require.Equal(t, "name", row["data_classes"])
		}
	}
}

func FuzzImport(f *testing.F) {
	text, _ := damagedList(20, true)
	f.Add([]byte(text))
	f.Add([]byte("Last Name;DOB\nDoe;1/2/1980\n"))
	f.Add([]byte("Entity ID,Full Name,Cluster ID\n1,\"DOE, ANN\",2\n"))
	f.Add([]byte("\xff\xfeL\x00a\x00s\x00t\x00"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "x.csv")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		dir := t.TempDir()
		report, err := intake.Import(t.Context(), intake.Options{Dir: dir, Sources: []string{path}, Today: today, Repairs: []string{repair.All}, LeaveOut: true, AddPractices: true})
		if err != nil || report.Refused {
			return
		}
		again := t.TempDir()
		_, err = intake.Import(t.Context(), intake.Options{Dir: again, Sources: []string{path}, Today: today, Repairs: []string{repair.All}, LeaveOut: true, AddPractices: true})
		require.NoError(t, err)
		first, second := snapshot(t, dir), snapshot(t, again)
		for name, text := range first {
			require.True(t, bytes.Equal([]byte(text), []byte(second[name])), "%s is not the same bytes", name)
		}
	})
}
