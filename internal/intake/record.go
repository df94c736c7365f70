package intake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"duenotice/internal/casefolder"
)

// columns are those of findings.csv, and where each stands in a record.
var columns = casefolder.FindingColumns()

var columnAt = func() map[string]int {
	at := map[string]int{}
	for i, column := range columns {
		at[column] = i
	}
	return at
}()

// kind is what a record says; records of one person come in this order.
type kind byte

const (
	// finding is a person at a practice, person a person without one, visit a person's
	// practice without more of the person.
	finding kind = 'F'
	person  kind = 'P'
	visit   kind = 'V'
)

// record is one row on its way to the lists.
type record struct {
	kind   kind
	person string
	// keep: the key is the source's own, and says for itself who is the same person.
	// indexed: the key was made of an id of the source.
	keep, indexed bool
	// practice is the practice's key; where it is not known rule says why, and label
	// what the row calls it.
	practice, rule, label string
	place                 place
	// cells are by columns; the keys among them are empty.
	cells []string
	// classes are kinds of data, parted by semicolons.
	classes string
	// ids are hashes of identifiers, parted by spaces.
	ids string
}

// place is where a record's row stands: the numbers of its source and table, and its row.
type place struct{ source, table, row uint32 }

// where is the practice, or what stands for it.
func (r *record) where() string {
	if r.rule != "" {
		return "\x01" + r.rule + "\x01" + r.label
	}
	return r.practice
}

// key orders records by person, then by kind, practice and place. Visits of one person
// and practice have one key, so that all but one can be dropped.
func (r *record) key(to []byte) []byte {
	to = append(append(to[:0], r.person...), 0, byte(r.kind))
	to = append(append(to, r.where()...), 0)
	if r.kind == visit {
		return to
	}
	to = binary.BigEndian.AppendUint32(to, r.place.source)
	to = binary.BigEndian.AppendUint32(to, r.place.table)
	return binary.BigEndian.AppendUint32(to, r.place.row)
}

// sameVisit reports two visits that say the same.
func sameVisit(first, second []byte) bool {
	a, b := record{}, record{}
	return a.decode(first) == nil && b.decode(second) == nil && a.kind == visit && a.classes == b.classes
}

func (r *record) encode(to []byte) []byte {
	to = append(to[:0], byte(r.kind), flag(r.keep)|flag(r.indexed)<<1)
	for _, s := range []string{r.person, r.practice, r.rule, r.label, r.classes, r.ids} {
		to = appendText(to, s)
	}
	to = binary.BigEndian.AppendUint32(to, r.place.source)
	to = binary.BigEndian.AppendUint32(to, r.place.table)
	to = binary.BigEndian.AppendUint32(to, r.place.row)
	for _, s := range r.cells {
		to = appendText(to, s)
	}
	return to
}

func flag(is bool) byte {
	if is {
		return 1
	}
	return 0
}

func appendText(to []byte, s string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

var errRecord = errors.New("a record between reading and writing is damaged")

// decode reads what encode wrote; the strings are copies.
func (r *record) decode(from []byte) error {
	if len(from) < 2 {
		return errRecord
	}
	*r = record{kind: kind(from[0]), keep: from[1]&1 != 0, indexed: from[1]&2 != 0, cells: r.cells[:0]}
	text, at := string(from), 2
	next := func() string {
		n, size := binary.Uvarint(from[at:])
		if size <= 0 || n > uint64(len(from)-at-size) {
			at = len(from) + 1
			return ""
		}
		at += size
		s := text[at : at+int(n)]
		at += int(n)
		return s
	}
	for _, s := range []*string{&r.person, &r.practice, &r.rule, &r.label, &r.classes, &r.ids} {
		if *s = next(); at > len(from) {
			return errRecord
		}
	}
	if len(from)-at < 12 {
		return errRecord
	}
	r.place = place{binary.BigEndian.Uint32(from[at:]), binary.BigEndian.Uint32(from[at+4:]), binary.BigEndian.Uint32(from[at+8:])}
	at += 12
	for at < len(from) {
		r.cells = append(r.cells, next())
	}
	if at != len(from) || len(r.cells) != 0 && len(r.cells) != len(columns) {
		return errRecord
	}
	return nil
}

// of returns a cell by the name of its column.
func (r *record) of(column string) string {
	if len(r.cells) == 0 {
		return ""
	}
	return r.cells[columnAt[column]]
}

// joinClasses is two lists of kinds as one, sorted.
func joinClasses(a, b string) string {
	switch {
	case a == b, b == "":
		return a
	case a == "":
		return b
	}
	return strings.Join(sortedSet(strings.Split(a+";"+b, ";")), ";")
}

// sourceOf names a record's row: S1 row 12, S2 sheet 3 row 7.
func (r *run) sourceOf(p place) string {
	s := r.sources[p.source-1]
	if s.form == formWorkbook && len(s.order) > 1 {
		return fmt.Sprintf("%s sheet %d row %d", s.id, p.table, p.row)
	}
	return fmt.Sprintf("%s row %d", s.id, p.row)
}
