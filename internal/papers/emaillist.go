package papers

import (
	"encoding/csv"
	"io"

	"duenotice/internal/breach"
)

// EmailList is the list of people who are told by agreed e-mail (45 CFR
// 164.404(d)(1)(i)), for the channel that sends it: a row for each person and
// practice. It is patient data.
type EmailList struct {
	out *csv.Writer
	n   int
	err error
}

// WriteEmailList begins the list with its header.
func WriteEmailList(w io.Writer) *EmailList {
	l := &EmailList{out: csv.NewWriter(w)}
	l.err = l.out.Write([]string{"practice_key", "person_key", "name", "email"})
	return l
}

// Add writes one person's row.
func (l *EmailList) Add(p breach.Person) error {
	if l.err == nil {
		l.err = l.out.Write([]string{p.PracticeKey, p.Key, Inert(p.FullName()), Inert(p.Email)})
		l.n++
	}
	return l.err
}

// Flush ends the list and returns how many rows it has.
func (l *EmailList) Flush() (int, error) {
	l.out.Flush()
	if l.err == nil {
		l.err = l.out.Error()
	}
	return l.n, l.err
}
