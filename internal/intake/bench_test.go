package intake_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"duenotice/internal/intake"
)

// benchRows is how many rows of each format are read.
const benchRows = 100_000

// benchFormat is a format as it is handed over, with a hundred thousand rows in its first file.
type benchFormat struct {
	name string
	// files are written as they are; bare reads the same bytes and keeps nothing.
	files   func(testing.TB) [][]byte
	bare    func(testing.TB, []byte)
	repairs []string
	// findings is how many rows the lists have in the end, with and without a place.
	findings int
}

func one(content func() string) func(testing.TB) [][]byte {
	return func(testing.TB) [][]byte { return [][]byte{[]byte(content())} }
}

// Each format is imported whole (read twice, sorted, written), and beside it the same
// files are read by the bare reader of the library, which keeps nothing.
func BenchmarkImport(b *testing.B) {
	for _, format := range []benchFormat{
		{"csv", one(benchCSV), bareCSV, nil, benchRows},
		{"csv-damaged", one(func() string { text, _ := damagedList(benchRows, false); return text }), bareCSV, []string{"all"}, benchRows},
		{"xlsx", func(tb testing.TB) [][]byte { tb.Helper(); return [][]byte{benchXLSX(tb)} }, bareXLSX, nil, benchRows},
		{"entity-report", one(func() string {
			return benchTable("Entity ID,First Name,Last Name,Merge Reason,Document Identifiers,Cluster ID,Date of Birth,Address,City,State,Zip,SSN,Practice",
				func(n int) string {
					return fmt.Sprintf("%d,Ann,Doe,,D%d,1,1980-01-02,%d Ash St,Reno,NV,89501,999-12-3456,Oak Street Medical Group", n, n, n)
				})
		}), bareCSV, nil, benchRows},
		{"entity-list", one(func() string {
			return benchTable("Master Entity ID,First Name,Last Name,Date of Birth,Address Line 1,City,State,Zip Code,SSN,Data Owner,Raw Entities,Document IDs",
				func(n int) string {
					return fmt.Sprintf("%d,Ann,Doe,1980-01-02,%d Ash St,Reno,NV,89501,999-12-3456,Oak Street Medical Group,1,D%d", n, n, n)
				})
		}), bareCSV, nil, benchRows},
		{"ehr", func(testing.TB) [][]byte {
			return [][]byte{
				[]byte(benchTable("Id,BIRTHDATE,DEATHDATE,SSN,FIRST,LAST,ADDRESS,CITY,STATE,ZIP", func(n int) string {
					return fmt.Sprintf("p%d,1980-01-02,,999-12-3456,Ann,Doe,%d Ash St,Reno,NV,89501", n, n)
				})),
				[]byte(benchTable("Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,ENCOUNTERCLASS", func(n int) string {
					return fmt.Sprintf("e%d,2010-01-01T00:00:00Z,2010-01-01T00:15:00Z,p%d,org-1,d,wellness", n, n)
				})),
				[]byte(syntheaOrganizations),
			}
		}, bareCSV, nil, benchRows},
		{"fhir", one(benchFHIR), bareFHIR, nil, benchRows},
		{"fhir-bundle", one(func() string {
			return `{"resourceType":"Bundle","type":"collection","entry":[{"resource":` +
				strings.ReplaceAll(strings.TrimSpace(benchFHIR()), "\n", `},{"resource":`) + "}]}"
		}), bareFHIR, nil, benchRows},
		{"x12", one(benchX12), bareX12, nil, benchRows},
		{"nppes", func(testing.TB) [][]byte {
			return [][]byte{
				[]byte(benchTable("NPI,Entity Type Code,Replacement NPI,Provider Organization Name (Legal Business Name),NPI Deactivation Date", func(n int) string {
					return fmt.Sprintf("%d,2,,CLINIC %d,", 1_000_000_000+n, n)
				})),
				[]byte("Last Name,DOB,Clinic NPI\nDoe,1980-01-02,1234567893\n"),
			}
		}, bareCSV, nil, 1},
	} {
		contents := format.files(b)
		var paths []string
		for i, content := range contents {
			path := filepath.Join(b.TempDir(), fmt.Sprintf("%s-%d", format.name, i))
			require.NoError(b, os.WriteFile(path, content, 0o600))
			paths = append(paths, path)
		}
		list := filepath.Join(b.TempDir(), "clients.csv")
		require.NoError(b, os.WriteFile(list, []byte(clients), 0o600))
		b.Run(format.name+"/import", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				report, err := intake.Import(b.Context(), intake.Options{Dir: b.TempDir(), Sources: append(paths, list), Today: today, Repairs: format.repairs, Practice: "OAK"})
				require.NoError(b, err)
				require.False(b, report.Refused, "%+v", report)
				require.Equal(b, format.findings, report.Written.Findings+report.Written.Unplaced)
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(format.name+"/bare", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, content := range contents {
					format.bare(b, content)
				}
			}
			b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// benchTable is a CSV file of a hundred thousand rows.
func benchTable(header string, row func(n int) string) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for n := range benchRows {
		b.WriteString(row(n) + "\n")
	}
	return b.String()
}

func benchRow(n int) []string {
	return []string{fmt.Sprintf("A%07d", n), "Ann", "Doe", "1980-01-02", fmt.Sprintf("%d Ash St", n), "Reno", "NV", "89501", "555-0100", "OAK"}
}

func benchCSV() string {
	var b strings.Builder
	b.WriteString(strings.Join(damagedHeader, ",") + "\n")
	for n := range benchRows {
		b.WriteString(strings.Join(benchRow(n), ",") + "\n")
	}
	return b.String()
}

func bareCSV(t testing.TB, content []byte) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(content))
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func benchXLSX(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	require.NoError(t, err)
	for n := range benchRows + 1 {
		row := damagedHeader
		if n > 0 {
			row = benchRow(n)
		}
		cells := make([]any, len(row))
		for i, cell := range row {
			cells[i] = cell
		}
		require.NoError(t, w.SetRow(fmt.Sprintf("A%d", n+1), cells))
	}
	require.NoError(t, w.Flush())
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return b.Bytes()
}

func bareXLSX(t testing.TB, content []byte) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(t, err)
	rows, err := f.Rows("Sheet1")
	require.NoError(t, err)
	for rows.Next() {
		_, err := rows.Columns()
		require.NoError(t, err)
	}
	require.NoError(t, errors.Join(rows.Close(), f.Close()))
}

