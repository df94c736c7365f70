package finding

import (
	"encoding/hex"
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
)

// Altered is a finding, or what is kept of a practice, that is not what the program
// wrote: somebody with the rights of the tables' owner changed it. It is refused
// wherever it would be used. Keys name nobody.
type Altered struct {
	IncidentID, PracticeKey string
	// PersonKey is "" where a practice's own row was altered.
	PersonKey string
	// Columns are those in clear that are not as they were sealed; none when it is
	// the encrypted record itself.
	Columns []string
	// Ref tells one alteration from another in the ledger, and names nobody there.
	Ref string
}

// codeAltered is the code of the refusal that an Altered is.
const codeAltered = "altered"

const alteredAdvice = "Find out who changed it past the program, and restore the rows from a backup: what rests on them waits until then"

// Altered is the error for what is not as it was written, an *Altered. It is for
// whoever looks after the database.
func (r *Reader) Altered(practiceKey, personKey string, columns ...string) error {
	ref := r.Hash("altered", append([]string{practiceKey, personKey}, columns...)...)
	return &Altered{IncidentID: r.incidentID, PracticeKey: practiceKey, PersonKey: personKey, Columns: columns, Ref: hex.EncodeToString(ref[:])}
}

func (a *Altered) Error() string { return a.Refusal().Error() }

// Unwrap has it found as the refusal that it is, and as datakey.ErrAltered.
func (a *Altered) Unwrap() []error { return []error{a.Refusal(), datakey.ErrAltered} }

// Refusal says what was altered and what to do, with code "altered".
func (a *Altered) Refusal() *breach.Refusal {
	what := "practice " + a.PracticeKey + " of " + a.IncidentID + " is not as the program wrote it"
	if a.PersonKey != "" {
		what = fmt.Sprintf("the finding of person %s at practice %s of %s is not what was written there: somebody changed or moved rows of the table finding",
			a.PersonKey, a.PracticeKey, a.IncidentID)
	}
	if len(a.Columns) > 0 {
		what += " (" + strings.Join(a.Columns, ", ") + ")"
	}
	return breach.Refuse(codeAltered, alteredAdvice, "%s", what)
}
