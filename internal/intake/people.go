package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"maps"
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

// column is the cell of a column of ours, -1 where the table has none.
func (t *table) column(ours string) int {
	if at, ok := t.match.Columns[ours]; ok {
		return at
	}
	return -1
}

// readCells reads the row's cells into the record. ok is false when one was refused.
func (r *run) readCells(t *table, row *rows.Row, rec *record) (ok bool, err error) {
	if rec.cells == nil {
		return true, nil
	}
	ok = true
	state := ""
	if at := t.column("state"); at >= 0 {
		state, _ = repair.State(cell(row, at))
	}
	for _, column := range columns {
		at := t.column(column)
		if at < 0 || column == "data_classes" || column == "person_key" || column == "practice_key" {
			continue
		}
		text, fine, err := r.mend(t, row, column, at, state)
		if err != nil {
			return false, err
		}
		if !fine {
			ok = false
			continue
		}
		if meaning, has := meaningOf(t.match.Table.Values[column], text); has {
			text = meaning
		}
		rec.cells[columnAt[column]] = text
	}
	if err := r.names(t, row, rec); err != nil {
		return false, err
	}
	if err := r.address(t, row, rec); err != nil {
		return false, err
	}
	return ok, r.numbers(t, row, rec)
}

// meaningOf is what a word of a profile's values means, in any capitals.
func meaningOf(values map[string]string, text string) (string, bool) {
	if len(values) == 0 || text == "" {
		return "", false
	}
	if meaning, ok := values[text]; ok {
		return meaning, true
	}
	for word, meaning := range values {
		if strings.EqualFold(word, text) {
			return meaning, true
		}
	}
	return "", false
}

// names takes a name in one cell apart, and quietens capitals.
func (r *run) names(t *table, row *rows.Row, rec *record) error {
	first, middle, last, suffix := &rec.cells[columnAt["first_name"]], &rec.cells[columnAt["middle_name"]], &rec.cells[columnAt["last_name"]], &rec.cells[columnAt["suffix"]]
	put := func(n repair.Name) {
		*first, *middle, *last, *suffix = n.First, n.Middle, n.Last, cmpOr(n.Suffix, *suffix)
	}
	if at := t.column(profile.FullName); *last == "" && at >= 0 {
		whole, fine, err := r.mend(t, row, "last_name", at, "")
		if err != nil || !fine {
			return err
		}
		if n, comma := repair.SplitComma(whole); comma {
			put(n)
			if err := r.repaired(withRule(t.at(row, at, "last_name"), repair.LastFirst)); err != nil {
				return err
			}
		} else {
			put(repair.SplitWhole(whole))
		}
	} else if *first == "" && strings.Contains(*last, ",") {
		if n, comma := repair.SplitComma(*last); comma {
			put(n)
			if err := r.repaired(withRule(t.at(row, t.column("last_name"), "last_name"), repair.LastFirst)); err != nil {
				return err
			}
		}
	}
	for _, column := range []string{"first_name", "middle_name", "last_name", "suffix", "representative_name"} {
		name := &rec.cells[columnAt[column]]
		quiet := repair.Quiet(*name, column == "last_name")
		if column == "suffix" && repair.AsSuffix(*name) != "" && repair.Shouts(*name) {
			quiet = repair.AsSuffix(*name)
		}
		if quiet == *name {
			continue
		}
		if r.wanted[repair.Capitals] {
			*name = quiet
		}
		if err := r.repaired(withRule(t.at(row, t.column(column), column), repair.Capitals)); err != nil {
			return err
		}
	}
	return nil
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// address takes several addresses in a cell, or a whole one, apart.
func (r *run) address(t *table, row *rows.Row, rec *record) error {
	line1 := &rec.cells[columnAt["address1"]]
	if *line1 == "" {
		return nil
	}
	a, more, split := repair.SplitAddress(*line1)
	if !split {
		return nil
	}
	at := t.at(row, t.column("address1"), "address1")
	alone := rec.of("city") == "" && rec.of("zip") == ""
	if a.City != "" && !alone && more == 0 {
		return nil // the line has the place, and so have its own columns
	}
	*line1 = a.Line1
	if alone {
		for column, text := range map[string]string{"address2": a.Line2, "city": a.City, "state": a.State, "zip": a.ZIP} {
			if to := &rec.cells[columnAt[column]]; *to == "" {
				*to = text
			}
		}
	}
	if err := r.repaired(withRule(at, repair.Addresses)); err != nil || more == 0 {
		return err
	}
	at.What, at.Rule, at.Detail = Noted, "other_addresses", fmt.Sprintf("%d further addresses of the cell are left out", more)
	return r.event(at)
}

// numbers takes Social Security and card numbers out of the record: their kind stays.
func (r *run) numbers(t *table, row *rows.Row, rec *record) error {
	for i, text := range rec.cells {
		if text == "" {
			continue
		}
		class := casefolder.NumberIn(columns[i], text)
		if class == "" {
			continue
		}
		rec.cells[i] = ""
		if columns[i] != "source" { // numbers of documents are nobody's
			rec.classes = joinClasses(rec.classes, string(class))
		}
		e := t.at(row, t.column(columns[i]), columns[i])
		e.What, e.Rule = Noted, "number_to_kind"
		if err := r.event(e); err != nil {
			return err
		}
	}
	return nil
}

// kinds are the kinds of data that a row says were there. known is false where a word
// means none.
func (r *run) kinds(t *table, row *rows.Row, rec *record) (kinds string, known bool) {
	var found []string
	if rec.classes != "" {
		found = strings.Split(rec.classes, ";")
	}
	found = append(found, t.match.Table.Always...)
	for _, kind := range slices.Sorted(maps.Keys(t.match.Kinds)) {
		for _, at := range t.match.Kinds[kind] {
			if says(cell(row, at)) {
				found = append(found, kind)
				break
			}
		}
	}
	for word := range strings.FieldsFuncSeq(cell(row, t.column("data_classes")), func(c rune) bool { return c == ';' || c == ',' || c == '|' }) {
		word = strings.TrimSpace(word)
		if meaning, has := meaningOf(t.match.Table.Values["data_classes"], word); has {
			word = meaning
		}
		word = strings.ReplaceAll(strings.ToLower(word), " ", "_")
		if word == "" {
			continue
		}
		if !breach.DataClass(word).Known() {
			return "", false
		}
		found = append(found, word)
	}
	return strings.Join(sortedSet(found), ";"), true
}

// says reports a cell that says its kind of data was there: a value, yes, or a count
// above zero.
func says(s string) bool {
	switch strings.ToLower(s) {
	case "", "n", "no", "false", "0", "0.0", "none", "null", "nan", "na", "n/a", "-", "not found":
		return false
	}
	return true
}

func sortedSet(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// opaque makes a key of texts that must not be found out from it.
func (r *run) opaque(texts ...string) string {
	mac := hmac.New(sha256.New, r.key32)
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
		texts := []string{"id", m.Table.Person.Namespace, strings.TrimSpace(fixed)}
		for _, column := range m.Table.Person.With {
			texts = append(texts, breach.FoldText(rec.of(column)))
		}
		rec.person = r.opaque(texts...)
		return true, nil
	}
	if rec.kind == visit {
		return false, r.leaveOut(withRule(t.at(row, m.PersonID, "person_key"), "visit_of_nobody"))
	}
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
