package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// IntendMessage writes the intent of the first attempt unless there is one, or of
// another one where e-mail may go there again, and
// returns the latest attempt as it stands, in state "intended" when new.
func (s *Store) IntendMessage(ctx context.Context, incidentID, practiceKey, step string) (casebook.Message, error) {
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, incidentID, practiceKey); err != nil {
			return err
		}
		before, err := q.Message(ctx, sqlgen.MessageParams{IncidentID: incidentID, PracticeKey: practiceKey, Step: step})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		next := 1
		if before.State == casebook.MessageAgain {
			next = before.Attempt + 1
		}
		return intend(ctx, q, incidentID, practiceKey, step, next)
	})
	if err != nil {
		return casebook.Message{}, err
	}
	m, err := s.q.Message(ctx, sqlgen.MessageParams{IncidentID: incidentID, PracticeKey: practiceKey, Step: step})
	return casebook.Message{
		ID: m.ID, State: m.State, Attempt: m.Attempt, ProviderID: m.ProviderID, Detail: m.Detail, SentOn: m.SentOn,
		Tries: m.Tries, RetryAt: utc(m.RetryAt), PacketSHA256: m.PacketSHA256,
	}, err
}

// intend writes an attempt down as intended, unless it is there. The caller
// holds the practice's lock.
func intend(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey, step string, attempt int) error {
	id := casebook.MessageID(incidentID, practiceKey, step, attempt)
	fresh, err := q.IntendMessage(ctx, sqlgen.IntendMessageParams{
		ID: id, IncidentID: incidentID, PracticeKey: practiceKey, Step: step, Attempt: attempt,
	})
	if err != nil || fresh == 0 {
		return err
	}
	return noteMessage(ctx, q, incidentID, practiceKey, step, casebook.Message{ID: id, State: casebook.MessageIntended})
}

// concludeNotices lets the notices' e-mails follow what a person recorded: that
// the practice was told, by whatever way, or that its notice did not arrive. The
// ledger has the record itself, and for a single practice what it ended.
func concludeNotices(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	move := sqlgen.ConcludeMessagesParams{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey, Step: casebook.NoticeStep}
	switch fact := act.Record.Fact; {
	case act.Who == engine: // the e-mail's own outcome
		return nil
	case fact.Kind == breach.PracticeNotified:
		move.ToState = casebook.MessageRecorded
		move.FromStates = []string{casebook.MessageToSend, casebook.MessageRejected, casebook.MessageBounced, casebook.MessageAgain, casebook.MessageUnknown, casebook.MessageNoEmail}
		if act.PracticeKey != "" {
			move.FromStates = append(move.FromStates, casebook.MessageIntended)
		}
	case fact.Kind == breach.NoticeBounced:
		move.ToState, move.Detail, move.ID = casebook.MessageBounced, fact.Reference, casebook.MessageReferred(fact.Reference)
		move.FromStates = []string{casebook.MessageSent, casebook.MessageToSend, casebook.MessageRecorded, casebook.MessageAgain, casebook.MessageUnknown}
	case fact.Kind == breach.ReminderBounced:
		// Whoever decided that it may be recorded has filled in which one.
		move.Step, move.ToState, move.Detail, move.ID = "", casebook.MessageBounced, fact.Reference, casebook.MessageReferred(fact.Reference)
		move.FromStates = []string{casebook.MessageSent, casebook.MessageUnknown}
		if move.ID == "" {
			return nil
		}
	default:
		return nil
	}
	moved, err := q.ConcludeMessages(ctx, move)
	if err != nil || act.PracticeKey == "" {
		return err
	}
	for _, m := range moved {
		err := noteMessage(ctx, q, act.IncidentID, m.PracticeKey, m.Step, casebook.Message{ID: m.ID, State: move.ToState, ProviderID: m.ProviderID})
		if err != nil {
			return err
		}
	}
	return nil
}

