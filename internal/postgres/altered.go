package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/datakey"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
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

func (a *Altered) Error() string { return a.refusal().Error() }

// Unwrap has it found as the refusal that it is, and as datakey.ErrAltered.
func (a *Altered) Unwrap() []error { return []error{a.refusal(), datakey.ErrAltered} }

func (a *Altered) refusal() *breach.Refusal {
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

// trouble is the alarm in status.
func (a *Altered) trouble() casebook.Trouble {
	refusal := a.refusal()
	return casebook.Trouble{
		Incident: a.IncidentID, Practice: a.PracticeKey, Kind: casebook.TroubleAltered, Part: a.PracticeKey, Stopped: true,
		What: refusal.Message, Todo: refusal.Advice,
	}
}

// altered is for whoever looks after the database.
func (o *opener) altered(practiceKey, personKey string, columns ...string) error {
	text := strings.Join(append([]string{"altered", o.incidentID, practiceKey, personKey}, columns...), "\x00")
	ref := o.hashes().Sum128([]byte(text))
	return &Altered{IncidentID: o.incidentID, PracticeKey: practiceKey, PersonKey: personKey, Columns: columns, Ref: hex.EncodeToString(ref[:])}
}

// noting writes an alteration that err is about down before err is returned.
func (s *Store) noting(ctx context.Context, err error) error {
	var was *Altered
	if errors.As(err, &was) {
		s.tellAltered(ctx, was)
	}
	return err
}

// tellLimit bounds how long somebody waits for an alteration to be written down.
const tellLimit = 10 * time.Second

// tellAltered writes an alteration down once, in the practice's chain and as an alarm
// for status, in a transaction of its own: the one that found it is undone. A
// person's role may write neither; the refusal itself tells the person.
func (s *Store) tellAltered(ctx context.Context, was *Altered) {
	if s.as.Role != "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellLimit)
	defer cancel()
	// What cannot be written is found again by whoever looks next, and is refused meanwhile.
	_ = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, was.IncidentID, was.PracticeKey); err != nil {
			return err
		}
		t := was.trouble()
		err := q.NoteTrouble(ctx, sqlgen.NoteTroubleParams{
			IncidentID: t.Incident, PracticeKey: t.Practice, Step: t.Kind, Part: t.Part, Stopped: t.Stopped, What: t.What, Todo: t.Todo,
		})
		if err != nil {
			return err
		}
		noted, err := q.EntryIsThere(ctx, sqlgen.EntryIsThereParams{
			IncidentID: was.IncidentID, PracticeKey: was.PracticeKey, Kind: ledger.KindAltered, Ref: was.Ref,
		})
		if err != nil || noted {
			return err
		}
		return appendEntry(ctx, q, was.IncidentID, was.PracticeKey, ledger.Body{Kind: ledger.KindAltered, Who: engine, Ref: was.Ref},
			ledger.Altered{People: was.PersonKey != "", Columns: was.Columns})
	})
}
