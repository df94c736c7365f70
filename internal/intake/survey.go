package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/intake/fhir"
	"duenotice/internal/intake/flat"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/rows"
)

// table is one table of a source.
type table struct {
	source    *source
	name      string
	number    int
	header    []string
	headerRow int
	// fits: a profile fits, which is match.
	fits    bool
	match   profile.Match
	guessed bool
	rows    int
	// seen is kept until the header is known.
	seen    []rows.Row
	decided bool
	// fixed: the reader names the columns.
	fixed bool
	dates map[string]*dateColumn
	masks map[string]*maskColumn
}

// dateColumn counts what the dates with slashes of a column look like.
type dateColumn struct {
	mdy, dmy, open int
	order          repair.Order
	native         bool
	// serial and date1904 are of the workbook.
	serial, date1904 bool
}

// Of a table's first rows: how many are looked at before its profile is chosen, and among
// how many the column names may be.
const (
	lookedAt   = 200
	headerDeep = 30
)

// dateColumns are the columns of ours that are dates.
var dateColumns = []string{"birth_date", "deceased_date", "email_agreed_on", "notified_on", "closed_on"}

// surveySource reads a source for the first time.
func (r *run) surveySource(ctx context.Context, s *source) error {
	reader, done, err := s.open(ctx, r.dir)
	if err != nil {
		return err
	}
	err = r.surveyRows(ctx, s, reader)
	if others, is := reader.(*fhir.Reader); is && err == nil {
		for _, kind := range sortedKeys(others.Others) {
			err = errors.Join(err, r.event(Event{Source: s.id, Sheet: kind, What: LeftOut, Rule: "resources_not_taken", Detail: fmt.Sprintf("%d resources of this kind are not read", others.Others[kind])}))
		}
	}
	return errors.Join(err, done())
}

func (r *run) surveyRows(ctx context.Context, s *source, reader rows.Reader) error {
	if err := r.surveyForm(s, reader); err != nil {
		return err
	}
	var row rows.Row
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := reader.Next(&row)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s.named(err)
		}
		t := s.tables[row.Table]
		if t == nil {
			t = &table{source: s, name: row.Table, number: len(s.order) + 1, header: reader.Header(row.Table), dates: map[string]*dateColumn{}, masks: map[string]*maskColumn{}}
			t.fixed = t.header != nil
			s.tables[row.Table], s.order = t, append(s.order, t)
		}
		if t.decided {
			if err := r.survey(t, &row); err != nil {
				return err
			}
			continue
		}
		kept := row
		kept.Cells, kept.Carried = slices.Clone(row.Cells), slices.Clone(row.Carried)
		if t.seen = append(t.seen, kept); len(t.seen) == lookedAt {
			if err := r.decide(t, reader); err != nil {
				return err
			}
		}
	}
	for _, t := range s.order {
		if !t.decided {
			if err := r.decide(t, reader); err != nil {
				return err
			}
		}
	}
	return nil
}

// named says of which file a reader's refusal is.
func (s *source) named(err error) error {
	if refusal, is := breach.AsRefusal(err); is {
		return s.refuse(refusal.Code, refusal.Advice, "%s", refusal.Message)
	}
	return fmt.Errorf("read %s: %w", s.name, err)
}

// surveyForm notes what is unusual about a file of text as a whole.
func (r *run) surveyForm(s *source, reader rows.Reader) error {
	text, is := reader.(*flat.Reader)
	if !is {
		return nil
	}
	for _, found := range []struct {
		is   bool
		rule string
	}{{s.encoding == flat.UTF16, repair.UTF16}, {s.encoding == flat.Windows1252, repair.Windows1252}, {text.Separator != ',', repair.Separator}} {
		if found.is {
			if err := r.repaired(Event{Source: s.id, Rule: found.rule}); err != nil {
				return err
			}
		}
	}
	return nil
}

// survey looks at one row for what the reading has to know beforehand.
func (r *run) survey(t *table, row *rows.Row) error {
	if !t.fits || row.Problem == "" && isEmpty(row.Cells) {
		return nil
	}
	t.rows++
	if rule := r.unreadable(t, row); rule != "" {
		if t.isPeople() { // which are read again
			return nil
		}
		return r.refusedValue(withRule(t.at(row, -1, ""), rule))
	}
	if t.isShort(row) && !t.isPeople() {
		if err := r.repaired(withRule(t.at(row, -1, ""), repair.ShortRow)); err != nil {
			return err
		}
	}
	for column, d := range t.dates {
		switch order, slashed := repair.Evidence(cell(row, t.match.Columns[column])); {
		case !slashed:
		case order == repair.MDY:
			d.mdy++
		case order == repair.DMY:
			d.dmy++
		default:
			d.open++
		}
	}
	switch t.match.Table.Role {
	case profile.Practices:
		return r.practiceRow(t, row)
	case profile.People:
		t.surveyMasks(row)
	case profile.Directory:
		return nil
	}
	return r.noteRef(t, row)
}

// settleTables decides, when everything was read once, what the columns' dates are and
// whether a table is masked.
func (r *run) settleTables() error {
	for _, s := range r.sources {
		usable := false
		for _, t := range s.order {
			usable = usable || t.fits
			for _, column := range maskedColumns {
				if m := t.masks[column]; m != nil && m.masked*2 >= m.filled {
					fix := t.match.Profile.Masked
					if fix == "" {
						fix = "Export the list again with its values shown."
					}
					r.report.Problems = append(r.report.Problems, Problem{
						Source: s.id, File: s.name, Sheet: t.name, Rule: "masked", Fix: fix,
						Message: fmt.Sprintf("the column %s has counts, yes and no, or signs in place of values, in %d of %d rows: the export is masked", shownColumn(t.header[t.match.Columns[column]], column), m.masked, m.filled),
					})
					break
				}
			}
			if err := r.settleDates(t); err != nil {
				return err
			}
		}
		if !usable && !slices.ContainsFunc(r.report.Problems, func(p Problem) bool { return p.Source == s.id }) {
			r.report.Problems = append(r.report.Problems, Problem{
				Source: s.id, File: s.name, Rule: "no_header", Message: "no row among its first has column names that a profile knows",
				Fix: "Copy a profile (`duenotice findings profiles list > mine.yaml`), write your column names in, and give --profile mine.yaml.",
			})
		}
	}
	return nil
}

func (r *run) settleDates(t *table) error {
	for _, column := range sortedKeys(t.dates) {
		d := t.dates[column]
		switch {
		case d.native:
		case d.mdy > 0 && d.dmy == 0:
			d.order = repair.MDY
		case d.dmy > 0 && d.mdy == 0:
			d.order = repair.DMY
		case d.open > 0 && r.options.DateOrder != repair.Open:
			d.order = r.options.DateOrder
		case d.open > 0 && r.options.AskOrder != nil:
			order, err := r.options.AskOrder(t.source.name, shownColumn(t.header[t.match.Columns[column]], column), d.open)
			if err != nil {
				return err
			}
			d.order = order
		}
	}
	return nil
}

// cell is a cell of a row without the space around it; "" where there is none.
func cell(row *rows.Row, at int) string {
	if at < 0 || at >= len(row.Cells) {
		return ""
	}
	return strings.TrimSpace(row.Cells[at])
}

func isEmpty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}
