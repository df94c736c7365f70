package casefolder_test

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// fileCases are files and rows whose form is wrong.
func fileCases() []spoiled {
	head := strings.Join([]string{"person_key", "practice_key", "last_name", "data_classes", "state", "address1", "city", "zip"}, ",")
	row := "\nN1,P1,Example,name,IL,1 Main St,Springfield,62701"
	utf16 := func(s string) string { return "\xff\xfe" + strings.Join(strings.Split(s, ""), "\x00") + "\x00" }
	return []spoiled{
		{"findings without any byte", func(f *folder) { f.rawFindings = "\n" }, []string{"E001 findings.csv:0"}},
		{"only a byte order mark", func(f *folder) { f.rawFindings = "\xef\xbb\xbf" }, []string{"E001 findings.csv:0"}},
		{"UTF-16 with its mark", func(f *folder) { f.rawFindings = utf16(head + row) }, []string{"E002 findings.csv:0"}},
		{"UTF-16 without its mark", func(f *folder) { f.rawFindings = utf16(head + row)[2:] }, []string{"E002 findings.csv:0"}},
		{"an Excel workbook", func(f *folder) { f.rawFindings = "PK\x03\x04" + head }, []string{"E002 findings.csv:0"}},
		{"an old Excel workbook", func(f *folder) { f.rawPractices = "\xd0\xcf\x11\xe0\xa1" }, []string{"E002 practices.csv:0"}},
		{"old Macintosh line ends", func(f *folder) { f.rawFindings = strings.ReplaceAll(head+row, "\n", "\r") }, []string{"E002 findings.csv:0"}},
		{"semicolons", func(f *folder) { f.rawFindings = strings.ReplaceAll(head+row, ",", ";") }, []string{"E003 findings.csv:1"}},
		{"tabs", func(f *folder) { f.rawFindings = strings.ReplaceAll(head+row, ",", "\t") }, []string{"E003 findings.csv:1"}},
		{"semicolons and quotation marks", func(f *folder) {
			f.rawFindings = `"` + strings.NewReplacer(",", `";"`, "\n", "\"\n\"").Replace(head+row) + `"`
		}, []string{"E003 findings.csv:1"}},
		{"a spreadsheet's note of its separator", func(f *folder) { f.rawFindings = "sep=;\n" + head + row }, []string{"E003 findings.csv:1"}},
		{"no header row", func(f *folder) { f.rawFindings = row[1:] }, []string{"E004 findings.csv:1"}},
		{"no header row, and somebody called Born", func(f *folder) { f.rawFindings = "N1,P1,Born,name,IL,1 Main St,Springfield,62701" }, []string{"E004 findings.csv:1"}},
		{"a header of other names", func(f *folder) { f.rawFindings = "Surname,DOB\nExample,1980-02-29" }, []string{
			"E012 findings.csv:1 last_name", "E012 findings.csv:1 birth_date",
			"E005 findings.csv:1 person_key", "E005 findings.csv:1 practice_key", "E005 findings.csv:1 data_classes", "W201 findings.csv:2 state", "W202 findings.csv:2 address1"}},
		{"a required column missing", func(f *folder) { f.findings.drop("last_name") }, []string{"E005 findings.csv:1 last_name"}},
		{"two required columns missing", func(f *folder) { f.findings.drop("last_name", "data_classes") },
			[]string{"E005 findings.csv:1 last_name", "E005 findings.csv:1 data_classes"}},
		{"practice_key missing in the practices", func(f *folder) { f.practices.drop("practice_key") }, []string{"E005 practices.csv:1 practice_key"}},
		{"practice_key missing in the findings", func(f *folder) { f.findings.drop("practice_key") }, []string{"E005 findings.csv:1 practice_key"}},
		{"a column twice", func(f *folder) { f.findings.header = append(f.findings.header, "city") }, []string{"E006 findings.csv:1 city"}},
		{"a column in capitals", func(f *folder) { f.findings.rename("last_name", "Last_Name") }, []string{"E007 findings.csv:1 last_name"}},
		{"a column with a space", func(f *folder) { f.findings.rename("last_name", "last name") }, []string{"E007 findings.csv:1 last_name"}},
		{"a column with a space behind it", func(f *folder) { f.findings.rename("zip", "zip ") }, []string{"E007 findings.csv:1 zip"}},
		{"a column in capitals and right", func(f *folder) { f.findings.header = append(f.findings.header, "CITY") }, []string{"E006 findings.csv:1 city"}},
		{"a row with a cell too few", func(f *folder) { f.rawFindings = head + row + "\nN2,P1,Example,name,IL,1 Main St,Springfield" }, []string{"E008 findings.csv:3"}},
		{"a row with a cell too many", func(f *folder) { f.rawFindings = head + row + ",\n" }, []string{"E008 findings.csv:2"}},
		{"a quotation mark inside a cell", func(f *folder) { f.rawFindings = head + "\nN2,P1,O\"Example,name,IL,1 Main St,Springfield,62701" + row }, []string{"E009 findings.csv:2"}},
		{"a quotation mark that is never closed", func(f *folder) { f.rawFindings = head + "\nN2,P1,\"Example,name,IL,1 Main St,Springfield,62701" + row }, []string{"E009 findings.csv:2"}},
		{"text behind a closed quotation mark", func(f *folder) {
			f.rawFindings = head + "\nN2,P1,\"Ex\"ample,name,IL,1 Main St,Springfield,62701" + row
		}, []string{"E009 findings.csv:2"}},
		{"quotation marks in the header", func(f *folder) { f.rawFindings = "\"" + head + row }, []string{"E009 findings.csv:1"}},
		{"no practice", func(f *folder) { f.practices.rows = nil }, []string{"E010 practices.csv:0", "E301 findings.csv:2 practice_key"}},
		{"a row too long", func(f *folder) { f.rawFindings = head + "\n" + strings.Repeat("x", 65537) + row }, []string{"E011 findings.csv:2"}},
		{"a header too long", func(f *folder) { f.rawFindings = head + strings.Repeat("x", 65537) + row }, []string{"E011 findings.csv:1"}},
		{"an unknown column", func(f *folder) { f.rawFindings = head + ",favourite" + row + ",blue" }, []string{"W001 findings.csv:1 favourite"}},
		{"a column by another name", func(f *folder) { f.findings.rename("zip", "Zip Code") }, []string{"E012 findings.csv:1 zip"}},
		{"a required column by another name", func(f *folder) { f.findings.rename("last_name", "Surname") }, []string{"E012 findings.csv:1 last_name"}},
		{"a column with a slip", func(f *folder) { f.findings.rename("birth_date", "brith_date") }, []string{"E012 findings.csv:1 birth_date"}},
		{"a county", func(f *folder) { f.findings.header = append(f.findings.header, "County") }, []string{"W001 findings.csv:1 County"}},
		{"a second telephone number", func(f *folder) { f.findings.header = append(f.findings.header, "phone2") }, []string{"W001 findings.csv:1 phone2"}},
		{"a third line of an address", func(f *folder) { f.findings.header = append(f.findings.header, "address3") }, []string{"E012 findings.csv:1 address2"}},
		{"a practice's name", func(f *folder) { f.practices.rename("legal_name", "Practice Name") }, []string{"E012 practices.csv:1 legal_name"}},
		{"a column twice, once by another name", func(f *folder) { f.findings.header = append(f.findings.header, "DOB") }, []string{"E012 findings.csv:1 birth_date"}},
		{"a column whose name was explained", func(f *folder) {
			f.findings.rename("zip", "Zip Code")
			f.findings.rename("birth_date", "DOB")
			f.findings.header = append(f.findings.header, "Town")
			f.say("letters:", "columns: {\"Zip Code\": zip, dob: birth_date, Town: ignore}\nletters:")
		}, nil},
		{"a column explained as one that is there", func(f *folder) {
			f.findings.header = append(f.findings.header, "Born")
			f.say("letters:", "columns: {Born: birth_date}\nletters:")
		}, []string{"E006 findings.csv:1 birth_date"}},
		{"an unknown column whose name may be a person", func(f *folder) { f.rawFindings = head + ",J. Example 1980" + row + "," },
			[]string{"W001 findings.csv:1 column 9"}},
		{"a column without a name", func(f *folder) { f.rawFindings = head + "," + row + "," }, nil},
		{"a row of commas", func(f *folder) { f.rawFindings = head + row + "\n,,,,,,,\n" }, []string{"W002 findings.csv:3"}},
		{"an empty line", func(f *folder) { f.rawFindings = head + "\n" + row + "\n\n" }, nil},
		{"nobody yet", func(f *folder) { f.findings.rows = nil }, []string{"W003 findings.csv:0"}},
		{"a byte order mark", func(f *folder) { f.rawFindings = "\xef\xbb\xbf" + head + row }, nil},
		{"two byte order marks", func(f *folder) { f.rawFindings = "\xef\xbb\xbf\xef\xbb\xbf" + head + row }, nil},
		{"Windows line ends", func(f *folder) { f.rawFindings = strings.ReplaceAll(head+row+"\n", "\n", "\r\n") }, nil},
		{"a cell with a comma and quotation marks", func(f *folder) { f.findings.set("address2", `"Rear", left`) }, nil},
		{"columns in another order", func(f *folder) {
			f.rawFindings = "zip,city,address1,state,data_classes,last_name,practice_key,person_key\n62701,Springfield,1 Main St,IL,name,Example,P1,N1"
		}, nil},
	}
}
