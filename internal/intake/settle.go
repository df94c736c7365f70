package intake

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
)

// somebody is one person with all their rows, as they are gathered from the sort.
type somebody struct {
	key string
	// last, first and birth are who it is, as far as the rows say.
	last, first, birth string
	keep               bool
	// plain are rows without a practice; at are those of each practice, or of each reason
	// for there being none.
	plain *record
	at    map[string]*record
	order []string
	// sources name the rows of each.
	sources map[string]string
	// ids are hashes of identifiers; system is the index that knows the person by an id.
	ids, system string
}

// mostTogether bounds how many different people may share one id.
const mostTogether = 1000

// settle goes through the sorted records person by person and gives the rows of the lists
// to the writer.
//
// Rows with one id are one person unless they say that they are two: another birth date,
// or another name where nothing else agrees. Such rows are kept apart, each with a key of
// its own, because a letter to the wrong person is worse than two letters.
func (r *run) settle(w *listWriter) error {
	var together []*somebody
	var current string
	var rec record
	finish := func() error {
		slices.SortStableFunc(together, func(a, b *somebody) int { return strings.Compare(a.key, b.key) })
		for _, p := range together {
			if err := r.write(w, p); err != nil {
				return err
			}
		}
		together = together[:0]
		return nil
	}
	err := r.sorter.Each(func(key, value []byte) error {
		name, _, _ := bytes.Cut(key, []byte{0})
		if string(name) != current {
			if err := finish(); err != nil {
				return err
			}
			current = string(name)
		}
		if err := rec.decode(value); err != nil {
			return err
		}
		return r.gather(&together, &rec)
	})
	if err != nil {
		return err
	}
	return finish()
}

// gather adds a record to whom it is about.
func (r *run) gather(together *[]*somebody, rec *record) error {
	if rec.kind == visit {
		if len(*together) == 0 {
			// The sort drops most of one person's visits to one practice, and not all.
			if here := rec.person + "\x00" + rec.where(); here != r.lastOfNobody {
				r.lastOfNobody = here
				return r.event(r.eventAt(rec.place, LeftOut, "visit_of_nobody", ""))
			}
			return nil
		}
		for _, p := range *together {
			if p.plain == nil && len(p.at) == 0 {
				continue
			}
			if err := r.add(p, rec); err != nil {
				return err
			}
		}
		return nil
	}
	last, first, birth := breach.FoldText(rec.of("last_name")), breach.FoldText(rec.of("first_name")), rec.of("birth_date")
	for _, p := range *together {
		if rec.keep || p.mayBe(last, first, birth) {
			if p.birth == "" {
				p.birth = birth
			}
			if p.first == "" {
				p.first = first
			}
			p.ids = joinIDs(p.ids, rec.ids)
			return r.add(p, rec)
		}
	}
	p := &somebody{key: rec.person, last: last, first: first, birth: birth, keep: rec.keep, at: map[string]*record{}, sources: map[string]string{}, ids: rec.ids}
	if rec.indexed {
		p.system = fmt.Sprintf("%d/%d", rec.place.source, rec.place.table)
	}
	if len(*together) > 0 {
		if len(*together) == mostTogether {
			return breach.Refuse("id_of_many", "Look which column is taken for the person's id (--dry-run shows it), and name another in a copy of the profile.",
				"one id of a person has more than %d different names and birth dates", mostTogether)
		}
		// It sorts behind the key it stems from: the list is in the order of its keys.
		p.key = rec.person + "-" + r.opaque("apart", rec.person, last, first, birth)[1:9]
		r.withoutID++
		if err := r.event(r.eventAt(rec.place, Noted, "same_id_two_people", "")); err != nil {
			return err
		}
	}
	*together = append(*together, p)
	return r.add(p, rec)
}

// mayBe reports whether a row with the same id can be of the same person.
func (p *somebody) mayBe(last, first, birth string) bool {
	if p.birth != "" && birth != "" && p.birth != birth {
		return false
	}
	sameBirth := birth != "" && p.birth == birth
	sameFirst := first == p.first || first == "" || p.first == "" || len(first) == 1 && strings.HasPrefix(p.first, first) || len(p.first) == 1 && strings.HasPrefix(first, p.first)
	return p.last == last && sameFirst || sameBirth && (p.last == last || first != "" && first == p.first)
}

// add merges a record into what is known of a person there.
func (r *run) add(p *somebody, rec *record) error {
	if rec.kind == person {
		if p.plain == nil {
			copied := *rec
			copied.cells = append([]string(nil), rec.cells...)
			p.plain = &copied
			p.sources[""] = r.sourceOf(rec.place)
			return nil
		}
		return r.merge(p.plain, rec, p, "")
	}
	where := rec.where()
	known := p.at[where]
	if known == nil {
		copied := *rec
		copied.cells = append([]string(nil), rec.cells...)
		p.at[where] = &copied
		p.order = append(p.order, where)
		p.sources[where] = r.sourceOf(rec.place)
		return nil
	}
	return r.merge(known, rec, p, where)
}

