package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// IntendMessage writes the intent unless the step of the practice has one, and
// returns the message as it stands, in state "intended" when new. A step has
// one message whatever id a caller comes with.
func (s *Store) IntendMessage(ctx context.Context, id, incidentID, practiceKey, step string) (casebook.Message, error) {
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, incidentID, practiceKey); err != nil {
			return err
		}
		fresh, err := q.IntendMessage(ctx, sqlgen.IntendMessageParams{ID: id, IncidentID: incidentID, PracticeKey: practiceKey, Step: step})
		if err != nil || fresh == 0 {
			return err
		}
		return noteMessage(ctx, q, incidentID, practiceKey, step, casebook.Message{ID: id, State: casebook.MessageIntended})
	})
	if err != nil {
		return casebook.Message{}, err
	}
	m, err := s.q.Message(ctx, sqlgen.MessageParams{IncidentID: incidentID, PracticeKey: practiceKey, Step: step})
	return casebook.Message{ID: m.ID, State: m.State, ProviderID: m.ProviderID, Detail: m.Detail, SentOn: m.SentOn}, err
}

// MoveMessage moves the message from one state to another; moved is false when
// it is in a different state by now, or there is none.
func (s *Store) MoveMessage(ctx context.Context, id, from string, to casebook.Message) (moved bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		of, err := q.PlaceOfMessage(ctx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := lockChain(ctx, q, of.IncidentID, of.PracticeKey); err != nil {
			return err
		}
		n, err := q.MoveMessage(ctx, sqlgen.MoveMessageParams{
			ID: id, FromState: from, ToState: to.State, ProviderID: to.ProviderID, Detail: to.Detail, SentOn: to.SentOn,
		})
		if err != nil || n == 0 {
			return err
		}
		moved = true
		to.ID = id
		return noteMessage(ctx, q, of.IncidentID, of.PracticeKey, of.Step, to)
	})
	return moved && err == nil, err
}

// noteMessage writes a message's state into the ledger: as an intent while it
// may still be sent, then as the result.
func noteMessage(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey, step string, m casebook.Message) error {
	kind := ledger.KindResult
	if m.State == casebook.MessageIntended || m.State == casebook.MessageSending {
		kind = ledger.KindIntent
	}
	detail := map[string]any{"step": step}
	if m.ProviderID != "" {
		detail["provider_id"] = m.ProviderID
	}
	if !m.SentOn.IsZero() {
		detail["sent_on"] = m.SentOn
	}
	return appendEntry(ctx, q, incidentID, practiceKey, ledger.Body{Kind: kind, Who: engine, Ref: m.ID},
		ledger.Step{What: ledger.StepEmail, State: m.State, Detail: detail})
}