func benchFHIR() string {
	var b strings.Builder
	for n := range benchRows {
		fmt.Fprintf(&b, `{"resourceType":"Patient","id":"p%d","name":[{"family":"Doe","given":["Ann"]}],"birthDate":"1980-01-02","address":[{"line":["%d Ash St"],"city":"Reno","state":"NV","postalCode":"89501"}]}`+"\n", n, n)
	}
	return b.String()
}

func bareFHIR(t testing.TB, content []byte) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(content))
	for {
		var resource map[string]any
		if err := decoder.Decode(&resource); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func benchX12() string {
	var b strings.Builder
	b.WriteString("ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260316*1200*^*00501*000000001*0*P*:~GS*HS*S*R*20260316*1200*1*X*005010X279A1~ST*270*1~")
	for n := range benchRows {
		fmt.Fprintf(&b, "HL*%d**22~NM1*IL*1*DOE*ANN****MI*W%d~N3*%d ASH ST~N4*RENO*NV*89501~DMG*D8*19800102*F~", n+1, n, n)
	}
	b.WriteString("SE*1*1~GE*1*1~IEA*1*000000001~")
	return b.String()
}

// There is no library of ours for X12: bare is the cutting of segments and elements.
func bareX12(t testing.TB, content []byte) {
	t.Helper()
	n := 0
	for segment := range bytes.SplitSeq(content, []byte("~")) {
		n += bytes.Count(segment, []byte("*"))
	}
	require.NotZero(t, n)
}
