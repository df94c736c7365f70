package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/intake/fhir"
	"duenotice/internal/intake/flat"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/rows"
	"duenotice/internal/intake/workbook"
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

// maskColumn counts cells that are filled, and those that hold a sign in place of a value.
type maskColumn struct{ filled, masked int }

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

// decide finds a table's header and the profile that fits it.
func (r *run) decide(t *table, reader rows.Reader) error {
	t.decided = true
	seen := t.seen
	t.seen = nil
	if !t.fixed {
		best, most := -1, 0
		for i, row := range seen[:min(headerDeep, len(seen))] {
			known := 0
			for _, cell := range row.Cells {
				if r.known[casefolder.BareName(cell)] {
					known++
				}
			}
			if known > most {
				best, most = i, known
			}
		}
		if best < 0 || most < 2 && len(seen[best].Cells) > 1 {
			return r.event(Event{Source: t.source.id, Sheet: t.name, What: LeftOut, Rule: "sheet_unknown"})
		}
		t.header, t.headerRow = slices.Clone(seen[best].Cells), seen[best].Number
		for i := range t.header {
			t.header[i] = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(t.header[i]), "\ufeff"))
		}
		above := slices.DeleteFunc(slices.Clone(seen[:best]), func(row rows.Row) bool { return isEmpty(row.Cells) })
		if len(above) > 0 {
			if err := r.repaired(Event{Source: t.source.id, Sheet: t.name, Row: t.headerRow, Rule: repair.HeaderRow}); err != nil {
				return err
			}
		}
		seen = seen[best+1:]
	}
	if err := r.choose(t, seen); err != nil || !t.fits {
		return err
	}
	for _, column := range dateColumns {
		if _, ok := t.match.Columns[column]; !ok {
			continue
		}
		d := &dateColumn{order: repair.Order(t.match.Profile.Dates), native: t.match.Profile.Dates != ""}
		if book, is := reader.(*workbook.Reader); is {
			d.serial, d.date1904 = true, book.Date1904
		}
		t.dates[column] = d
	}
	for i := range seen {
		if err := r.survey(t, &seen[i]); err != nil {
			return err
		}
	}
	return nil
}

// nearlyAsGood is by how many points the best profile has to be better than the next.
const (
	nearlyAsGood = 3
	goodEnough   = 45
)

// choose chooses the profile.
func (r *run) choose(t *table, sample []rows.Row) error {
	var candidates []profile.Profile
	for _, p := range r.profiles {
		if t.source.fits(p) {
			candidates = append(candidates, p)
		}
	}
	t.guessed = len(r.options.Profiles) != 1
	fits := func(m *profile.Match) float64 { return contentFits(m, sample, r.options.Today) }
	best := profile.Best(candidates, t.name, t.header, fits)
	if len(best) == 0 && len(r.options.Profiles) > 0 && t.source.fits(r.own[0]) {
		best = profile.Best(r.own, t.name, t.header, fits)
		t.guessed = true
	}
	problem := func(rule, message, fix string) error {
		r.report.Problems = append(r.report.Problems, Problem{Source: t.source.id, File: t.source.name, Sheet: t.name, Rule: rule, Message: message, Fix: fix})
		return nil
	}
	switch {
	case len(best) == 0 && len(r.options.Profiles) == 0 && t.fixed:
		return nil
	case len(best) == 0 || t.guessed && best[0].Score() < goodEnough:
		lacks := ""
		if len(r.options.Profiles) == 1 && len(candidates) == 1 {
			lacks = "; " + candidates[0].ID + " needs " + strings.Join(nearestLacks(&candidates[0], t), " and ")
		}
		return problem("profile_none", "no profile fits its columns"+lacks,
			"Say which with --profile; or copy one (`duenotice findings profiles list > mine.yaml`), write your column names in, and give --profile mine.yaml.")
	case len(best) > 1 && best[0].Profile == best[1].Profile && best[0].Table.Role != best[1].Table.Role && best[0].Score()-best[1].Score() < nearlyAsGood:
		return problem("role_open", fmt.Sprintf("its rows could be %s or %s", best[0].Table.Role, best[1].Table.Role),
			"Rename the column that decides it, such as Name to Patient Name or Practice Name; or give a copy of the profile without the other table.")
	case t.guessed && len(best) > 1 && best[0].Profile != best[1].Profile && best[0].Score()-best[1].Score() < nearlyAsGood:
		return problem("profile_open", fmt.Sprintf("%s (%d of 100) and %s (%d) fit its columns alike", best[0].Profile.ID, best[0].Score(), best[1].Profile.ID, best[1].Score()), "Say which with --profile.")
	}
	t.match, t.fits = best[0], true
	return nil
}