// sendAgain lets what came back go out again, of the steps that begin alike: its
// address was corrected, or a person said so. The caller holds the practice's lock.
func sendAgain(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey, stepBegins string) error {
	moved, err := q.SendAgain(ctx, sqlgen.SendAgainParams{IncidentID: incidentID, PracticeKey: practiceKey, StepBegins: stepBegins})
	if err != nil {
		return err
	}
	for _, m := range moved {
		err := noteMessage(ctx, q, incidentID, practiceKey, m.Step, casebook.Message{ID: m.ID, State: casebook.MessageAgain, ProviderID: m.ProviderID})
		if err != nil {
			return err
		}
	}
	return nil
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
			Tries: to.Tries, RetryAt: instant(to.RetryAt), PacketSHA256: to.PacketSHA256, Changes: to.Changes,
		})
		if err != nil || n == 0 {
			return err
		}
		moved = true
		if to.State == from {
			return nil // a reason or a time, and nothing that happened to it
		}
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

// noticeCounts are the notices that are owed, by what became of their e-mail.
func noticeCounts(ctx context.Context, q *sqlgen.Queries, incidentID string, keptBack bool) (casebook.NoticeCounts, error) {
	rows, err := q.NoticeCounts(ctx, sqlgen.NoticeCountsParams{IncidentID: incidentID, Step: casebook.NoticeStep})
	var c casebook.NoticeCounts
	for _, r := range rows {
		switch r.State {
		case casebook.MessageNone:
			if keptBack {
				c.KeptBack = r.Practices
			}
		case casebook.MessageToSend:
			c.ToSend = r.Practices
		case casebook.MessageIntended:
			c.Stopped, c.StoppedBy = r.Stopped, casebook.Message{Detail: r.Detail}.Cause()
		case casebook.MessageRejected:
			c.Refused = r.Practices
		case casebook.MessageBounced, casebook.MessageAgain:
			c.Bounced += r.Practices
		case casebook.MessageUnknown:
			c.Unknown = r.Practices
		case casebook.MessageNoEmail:
			c.NoEmail = r.Practices
		}
	}
	return c, err
}

// Notices returns the notice to each practice, in key order.
func (s *Store) Notices(ctx context.Context, incidentID string) ([]casebook.Notice, error) {
	rows, err := s.q.Notices(ctx, sqlgen.NoticesParams{IncidentID: incidentID, Step: casebook.NoticeStep})
	notices := make([]casebook.Notice, len(rows))
	for i := range rows {
		notices[i] = noticeOf(&rows[i])
	}
	return notices, err
}

// NoticesOf returns the notices to the practices with the keys, in key order.
func (s *Store) NoticesOf(ctx context.Context, incidentID string, practiceKeys []string) ([]casebook.Notice, error) {
	rows, err := s.q.NoticesOf(ctx, sqlgen.NoticesOfParams{IncidentID: incidentID, Step: casebook.NoticeStep, PracticeKeys: practiceKeys})
	notices := make([]casebook.Notice, len(rows))
	for i := range rows {
		row := sqlgen.NoticesRow(rows[i])
		notices[i] = noticeOf(&row)
	}
	return notices, err
}

func noticeOf(r *sqlgen.NoticesRow) casebook.Notice {
	return casebook.Notice{Practice: r.Facts, Owed: r.Owed, Message: casebook.Message{
		ID: r.ID, State: r.State, Attempt: r.Attempt, ProviderID: r.ProviderID, Detail: r.Detail, SentOn: r.SentOn,
	}}
}

// MessageOf is an e-mail by our id, and whose it was for.
type MessageOf struct{ Practice, ID string }

// PracticesOfMessages finds the practices that messages were for, by our ids of
// them and by the provider's: of notices, and by either id of what followed them
// (others). What is not of this incident is left out.
func (s *Store) PracticesOfMessages(ctx context.Context, incidentID string, ids, providerIDs []string) (byID, byProvider map[string]string, others map[string]MessageOf, err error) {
	rows, err := s.q.MessagesByID(ctx, sqlgen.MessagesByIDParams{IncidentID: incidentID, Ids: ids, ProviderIds: providerIDs})
	if err != nil {
		return nil, nil, nil, err
	}
	byID, byProvider, others = map[string]string{}, map[string]string{}, map[string]MessageOf{}
	for _, r := range rows {
		if r.Step != casebook.NoticeStep {
			of := MessageOf{r.PracticeKey, r.ID}
			others[r.ID], others[r.ProviderID] = of, of
			continue
		}
		byID[r.ID] = r.PracticeKey
		if r.ProviderID != "" {
			byProvider[r.ProviderID] = r.PracticeKey
		}
	}
	delete(others, "") // an event that names none is of no e-mail in particular
	return byID, byProvider, others, nil
}
