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
	names   headerNames
	// fieldOf is the field of each column, -1 for a column that is not there.
	fieldOf []int
	// columnOf is the column of each field, -1 for an unknown one.
	columnOf []int
	// left are the unknown columns by field: their names, and which checks their cells meet.
	left map[int]leftOut
	// meant are the columns that another name seemed to mean: they are not also
	// missing, and no row is wrong for their sake.
	meant map[int]bool
}

// unread has a bit for every column that only another name seemed to mean.
func (h *header) unread() uint32 {
	var bits uint32
	for col := range h.columns {
		if h.meant[col] && h.fieldOf[col] < 0 {
			bits |= 1 << col
		}
	}
	return bits
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
func readHeader(c *collector, rec *records, columns []column, names headerNames) (h *header, ok bool, err error) {
	if !sniff(c, rec) {
		return nil, false, nil
	}
	if what := otherSeparator(rec.firstLine(), columns); what != "" {
		c.line = rec.next
		c.problem(ruleSeparator, "", what)
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
	h = &header{columns: columns, names: names, columnOf: make([]int, len(rec.fields)), fieldOf: make([]int, len(columns)), left: map[int]leftOut{}, meant: map[int]bool{}}
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

// recognise reports whether a field names a column or nearly does, or two are
// other names of columns. A first row that has neither is a row of data, whose
// cells must not be repeated: one of them alone may be somebody called Born.
func (h *header) recognise(fields [][]byte) bool {
	meant := 0
	for _, f := range fields {
		name := string(f)
		switch {
		case columnLike(h.columns, name) >= 0, columnNamed(h.columns, h.names.of(name)) >= 0:
			return true
		case columnMeant(h.columns, name) >= 0:
			meant++
		}
	}
	return meant > 1
}

func (h *header) place(c *collector, fields [][]byte) {
	for i, f := range fields {
		name := string(f)
		said := h.names.of(name)
		exact := columnNamed(h.columns, name)
		col := exact
		if exact < 0 && said == "" {
			col = columnLike(h.columns, name)
		} else if said != "" && said != ignoredColumn {
			col = columnNamed(h.columns, said)
		} else if said == ignoredColumn {
			col = -1
		}
		h.columnOf[i] = col
		switch {
		case col < 0:
			h.leaveOut(c, i, name, said)
		case h.fieldOf[col] >= 0:
			h.columnOf[i] = -1
			h.left[i] = leftOut{h.columns[col].name, h.columns[col].holds}
			c.problem(ruleTwiceColumn, h.columns[col].name, fmt.Sprintf("the column %s is there twice, as cells %d and %d of the first row", h.columns[col].name, h.fieldOf[col]+1, i+1))
		default:
			h.fieldOf[col] = i
			if exact < 0 && said == "" {
				right := h.columns[col].name
				c.problemFix(ruleColumnName, right, fmt.Sprintf("the name of column %d is not written %s", i+1, right),
					fmt.Sprintf("Write %s: small letters, no spaces.", right))
			}
		}
	}
	for i, col := range h.columns {
		if col.required && h.fieldOf[i] < 0 && !h.meant[i] {
			c.problem(ruleMissingColumn, col.name, "the required column "+col.name+" is missing")
		}
	}
}

// leaveOut reports a column that is none of ours, by its name when that looks
// like one. said is what a person said of it: then there is nothing to report.
func (h *header) leaveOut(c *collector, field int, name, said string) {
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
	if name == "" || said != "" {
		return
	}
	if meant := columnMeant(h.columns, name); meant >= 0 {
		right := h.columns[meant].name
		h.meant[meant] = h.fieldOf[meant] < 0
		if shown == name {
			shown = fmt.Sprintf("column %d, %s,", field+1, name)
		}
		c.problemFix(ruleColumnLike, right, fmt.Sprintf("%s looks like %s, and nothing is read from it", shown, right),
			fmt.Sprintf("Rename it to %s. If it is something else: say so in columns of incident.yaml, or leave it out with `--ignore-column NAME`.", right))
		return
	}
	c.problem(warnUnknownColumn, shown, fmt.Sprintf("column %d is unknown and is left out", field+1))
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

// byteOrderMark is what some programs begin a UTF-8 file with.
var byteOrderMark = []byte("\xef\xbb\xbf")

// sniff recognises files that are no UTF-8 CSV at all by their first bytes, and
// passes over a byte order mark.
func sniff(c *collector, rec *records) bool {
	for rec.end < 16 && rec.fill() {
	}
	head := rec.buf[:rec.end]
	for bytes.HasPrefix(head, byteOrderMark) { // a file that was saved twice has two
		rec.pos += len(byteOrderMark)
		head = head[len(byteOrderMark):]
	}
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
	}
	if message != "" {
		c.problem(ruleNotCSV, "", message)
		return false
	}
	if len(bytes.TrimSpace(head)) == 0 && len(head) < bufferSize-16 {
		c.problem(ruleEmptyFile, "", "the file is empty")
		return false
	}
	return true
}

// otherSeparator says what a first line shows of another separator than commas,
// with or without quotation marks around the names; "" for commas.
func otherSeparator(line []byte, columns []column) string {
	first := strings.TrimSpace(string(line))
	if len(first) >= 4 && strings.EqualFold(first[:4], "sep=") {
		return "the first line is a spreadsheet's own note of its separator (sep=), not the column names: delete it, and separate columns by commas"
	}
	for _, s := range []struct{ sep, name string }{{";", "semicolons"}, {"\t", "tabs"}, {"|", "vertical bars"}} {
		part, rest, found := strings.Cut(first, s.sep)
		if found && (columnLike(columns, part) >= 0 || columnMeant(columns, part) >= 0 || columnLike(columns, firstOf(rest, s.sep)) >= 0) && !strings.Contains(part, ",") {
			return "the columns are separated by " + s.name + ", not by commas"
		}
	}
	return ""
}

func firstOf(s, sep string) string {
	first, _, _ := strings.Cut(s, sep)
	return first
}
