package papers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// HeldCSV writes held.csv: practice_key, person_key and reason, a row for each
// practice of a letter, and no name.
func HeldCSV(w io.Writer, held []casebook.HeldLetter) error {
	rows := [][]string{{"practice_key", "person_key", "reason"}}
	for _, h := range held {
		rows = append(rows, []string{h.PracticeKey, Inert(h.PersonKey), h.Why})
	}
	return writeRows(w, "held.csv", rows)
}

// RecalledCSV writes mail/RECALL/recalled.csv: the letters that were taken back and for whom
// each was, by keys, a row for each practice that a letter writes for.
type RecalledCSV struct{ w *csv.Writer }

// WriteRecalledCSV begins one.
func WriteRecalledCSV(w io.Writer) (*RecalledCSV, error) {
	list := &RecalledCSV{csv.NewWriter(w)}
	return list, list.w.Write([]string{"piece_id", "batch", "practice_key", "person_key", "mailed_on", "came_back", "now", "another_letter"})
}

// Add writes one row.
func (c *RecalledCSV) Add(l casebook.RecalledLetter) error {
	now := "on no list"
	if l.State != "" {
		now = l.State.Words()
	}
	return c.w.Write([]string{l.PieceID, l.Batch, l.PracticeKey, Inert(l.PersonKey), l.MailedOn.String(), yesOrNo(l.CameBack), now, yesOrNo(l.Owed)})
}

// Flush ends it.
func (c *RecalledCSV) Flush() error {
	c.w.Flush()
	if err := c.w.Error(); err != nil {
		return fmt.Errorf("writing %s: %w", "recalled.csv", err)
	}
	return nil
}

func yesOrNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

func writeRows(w io.Writer, name string, rows [][]string) error {
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// Inert keeps a spreadsheet from running a cell as a formula. Such cells are
// refused on the way in; this is for the one that was not thought of.
func Inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// peopleColumns are the columns of people.csv: those of findings.csv, but for
// practice_key (the folder's) and source (the entity's own evidence).
var peopleColumns = []string{
	"person_key", "first_name", "middle_name", "last_name", "suffix", "birth_date", "deceased_date",
	"representative_name", "representative_relation", "address1", "address2", "city", "state", "zip", "country",
	"email", "email_agreed_on", "phone", "language", "confidential_address", "data_classes", "acquired_or_viewed",
}

// PeopleWriter writes a practice's people.csv row by row: the identification of
// each individual that a business associate owes (45 CFR 164.410(c)(1)).
type PeopleWriter struct {
	out      *csv.Writer
	practice string
	err      error
}

// WritePeopleCSV begins a people.csv on w with its header.
func WritePeopleCSV(w io.Writer) *PeopleWriter {
	p := &PeopleWriter{out: csv.NewWriter(w)}
	p.err = p.out.Write(peopleColumns)
	return p
}

// Add writes one person. All people of a file belong to one practice: a person
// of another one is an error, for the file goes to the first one's clerk.
func (p *PeopleWriter) Add(person breach.Person) error {
	if p.err != nil {
		return p.err
	}
	if p.practice == "" {
		p.practice = person.PracticeKey
	}
	if person.PracticeKey != p.practice {
		p.err = fmt.Errorf("people.csv of practice %s was given a person of practice %s", p.practice, person.PracticeKey)
		return p.err
	}
	row := peopleRow(&person)
	for i := range row {
		row[i] = Inert(row[i])
	}
	p.err = p.out.Write(row)
	return p.err
}

// peopleRow is a person in the columns of people.csv.
func peopleRow(person *breach.Person) []string {
	classes := make([]string, len(person.DataClasses))
	for i, c := range person.DataClasses {
		classes[i] = string(c)
	}
	return []string{
		person.Key, person.FirstName, person.MiddleName, person.LastName, person.Suffix,
		person.BirthDate.String(), person.DiedOn(), person.RepresentativeName, person.RepresentativeRelation,
		person.Address1, person.Address2, person.City, person.State, person.ZIP, person.Country,
		person.Email, person.EmailAgreedOn.String(), person.Phone, person.Language, string(person.ConfidentialAddress),
		strings.Join(classes, ";"), person.AcquiredOrViewed,
	}
}

// Flush writes what is buffered; without it the file ends early.
func (p *PeopleWriter) Flush() error {
	if p.err != nil {
		return p.err
	}
	p.out.Flush()
	if p.err = p.out.Error(); p.err != nil {
		p.err = fmt.Errorf("writing people.csv: %w", p.err)
	}
	return p.err
}
