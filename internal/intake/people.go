package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/rows"
)

// readRows reads the rows of a source for the second time and gives those of tables that
// are taken to each.
func (r *run) readRows(ctx context.Context, s *source, take func(*table) bool, each func(*table, *rows.Row) error) error {
	if !slices.ContainsFunc(s.order, take) {
		return nil
	}
	reader, done, err := s.open(ctx, r.dir)
	if err != nil {
		return err
	}
	read := func() error {
		var row rows.Row
		for {
			err := reader.Next(&row)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return s.named(err)
			}
			t := s.tables[row.Table]
			if t == nil || !take(t) || row.Number <= t.headerRow && !t.fixed || row.Problem == "" && isEmpty(row.Cells) {
				continue
			}
			if err := each(t, &row); err != nil {
				return err
			}
		}
	}
	return errors.Join(read(), done())
}

// person turns a row of people or visits into a record for the sort.
func (r *run) person(t *table, row *rows.Row) error {
	if t.match.Table.Role == profile.Visits {
		r.report.Rows.Visits++
	} else {
		r.report.Rows.People++
	}
	if rule := r.unreadable(t, row); rule != "" {
		return r.leaveOut(withRule(t.at(row, -1, ""), rule))
	}
	if t.isShort(row) {
		if err := r.repaired(withRule(t.at(row, -1, ""), repair.ShortRow)); err != nil {
			return err
		}
	}
	rec := record{kind: finding, place: place{uint32(t.source.number()), uint32(t.number), uint32(row.Number)}}
	if t.match.Table.Role == profile.Visits {
		rec.kind = visit
	} else {
		rec.cells = make([]string, len(columns))
	}
	ok, err := r.readCells(t, row, &rec)
	if err != nil {
		return err
	}
	if !ok {
		r.report.Rows.LeftOut++
		return nil
	}
	kinds, known := r.kinds(t, row, &rec)
	if !known {
		return r.leaveOut(withRule(t.at(row, t.match.Columns["data_classes"], "data_classes"), "kind_unknown"))
	}
	if rec.classes = kinds; kinds == "" && rec.kind != visit {
		return r.leaveOut(withRule(t.at(row, -1, "data_classes"), "no_kinds"))
	}
	if rec.kind != visit && rec.of("last_name") == "" {
		return r.leaveOut(withRule(t.at(row, t.column("last_name"), "last_name"), "no_last_name"))
	}
	if ok, err := r.key(t, row, &rec); !ok || err != nil {
		return err
	}
	if err := r.locate(t, row, &rec); err != nil {
		return err
	}
	rec.ids = r.identifiers(t, row, &rec)
	r.keyBuffer, r.valueBuffer = rec.key(r.keyBuffer), rec.encode(r.valueBuffer)
	return r.sorter.Add(r.keyBuffer, r.valueBuffer)
}

// unreadable is why a row as a whole cannot be read; "" when it can. A spreadsheet leaves
// the separators of empty last cells away; but where what a short row has does not look
// like what its columns are, it lost a cell in the middle, and which one nobody knows.
func (r *run) unreadable(t *table, row *rows.Row) string {
	switch {
	case row.Problem != "":
		return row.Problem
	case len(row.Cells) > len(t.header) && !isEmpty(row.Cells[len(t.header):]):
		return "cell_count"
	case t.isShort(row):
		for column, at := range t.match.Columns {
			if s := cell(row, at); s != "" && !looksLike(column, s, r.options.Today) {
				return "cell_count"
			}
		}
	}
	return ""
}

// isShort reports a row of a text file with fewer cells than there are columns. A
// workbook's row ends with its last cell that is filled.
func (t *table) isShort(row *rows.Row) bool {
	return t.source.form == formText && row.Problem == "" && len(row.Cells) < len(t.header)
}

func withRule(e Event, rule string) Event {
	e.Rule = rule
	return e
}

// leaveOut notes a row that is refused as a whole.
func (r *run) leaveOut(e Event) error {
	r.report.Rows.LeftOut++
	return r.refusedValue(e)
}

// opaque makes a key of texts that must not be found out from it.
func (r *run) opaque(texts ...string) string { return opaque(r.key32, texts...) }

func opaque(key32 []byte, texts ...string) string {
	mac := hmac.New(sha256.New, key32)
	for _, text := range texts {
		fmt.Fprintf(mac, "%d %s\n", len(text), text)
	}
	return "P" + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:12])
}

