package postgres

import (
	"context"
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// Batches returns the batches of every run in order: all of them, or those with
// letters of one practice.
func (s *Store) Batches(ctx context.Context, incidentID, practiceKey string) ([]casebook.MailedBatch, error) {
	if practiceKey == "" {
		rows, err := s.q.Batches(ctx, incidentID)
		batches := make([]casebook.MailedBatch, len(rows))
		for i, r := range rows {
			batches[i] = casebook.MailedBatch{Name: casebook.BatchName(r.Run, r.Number), PrintedAt: utc(r.PrintedAt), MailedOn: r.MailedOn}
		}
		return batches, err
	}
	rows, err := s.q.BatchesOfPractice(ctx, sqlgen.BatchesOfPracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
	batches := make([]casebook.MailedBatch, len(rows))
	for i, r := range rows {
		batches[i] = casebook.MailedBatch{Name: casebook.BatchName(r.Run, r.Number), PrintedAt: utc(r.PrintedAt), MailedOn: r.MailedOn, Shared: r.Shared}
	}
	return batches, err
}

// FirstRecorded returns, of each kind of fact and jurisdiction that was recorded
// for the incident or for any of its practices, the one of the earliest day.
func (s *Store) FirstRecorded(ctx context.Context, incidentID string) (breach.Facts, error) {
	rows, err := s.q.FirstRecorded(ctx, incidentID)
	facts := make(breach.Facts, len(rows))
	for i, r := range rows {
		facts[i] = breach.Fact{Kind: r.Kind, Jurisdiction: r.Jurisdiction, On: r.FirstOn}
	}
	return facts, err
}

// markMailed notes the batches that an act records as mailed.
func markMailed(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	if act.Record == nil || len(act.Record.Batches) == 0 {
		return nil
	}
	marked, err := q.MarkMailed(ctx, sqlgen.MarkMailedParams{
		IncidentID: act.IncidentID, Names: act.Record.Batches, MailedOn: act.Record.Fact.On,
	})
	if err == nil && int(marked) != len(act.Record.Batches) {
		return fmt.Errorf("of the batches %v of %s only %d are printed", act.Record.Batches, act.IncidentID, marked)
	}
	return err
}
