// Package workbook reads XLSX workbooks, each sheet as a table, row after row. Cells
// come as the workbook keeps them, dates as day numbers: what a cell's format would
// show is less than what is there (a year of two digits, a number cut to six).
package workbook

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"github.com/xuri/excelize/v2"

	"duenotice/internal/breach"
	"duenotice/internal/intake/rows"
)

// What a workbook may unpack to in bytes, and how much of it is kept in memory; the
// rest lies in files of the folder that is given.
const (
	mostUnpacked = 8 << 30
	mostInMemory = 16 << 20
)

// Reader reads one workbook.
type Reader struct {
	book     *excelize.File
	sheets   []string
	outlines map[string]outline
	// Date1904: day numbers count from 1904, as on old computers of Apple.
	Date1904 bool

	at      int // the sheet that is read
	rows    *excelize.Rows
	number  int
	merge   int       // the next merged range that begins
	carried []carried // those whose rows are being read
}

// carried is the value of a merged range while its rows are read.
type carried struct {
	area
	value string
}

// Open reads a workbook of the given size. What does not fit into memory is unpacked
// into dir, which must be kept from others, and removed by Close.
func Open(file interface {
	io.Reader
	io.ReaderAt
}, size int64, dir string) (*Reader, error) {
	head := make([]byte, 8)
	if n, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) || n < 8 {
		return nil, damaged()
	}
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) {
		return nil, breach.Refuse("workbook_closed", "Open it in the spreadsheet, take the password away, and save it as XLSX.",
			"the workbook has a password or is of the form before 2007 (.xls)")
	}
	found, err := outlines(file, size)
	if err != nil {
		return nil, errors.Join(damaged(), err)
	}
	book, err := excelize.OpenReader(file, excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostInMemory, TmpDir: dir})
	if err != nil {
		return nil, errors.Join(damaged(), err)
	}
	r := &Reader{book: book, sheets: book.GetSheetList(), outlines: found, at: -1}
	if props, err := book.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		r.Date1904 = *props.Date1904
	}
	return r, nil
}

func damaged() error {
	return breach.Refuse("workbook_damaged", "Open it in the spreadsheet and save it again, or export it once more.", "the workbook cannot be read to its end")
}

// Next implements rows.Reader. Rows without any cell are passed over.
func (r *Reader) Next(row *rows.Row) error {
	for {
		if r.rows == nil {
			if r.at+1 == len(r.sheets) {
				return io.EOF
			}
			r.at++
			opened, err := r.book.Rows(r.sheets[r.at])
			if err != nil {
				var other excelize.ErrSheetNotExist
				if errors.As(err, &other) { // a sheet that is a chart
					continue
				}
				return errors.Join(damaged(), err)
			}
			r.rows, r.number, r.merge, r.carried = opened, 0, 0, nil
		}
		if !r.rows.Next() {
			if r.number < r.outlines[r.sheets[r.at]].last || r.rows.Error() != nil {
				return errors.Join(damaged(), r.rows.Error())
			}
			err := r.rows.Close()
			r.rows = nil
			if err != nil {
				return err
			}
			continue
		}
		r.number++
		cells, err := r.rows.Columns()
		if err != nil {
			return errors.Join(damaged(), err)
		}
		*row = rows.Row{Table: r.sheets[r.at], Number: r.number, Cells: cells, Carried: row.Carried[:0]}
		r.carry(row)
		if len(row.Cells) > 0 {
			return nil
		}
	}
}

// widestMerge is how many columns of a merged range are filled: a heading may be
// merged over thousands of empty ones.
const widestMerge = 64

// carry writes the value of a merged range into each of its cells.
func (r *Reader) carry(row *rows.Row) {
	merged := r.outlines[r.sheets[r.at]].merged
	for r.merge < len(merged) && merged[r.merge].top <= row.Number {
		a := merged[r.merge]
		r.merge++
		// A range whose first row has no cell has no value.
		if a.top == row.Number && a.left <= len(row.Cells) && row.Cells[a.left-1] != "" {
			r.carried = append(r.carried, carried{a, row.Cells[a.left-1]})
		}
	}
	r.carried = slices.DeleteFunc(r.carried, func(c carried) bool { return c.bottom < row.Number })
	for _, c := range r.carried {
		for column := c.left; column <= min(c.right, c.left+widestMerge-1); column++ {
			for len(row.Cells) < column {
				row.Cells = append(row.Cells, "")
			}
			if row.Cells[column-1] == "" {
				row.Cells[column-1] = c.value
				row.Carried = append(row.Carried, column-1)
			}
		}
	}
	slices.Sort(row.Carried)
}

// Header implements rows.Reader: the names are a row of the sheet.
func (r *Reader) Header(string) []string { return nil }

// Close implements rows.Reader, and removes what was unpacked.
func (r *Reader) Close() error {
	var err error
	if r.rows != nil {
		err = r.rows.Close()
	}
	return errors.Join(err, r.book.Close())
}
