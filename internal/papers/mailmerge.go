package papers

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// maxAddressLines is how many lines an address has at most.
const maxAddressLines = 7

// MailMergeWriter writes mail-merge.csv: what a practice needs of each of its people
// to write to them with its own word processor, and which of them have a letter ready.
type MailMergeWriter struct {
	out *csv.Writer
	on  civil.Date
	// incident is whose letters they are.
	incident breach.Incident
	err      error
}

// WriteMailMerge begins a mail-merge.csv of letters dated on.
// Its languages are those that the incident's letters can be in.
func WriteMailMerge(w io.Writer, incident breach.Incident, on civil.Date) *MailMergeWriter {
	m := &MailMergeWriter{out: csv.NewWriter(w), on: on, incident: incident}
	head := []string{"person_key", "letter_file", "first_page", "pages", "no_letter_because", "written_to", "greeting"}
	for n := range maxAddressLines {
		head = append(head, "line"+strconv.Itoa(n+1))
	}
	m.err = m.out.Write(append(head, "information_involved", "language"))
	return m
}

// Add writes one person: their letter, or why none was printed. A person's code for
// the credit monitoring is not in it: it stands in their letter alone.
func (m *MailMergeWriter) Add(p *breach.Person, file string, letter Piece, whyNot string) {
	if m.err != nil {
		return
	}
	reader := p.ReaderOn(m.on)
	// Where there is no letter in the language, the practice writes in the one that is asked for.
	language, in := m.incident.Languages().Of(p), english()
	if language.Tag != "" {
		if own, err := letteringIn(m.incident, language.Tag); err == nil {
			in = own
		}
	}
	row := []string{p.Key, file, "", "", whyNot, string(reader), in.salutation(p, reader)}
	if file != "" {
		row[2], row[3] = strconv.Itoa(letter.FirstPage), strconv.Itoa(letter.Pages)
	}
	lines := addressBlock(p, reader)
	for n := range maxAddressLines {
		line := ""
		if n < len(lines) {
			line = lines[n]
		}
		row = append(row, line)
	}
	row = append(row, in.classes(p.DataClasses), cmp.Or(language.Tag, language.Asked))
	for i := range row {
		row[i] = Inert(row[i])
	}
	m.err = m.out.Write(row)
}

// Flush writes what is buffered; without it the file ends early.
func (m *MailMergeWriter) Flush() error {
	if m.err == nil {
		m.out.Flush()
		m.err = m.out.Error()
	}
	if m.err != nil {
		return fmt.Errorf("writing mail-merge.csv: %w", m.err)
	}
	return nil
}
