package intake

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
)

// Trace says from where rows of a case's lists are. It repeats no cell of a person's row
// but the keys.
type Trace struct {
	// ListChanged: findings.csv is not as the import wrote it, ReportChanged:
	// import-report.csv is not. Then what stands here may be of other rows.
	ListChanged   bool         `json:"list_changed"`
	ReportChanged bool         `json:"report_changed"`
	Findings      []TracedLine `json:"findings"`
}

// TracedLine is one row of findings.csv, or of the list of rows without a practice.
type TracedLine struct {
	File        string `json:"file"`
	Line        int    `json:"line"`
	PersonKey   string `json:"person_key"`
	PracticeKey string `json:"practice_key"`
	// Rows are the rows of sources that it was made of, the first first.
	Rows []TracedRow `json:"rows"`
}

// TracedRow is a row of a source.
type TracedRow struct {
	Source string `json:"source"`
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Row    int    `json:"row"`
	SHA256 string `json:"sha256"`
	// Profiles are those by which the source's tables were read.
	Profiles []string `json:"profiles"`
	// Done is what the import noted of the row: repairs, what was merged or left out.
	Done []TracedEvent `json:"done"`

	named string
}

// TracedEvent is a line of the report on a row.
type TracedEvent struct {
	Column string `json:"column,omitempty"`
	What   string `json:"what"`
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
}

// TraceOf traces rows of a case that an import made: the one on a line of findings.csv, or
// all of a person, at one practice where practice is not empty. The list and the report
// are read as streams. It is refused with code "no_import" where no import made the lists
// and with "not_in_list" where nothing is found.
func TraceOf(dir, rowOrPerson, practice string) (Trace, error) {
	t := tracer{dir: dir, person: rowOrPerson, practice: practice}
	if n, err := strconv.Atoi(rowOrPerson); err == nil {
		t.line = n
	}
	var err error
	if t.memory, err = readMemory(dir); err != nil {
		return t.trace, err
	}
	if len(t.memory.Sources) == 0 {
		return t.trace, breach.Refuse("no_import", "Import its sources with `duenotice findings import CASE SOURCE...`.", "no import made the lists of %s", dir)
	}
	if err := t.readReport(); err != nil {
		return t.trace, err
	}
	sum, err := t.find(casefolder.FindingsFile)
	if err != nil {
		return t.trace, err
	}
	t.trace.ListChanged = sum != t.memory.FindingsSHA256
	t.line = 0 // a line is one of findings.csv
	if _, err := t.find(UnplacedFile); err != nil {
		return t.trace, err
	}
	if len(t.trace.Findings) == 0 {
		return t.trace, breach.Refuse("not_in_list", "Give a line of findings.csv, or a person_key of it.", "%s has no such row", dir)
	}
	return t.trace, t.follow()
}

type tracer struct {
	dir, person, practice string
	line                  int
	memory                memory
	report                Report
	trace                 Trace
}

// readReport reads which table of a workbook is which.
func (t *tracer) readReport() error {
	content, err := givenfile.Read(filepath.Join(t.dir, ReportJSON))
	if errors.Is(err, os.ErrNotExist) {
		return breach.Refuse("no_report", "Import the sources again.", "the case has no %s", ReportJSON)
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, &t.report); err != nil {
		return breach.Refuse("no_report", "Import the sources again.", "%s of the case cannot be read", ReportJSON)
	}
	return nil
}