// key gives the record its person's key. ok is false when the row was refused.
func (r *run) key(t *table, row *rows.Row, rec *record) (ok bool, err error) {
	m := &t.match
	id := cell(row, m.PersonID)
	if m.Table.Person.Keep && id != "" {
		if !breach.IsKey(id) || casefolder.NumberIn("person_key", id) != "" {
			return false, r.leaveOut(withRule(t.at(row, m.PersonID, "person_key"), "key_form"))
		}
		rec.person, rec.keep = id, true
		r.ids[OwnKeys] = true
		return true, nil
	}
	if id != "" {
		fixed, used, refusal := repair.Cell("phone", id, r.wanted) // a number that is a name
		if refusal != "" {
			return false, r.leaveOut(withRule(t.at(row, m.PersonID, "person_key"), refusal))
		}
		for _, rule := range used {
			if err := r.repaired(withRule(t.at(row, m.PersonID, "person_key"), rule)); err != nil {
				return false, err
			}
		}
		texts := idTexts(m.Table.Person.Namespace, fixed)
		if len(m.Table.Person.With) == 0 {
			r.ids[m.Table.Person.Namespace] = true
		} else {
			r.withoutID++
		}
		for _, column := range m.Table.Person.With {
			texts = append(texts, breach.FoldText(rec.of(column)))
		}
		rec.person, rec.indexed = r.opaque(texts...), true
		return true, nil
	}
	if rec.kind == visit {
		return false, r.leaveOut(withRule(t.at(row, m.PersonID, "person_key"), "visit_of_nobody"))
	}
	r.withoutID++
	if rec.of("birth_date") == "" && rec.of("address1") == "" {
		// A name alone is nobody's: each such row is a person of its own.
		rec.person = r.opaque("row", t.source.sha256, t.name, fmt.Sprint(row.Number))
		return true, nil
	}
	texts := []string{"self"}
	for _, column := range []string{"first_name", "middle_name", "last_name", "suffix", "birth_date", "address1", "zip"} {
		texts = append(texts, breach.FoldText(rec.of(column)))
	}
	rec.person = r.opaque(texts...)
	return true, nil
}

// locate finds the record's practice.
func (r *run) locate(t *table, row *rows.Row, rec *record) error {
	for _, at := range []int{t.match.PracticeID, t.match.PracticeNPI, t.match.PracticeName} {
		if slices.Contains(row.Carried, at) && t.column("practice_key") != at {
			if err := r.repaired(withRule(t.at(row, at, "practice_key"), repair.MergedCells)); err != nil {
				return err
			}
		}
	}
	f := refOf(t, row)
	if f.empty() && r.options.Practice != "" {
		rec.practice = r.directory.byKey[strings.ToLower(r.options.Practice)].key
		return nil
	}
	if f.empty() {
		if rec.kind == visit {
			rec.rule = "no_practice"
			return nil
		}
		rec.kind = person
		return nil
	}
	p, rule := r.lookUp(f)
	if p != nil {
		rec.practice = p.key
		return nil
	}
	rec.rule, rec.label = rule, f.label()
	r.unknown(f, rule)
	e := t.at(row, -1, "practice_key")
	e.What, e.Rule = Unplaced, rule
	return r.event(e)
}

// mostUnknown bounds the report's list of practices that are not known.
const mostUnknown = 1000

// unknown counts rows of a practice that the list does not have.
func (r *run) unknown(f ref, rule string) {
	if n, known := r.unknownAt[f]; known {
		r.report.UnknownPractices[n].Rows++
		return
	}
	if len(r.report.UnknownPractices) == mostUnknown {
		return
	}
	u := UnknownPractice{ID: f.id, NPI: f.npi, Name: f.name, Rule: rule, Rows: 1}
	if registered := r.registry[f.npi]; registered != nil {
		u.Hint = "NPPES: " + registered["legal_name"]
		if by := registered["replaced_by"]; by != "" {
			u.Hint += ", replaced by " + by
		}
		if on := registered["closed_on"]; on != "" {
			u.Hint += ", deactivated " + on
		}
	}
	r.unknownAt[f] = len(r.report.UnknownPractices)
	r.report.UnknownPractices = append(r.report.UnknownPractices, u)
}
