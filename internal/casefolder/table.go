package casefolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// row is one row of a list, its cells by column and without the space around
// them. bad has a bit for every column whose cell broke a rule already.
type row struct {
	line   int
	offset int64
	cells  []string
	bad    uint32
}

func (r *row) isBad(col int) bool { return r.bad&(1<<col) != 0 }

// fine reports a cell that is filled in and broke no rule so far.
func (r *row) fine(col int) bool { return r.cells[col] != "" && !r.isBad(col) }

// table reads a list's rows.
type table struct {
	*header
	rec  *records
	row  row
	raw  []string // the row's cells as they stand in the file, by field
	text []byte
	// unread are the bits that row.bad begins with.
	unread uint32
}

func newTable(h *header, rec *records) *table {
	return &table{header: h, rec: rec, row: row{cells: make([]string, len(h.columns))}, unread: h.unread()}
}

// next reads the next row into t.row. Its strings share one allocation and
// stay valid; t.row itself is used again. io.EOF ends the list; errQuotes,
// errLongRecord and errFieldCount concern one row.
func (t *table) next() error {
	err := t.rec.read()
	t.row.line, t.row.offset, t.row.bad = t.rec.line, t.rec.offset, t.unread
	if err != nil {
		return err
	}
	if len(t.rec.fields) != len(t.columnOf) {
		return errFieldCount
	}
	t.text = t.text[:0]
	for _, f := range t.rec.fields {
		t.text = append(t.text, f...)
	}
	text, at := string(t.text), 0
	t.raw = t.raw[:0]
	for i, f := range t.rec.fields {
		cell := text[at : at+len(f)]
		at += len(f)
		t.raw = append(t.raw, cell)
		if col := t.columnOf[i]; col >= 0 {
			t.row.cells[col] = strings.TrimSpace(cell)
		}
	}
	return nil
}

// empty reports a row with nothing in any cell, such as spreadsheets leave
// below a list.
func (t *table) empty() bool {
	for _, cell := range t.raw {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// errFieldCount is a row with more or fewer cells than the header.
var errFieldCount = errors.New("wrong number of cells")

// noPracticeKey is the column of the practice's key in a list without one.
const noPracticeKey = -1

// checkRows reads a list to its end: it reports what is wrong with the form of
// rows and cells, and gives every row whose cells could be told apart to each.
// It returns the number of rows that hold something, and false when the file
// as a whole cannot be read as this list.
func checkRows(ctx context.Context, c *collector, src io.Reader, columns []column, names headerNames, practiceKey int, prepare func(*header), each func(*row) error) (rows int, readable bool, err error) {
	rec := newRecords(src)
	h, ok, err := readHeader(c, rec, columns, names)
	if !ok || err != nil {
		return 0, false, err
	}
	prepare(h)
	t := newTable(h, rec)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return rows, true, ctx.Err()
		}
		err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		c.startRow(t.row.line)
		switch {
		case err == nil:
			if t.empty() {
				c.problem(warnEmptyRow, "", "the row is empty and is left out")
				break
			}
			rows++
			if practiceKey != noPracticeKey && isSafeKey(t.row.cells[practiceKey]) {
				c.practiceKey = t.row.cells[practiceKey]
			}
			t.checkCells(c)
			if err := each(&t.row); err != nil {
				return rows, true, err
			}
		case errors.Is(err, errFieldCount):
			rows++
			c.problem(ruleFieldCount, "", fmt.Sprintf("the row has %d cells, the first row has %d", len(rec.fields), len(t.columnOf)))
		case errors.Is(err, errQuotes):
			rows++
			c.problem(ruleQuotes, "", "the quotation marks of the row do not pair up")
		case errors.Is(err, errLongRecord):
			rows++
			c.problem(ruleRowTooLong, "", "the row is longer than 65,536 bytes")
		default:
			return rows, true, err
		}
		c.endRow()
		if c.err != nil {
			return rows, true, c.err
		}
	}
	return rows, true, c.err
}

// checkCells looks at every cell for itself.
func (t *table) checkCells(c *collector) {
	leaves := removes(t.columns, t.row.cells)
	for i, raw := range t.raw {
		col := t.columnOf[i]
		if col < 0 {
			t.checkLeftOut(c, i, raw)
			continue
		}
		s := t.row.cells[col]
		if s == "" {
			if t.columns[col].required && (!leaves || col == fPersonKey || col == fPracticeKey) {
				t.row.bad |= 1 << col
				c.problem(ruleRequired, t.columns[col].name, t.columns[col].name+" is empty")
			}
			continue
		}
		if rule, message := checkCell(&t.columns[col], raw, s); rule != "" {
			t.row.bad |= 1 << col
			c.problem(rule, t.columns[col].name, message)
		}
	}
}

// checkLeftOut looks into a column that is not loaded for what must not be in
// the folder at all, and for damaged text, which says the export went wrong.
func (t *table) checkLeftOut(c *collector, field int, raw string) {
	s := strings.TrimSpace(raw)
	if s == "" {
		return
	}
	left := t.left[field]
	if rule, message := checkUnicode(s); rule == ruleUTF8 {
		c.problem(rule, left.name, left.name+" "+message)
		return
	}
	if rule := smuggled(s, left.holds); rule != "" {
		c.problem(rule, left.name, left.name+smuggledMessage(rule))
	}
}
