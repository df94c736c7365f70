package casefolder

import (
	"io"

	"duenotice/internal/breach"
)

// What is handed over by others is read and repaired elsewhere (internal/intake). It
// is judged by the same words and shapes as the case folder, which stand here.

// FindingColumns are the columns of findings.csv in the contract's order.
func FindingColumns() []string { return namesOf(findingColumns) }

// PracticeColumns are those of practices.csv.
func PracticeColumns() []string { return namesOf(practiceColumns) }

func namesOf(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// BareName is a column's name without capitals, spaces and punctuation, by which
// names are compared.
func BareName(name string) string { return bareName(name) }

// ColumnMeant is the column of findings.csv, or of practices.csv, that a name given by
// another program seems to mean; "" when there is none.
func ColumnMeant(name string) string {
	for _, columns := range [][]column{findingColumns, practiceColumns} {
		if i := columnLike(columns, name); i >= 0 {
			return columns[i].name
		}
		if i := columnMeant(columns, name); i >= 0 {
			return columns[i].name
		}
	}
	return ""
}

// CanBeShown reports a text short and plain enough to be a column's name: anything
// else in a first row may be somebody's data and is not repeated.
func CanBeShown(name string) bool { return isColumnName(name) }

// NumberIn is the kind of a number that must not be in a list and that a text for a
// column of findings.csv has the shape of: ssn or payment_card; "" when there is none.
func NumberIn(column, text string) breach.DataClass {
	if ascii, _, digits := survey(text); ascii && digits < 9 { // nearly every cell
		return ""
	}
	holds := plainText
	if i := columnNamed(findingColumns, column); i >= 0 {
		holds = findingColumns[i].holds
	}
	switch smuggled(text, holds) {
	case ruleSSN:
		return "ssn"
	case ruleCard:
		return "payment_card"
	}
	return ""
}

// LostZero reports a ZIP that a spreadsheet took for a number: 1013 for 01013.
func LostZero(zip string) bool { return lostZero(zip) }

// DecodedTwice reports text in UTF-8 that was read as if it were another encoding and
// written as UTF-8 again: Ã© for é.
func DecodedTwice(text string) bool { return decodedTwice(text) }

// LostLetters reports question marks in place of letters in a part of somebody's name.
func LostLetters(name string) bool { return lostLetters(name, personName) }

// SaysNoName reports a word where a name would be printed: N/A, unknown, NMN.
func SaysNoName(text string) bool { return isNoName(text) }

// IsMissingValue reports what dataframes and databases write for no value, in a column
// of findings.csv.
func IsMissingValue(column, text string) bool {
	i := columnNamed(findingColumns, column)
	return i >= 0 && isMissingValue(text, &findingColumns[i])
}

// SaysNoDate reports a word, zeros or a program's first or last day where there is no date.
func SaysNoDate(text string) bool {
	_, fault := readDate(text)
	return fault == dateWord || fault == datePlaceholder
}

// IsTemplate reports the content of a list that WriteTemplate wrote and nobody filled in.
func IsTemplate(name string, content []byte) bool {
	own, err := template.ReadFile("template/" + name)
	return err == nil && string(own) == string(content)
}

// Rows reads the rows of a text file of cells (RFC 4180) with any separator, in
// constant memory.
type Rows struct{ records *records }

// Of one row that Read could not read; reading goes on with the next.
var (
	ErrQuotes  = errQuotes
	ErrLongRow = errLongRecord
)

// NewRows reads UTF-8 text whose rows have at most the given number of bytes.
func NewRows(src io.Reader, separator byte, most int) *Rows {
	return &Rows{&records{src: src, buf: make([]byte, 4*most), next: 1, separator: separator, most: most}}
}

// Read returns the next row that is no empty line, with the line of the file on which
// it begins; the cells are valid until the next call. io.EOF ends the file, ErrQuotes
// and ErrLongRow concern the row on that line.
func (r *Rows) Read() (cells [][]byte, line int, err error) {
	err = r.records.read()
	return r.records.fields, r.records.line, err
}
