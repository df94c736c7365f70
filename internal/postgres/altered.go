package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// troubleOf is the alarm in status of what was altered.
func troubleOf(a *finding.Altered) casebook.Trouble {
	refusal := a.Refusal()
	return casebook.Trouble{
		Incident: a.IncidentID, Practice: a.PracticeKey, Kind: casebook.TroubleAltered, Part: a.PracticeKey, Stopped: true,
		What: refusal.Message, Todo: refusal.Advice,
	}
}

// noting writes an alteration that err is about down before err is returned.
func (s *Store) noting(ctx context.Context, err error) error {
	var was *finding.Altered
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
func (s *Store) tellAltered(ctx context.Context, was *finding.Altered) {
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
		if err := noteTrouble(ctx, q, troubleOf(was)); err != nil {
			return err
		}
		_, err := appendOnce(ctx, q, was.IncidentID, was.PracticeKey, ledger.KindAltered, was.Ref,
			ledger.Altered{People: was.PersonKey != "", Columns: was.Columns})
		return err
	})
}
