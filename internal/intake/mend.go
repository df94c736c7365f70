package intake

import (
	"maps"
	"slices"
	"strings"

	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/rows"
)

// event counts an event and passes it on.
func (r *run) event(e Event) error {
	switch e.What {
	case Repaired:
		r.report.Repaired[e.Rule]++
	case Needs:
		r.report.Needed[e.Rule]++
	case Offered:
		r.report.Offered[e.Rule]++
	case Refused:
		r.report.RefusedValues[e.Rule]++
	case LeftOut, Unplaced, Merged, Noted:
		r.report.Notes[e.Rule]++
	}
	file, used, sum := "", "", ""
	for _, s := range r.sources {
		if s.id == e.Source {
			file, sum = s.name, s.sha256
			if t := s.tables[e.Sheet]; t != nil && t.fits {
				used = t.match.Profile.ID
			}
			break
		}
	}
	if err := r.events.write(e, file, used, sum); err != nil {
		return err
	}
	if r.options.Sink == nil {
		return nil
	}
	return r.options.Sink(e)
}

// repaired notes a repair: done, or needed and not asked for, or only offered.
func (r *run) repaired(e Event) error {
	switch {
	case r.wanted[e.Rule]:
		e.What = Repaired
	case repair.IsNeeded(e.Rule):
		e.What = Needs
	default:
		e.What = Offered
	}
	return r.event(e)
}

// refusedValue notes a value that cannot be read. Unless somebody wants such rows left
// out, it refuses the import.
func (r *run) refusedValue(e Event) error {
	e.What = Refused
	return r.event(e)
}

// at is where a row stands, with the name of a cell's column.
func (t *table) at(row *rows.Row, at int, ours string) Event {
	e := Event{Source: t.source.id, Sheet: t.name, Row: row.Number, Column: ours}
	if at >= 0 && at < len(t.header) {
		e.Column = shownColumn(t.header[at], ours)
	}
	return e
}

// mend reads a cell for a column of ours: carried out of merged cells, mended, a date as
// a date. ok is false where it is refused.
func (r *run) mend(t *table, row *rows.Row, column string, at int, state string) (text string, ok bool, err error) {
	if at < 0 || at >= len(row.Cells) || row.Cells[at] == "" {
		return "", true, nil
	}
	text = row.Cells[at]
	e := t.at(row, at, column)
	if slices.Contains(row.Carried, at) {
		e.Rule = repair.MergedCells
		if err := r.repaired(e); err != nil {
			return "", false, err
		}
	}
	var used []string
	var refusal string
	if slices.Contains(dateColumns, column) {
		text, used, refusal = r.date(t, column, strings.TrimSpace(text))
		if refusal == repair.DatePartial && column == "birth_date" && repair.IsAdultBorn(strings.TrimSpace(row.Cells[at]), r.options.Today) {
			text, used, refusal = "", []string{repair.PartialDate}, ""
		}
		if column == "deceased_date" && refusal != "" {
			text, used, refusal = repair.Death(strings.TrimSpace(row.Cells[at]), refusal)
		}
	} else {
		text, used, refusal = repair.Cell(column, text, r.wanted)
		if refusal == "" {
			text = strings.TrimSpace(text)
		}
	}
	if refusal == "" {
		switch column {
		case "zip":
			fixed, more, unclear := repair.ZIP(text, state)
			text, used = fixed, append(used, more...)
			if unclear != "" { // validate warns of it, and the person stays in the list
				e.What, e.Rule = Noted, unclear
				if err := r.event(e); err != nil {
					return "", false, err
				}
			}
		case "state":
			code, more := repair.State(text)
			text, used = code, append(used, more...)
		}
	}
	for _, id := range used {
		e.Rule = id
		if err := r.repaired(e); err != nil {
			return "", false, err
		}
	}
	if refusal != "" {
		e.Rule = refusal
		return "", false, r.refusedValue(e)
	}
	return text, true, nil
}

// date reads a date of a column.
func (r *run) date(t *table, column, text string) (string, []string, string) {
	d := t.dates[column]
	if d == nil {
		d = &dateColumn{}
	}
	if column == "deceased_date" && strings.EqualFold(text, "unknown") {
		return "unknown", nil, "" // the case folder's own word for a death whose day is not known
	}
	return repair.Date(text, repair.Dates{Order: d.order, Native: d.native, Serial: d.serial, Date1904: d.date1904, Today: r.options.Today})
}

// isPeople reports a table of people or visits.
func (t *table) isPeople() bool {
	return t.fits && (t.match.Table.Role == profile.People || t.match.Table.Role == profile.Visits)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
