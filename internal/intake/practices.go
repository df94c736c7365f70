package intake

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/rows"
)

// givenPractice is a practice as a source has it.
type givenPractice struct {
	table *table
	row   int
	ref   ref
	cells map[string]string
}

// mostRefs bounds how many practices rows may name: more means that another column was
// taken for the practice's.
const mostRefs = 500_000

// practiceRow keeps a row of practices.
func (r *run) practiceRow(t *table, row *rows.Row) error {
	g := givenPractice{table: t, row: row.Number, ref: refOf(t, row), cells: map[string]string{}}
	for _, column := range casefolder.PracticeColumns() {
		at, ok := t.match.Columns[column]
		if !ok {
			continue
		}
		text, _, err := r.mend(t, row, column, at, cell(row, t.match.Columns["state"]))
		if err != nil {
			return err
		}
		g.cells[column] = text
	}
	if g.ref.empty() {
		return nil
	}
	if g.cells["legal_name"] == "" && g.ref.name != "" {
		g.cells["legal_name"] = g.ref.name
	}
	if !breach.IsNPI(g.cells["npi"]) {
		delete(g.cells, "npi")
	}
	r.given = append(r.given, g)
	return nil
}

// noteRef remembers which practices rows name.
func (r *run) noteRef(t *table, row *rows.Row) error {
	f := refOf(t, row)
	if f.empty() {
		return nil
	}
	if n, known := r.refs[f]; known {
		*n++
		return nil
	}
	if len(r.refs) == mostRefs {
		return t.source.refuse("practices_too_many", "Look which column is taken for the practice (--dry-run shows it), and name another in a copy of the profile.", "its rows name more than %d practices", mostRefs)
	}
	n := 1
	r.refs[f] = &n
	r.refOrder = append(r.refOrder, f)
	return nil
}

// buildDirectory makes the list of practices: the case's own, the client lists among the
// sources, then what other sources know, where there is no list or they may add to it.
func (r *run) buildDirectory() error {
	d := r.directory
	for _, g := range r.given {
		if g.table.match.Table.Practice.Keep && g.ref.id != "" {
			r.hasList = true
		}
	}
	create := r.options.AddPractices || !r.hasList
	for _, lists := range []bool{true, false} {
		for _, g := range r.given {
			if (g.table.match.Table.Practice.Keep && g.ref.id != "") != lists {
				continue
			}
			if err := r.place(g, lists || create); err != nil {
				return err
			}
		}
	}
	for _, f := range r.refOrder {
		p, rule := d.find(f)
		if p == nil && rule == "practice_unknown" && create && (f.name != "" || r.registry[f.npi] != nil) {
			cells := map[string]string{"legal_name": cmpOr(f.name, r.registry[f.npi]["legal_name"]), "npi": f.npi}
			made := d.add(d.freeKey(f.key()), cells, false)
			made.fromRows = true
			r.knowBy(made, f)
		}
	}
	if r.options.Practice != "" && d.byKey[strings.ToLower(r.options.Practice)] == nil {
		return breach.Refuse("practice_unknown", "Name a practice_key of practices.csv, or give the list of practices as a source.", "there is no practice %s", r.options.Practice)
	}
	return nil
}

// withPeople are the practices of the case's list and of client lists, and of the others
// those with somebody in the list of people: an EHR knows organizations that have nothing
// to do with the incident, and who is in practices.csv is told of it. Where no source is
// of people all of them are.
func (r *run) withPeople(people bool) error {
	left := 0
	r.directory.list = slices.DeleteFunc(r.directory.list, func(p *practice) bool {
		drop := people && !p.base && !p.listed && !p.used
		if drop {
			left++
		}
		r.added = r.added || !drop && !p.base
		return drop
	})
	if left > 0 {
		if err := r.event(Event{What: Noted, Rule: "practice_of_nobody", Detail: fmt.Sprintf("%d organizations of the sources have nobody in the list of people, and are not in practices.csv", left)}); err != nil {
			return err
		}
	}
	return r.askAbout()
}

