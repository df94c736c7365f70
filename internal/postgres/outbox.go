package postgres

import (
	"context"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// IntendMessage writes the intent unless the step of the practice has one, and
// returns the message as it stands, in state "intended" when new. A step has
// one message whatever id a caller comes with.
func (s *Store) IntendMessage(ctx context.Context, id, incidentID, practiceKey, step string) (casebook.Message, error) {
	err := s.q.IntendMessage(ctx, sqlgen.IntendMessageParams{ID: id, IncidentID: incidentID, PracticeKey: practiceKey, Step: step})
	if err != nil {
		return casebook.Message{}, err
	}
	m, err := s.q.Message(ctx, sqlgen.MessageParams{IncidentID: incidentID, PracticeKey: practiceKey, Step: step})
	return casebook.Message{ID: m.ID, State: m.State, ProviderID: m.ProviderID, Detail: m.Detail, SentOn: m.SentOn}, err
}

// MoveMessage moves the message from one state to another; moved is false when
// it is in a different state by now, or there is none.
func (s *Store) MoveMessage(ctx context.Context, id, from string, to casebook.Message) (moved bool, err error) {
	n, err := s.q.MoveMessage(ctx, sqlgen.MoveMessageParams{
		ID: id, FromState: from, ToState: to.State, ProviderID: to.ProviderID, Detail: to.Detail, SentOn: to.SentOn,
	})
	return n == 1, err
}
