package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// RecallMailed keeps that letters of a recall which were withdrawn were mailed after all, on
// a day: the letters after them say so, and whether they were a disclosure is asked. Where
// the recalled letters told their readers all the same, so did these. It is refused with code
// "unknown_recall", and with "nothing_withdrawn" where every letter was recorded as mailed.
func (s *Store) RecallMailed(ctx context.Context, incidentID string, said casebook.RecallTerms, on civil.Date, by string, at time.Time) (RecallResult, error) {
	result := RecallResult{Number: said.Number}
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		recalled, err := recallNumbered(ctx, q, incidentID, said.Number)
		if err != nil {
			return err
		}
		if err := q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: incidentID, LockAll: true}); err != nil {
			return err
		}
		mailed, err := q.RecallWasMailed(ctx, sqlgen.RecallWasMailedParams{IncidentID: incidentID, Number: said.Number, MailedOn: on})
		if err != nil {
			return err
		}
		if len(mailed) == 0 {
			if result, err = mailedBefore(ctx, q, incidentID, said.Number, on); err != nil || result.AlreadyDone {
				return err
			}
			return breach.Refuse("nothing_withdrawn", "To correct the day, record the mailing of the batch again.", "every letter of recall %d is recorded as mailed", said.Number)
		}
		if err := q.BatchesWereMailed(ctx, sqlgen.BatchesWereMailedParams{IncidentID: incidentID, Number: said.Number, MailedOn: on}); err != nil {
			return err
		}
		if recalled.Told {
			err := q.ToldByRecalled(ctx, sqlgen.ToldByRecalledParams{
				IncidentID: incidentID, Number: said.Number, ToldBefore: account.ToldBefore,
				States: names([]account.State{account.Waiting, account.Printing, account.Printed}),
			})
			if err != nil {
				return err
			}
		}
		var ids []int
		for _, p := range mailed {
			ids = append(ids, p.PracticeID)
			if p.Lead {
				result.Mailed++
			}
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		if err := q.NoteChange(ctx, ids); err != nil {
			return err
		}
		touched, err := q.PracticesOfIDs(ctx, ids)
		if err != nil {
			return err
		}
		for _, p := range touched {
			result.Practices = append(result.Practices, p.PracticeKey)
		}
		if result.List, err = q.NextListNumber(ctx, incidentID); err != nil {
			return err
		}
		said.List, said.Mailed, said.MailedOn = result.List, result.Mailed, on.String()
		act := casebook.Act{
			ID: fmt.Sprintf("recall-%d-mailed", said.Number), IncidentID: incidentID, Kind: casebook.ActRecall, Who: by, At: at, Recall: &said,
		}
		return noteAsList(ctx, q, act, listOfRecall, result.List, result.Mailed, result.Practices)
	})
	return result, s.noting(ctx, err)
}

// mailedBefore is what RecallMailed did before for the same day, so that whoever has not
// heard of it can be told.
func mailedBefore(ctx context.Context, q *sqlgen.Queries, incidentID string, number int, on civil.Date) (RecallResult, error) {
	acts, err := recallActs(ctx, q, incidentID)
	for _, a := range acts {
		if t := a.Recall; t.Number == number && t.MailedOn == on.String() {
			return RecallResult{AlreadyDone: true, Number: number, List: t.List, Mailed: t.Mailed}, nil
		}
	}
	return RecallResult{Number: number}, err
}

func recallNumbered(ctx context.Context, q *sqlgen.Queries, incidentID string, number int) (casebook.Recall, error) {
	all, err := recalls(ctx, q, incidentID)
	if err != nil {
		return casebook.Recall{}, err
	}
	i := slices.IndexFunc(all, func(r casebook.Recall) bool { return r.Number == number })
	if i < 0 {
		return casebook.Recall{}, breach.Refuse("unknown_recall", "Status lists the recalls.", "incident %s has no recall %d", incidentID, number)
	}
	return all[i], nil
}

// AnswerRecall keeps somebody's answer whether the letters of a recall that were mailed
// were themselves a disclosure. It is refused with code "unknown_recall", and with
// "nobody_got_it" of letters of which no mailing was recorded. The same answer again
// changes nothing.
func (s *Store) AnswerRecall(ctx context.Context, incidentID string, answer casebook.RecallTerms, by string, at time.Time) (casebook.Recall, error) {
	var answered casebook.Recall
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		var err error
		if answered, err = recallNumbered(ctx, q, incidentID, answer.Number); err != nil {
			return err
		}
		if answered.Mailed == 0 {
			return breach.Refuse("nobody_got_it", "Where they were mailed after all, say when: recall --number N --mailed-on DATE.", "no letter of recall %d was recorded as mailed", answer.Number)
		}
		if answered.Disclosure == answer.Disclosure && answered.DisclosureReason == answer.Reason {
			return nil
		}
		acts, err := q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: incidentID, Kinds: []string{casebook.ActRecall}})
		if err != nil {
			return err
		}
		answered.Disclosure, answered.DisclosureReason, answered.AnsweredBy = answer.Disclosure, answer.Reason, by
		_, err = insertAct(ctx, q, casebook.Act{
			ID: fmt.Sprintf("recall-%d-answer-%d", answer.Number, len(acts)), IncidentID: incidentID, Kind: casebook.ActRecall, Who: by, At: at,
			Recall: &casebook.RecallTerms{Number: answer.Number, Disclosure: answer.Disclosure, Reason: answer.Reason},
		})
		return err
	})
	return answered, s.noting(ctx, err)
}
