package intake

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/repair"
	"duenotice/internal/intake/rows"
	"duenotice/internal/intake/workbook"
)

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
