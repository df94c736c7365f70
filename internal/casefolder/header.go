package casefolder

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

// header is where a list's columns stand in its rows.
type header struct {
	columns []column
	// fieldOf is the field of each column, -1 for a column that is not there.
	fieldOf []int
	// columnOf is the column of each field, -1 for an unknown one.
	columnOf []int
	// left are the unknown columns by field: their names, and which checks their cells meet.
	left map[int]leftOut
}

// leftOut is an unknown column. Nothing of it is loaded, but a Social Security
// number in it still would be in the case folder.
type leftOut struct {
	name  string
	holds content
}

// readHeader looks at the file's first bytes and its first row. ok is false
// when no row can be understood; problems of single columns are reported and
// the reading goes on.
func readHeader(c *collector, rec *records, columns []column) (h *header, ok bool, err error) {
	if !sniff(c, rec) {
		return nil, false, nil
	}
	err = rec.read()
	c.line = rec.line
	switch {
	case err == nil:
	case errors.Is(err, errQuotes):
		c.problem(ruleQuotes, "", "the quotation marks of the first row do not pair up")
		return nil, false, nil
	case errors.Is(err, errLongRecord):
		c.problem(ruleRowTooLong, "", "the first row is longer than 65,536 bytes")
		return nil, false, nil
	default:
		return nil, false, err
	}
	if separator := otherSeparator(rec.fields, columns); separator != "" {
		c.problem(ruleSeparator, "", "the columns are separated by "+separator+", not by commas")
		return nil, false, nil
	}
	h = &header{columns: columns, columnOf: make([]int, len(rec.fields)), fieldOf: make([]int, len(columns)), left: map[int]leftOut{}}
	for i := range h.fieldOf {
		h.fieldOf[i] = -1
	}
	if !h.recognise(rec.fields) {
		c.problem(ruleNoHeader, "", "none of the first row's cells is a column name; expected are "+columnNames(columns, true)+" and others")
		return nil, false, nil
	}
	h.place(c, rec.fields)
	return h, true, nil
}

// recognise reports whether at least one field names a column or nearly does.
// A first row that names none is a row of data, and its cells must not be repeated.
func (h *header) recognise(fields [][]byte) bool {
	for _, f := range fields {
		if columnLike(h.columns, string(f)) >= 0 {
			return true
		}
	}
	return false
}

func (h *header) place(c *collector, fields [][]byte) {
	for i, f := range fields {
		name := string(f)
		exact := columnNamed(h.columns, name)
		col := exact
		if exact < 0 {
			col = columnLike(h.columns, name)
		}
		h.columnOf[i] = col
		switch {
		case col < 0:
			h.leaveOut(c, i, name)
		case h.fieldOf[col] >= 0:
			h.columnOf[i] = -1
			h.left[i] = leftOut{h.columns[col].name, h.columns[col].holds}
			c.problem(ruleTwiceColumn, h.columns[col].name, fmt.Sprintf("the column %s is there twice, as cells %d and %d of the first row", h.columns[col].name, h.fieldOf[col]+1, i+1))
		default:
			h.fieldOf[col] = i
			if exact < 0 {
				right := h.columns[col].name
				c.problemFix(ruleColumnName, right, fmt.Sprintf("the name of column %d is not written %s", i+1, right),
					fmt.Sprintf("Write %s: small letters, no spaces.", right))
			}
		}
	}
	for i, col := range h.columns {
		if col.required && h.fieldOf[i] < 0 {
			c.problem(ruleMissingColumn, col.name, "the required column "+col.name+" is missing")
		}
	}
}

// leaveOut reports an unknown column, by its name when that looks like one.
func (h *header) leaveOut(c *collector, field int, name string) {
	name = strings.TrimSpace(name)
	shown := fmt.Sprintf("column %d", field+1)
	if isColumnName(name) {
		shown = name
		c.report.UnknownColumns = append(c.report.UnknownColumns, UnknownColumn{c.file, name})
	}
	holds := wordOrDate
	for _, hint := range []string{"ssn", "social", "tin", "taxid"} {
		if strings.Contains(bareName(name), hint) {
			holds = plainText
		}
	}
	h.left[field] = leftOut{shown, holds}
	if name != "" {
		c.problem(warnUnknownColumn, shown, fmt.Sprintf("column %d is unknown and is left out", field+1))
	}
}

// isColumnName reports a text short and plain enough to be a column's name:
// anything else in a first row may be somebody's data and is not repeated.
func isColumnName(s string) bool {
	if s == "" || len(s) > 64 || digitsIn(s) > 3 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isWordByte(c) && c != '_' && c != ' ' && c != '-' || c >= 0x80 {
			return false
		}
	}
	return true
}

// sniff recognises files that are no UTF-8 CSV at all by their first bytes, and
// passes over a byte order mark.
func sniff(c *collector, rec *records) bool {
	for rec.end < 4 && rec.fill() {
	}
	head := rec.buf[:rec.end]
	line, _, _ := bytes.Cut(head, []byte("\n"))
	message := ""
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		message = "the file is a spreadsheet workbook, not CSV"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		message = "the file was saved as UTF-16 (\"Unicode text\")"
	case bytes.IndexByte(line, 0) >= 0:
		message = "the file was saved as UTF-16 or is no text"
	case bytes.IndexByte(bytes.TrimSuffix(line, []byte("\r")), '\r') >= 0:
		message = "the file was saved with the line ends of old Macintosh computers"
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		rec.pos = 3
		head = head[3:]
	}
	if message != "" {
		c.problem(ruleNotCSV, "", message)
		return false
	}
	if len(bytes.TrimSpace(head)) == 0 && len(head) < bufferSize-3 {
		c.problem(ruleEmptyFile, "", "the file is empty")
		return false
	}
	return true
}

// otherSeparator names the separator of a file that uses another than commas.
func otherSeparator(fields [][]byte, columns []column) string {
	first := string(fields[0])
	for _, s := range []struct{ sep, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "vertical bars"}} {
		part, _, found := strings.Cut(first, s.sep)
		if found && columnLike(columns, part) >= 0 {
			return s.name
		}
	}
	return ""
}
