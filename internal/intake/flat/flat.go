package flat

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/casefolder"
	"duenotice/internal/intake/rows"
)

// longestRow is the longest row in bytes. An entity report lists the documents of a
// person in one cell, which may be thousands.
const longestRow = 1 << 20

// sample is how much text the separator is found from.
const sample = 64 << 10

// Reader reads one file as one table without a name.
type Reader struct {
	rows *casefolder.Rows
	text []byte
	// Separator stands between cells: a comma, or what was found in its place.
	Separator byte
}

// Text is a source's text in UTF-8, and what stands between its cells.
func Text(src io.Reader, encoding Encoding) (text *bufio.Reader, separator byte, err error) {
	text, begin, err := decoded(src, encoding)
	return text, separatorOf(begin), err
}

// decoded is a source's text in UTF-8, and its beginning.
func decoded(src io.Reader, encoding Encoding) (text *bufio.Reader, begin []byte, err error) {
	raw := bufio.NewReaderSize(src, sample)
	head, err := raw.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	text = bufio.NewReaderSize(decoder(raw, encoding, head), sample)
	if begin, err = text.Peek(sample); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	return text, begin, nil
}

// New reads a source that is written in an encoding.
func New(src io.Reader, encoding Encoding) (*Reader, error) {
	text, begin, err := decoded(src, encoding)
	if err != nil {
		return nil, err
	}
	separator := separatorOf(begin)
	if note, _, found := bytes.Cut(begin, []byte("\n")); found && isSeparatorNote(note) {
		if _, err := text.Discard(len(note) + 1); err != nil {
			return nil, err
		}
		separator = bytes.TrimRight(note, "\r")[4]
		// The note is a line of the file: row numbers go on behind it.
		return &Reader{rows: casefolder.NewRows(io.MultiReader(strings.NewReader("\n"), text), separator, longestRow), Separator: separator}, nil
	}
	return &Reader{rows: casefolder.NewRows(text, separator, longestRow), Separator: separator}, nil
}

// isSeparatorNote reports a spreadsheet's own first line, sep=;.
func isSeparatorNote(line []byte) bool {
	line = bytes.TrimRight(line, "\r")
	return len(line) == 5 && strings.EqualFold(string(line[:4]), "sep=")
}

// separatorOf finds the separator by which the first lines have the most cells, and
// most lines as many as another; a comma where nothing else is better.
func separatorOf(begin []byte) byte {
	best, bestCells := byte(','), 0
	for _, separator := range []byte(",;\t|") {
		r := casefolder.NewRows(bytes.NewReader(begin), separator, sample)
		counts := map[int]int{}
		for range 30 {
			cells, _, err := r.Read()
			if err != nil {
				break
			}
			counts[len(cells)]++
		}
		usual, times := 1, 0
		for _, cells := range slices.Sorted(maps.Keys(counts)) {
			if n := counts[cells]; n >= times {
				usual, times = cells, n
			}
		}
		if usual > 1 && usual > bestCells {
			best, bestCells = separator, usual
		}
	}
	return best
}

// Next implements rows.Reader.
func (r *Reader) Next(row *rows.Row) error {
	cells, line, err := r.rows.Read()
	*row = rows.Row{Number: line, Cells: row.Cells[:0]}
	switch {
	case errors.Is(err, casefolder.ErrQuotes):
		row.Problem = rows.Quotes
		return nil
	case errors.Is(err, casefolder.ErrLongRow):
		row.Problem = rows.TooLong
		return nil
	case err != nil:
		return err
	}
	// One string for the row: its cells share it.
	r.text = r.text[:0]
	for _, c := range cells {
		r.text = append(r.text, c...)
	}
	text, at := string(r.text), 0
	for _, c := range cells {
		row.Cells = append(row.Cells, text[at:at+len(c)])
		at += len(c)
	}
	return nil
}

// Header implements rows.Reader: the names are a row of the file.
func (r *Reader) Header(string) []string { return nil }

// Close implements rows.Reader.
func (r *Reader) Close() error { return nil }
