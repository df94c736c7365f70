package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// ActOnPractice carries out assess, approve, delegate, record, notify, contact and
// dispute for one practice. Inside the transaction, with the practice locked, check decides on
// its current record; its error is returned and nothing is written. An act that
// is there already is not checked again: fresh is false.
func (s *Store) ActOnPractice(ctx context.Context, act casebook.Act, check func(casebook.Practice) error) (fresh bool, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		// A correction locks the incident before its practices, whoever makes it.
		if act.Kind == casebook.ActContact {
			if _, err := q.LockIncident(ctx, act.IncidentID); err != nil {
				return orUnknownIncident(err, act.IncidentID)
			}
		}
		// Locked first: the record is read after everybody before has committed.
		if _, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey}); err != nil {
			return orUnknownPractice(err, act.IncidentID, act.PracticeKey)
		}
		there, err := q.ActIsThere(ctx, sqlgen.ActIsThereParams{IncidentID: act.IncidentID, ID: act.ID})
		if err != nil || there {
			return err
		}
		practice, id, err := readPractice(ctx, q, act.IncidentID, act.PracticeKey)
		if err != nil {
			return err
		}
		if err := check(practice); err != nil {
			return err
		}
		if err := s.oneName(ctx, q, act); err != nil {
			return err
		}
		if fresh, err = insertAct(ctx, q, act); err != nil || !fresh {
			return err
		}
		if err := q.NoteChange(ctx, []int{id}); err != nil {
			return err
		}
		if err := noteTold(ctx, q, act, 1); err != nil {
			return err
		}
		if act.Kind == casebook.ActContact && act.Contact != nil {
			return s.correctContact(ctx, tx, q, practice.Practice, act)
		}
		return applyToPractice(ctx, q, id, act)
	})
	return fresh && err == nil, err
}

// applyToPractice does what the act says beyond being written down: an
// assessment and a fact are read from the act itself.
func applyToPractice(ctx context.Context, q *sqlgen.Queries, practiceID int, act casebook.Act) error {
	switch {
	case act.Kind == casebook.ActAssess && act.Assess != nil:
		return nil
	case act.Kind == casebook.ActRecord && act.Record != nil:
		if err := moveByRecord(ctx, q, act, practiceID); err != nil {
			return err
		}
		return concludeNotices(ctx, q, act)
	case act.Kind == casebook.ActNotify && act.Notify != nil && act.Notify.Step != "":
		step := act.Notify.Step
		if casebook.IsReminder(step) {
			step = casebook.ReminderSteps // whatever came back from the address
		}
		return sendAgain(ctx, q, act.IncidentID, act.PracticeKey, step)
	case act.Kind == casebook.ActNotify && act.Notify != nil:
		return intend(ctx, q, act.IncidentID, act.PracticeKey, casebook.NoticeStep, act.Notify.Attempt)
	case act.Kind == casebook.ActDispute && act.Dispute != nil:
		return dispute(ctx, q, practiceID, act)
	case act.Kind == casebook.ActApprove && act.Approve != nil:
		return q.InsertApproval(ctx, sqlgen.InsertApprovalParams{
			PracticeID: practiceID, PapersSHA256: act.Approve.SHA256, Person: breach.PersonNamed(act.Who), Who: act.Who, At: act.At, ActID: act.ID,
		})
	case act.Kind == casebook.ActDelegate && act.Delegate != nil:
		if err := q.SetDelegation(ctx, sqlgen.SetDelegationParams{ID: practiceID, Delegation: act.Delegate.Delegation}); err != nil {
			return err
		}
		return moveByDelegation(ctx, q, practiceID, breach.LettersDelegated(act.Delegate.Delegation))
	}
	return fmt.Errorf("%q without its terms is not an act on a practice", act.Kind)
}

// insertAct writes the act down, and in the ledger; the caller holds the lock
// of its practice, or of the incident.
func insertAct(ctx context.Context, q *sqlgen.Queries, act casebook.Act) (fresh bool, err error) {
	if act.ID == "" {
		return false, fmt.Errorf("an act of kind %q has no id", act.Kind)
	}
	if err := act.Readable(); err != nil {
		return false, err
	}
	b, err := json.Marshal(act.Terms())
	if err != nil {
		return false, err
	}
	act.Identity, err = q.InsertAct(ctx, sqlgen.InsertActParams{
		IncidentID: act.IncidentID, ID: act.ID, PracticeKey: act.PracticeKey, Kind: act.Kind, Who: act.Who, Identity: act.Identity, At: act.At, Terms: b,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, appendEntry(ctx, q, act.IncidentID, act.PracticeKey, actEntry(act), actResult{Kind: act.Kind, Terms: act.Terms()})
}

// Acts returns what people did, in the order it was done: for one practice,
// acts on the whole incident included, or all of the incident's when
// practiceKey is empty.
func (s *Store) Acts(ctx context.Context, incidentID, practiceKey string) ([]casebook.Act, error) {
	rows, err := s.q.Acts(ctx, sqlgen.ActsParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil {
		return nil, err
	}
	acts := make([]casebook.Act, len(rows))
	for i, r := range rows {
		var t casebook.Terms
		if err := json.Unmarshal(r.Terms, &t); err != nil {
			return nil, fmt.Errorf("act %s of %s cannot be read: %w", r.ID, incidentID, err)
		}
		acts[i] = t.Act
		acts[i].ID, acts[i].IncidentID, acts[i].PracticeKey, acts[i].Kind = r.ID, incidentID, r.PracticeKey, r.Kind
		acts[i].Who, acts[i].Identity, acts[i].At = r.Who, r.Identity, r.At.UTC()
	}
	return acts, nil
}
