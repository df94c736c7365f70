package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
)

// practiceColumn names the practice that a row of --from is about.
const practiceColumn = "practice_key"

// row is one row of a file given with --from: what it says, by column.
type row struct {
	// line is where it begins in the file, counted from 1; 0 of a row that no file has.
	line     int
	practice string
	cells    map[string]string
	// record is the row as the file has it; nil of a row that no file has.
	record []string
}

// refusedColumn is the column that a file of refused rows has besides.
const refusedColumn = "refused_because"

// rowsFile is a file given with --from.
type rowsFile struct {
	header []string
	rows   []row
	// ignored are its columns that no flag has the name of.
	ignored []string
}

// readRows reads a file given with --from: the practice and any of the columns.
// Others are named and left out.
func readRows(path string, columns []string) (f rowsFile, err error) {
	content, err := givenfile.Read(path)
	if err != nil {
		return f, systemError(err)
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(content) {
		return f, breach.Refuse("from", "Save it as CSV in UTF-8.", "%s is not text in UTF-8", path)
	}
	reader := csv.NewReader(bytes.NewReader(content))
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return f, breach.Refuse("from", "Begin with what --template writes.", "%s is empty", path)
	}
	if err != nil {
		return f, refusedRow(path, err)
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
		switch name := header[i]; {
		case slices.Contains(header[:i], name):
			return f, breach.Refuse("from", "Leave one of them out.", "%s has the column %s twice", path, name)
		case name != practiceColumn && name != refusedColumn && !slices.Contains(columns, name):
			f.ignored = append(f.ignored, name)
		}
	}
	if !slices.Contains(header, practiceColumn) {
		return f, breach.Refuse("from", "Begin with what --template writes.", "%s has no column %s; its first line says: %s",
			path, practiceColumn, strings.Join(header, ", "))
	}
	f.header = header
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return f, refusedRow(path, err)
		}
		line, _ := reader.FieldPos(0)
		r := row{line: line, cells: map[string]string{}, record: record}
		for i, name := range header {
			if name == practiceColumn {
				r.practice = strings.TrimSpace(record[i])
			} else if slices.Contains(columns, name) {
				r.cells[name] = strings.TrimSpace(record[i])
			}
		}
		f.rows = append(f.rows, r)
	}
}

// refusedRow says where a file is no CSV. Nothing of it was done.
func refusedRow(path string, err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return breach.Refuse("from", "Mend the line; nothing was done yet.", "%s, line %d, column %d: %v", path, parse.Line, parse.Column, parse.Err)
	}
	return systemError(fmt.Errorf("read %s: %w", path, err))
}

// template is an empty file for --from.
func template(columns []string) string {
	return strings.Join(append([]string{practiceColumn}, columns...), ",") + "\n"
}