// place puts a practice of a source into the list, or finds it there.
func (r *run) place(g givenPractice, create bool) error {
	d := r.directory
	p := d.byKey[strings.ToLower(g.ref.key())]
	if p != nil && !g.ref.keep && !r.isSame(p, g) {
		p = nil
	}
	if p == nil {
		p, _ = d.find(g.ref)
	}
	if p != nil && g.ref.id != "" && p.ids[g.ref.system] != "" && p.ids[g.ref.system] != g.ref.id && (g.ref.keep || g.ref.npi == "" || p.cells["npi"] != g.ref.npi) {
		// Two of one system with one name are two; and so are two keys of a client list,
		// until somebody says that they are one.
		p = nil
	}
	at := Event{Source: g.table.source.id, Sheet: g.table.name, Row: g.row}
	switch {
	case p != nil:
		r.knowBy(p, g.ref)
		p.listed = p.listed || g.ref.keep && g.ref.id != ""
		if !p.base {
			for column, text := range g.cells {
				if p.cells[column] == "" {
					p.cells[column] = text
				}
			}
		}
		return nil
	case !create:
		return nil // its rows go to the list of those without a place
	}
	key := g.ref.key()
	if g.ref.keep && g.ref.id != "" {
		if key = g.ref.id; !breach.IsKey(key) {
			at.What, at.Rule, at.Column = Refused, "key_form", "practice_key"
			return r.refusedValue(at)
		}
	}
	made := d.add(d.freeKey(key), g.cells, false)
	made.listed = g.ref.keep && g.ref.id != ""
	r.knowBy(made, g.ref)
	made.added = r.hasList && !made.listed
	return nil
}

// isSame reports whether a practice of the list that has the key a given one would get is
// that one: it was made from it before, and not another whose key is alike.
func (r *run) isSame(p *practice, g givenPractice) bool {
	return p.cells["npi"] != "" && p.cells["npi"] == g.cells["npi"] || nameKey(p.cells["legal_name"]) == nameKey(g.cells["legal_name"])
}

// knowBy lets rows of the same system find the practice by its id.
func (r *run) knowBy(p *practice, f ref) {
	if f.id != "" {
		if known := f.system + "\x00" + f.id; r.directory.byID[known] == nil {
			r.directory.byID[known] = p
		}
		if p.ids[f.system] == "" {
			p.ids[f.system] = f.id
		}
	}
}

// askAbout notes what a person should be asked about the list: practices that are there
// twice, and NPIs that were closed or replaced. It fills what NPPES knows.
func (r *run) askAbout() error {
	seen := map[string]bool{}
	for _, p := range r.directory.list {
		for _, is := range []struct {
			is   bool
			rule string
		}{{p.fromRows, "practice_from_rows"}, {p.added, "practice_new"}} {
			if is.is {
				if err := r.event(Event{What: Noted, Rule: is.rule, Detail: "practice " + p.key + ": " + texts[is.rule]}); err != nil {
					return err
				}
			}
		}
		npi, name := p.cells["npi"], "name "+nameKey(p.cells["legal_name"])
		twice := npi != "" && seen[npi] || seen[name]
		seen[npi], seen[name] = true, true
		if twice {
			if err := r.event(Event{What: Noted, Rule: "practice_twice", Detail: "practice " + p.key + " has the NPI or the name of another: ask which is meant"}); err != nil {
				return err
			}
		}
		registered := r.registry[npi]
		for _, column := range sortedKeys(registered) {
			var rule string
			switch {
			case column == "closed_on" && registered["replaced_by"] == "":
				rule = "practice_closed"
			case column == "replaced_by":
				rule = "practice_successor"
			case column == "closed_on" || p.cells[column] != "" || !slices.Contains(casefolder.PracticeColumns(), column):
				continue
			default:
				p.cells[column], rule = registered[column], "practice_filled"
				r.added = true
			}
			if err := r.event(Event{Column: column, What: Noted, Rule: rule, Detail: "practice " + p.key + ": " + texts[rule]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// registryRow keeps what NPPES says of an NPI that somebody has or names.
func (r *run) registryRow(t *table, row *rows.Row) error {
	npi := cell(row, t.match.Columns["npi"])
	if !r.wantedNPIs[npi] {
		return nil
	}
	cells := map[string]string{}
	for column, at := range t.match.Columns {
		text := cell(row, at)
		if slices.Contains(dateColumns, column) {
			text, _, _ = r.date(t, column, text)
		}
		if text != "" {
			cells[column] = text
		}
	}
	if cells["replaced_by"] == npi {
		delete(cells, "replaced_by")
	}
	r.registry[npi] = cells
	return nil
}

// wantNPIs notes whose entries of the register are wanted.
func (r *run) wantNPIs() bool {
	for _, p := range r.directory.list {
		r.wantedNPIs[p.cells["npi"]] = true
	}
	for _, g := range r.given {
		r.wantedNPIs[g.cells["npi"]] = true
	}
	for f := range r.refs {
		r.wantedNPIs[f.npi] = true
	}
	delete(r.wantedNPIs, "")
	for _, s := range r.sources {
		for _, t := range s.order {
			if t.fits && t.match.Table.Role == profile.Directory {
				return true
			}
		}
	}
	return false
}