// nearestLacks are what the table that lacks least does not have.
func nearestLacks(p *profile.Profile, t *table) []string {
	var least []string
	for i := range p.Tables {
		if p.Tables[i].Of != "" && !strings.EqualFold(p.Tables[i].Of, t.name) {
			continue
		}
		m := profile.HeaderMatch(p, &p.Tables[i], t.header)
		if least == nil || len(m.Lacks) < len(least) {
			least = m.Lacks
		}
	}
	return least
}

// contentFits is the share of the first rows' cells that look like what their columns are.
func contentFits(m *profile.Match, sample []rows.Row, today civil.Date) float64 {
	looked, fit := 0, 0
	for i := range sample {
		for column, at := range m.Columns {
			if at >= len(sample[i].Cells) {
				continue
			}
			s := strings.TrimSpace(sample[i].Cells[at])
			if s == "" {
				continue
			}
			looked++
			if looksLike(column, s, today) {
				fit++
			}
		}
	}
	if looked == 0 {
		return 0.5
	}
	return float64(fit) / float64(looked)
}

// looksLike reports whether a cell could be of a column.
func looksLike(column, s string, today civil.Date) bool {
	switch column {
	case "birth_date", "deceased_date", "notified_on", "email_agreed_on", "closed_on":
		_, _, refusal := repair.Date(s, repair.Dates{Order: repair.MDY, Today: today})
		return refusal == "" || refusal == repair.DateBad && strings.ContainsAny(s, "/-")
	case "state":
		code, _ := repair.State(s)
		return breach.IsPostalCode(strings.ToUpper(code))
	case "zip":
		return breach.IsZIP(s) || casefolder.LostZero(s) || strings.Trim(s, "0123456789.-") == ""
	case "email", "second_email":
		return strings.Contains(s, "@")
	case "npi", "replaced_by":
		return breach.IsNPI(s)
	case "last_name", profile.FullName:
		return strings.Trim(s, "0123456789") != "" && !namesCompany(s)
	case "legal_name":
		return namesCompany(s)
	case "first_name", "middle_name", "city":
		return strings.Trim(s, "0123456789") != ""
	}
	return true
}

// practiceWords are in the names of practices, and hardly in those of people.
var practiceWords = map[string]bool{"clinic": true, "clinics": true, "medical": true, "medicine": true, "health": true, "healthcare": true, "hospital": true, "practice": true, "associates": true, "center": true,
	"centre": true, "group": true, "care": true, "dental": true, "pediatrics": true, "physicians": true, "physician": true, "orthopedics": true, "cardiology": true, "dermatology": true, "therapy": true, "services": true, "partners": true}

// namesCompany reports a name that has a word of practices or companies.
func namesCompany(name string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" ,-/()&", r) }) {
		if word = strings.ReplaceAll(word, ".", ""); practiceWords[word] || len(word) > 2 && companyWords[word] && word != "the" {
			return true
		}
	}
	return false
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

// maskedColumns are those in which a program that masks has counts or signs.
var maskedColumns = []string{"last_name", "first_name", profile.FullName, "birth_date", "address1", "city", "zip", "email", "phone"}

func (t *table) surveyMasks(row *rows.Row) {
	for _, column := range maskedColumns {
		at, ok := t.match.Columns[column]
		if !ok {
			continue
		}
		s := cell(row, at)
		if s == "" {
			continue
		}
		m := t.masks[column]
		if m == nil {
			m = &maskColumn{}
			t.masks[column] = m
		}
		m.filled++
		if isMask(column, s) {
			m.masked++
		}
	}
}

// isMask reports a count, yes or no, or signs where a value should be.
func isMask(column, s string) bool {
	switch strings.ToLower(strings.Trim(s, "[]<>() ")) {
	case "y", "n", "yes", "no", "true", "false", "redacted", "masked", "hidden", "removed", "confidential":
		return true
	}
	short := 3
	if column == "zip" { // 907 is what a spreadsheet leaves of 00907
		short = 2
	}
	if len(s) <= short && strings.Trim(s, "0123456789") == "" {
		return true
	}
	if strings.Contains(s, "**") || strings.Contains(s, "••") || strings.Contains(s, "##") {
		// Words between stars say that there is no value, and hide none.
		signs := strings.Count(s, "*") + strings.Count(s, "•") + strings.Count(s, "#")
		return 2*signs >= utf8.RuneCountInString(s)
	}
	return strings.Contains(strings.ToUpper(s), "XX") && strings.Trim(s, "xX-/ .0123456789") == ""
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