// merge adds a later row of the same person and practice: what is empty is filled, kinds
// are added, and what differs is noted by its column.
func (r *run) merge(known, later *record, p *somebody, where string) error {
	known.classes = joinClasses(known.classes, later.classes)
	p.sources[where] = joinSources(p.sources[where], r.sourceOf(later.place))
	if later.kind == visit {
		return nil
	}
	if len(known.cells) == 0 {
		known.cells = append([]string(nil), later.cells...)
		return nil
	}
	if err := r.event(r.eventAt(later.place, Merged, "merged", sameAs+r.sourceOf(known.place))); err != nil {
		return err
	}
	for _, column := range fill(known.cells, later.cells) {
		e := r.eventAt(later.place, Noted, "differs", "")
		e.Column = column
		if err := r.event(e); err != nil {
			return err
		}
	}
	return nil
}

// graver is the answer of two that says more was seen: who may have been seen is told.
func graver(a, b string) string {
	for _, answer := range []string{"yes", "unknown"} {
		if strings.EqualFold(a, answer) || strings.EqualFold(b, answer) {
			return answer
		}
	}
	return a
}

// joinSources lists rows as long as a cell may be: first the rows, then what the sources
// themselves said, so that the rows can be found again.
func joinSources(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	if rowsA, rowsB := sourceRows.FindString(a), sourceRows.FindString(b); rowsA != "" && rowsB != "" {
		said := strings.Trim(strings.TrimPrefix(a[len(rowsA):], ": ")+"; "+strings.TrimPrefix(b[len(rowsB):], ": "), "; ")
		if rows := joinTexts(rowsA, rowsB); said != "" {
			return sourceCell(rows, said)
		}
	}
	return joinTexts(a, b)
}

func joinTexts(a, b string) string {
	joined := a + "; " + b
	if utf8.RuneCountInString(joined) > 240 {
		if strings.HasSuffix(a, "; ...") {
			return a
		}
		return a + "; ..."
	}
	return joined
}

// write writes the rows of one person: one for each practice.
func (r *run) write(w *listWriter, p *somebody) error {
	if len(p.at) == 0 {
		p.at["\x01no_practice"] = &record{kind: finding, rule: "no_practice", place: p.plain.place}
		p.order = append(p.order, "\x01no_practice")
		if err := r.event(r.eventAt(p.plain.place, Unplaced, "no_practice", "")); err != nil {
			return err
		}
	}
	for _, where := range p.order {
		rec := p.at[where]
		cells := make([]string, len(columns))
		copy(cells, rec.cells)
		classes, sources := rec.classes, p.sources[where]
		if p.plain != nil {
			classes = joinClasses(classes, p.plain.classes)
			sources = joinSources(p.sources[""], sources)
			keep := cells[columnAt["source"]]
			fill(cells, p.plain.cells)
			cells[columnAt["source"]] = cmpOr(keep, p.plain.cells[columnAt["source"]])
		}
		if len(rec.cells) == 0 && p.plain == nil {
			fillFrom(cells, p)
		}
		cells[columnAt["person_key"]], cells[columnAt["practice_key"]], cells[columnAt["data_classes"]] = p.key, rec.practice, classes
		source := columnAt["source"]
		cells[source] = sourceCell(sources, cells[source])
		if rec.rule != "" {
			if err := w.unplaced(cells, rec.rule, rec.label); err != nil {
				return err
			}
			continue
		}
		r.directory.byKey[strings.ToLower(rec.practice)].used = true
		if err := w.finding(cells); err != nil {
			return err
		}
		entry := entryOf(cells, p)
		if err := r.finder.Add(&entry); err != nil {
			return err
		}
	}
	return nil
}

// fillFrom fills the row of a visit from the person's rows at other practices.
func fillFrom(cells []string, p *somebody) {
	for _, where := range p.order {
		if of := p.at[where].cells; len(of) > 0 {
			fill(cells, of, "source")
		}
	}
}

// sourceCell is the cell source: the rows, then what the source itself says.
func sourceCell(sources, said string) string {
	if said == "" {
		return sources
	}
	cell := []rune(sources + ": " + said)
	if len(cell) > 250 {
		cell = append(cell[:247], []rune("...")...)
	}
	return string(cell)
}

func (r *run) eventAt(p place, what, rule, detail string) Event {
	s := r.sources[p.source-1]
	return Event{Source: s.id, Sheet: s.order[p.table-1].name, Row: int(p.row), What: what, Rule: rule, Detail: detail}
}