// find looks for the rows in a list, and returns the list's hash.
func (t *tracer) find(name string) (sha string, err error) {
	hash := sha256.New()
	err = t.eachRow(name, hash, func(line int, of func(string) string) error {
		isLine := t.line > 0 && line == t.line
		if !isLine && of("person_key") != t.person || t.practice != "" && !strings.EqualFold(of("practice_key"), t.practice) {
			return nil
		}
		t.trace.Findings = append(t.trace.Findings, TracedLine{
			File: name, Line: line, PersonKey: of("person_key"), PracticeKey: of("practice_key"), Rows: t.rowsOf(of("source")),
		})
		return nil
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

// eachRow gives the rows of a CSV file of the case, each with the line that it begins on
// and its cells by their columns. A file that is not there has none.
func (t *tracer) eachRow(name string, hash io.Writer, each func(line int, of func(string) string) error) error {
	file, err := givenfile.Open(filepath.Join(t.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	tap := io.TeeReader(file, hash)
	r := csv.NewReader(tap)
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	at := map[string]int{}
	for first := true; ; first = false {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			_, err := io.Copy(io.Discard, tap)
			return err
		}
		if err != nil {
			return breach.Refuse("list_unread", "`duenotice validate` says what is wrong with it.", "%s of the case cannot be read", name)
		}
		if first {
			for i, column := range cells {
				at[strings.TrimPrefix(column, "\ufeff")] = i
			}
			continue
		}
		line, _ := r.FieldPos(0)
		of := func(column string) string {
			if i, has := at[column]; has && i < len(cells) {
				return cells[i]
			}
			return ""
		}
		if err := each(line, of); err != nil {
			return err
		}
	}
}

// sourceRow is a row as the cell source names it, and sourceRows are several of them, with
// what a list of people itself said of its source behind.
var (
	sourceRow  = regexp.MustCompile(`(S\d+)(?: sheet (\d+))? row (\d+)`)
	sourceRows = regexp.MustCompile(`^S\d+(?: sheet \d+)? row \d+(?:; S\d+(?: sheet \d+)? row \d+)*`)
)

// rowsOf are the rows that a cell source names.
func (t *tracer) rowsOf(cell string) []TracedRow {
	found := []TracedRow{}
	for _, named := range sourceRow.FindAllStringSubmatch(sourceRows.FindString(cell), -1) {
		found = append(found, t.row(named))
	}
	return found
}

func (t *tracer) row(named []string) TracedRow {
	row := TracedRow{Source: named[1], Profiles: []string{}, Done: []TracedEvent{}, named: named[0]}
	row.Row, _ = strconv.Atoi(named[3]) // the pattern has digits
	for _, s := range t.report.Sources {
		if s.ID != row.Source {
			continue
		}
		row.File, row.SHA256 = s.File, s.SHA256
		sheet, err := strconv.Atoi(named[2])
		for i, table := range s.Tables {
			switch {
			case named[2] != "" && (err != nil || i != sheet-1), table.Profile == "":
				continue
			case named[2] != "" || len(s.Tables) == 1:
				row.Sheet = table.Sheet
			}
			if !slices.Contains(row.Profiles, table.Profile) {
				row.Profiles = append(row.Profiles, table.Profile)
			}
		}
	}
	return row
}

// sameAs begins the detail of a row that was merged; the row that it was merged into follows.
const sameAs = "a row of the same person and practice as "

// follow reads the report: what was done to the rows, and which others were merged into
// them. A cell has room for a dozen rows, and the report for all.
func (t *tracer) follow() error {
	hash := sha256.New()
	wanted := map[string][]*[]TracedRow{} // by the row's name
	for i := range t.trace.Findings {
		f := &t.trace.Findings[i]
		for _, row := range f.Rows {
			wanted[row.named] = append(wanted[row.named], &f.Rows)
		}
	}
	err := t.eachRow(ReportCSV, hash, func(_ int, of func(string) string) error {
		if of("what") != Merged {
			return nil
		}
		_, into, is := strings.Cut(of("detail"), sameAs)
		if !is {
			return nil
		}
		for _, rows := range wanted[strings.TrimSpace(into)] {
			name := t.nameOf(of)
			if !slices.ContainsFunc(*rows, func(r TracedRow) bool { return r.named == name }) {
				*rows = append(*rows, t.row(sourceRow.FindStringSubmatch(name)))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.trace.ReportChanged = hex.EncodeToString(hash.Sum(nil)) != t.memory.ReportSHA256
	at := map[string][]*TracedRow{}
	for i := range t.trace.Findings {
		for j := range t.trace.Findings[i].Rows {
			row := &t.trace.Findings[i].Rows[j]
			at[row.named] = append(at[row.named], row)
		}
	}
	return t.eachRow(ReportCSV, io.Discard, func(_ int, of func(string) string) error {
		if of("row") == "" {
			return nil
		}
		for _, row := range at[t.nameOf(of)] {
			row.Done = append(row.Done, TracedEvent{of("column"), of("what"), of("rule"), of("detail")})
		}
		return nil
	})
}

// nameOf names the row that a line of the report is about, as the cell source does.
func (t *tracer) nameOf(of func(string) string) string {
	for _, s := range t.report.Sources {
		if s.ID != of("source") || s.Format != formWorkbook || len(s.Tables) < 2 {
			continue
		}
		for i, table := range s.Tables {
			if table.Sheet == of("sheet") {
				return fmt.Sprintf("%s sheet %d row %s", s.ID, i+1, of("row"))
			}
		}
	}
	return of("source") + " row " + of("row")
}
