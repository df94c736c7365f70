package cli

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"duenotice/activities"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

// rowResult is what became of a row. One of which nothing is set was not come to.
type rowResult struct {
	did            string
	done, repeated bool
	// refused is why the act is not allowed, failed why its practice could not be asked.
	refused, failed error
}

// conclude says what became of the rows, and with which code the command ends; err is
// what ended it before its time.
func (m *many) conclude(rows []row, results []rowResult, err error) error {
	refused, failed := m.report(rows, results)
	if m.refusedFile != "" {
		err = errors.Join(err, m.writeRefused(rows, results))
	}
	switch {
	case err != nil:
		return err
	case failed > 0:
		return &codeError{code: exitFailed}
	case refused > 0:
		return &codeError{code: exitRefused}
	}
	return nil
}

// asRefused is the error as a row's refusal, nil when it is none and concerns
// everything.
func asRefused(err error) error {
	if refusal, ok := activities.RefusalOf(err); ok {
		var coded *codeError
		if errors.As(err, &coded) && coded.code == exitFailed {
			return nil
		}
		return refusal
	}
	var coded *codeError
	if errors.As(err, &coded) && (coded.code == exitUsage || coded.code == exitRefused) {
		return coded
	}
	return nil
}

// report says what became of the rows, how many were refused and for how many the
// practice could not be asked.
func (m *many) report(rows []row, results []rowResult) (refused, failed int) {
	fresh, repeated, left, say := 0, 0, 0, m.summary()
	for i, r := range results {
		switch {
		case r.refused != nil:
			refused++
			m.p.note("%s %s: %s", m.p.paint(m.p.Err, red, "refused:"), placeOf(m.from, rows[i]), r.refused)
		case r.failed != nil:
			failed++
			m.p.note("%s %s: %s", m.p.paint(m.p.Err, red, "not done:"), placeOf(m.from, rows[i]), r.failed)
		case r.repeated:
			repeated++
		case !r.done:
			left++
		default:
			fresh++
			if m.dryRun {
				m.p.say("%s.", r.did)
			}
		}
	}
	word := "done"
	if m.dryRun {
		word = "would be done"
	}
	more := ""
	if failed > 0 {
		more += ", " + number(failed) + " not done"
	}
	if left > 0 {
		more += ", " + number(left) + " not come to"
	}
	say("%s: %s %s, %s done before, %s refused%s.", m.counted(len(rows)), number(fresh), word, number(repeated), number(refused), more)
	switch {
	case m.dryRun:
		say("Nothing was changed.")
	case failed+left > 0:
		say("The same command again does what is not done.")
	}
	return refused, failed
}

// summary is how it is said what became of all rows.
func (m *many) summary() func(format string, args ...any) {
	if m.listing {
		return m.p.note
	}
	return m.p.say
}

// counted is a number of acts: of practices where --practice named them, else of rows.
func (m *many) counted(n int) string {
	if m.practices.named() {
		return count(n, "practice", "practices")
	}
	return count(n, "row", "rows")
}

// units is what counted counts.
func (m *many) units() string {
	if m.practices.named() {
		return "practices"
	}
	return "rows"
}

// doing is what is going on.
func (m *many) doing() string {
	if m.dryRun {
		return "Looking:"
	}
	return "Done:"
}

// placeOf says which row it is.
func placeOf(file string, r row) string {
	if r.line == 0 {
		return "practice " + r.practice
	}
	place := fmt.Sprintf("%s, line %d", file, r.line)
	if r.practice != "" {
		place += ", practice " + r.practice
	}
	return place
}

// writeRefused writes the rows that were refused or not done into a file of their own,
// each with the reason: to be corrected and given again.
func (m *many) writeRefused(rows []row, results []rowResult) error {
	header := m.file.header
	at := slices.Index(header, refusedColumn)
	if at < 0 {
		at, header = len(header), append(slices.Clone(header), refusedColumn)
	}
	list := [][]string{header}
	for i, r := range results {
		why := r.refused
		if why == nil {
			why = r.failed
		}
		if why == nil {
			continue
		}
		record := append(slices.Clone(rows[i].record), make([]string, len(header)-len(rows[i].record))...)
		record[at] = papers.Inert(strings.ReplaceAll(why.Error(), "\n", " "))
		list = append(list, record)
	}
	if len(list) == 1 {
		return nil
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(list); err != nil {
		return err
	}
	if _, err := outfolder.WriteFile(m.refusedFile, b.Bytes()); err != nil {
		return systemError(err)
	}
	m.summary()("%s in %s: correct them there, and give that file.", count(len(list)-1, "row is", "rows are"), m.refusedFile)
	return nil
}
