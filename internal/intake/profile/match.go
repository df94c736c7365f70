package profile

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/casefolder"
)

// Match is how a table of a profile fits a header.
type Match struct {
	Profile *Profile
	Table   *Table
	// Columns is the cell of each column of ours, Kinds those of each kind of data.
	Columns map[string]int
	Kinds   map[string][]int
	// PersonID, PracticeID, PracticeNPI and PracticeName are cells, -1 where there is none.
	PersonID, PracticeID, PracticeNPI, PracticeName int
	// Used has what each cell of the header was taken for; "" for what was not.
	Used []string
	// Lacks are what the table needs and the header does not have.
	Lacks []string
	// Understood is the share of the header's names that the table knows, Marked that of
	// its marks, and Fits that of the looked-at cells which hold what their column should.
	Understood, Marked, Fits float64
}

// Score is how well the table fits, of 100.
func (m *Match) Score() int {
	return int(100*(0.4*m.Understood+0.3*m.Marked+0.3*m.Fits) + 0.5)
}

// HeaderMatch fits a table to a header.
func HeaderMatch(p *Profile, t *Table, header []string) Match {
	m := Match{Profile: p, Table: t, Columns: map[string]int{}, Kinds: map[string][]int{}, Used: make([]string, len(header)), Fits: 1}
	at := map[string]int{}
	named := 0
	for i, name := range header {
		bare := casefolder.BareName(name)
		if bare == "" {
			continue
		}
		named++
		if _, twice := at[bare]; !twice {
			at[bare] = i
		}
	}
	find := func(names Names) int {
		for _, name := range names {
			if i, ok := at[casefolder.BareName(name)]; ok {
				return i
			}
		}
		return -1
	}
	use := func(i int, what string) {
		if i >= 0 && m.Used[i] == "" {
			m.Used[i] = what
		}
	}
	for _, column := range slices.Sorted(maps.Keys(t.Columns)) {
		if i := find(t.Columns[column]); i >= 0 {
			m.Columns[column] = i
			use(i, column)
		}
	}
	m.PersonID, m.PracticeID, m.PracticeNPI, m.PracticeName = find(t.Person.ID), find(t.Practice.ID), find(t.Practice.NPI), find(t.Practice.Name)
	use(m.PersonID, "person")
	use(m.PracticeID, "practice (id)")
	use(m.PracticeNPI, "practice (NPI)")
	use(m.PracticeName, "practice (name)")
	for _, kind := range slices.Sorted(maps.Keys(t.Kinds)) {
		for _, name := range t.Kinds[kind] {
			i, ok := at[casefolder.BareName(name)]
			if ok && !slices.Contains(m.Kinds[kind], i) {
				m.Kinds[kind] = append(m.Kinds[kind], i)
				use(i, "kind "+kind)
			}
		}
	}
	for _, name := range t.LeftOut {
		if i, ok := at[casefolder.BareName(name)]; ok {
			use(i, "left out")
		}
	}
	understood := 0
	for i, name := range header {
		if casefolder.BareName(name) != "" && m.Used[i] != "" {
			understood++
		}
	}
	if named > 0 {
		m.Understood = float64(understood) / float64(named)
	}
	// Names that anybody uses tell no format: a table without marks comes after one whose
	// marks are there.
	m.Marked = m.Understood * 0.6
	if len(t.Marks) > 0 {
		there := 0
		for _, name := range t.Marks {
			if find(Names{name}) >= 0 {
				there++
			}
		}
		m.Marked = float64(there) / float64(len(t.Marks))
	}
	for _, need := range t.Needs {
		if !m.has(need) {
			m.Lacks = append(m.Lacks, need)
		}
	}
	return m
}

// has reports whether the header has what the table needs: a last name may also stand
// in a whole name.
func (m *Match) has(need string) bool {
	switch need {
	case "person":
		return m.PersonID >= 0
	case "practice":
		return m.PracticeID >= 0 || m.PracticeNPI >= 0 || m.PracticeName >= 0
	case "last_name":
		if _, ok := m.Columns[FullName]; ok {
			return true
		}
	}
	_, ok := m.Columns[need]
	return ok
}

// KnownNames are all names that some profile knows, without capitals and punctuation. By them
// a header is told from other rows.
func KnownNames(profiles []Profile) map[string]bool {
	known := map[string]bool{}
	for i := range profiles {
		for name := range profiles[i].names() {
			known[name] = true
		}
	}
	delete(known, "")
	return known
}

// names are all names that a profile knows.
func (p *Profile) names() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := range p.Tables {
			t := &p.Tables[i]
			lists := []Names{t.Person.ID, t.Practice.ID, t.Practice.NPI, t.Practice.Name, t.LeftOut, Names(t.Marks)}
			lists = append(slices.AppendSeq(lists, maps.Values(t.Columns)), slices.Collect(maps.Values(t.Kinds))...)
			for _, names := range lists {
				for _, name := range names {
					if !yield(casefolder.BareName(name)) {
						return
					}
				}
			}
		}
	}
}

// Best are the tables that have what they need, the best first; those with one score
// stand in the order of their profiles' ids.
func Best(profiles []Profile, table string, header []string, fits func(*Match) float64) []Match {
	var all []Match
	for i := range profiles {
		for j := range profiles[i].Tables {
			t := &profiles[i].Tables[j]
			if t.Of != "" && !strings.EqualFold(t.Of, table) {
				continue
			}
			m := HeaderMatch(&profiles[i], t, header)
			if len(m.Lacks) > 0 {
				continue
			}
			m.Fits = fits(&m)
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b Match) int {
		return cmp.Or(-cmp.Compare(a.Score(), b.Score()), cmp.Compare(a.Profile.ID, b.Profile.ID))
	})
	return all
}

// Nearest is the column of ours that a name which was not understood may mean: by its
// usual names, or because it begins or ends with one that the table knows; "" for none.
func (t *Table) Nearest(name string) string {
	if meant := casefolder.ColumnMeant(name); meant != "" && slices.Contains(t.Ours(), meant) {
		return meant
	}
	bare := casefolder.BareName(name)
	best, length := "", 2
	for _, column := range slices.Sorted(maps.Keys(t.Columns)) {
		for _, known := range append(t.Columns[column], column) {
			known = casefolder.BareName(known)
			if len(known) > length && (strings.HasPrefix(bare, known) || strings.HasSuffix(bare, known)) {
				best, length = column, len(known)
			}
		}
	}
	return best
}
