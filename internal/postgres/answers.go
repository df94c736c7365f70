package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/sqlgen"
)

// States of an answer.
const (
	AnswerReceived = "received" // the worker has not come to it
	AnswerDone     = "done"
	AnswerRefused  = "refused"
)

// AnswerRef names an answer of a practice.
type AnswerRef struct {
	ID uuid.UUID
	Of packet.Practice
}

// AnswerState is an answer without what it says.
type AnswerState struct {
	AnswerRef
	Kind    string
	At      time.Time
	ActID   string
	State   string
	Detail  string
	EndedAt time.Time
}

// OpenedAnswer is an answer as the practice gave it.
type OpenedAnswer struct {
	AnswerRef
	packet.Answer
	At time.Time
	// Act is what it asks for, with the ID it has once it was bound.
	Act casebook.Act
	// Proof is the file that came with it, nil for none or once it was put away.
	Proof []byte
	State string
}

// AnswersWaiting lists of each practice the oldest answer that is not carried out, the
// oldest of them first: the answers of a practice are carried out in their order.
func (s *Store) AnswersWaiting(ctx context.Context, most int) ([]AnswerRef, error) {
	rows, err := s.q.AnswersWaiting(ctx, most)
	if err != nil {
		return nil, err
	}
	refs := make([]AnswerRef, len(rows))
	for i, r := range rows {
		refs[i] = AnswerRef{ID: r.ID, Of: packet.Practice{IncidentID: r.IncidentID, Key: r.PracticeKey}}
	}
	return refs, nil
}

// NextAnswer is a practice's oldest answer that is not carried out; waits is false when it
// has none.
func (s *Store) NextAnswer(ctx context.Context, of packet.Practice) (ref AnswerRef, waits bool, err error) {
	id, err := s.q.NextAnswer(ctx, sqlgen.NextAnswerParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
	if errors.Is(err, pgx.ErrNoRows) {
		return AnswerRef{}, false, nil
	}
	return AnswerRef{ID: id, Of: of}, err == nil, err
}

// Answers lists an incident's answers, or one practice's, in order.
func (s *Store) Answers(ctx context.Context, incidentID, practiceKey string) ([]AnswerState, error) {
	rows, err := s.q.AnswersOfIncident(ctx, sqlgen.AnswersOfIncidentParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil {
		return nil, err
	}
	list := make([]AnswerState, len(rows))
	for i, r := range rows {
		list[i] = AnswerState{
			AnswerRef: AnswerRef{ID: r.ID, Of: packet.Practice{IncidentID: incidentID, Key: r.PracticeKey}},
			Kind:      r.Kind, At: r.At, ActID: r.ActID, State: r.State, Detail: r.Detail, EndedAt: timeOf(r.EndedAt),
		}
	}
	return list, nil
}

// OpenAnswer reads an answer. One whose words are not those that were asked for is
// refused with code "altered": nothing is carried out in a practice's name that its
// page did not say.
func (s *Store) OpenAnswer(ctx context.Context, id uuid.UUID) (a OpenedAnswer, err error) {
	row, err := s.q.Answer(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, breach.Refuse("unknown_answer", "", "there is no answer %s", id)
	}
	if err != nil {
		return a, err
	}
	a.AnswerRef = AnswerRef{ID: row.ID, Of: packet.Practice{IncidentID: row.IncidentID, Key: row.PracticeKey}}
	a.At, a.State = row.At, row.State
	p, err := s.openPage(ctx, s.q, a.Of)
	if err != nil {
		return a, err
	}
	altered := breach.Refuse("altered", "Ask the practice what it answered, and look at who could write into the database.",
		"answer %s of practice %s is not what its page asked for", id, a.Of.Key)
	plain, err := p.answers.Open(row.Sealed, a.Of, id.String())
	if err != nil {
		return a, altered
	}
	if a.Answer, err = packet.DecodeAnswer(plain); err != nil || a.Kind != row.Kind {
		return a, altered
	}
	if a.Act, err = a.Answer.Act(a.Of); err != nil {
		return a, altered
	}
	if asked, err := a.Act.AnswerSHA256(); err != nil || asked != row.ContentSHA256 {
		return a, altered
	}
	a.Act.ID = row.ActID
	if row.Attachment != nil {
		if a.Proof, err = p.answers.Open(row.Attachment, a.Of, id.String()+" proof"); err != nil {
			return a, altered
		}
	}
	return a, nil
}

// BindAnswer makes an answer ask for the act with this ID, and no other, for good.
func (s *Store) BindAnswer(ctx context.Context, id uuid.UUID, actID string) error {
	n, err := s.q.BindAnswer(ctx, sqlgen.BindAnswerParams{ID: id, ActID: actID})
	if err == nil && n == 0 {
		err = fmt.Errorf("answer %s asks for another act already", id)
	}
	return err
}

// EndAnswer says what became of an answer, once. One whose act was done is not refused.
func (s *Store) EndAnswer(ctx context.Context, id uuid.UUID, state, detail string) error {
	_, err := s.q.EndAnswer(ctx, sqlgen.EndAnswerParams{ID: id, State: state, Detail: detail})
	return err
}

// PutAwayProof forgets the file that came with an answer, once it is kept elsewhere.
func (s *Store) PutAwayProof(ctx context.Context, id uuid.UUID) error {
	return s.q.DropAttachment(ctx, id)
}
