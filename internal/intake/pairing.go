package intake

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/casefolder"
	"duenotice/internal/intake/match"
)

// Names of files while they are worked on.
const (
	baseName  = "base.csv"
	foundName = "found.csv"
	apartName = "apart.csv"
)

// entryOf is a finished row as people are compared by it.
func entryOf(cells []string, p *somebody) match.Entry {
	of := func(column string) string { return cells[columnAt[column]] }
	return match.Entry{
		Key: p.key, Keep: p.keep, First: of("first_name"), Middle: of("middle_name"), Last: of("last_name"), Suffix: of("suffix"),
		Birth: of("birth_date"), Deceased: of("deceased_date"),
		Address1: of("address1"), Address2: of("address2"), City: of("city"), State: of("state"), ZIP: of("zip"),
		Email: of("email"), Phone: of("phone"), Practice: of("practice_key"), Source: sourceRows.FindString(of("source")), System: p.system,
		IDs: strings.Fields(p.ids),
	}
}

// pair finds who may be one person among the people of the finished list, and puts
// together those who are: after the rows of one id were settled, so that every rule sees
// the whole of somebody.
func (r *run) pair(w *listWriter) error {
	found := filepath.Join(r.dir, foundName)
	if err := r.findPairs(found); err != nil {
		return err
	}
	decided, err := readDecisions(r.options.Dir, People)
	if err != nil {
		return err
	}
	j := &joining{
		dir: r.dir, list: filepath.Join(r.dir, baseName), apart: filepath.Join(r.dir, apartName), pairs: found, decided: decided, note: r.notePair,
		practices: r.becomes,
	}
	for key, now := range r.becomes {
		into := r.directory.byKey[strings.ToLower(now)]
		into.used = into.used || r.directory.byKey[strings.ToLower(key)].used
	}
	involved, err := j.involved(r.practicesDecided)
	if err != nil {
		return err
	}
	if err := extract(j.list, "", j.apart, involved.needs); err != nil {
		return err
	}
	done, err := j.write(w.findings, w.pairs)
	if err != nil {
		return err
	}
	r.report.Written.Findings, r.report.Written.People = done.Findings, done.People
	done.Pairs.NotCompared = r.finder.Skipped
	r.report.Pairs = done.Pairs
	w.anyPairs = done.Pairs.any()
	w.anyApart = w.anyPairs || len(r.practicesDecided.lines) > 0
	return nil
}

// findPairs writes what the rules find, in the order of the keys.
func (r *run) findPairs(path string) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w, err := newPairsWriter(file, People)
	if err != nil {
		return err
	}
	err = r.finder.Each(func(p *match.Pair) error {
		row := pairRow(p)
		return w.write(&row)
	})
	return errors.Join(err, w.flush())
}

// notePair says in the report what was done about a pair, at the row of the later of the
// two.
func (r *run) notePair(row *PairRow) error {
	e := Event{What: Noted, Rule: "pair_" + string(row.Standing), Detail: "pair " + row.ID + ": " + row.Why}
	if row.Standing == Together {
		e.What = Merged
	}
	earlier, later := row.A, row.B
	if placeIn(later.Source).compare(placeIn(earlier.Source)) < 0 {
		earlier, later = later, earlier
	}
	if at := placeIn(later.Source); at.source <= len(r.sources) && at.source > 0 {
		s := r.sources[at.source-1]
		e.Source, e.Row = s.id, at.row
		if at.sheet > 0 && at.sheet <= len(s.order) {
			e.Sheet = s.order[at.sheet-1].name
		}
		if earlier.Source != "" {
			e.Detail += "; the other: " + earlier.Source
		}
	}
	return r.event(e)
}

// involved are the keys whose rows are kept as they were.
type involved struct {
	keys      map[string]bool
	practices map[string]bool
}

func (i *involved) needs(key string, rows [][]string) bool {
	if i.keys[key] {
		return true
	}
	for _, row := range rows {
		if i.practices[row[1]] {
			return true
		}
	}
	return false
}

// involved finds whose rows are kept: everybody in a pair that was found or decided about,
// and everybody at a practice that became, or was once, another.
func (j *joining) involved(practices *decisions) (*involved, error) {
	i := &involved{keys: map[string]bool{}, practices: map[string]bool{}}
	for _, line := range practices.lines {
		i.practices[line.B] = i.practices[line.B] || line.Decision == DecideSame
	}
	err := eachPair(People, j.pairs, func(row *PairRow) error {
		i.keys[row.A.Key], i.keys[row.B.Key] = true, true
		return nil
	})
	for _, line := range j.decided.last {
		i.keys[line.A], i.keys[line.B] = true, true
	}
	return i, err
}

// extract writes the rows, as they were before anybody was put together, of those who are
// needed; apart is where some of them stand already.
func extract(listPath, apartPath, to string, needs func(key string, rows [][]string) bool) (err error) {
	list, err := openPeople(listPath, casefolder.FindingsFile)
	if err != nil {
		return err
	}
	defer list.close() //nolint:errcheck // only read
	apart := &people{}
	if apartPath != "" {
		if apart, err = openPeople(apartPath, ApartFile); err != nil {
			return err
		}
		defer apart.close() //nolint:errcheck // only read
	}
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	if err := w.Write(list.header); err != nil {
		return err
	}
	err = eachOriginal(list, apart, func(key string, rows [][]string) error {
		if !needs(key, rows) {
			return nil
		}
		return w.WriteAll(rows)
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

// commitPairs gives the files of pairs their names, or takes away those of an earlier
// import where there is nothing for them. The rows as they were come first: without them
// nothing could be undone.
func (r *run) commitPairs(w *listWriter) error {
	dir := r.options.target()
	if w.anyApart {
		if err := copyTo(filepath.Join(r.dir, apartName), filepath.Join(dir, ApartFile)); err != nil {
			return err
		}
	} else if err := remove(dir, ApartFile); err != nil {
		return err
	}
	if !w.anyPairs {
		return remove(dir, PairsFile)
	}
	_, err := w.pairs.Commit()
	return err
}

// remove takes a file of the case folder away where it is there.
func remove(dir, name string) error {
	if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
