package fhir

import (
	"encoding/json"
	"io"
	"slices"

	"duenotice/internal/intake/rows"
)

// Reader reads one file; its tables are the kinds of resources.
type Reader struct {
	stream *stream
	// Others counts resources of kinds that are not read.
	Others map[string]int
}

// New reads a file.
func New(src io.Reader) *Reader { return &Reader{stream: newStream(src), Others: map[string]int{}} }

// Header implements rows.Reader.
func (r *Reader) Header(table string) []string {
	switch table {
	case "Patient":
		return patientColumns
	case "Encounter":
		return encounterColumns
	}
	return organizationColumns
}

// Close implements rows.Reader.
func (r *Reader) Close() error { return nil }

// Next implements rows.Reader. A resource that is JSON and not what FHIR says is a row
// that cannot be read.
func (r *Reader) Next(row *rows.Row) error {
	for {
		text, err := r.stream.next()
		if err != nil {
			return err
		}
		var kind struct{ ResourceType string }
		if json.Unmarshal(text, &kind) != nil {
			return damaged(nil)
		}
		*row = rows.Row{Table: kind.ResourceType, Number: r.stream.number, Cells: row.Cells[:0]}
		var cells map[string]string
		switch kind.ResourceType {
		case "Patient":
			var p patient
			err = json.Unmarshal(text, &p)
			cells = p.cells()
		case "Encounter":
			var e encounter
			err = json.Unmarshal(text, &e)
			cells = e.cells()
		case "Organization":
			var o organization
			err = json.Unmarshal(text, &o)
			cells = o.cells()
		default:
			r.other(kind.ResourceType)
			continue
		}
		if err != nil { // JSON that is not what FHIR says: the next resource may be
			row.Problem = rows.Damaged
			return nil //nolint:nilerr // it costs one row, which is said, and not the file
		}
		header := r.Header(row.Table)
		row.Cells = slices.Grow(row.Cells, len(header))
		for _, column := range header {
			row.Cells = append(row.Cells, cells[column])
		}
		return nil
	}
}

// other counts a resource by its kind, which is a word of FHIR; anything else is "other".
func (r *Reader) other(kind string) {
	for _, c := range kind {
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') || len(kind) > 40 {
			kind = "other"
			break
		}
	}
	if _, known := r.Others[kind]; !known && len(r.Others) > 200 {
		kind = "other"
	}
	r.Others[kind]++
}
