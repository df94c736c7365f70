package intake

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
)

// people reads a list of people that is in the order of its keys, with room to look at
// the next row. A list that is missing has nobody.
type people struct {
	name   string
	file   io.Closer
	csv    *csv.Reader
	header []string
	// row is the next one; nil at the end.
	row []string
}

func openPeople(path, name string) (*people, error) {
	file, err := givenfile.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return &people{name: name}, nil
	}
	if err != nil {
		return nil, err
	}
	p := &people{name: name, file: file, csv: csv.NewReader(bufio.NewReaderSize(file, 256<<10))}
	if p.header, err = p.csv.Read(); err != nil || !slices.Equal(p.header, columns[:min(len(columns), len(p.header))]) || len(p.header) < len(columns)-1 {
		return nil, errors.Join(p.refuse("has not the columns it was written with"), file.Close())
	}
	return p, p.next()
}

func (p *people) refuse(why string) error {
	return breach.Refuse("list_changed", "Import the sources again with `duenotice findings import`.", "%s %s", p.name, why)
}

func (p *people) close() error {
	if p.file == nil {
		return nil
	}
	return p.file.Close()
}

func (p *people) key() string { return p.row[0] }

// next goes on to the following row. Rows out of order would be lost where two lists are
// read beside each other.
func (p *people) next() error {
	row, err := p.csv.Read()
	if errors.Is(err, io.EOF) {
		p.row = nil
		return nil
	}
	if err != nil {
		return p.refuse(fmt.Sprintf("cannot be read after line %d", lineOf(p.csv)))
	}
	if p.row != nil && row[0] < p.row[0] {
		return p.refuse("is not in the order of its keys")
	}
	p.row = row
	return nil
}

// person is all rows of one key.
func (p *people) person() (key string, rows [][]string, err error) {
	key = p.key()
	for p.row != nil && p.key() == key {
		rows = append(rows, p.row)
		if err := p.next(); err != nil {
			return "", nil, err
		}
	}
	return key, rows, nil
}

// wide is a row with all columns, also where the list has no enrollment codes.
func wide(row []string) []string {
	cells := make([]string, len(columns))
	copy(cells, row)
	return cells
}

// eachOriginal gives the people of a list as they were before anybody was put together:
// those that apart has from there, the others from the list. Both are in the order of
// their keys, and so is what comes of it.
func eachOriginal(list, apart *people, do func(key string, rows [][]string) error) error {
	for list.row != nil || apart.row != nil {
		from := list
		if list.row == nil || apart.row != nil && apart.key() <= list.key() {
			from = apart
		}
		key, rows, err := from.person()
		if err != nil {
			return err
		}
		if from == apart && list.row != nil && list.key() == key {
			if _, _, err := list.person(); err != nil {
				return err
			}
		}
		if err := do(key, rows); err != nil {
			return err
		}
	}
	return nil
}
