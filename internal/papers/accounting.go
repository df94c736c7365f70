package papers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// accountingColumns identify the individual and give what 45 CFR 164.528(b)(2)
// wants of each disclosure: its day, who received it, what it was, and why.
var accountingColumns = []string{
	"person_key", "first_name", "middle_name", "last_name", "suffix", "birth_date",
	"disclosed_from", "disclosed_to", "recipient", "recipient_address", "description", "purpose",
}

// AccountingWriter writes the entries of a practice's people for the accounting
// of disclosures that any of them may ask for (45 CFR 164.528).
type AccountingWriter struct {
	out      *csv.Writer
	incident breach.Incident
	practice string
	rows     int
	err      error
}

// WriteAccounting begins the entries of one practice on w with their header.
func WriteAccounting(w io.Writer, incident breach.Incident, practice string) *AccountingWriter {
	a := &AccountingWriter{out: csv.NewWriter(w), incident: incident, practice: practice}
	a.err = a.out.Write(accountingColumns)
	return a
}

// Add writes one person's entry. Somebody dead for more than 50 years has none,
// whose information is no longer protected (160.103). A person of another
// practice is an error.
func (a *AccountingWriter) Add(person breach.Person) error {
	if a.err != nil {
		return a.err
	}
	if person.PracticeKey != a.practice {
		a.err = fmt.Errorf("the accounting of practice %s was given a person of practice %s", a.practice, person.PracticeKey)
		return a.err
	}
	i := a.incident
	if !person.ProtectedOn(i.Discovered) {
		return nil
	}
	row := []string{
		person.Key, person.FirstName, person.MiddleName, person.LastName, person.Suffix, person.BirthDate.String(),
		dayIfKnown(i.Occurred.From), dayIfKnown(i.Occurred.To), recipient(i), "", plainClasses(person.DataClasses), purpose(i),
	}
	for n := range row {
		row[n] = Inert(row[n])
	}
	a.rows++
	a.err = a.out.Write(row)
	return a.err
}

// dayIfKnown is a day of the disclosure, which the accounting has to give
// (164.528(b)(2)(i)); that it is not known is said too.
func dayIfKnown(d civil.Date) string {
	if d.IsZero() {
		return "not known"
	}
	return d.String()
}

// recipient is who received the information, as far as the incident says.
func recipient(i breach.Incident) string {
	if who := strings.TrimSpace(i.RiskAssessment.Factors.UnauthorizedPerson); who != "" {
		return who
	}
	return "not known"
}

// purpose is the statement "that reasonably informs the individual of the basis
// for the disclosure": there was none that the Privacy Rule permits.
func purpose(i breach.Incident) string {
	what := "impermissible use or disclosure"
	if i.BreachType != "" {
		what += " (" + i.BreachType + ")"
	}
	return fmt.Sprintf("no permitted purpose: %s, discovered %s, incident %s", what, i.Discovered, i.ID)
}

// Flush writes what is buffered and returns the number of entries.
func (a *AccountingWriter) Flush() (rows int, err error) {
	if a.err != nil {
		return a.rows, a.err
	}
	a.out.Flush()
	if a.err = a.out.Error(); a.err != nil {
		a.err = fmt.Errorf("writing the accounting of disclosures: %w", a.err)
	}
	return a.rows, a.err
}
