// Package sheet writes tables as CSV for other programs: what every command with
// --csv prints, and what the officers' board gives for each of its tables.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"duenotice/internal/civil"
)

// Write writes a table: its columns' names in lower case with underscores, a row for
// each row. A cell is a text, a number, a day (empty where there is none) or yes or no.
// Texts that others wrote go through papers.Inert first, so that no spreadsheet runs
// one as a formula.
func Write(w io.Writer, columns []string, rows [][]any) error {
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = strings.ReplaceAll(strings.ToLower(c), " ", "_")
	}
	if err := WriteRows(w, head); err != nil {
		return err
	}
	return WriteRows(w, rows...)
}

// WriteRows writes further rows of a table.
func WriteRows(w io.Writer, rows ...[]any) error {
	out := csv.NewWriter(w)
	for _, cells := range rows {
		row := make([]string, len(cells))
		for i, cell := range cells {
			row[i] = text(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func text(cell any) string {
	switch c := cell.(type) {
	case int:
		return strconv.Itoa(c)
	case civil.Date:
		return c.String()
	case bool:
		return map[bool]string{true: "yes", false: "no"}[c]
	}
	return fmt.Sprint(cell)
}
