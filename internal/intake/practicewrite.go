package intake

import (
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
)

// practicesApart puts practices that became others back into the list, so that rows find
// them as before, and gives those that stay what they had of their own. ours: the list is
// as an import or a decision wrote it; else somebody changed it, and what stands in it
// stands.
func (r *run) practicesApart(ours bool) error {
	apart, err := readPracticeBook(r.options.Dir, PracticeApartFile)
	if err != nil {
		return err
	}
	for _, key := range apart.keys() {
		known := r.directory.byKey[strings.ToLower(key)]
		switch {
		case known == nil && breach.IsKey(key):
			r.directory.add(key, apart.rows[key], true)
		case known != nil && ours:
			known.cells = apart.rows[key]
		}
	}
	return nil
}

// writePractices makes practices.csv with the practices that are others by what people
// decided left out, and says who may be one.
func (r *run) writePractices(w *listWriter) ([]byte, error) {
	book := newPracticeBook()
	book.addColumns(r.foreign)
	for _, p := range r.directory.list {
		book.rows[p.key] = p.cells
	}
	replaced := map[string]string{}
	for npi, registered := range r.registry {
		replaced[npi] = registered["replaced_by"]
	}
	rows, counts := standPractices(practicePairs(book, replaced), book, r.practicesDecided, r.becomes)
	r.report.PracticePairs = counts
	for i := range rows {
		row := &rows[i]
		if row.Standing == Open {
			if err := r.event(Event{What: Noted, Rule: "practices_open", Detail: "pair " + row.ID + ": " + row.A.Key + " and " + row.B.Key + ": " + row.Why}); err != nil {
				return nil, err
			}
		}
	}
	var err error
	if w.practicePairs, w.practicesApart, err = practiceFiles(book, rows, r.practicesDecided); err != nil {
		return nil, err
	}
	whole := book.together(r.becomes)
	r.report.Written.Practices = len(whole.rows)
	return whole.text()
}

// practiceFiles are the list of pairs of practices and the rows of all of them as they
// were; nil where there is no pair.
func practiceFiles(originals *practiceBook, rows []PairRow, decided *decisions) (pairs, apart []byte, err error) {
	if len(rows) == 0 && len(decided.lines) == 0 {
		return nil, nil, nil
	}
	keys := map[string]bool{}
	for i := range rows {
		keys[rows[i].A.Key], keys[rows[i].B.Key] = true, true
	}
	for _, line := range decided.lines {
		keys[line.A], keys[line.B] = true, true
	}
	if pairs, err = pairsText(Practices, rows); err != nil {
		return nil, nil, err
	}
	apart, err = originals.only(keys).text()
	return pairs, apart, err
}

// commitPracticePairs writes the files about practices that may be one, the rows as they
// were first.
func (r *run) commitPracticePairs(w *listWriter) error {
	return writePracticeFiles(r.options.target(), w.practicePairs, w.practicesApart)
}

func writePracticeFiles(dir string, pairs, apart []byte) error {
	for _, file := range []struct {
		name    string
		content []byte
	}{{PracticeApartFile, apart}, {PracticePairsFile, pairs}} {
		if file.content == nil {
			if err := remove(dir, file.name); err != nil {
				return err
			}
			continue
		}
		if _, err := outfolder.WriteFile(filepath.Join(dir, file.name), file.content); err != nil {
			return err
		}
	}
	return nil
}
