package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/rows"
)

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
