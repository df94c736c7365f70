package postgres

import (
	"context"
	"fmt"
	"slices"

	"duenotice/internal/account"
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
			batches[i] = casebook.MailedBatch{Name: casebook.BatchName(r.Run, r.Number), PrintedAt: utc(r.PrintedAt), MailedOn: r.MailedOn, Withdrawn: r.Withdrawn}
		}
		return batches, err
	}
	rows, err := s.q.BatchesOfPractice(ctx, sqlgen.BatchesOfPracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
	batches := make([]casebook.MailedBatch, len(rows))
	for i, r := range rows {
		batches[i] = casebook.MailedBatch{Name: casebook.BatchName(r.Run, r.Number), PrintedAt: utc(r.PrintedAt), MailedOn: r.MailedOn, Withdrawn: r.Withdrawn}
	}
	return batches, err
}

// KnownBatches returns the names of all batches of letters of an incident, to patients and
// to practices, that the database knows as printed, in no order: to see whether it has
// forgotten one.
func (s *Store) KnownBatches(ctx context.Context, incidentID string) ([]string, error) {
	return s.q.KnownBatches(ctx, incidentID)
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

// mailBatches notes the mailing of the batches that an act names: it counts for
// exactly the people whose letters are in them. One that was recorded before is
// corrected. An act that names none is of everything that is printed.
func mailBatches(ctx context.Context, q *sqlgen.Queries, act casebook.Act, practiceID int) error {
	on, named := act.Record.Fact.On, act.Record.Batches
	if len(named) == 0 {
		return mailLetters(ctx, q, act.IncidentID, practiceID, "", on)
	}
	if practiceID != 0 {
		return mailOfPractice(ctx, q, act, practiceID)
	}
	marked, err := q.MarkMailed(ctx, sqlgen.MarkMailedParams{IncidentID: act.IncidentID, Names: named, MailedOn: on})
	if err != nil {
		return err
	}
	if int(marked) != len(named) {
		return fmt.Errorf("of the batches %v of %s only %d are printed", named, act.IncidentID, marked)
	}
	corrected, err := q.RedatePieces(ctx, sqlgen.RedatePiecesParams{
		IncidentID: act.IncidentID, Names: named, MailedOn: on, Mailed: string(account.Mailed), ToldBefore: account.ToldBefore,
	})
	if err != nil {
		return err
	}
	if len(corrected) > 0 {
		// A line of the account keeps its latest day, which may now be an earlier one.
		slices.Sort(corrected)
		if err := q.CountAccount(ctx, slices.Compact(corrected)); err != nil {
			return err
		}
	}
	for _, name := range named {
		if err := mailLetters(ctx, q, act.IncidentID, 0, name, on); err != nil {
			return err
		}
	}
	return nil
}

// mailOfPractice notes the mailing of one practice's letters in the batches that
// an act names. A batch of which then every letter is mailed is mailed.
func mailOfPractice(ctx context.Context, q *sqlgen.Queries, act casebook.Act, practiceID int) error {
	on, named := act.Record.Fact.On, act.Record.Batches
	for _, name := range named {
		if err := mailLetters(ctx, q, act.IncidentID, practiceID, name, on); err != nil {
			return err
		}
	}
	return q.MarkMailedWhole(ctx, sqlgen.MarkMailedWholeParams{
		IncidentID: act.IncidentID, Names: named, MailedOn: on, Printed: string(account.Printed),
	})
}

// mailedItself takes a practice's word that it mailed letters to its people. Where
// it did not mail to as many as are owed one, nobody can say who they are, and
// nobody is taken for told.
func mailedItself(ctx context.Context, q *sqlgen.Queries, act casebook.Act, practiceID int) error {
	owed, err := q.OwedByPractice(ctx, sqlgen.OwedByPracticeParams{PracticeID: practiceID, States: names(account.PracticeMails.From)})
	if err != nil || act.Record.Fact.Count < owed {
		return err
	}
	return tell(ctx, q, act.IncidentID, practiceID, telling{account.PracticeMails, anybody, account.ByPractice}, act.Record.Fact.On)
}
