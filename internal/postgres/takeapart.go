package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// notPrinting refuses, with code "mail_run_open", what cannot be done while letters are
// printed. Where printing pauses nothing is printed: then the batches that are left are
// taken back, so that what was found to be wrong can be corrected before anything else is
// printed.
func notPrinting(ctx context.Context, q *sqlgen.Queries, incidentID string, run breach.PrintRun) error {
	unsaved, err := q.UnsavedBatches(ctx, incidentID)
	if err != nil || unsaved == 0 {
		return err
	}
	now, accepted, err := haltCounts(ctx, q, incidentID)
	if err != nil {
		return err
	}
	if len(run.Halt.Halted(now, accepted)) == 0 {
		return breach.Refuse("mail_run_open", "Wait until status shows them printed, then amend again.",
			"%d batches of letters of %s are being printed", unsaved, incidentID)
	}
	if err := q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: incidentID, LockAll: true}); err != nil {
		return err
	}
	_, err = takeApart(ctx, q, incidentID, 0)
	return err
}

// takeApart takes back the batches of a run, or with 0 of all runs, that are planned and
// not printed, and returns how many letters they had: their people wait for another run.
// The caller holds the locks of the incident and of its practices.
func takeApart(ctx context.Context, q *sqlgen.Queries, incidentID string, runID int) (letters int, err error) {
	batches, err := q.UnprintedBatches(ctx, sqlgen.UnprintedBatchesParams{IncidentID: incidentID, RunID: runID})
	if err != nil {
		return 0, err
	}
	for i, b := range batches {
		practices, err := q.PracticesOfPieces(ctx, sqlgen.PracticesOfPiecesParams{RunID: b.RunID, FirstPiece: b.FirstPiece, LastPiece: b.LastPiece})
		if err != nil {
			return letters, err
		}
		_, err = q.MoveRun(ctx, sqlgen.MoveRunParams{
			RunID: b.RunID, FirstPiece: b.FirstPiece, LastPiece: b.LastPiece, ToldBefore: account.ToldBefore,
			FromStates: names(account.TakeApart.From), ToState: string(account.TakeApart.To),
		})
		if err != nil {
			return letters, err
		}
		dropped, err := q.DropPieces(ctx, sqlgen.DropPiecesParams{RunID: b.RunID, FirstPiece: b.FirstPiece, LastPiece: b.LastPiece})
		if err != nil {
			return letters, err
		}
		letters += dropped
		if err := q.WithdrawOfRun(ctx, sqlgen.WithdrawOfRunParams{ID: b.RunID, Number: b.Number}); err != nil {
			return letters, err
		}
		if err := q.NoteChange(ctx, practices); err != nil {
			return letters, err
		}
		err = appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindResult, Who: engine, Ref: casebook.BatchName(b.Run, b.Number)}, ledger.Step{
			What: ledger.StepBatch, State: "taken back", Detail: map[string]any{"run": b.Run, "letters": dropped},
		})
		if err != nil {
			return letters, err
		}
		if i+1 == len(batches) || batches[i+1].RunID != b.RunID {
			if err := noteRunDone(ctx, q, incidentID, b.RunID, b.Run); err != nil {
				return letters, err
			}
		}
	}
	return letters, holdDisputed(ctx, q, incidentID)
}

// WithdrawnBatches returns the batches of a run that were taken back before they were printed.
func (s *Store) WithdrawnBatches(ctx context.Context, incidentID string, run int) ([]int, error) {
	numbers, err := s.q.WithdrawnBatches(ctx, sqlgen.WithdrawnBatchesParams{IncidentID: incidentID, Number: run})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, breach.Refuse("unknown_mail_run", "", "incident %s has no mail run %d", incidentID, run)
	}
	if err != nil {
		return nil, fmt.Errorf("mail run %d of %s: %w", run, incidentID, err)
	}
	return numbers, nil
}

// ReprintResult is what became of letters that printing had held back.
type ReprintResult struct {
	// List is its number among the lists; where nothing was held the last one's, of which
	// nobody may have heard, and 0 where there was none.
	List int
	// Letters wait again, as many as there are findings.
	Letters int
	// Practices are the keys of the practices they are of, in order.
	Practices []string
}

// Reprint lets letters wait again that printing itself held back (breach.HeldInPrint):
// with what was mended since they may come out. Those that still cannot be printed are held
// back again by the next run. Approvals stay as they are.
func (s *Store) Reprint(ctx context.Context, incidentID, reason, by string, at time.Time) (ReprintResult, error) {
	var result ReprintResult
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		if err := q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: incidentID, LockAll: true}); err != nil {
			return err
		}
		var whys []string
		for _, why := range breach.HeldInPrint {
			whys = append(whys, string(why))
		}
		moved, err := q.LetGoHeld(ctx, sqlgen.LetGoHeldParams{
			IncidentID: incidentID, Whys: whys, FromStates: names(account.PrintAgain.From), ToState: string(account.PrintAgain.To),
		})
		if err != nil {
			return err
		}
		if len(moved) == 0 {
			result.List, err = lastReprint(ctx, q, incidentID)
			return err
		}
		if result.List, err = q.NextListNumber(ctx, incidentID); err != nil {
			return err
		}
		var ids []int
		for _, p := range moved {
			ids, result.Practices, result.Letters = append(ids, p.ID), append(result.Practices, p.PracticeKey), result.Letters+p.Letters
		}
		if err := q.SaveReprint(ctx, sqlgen.SaveReprintParams{Ids: ids, ListNumber: result.List}); err != nil {
			return err
		}
		if err := holdDisputed(ctx, q, incidentID, ids...); err != nil {
			return err
		}
		act := casebook.Act{
			ID: fmt.Sprintf("reprint-%d", result.List), IncidentID: incidentID, Kind: casebook.ActReprint, Who: by, At: at,
			Reprint: &casebook.ReprintTerms{List: result.List, Letters: result.Letters, Reason: reason},
		}
		if err := noteAsList(ctx, q, act, listOfReprint, result.List, result.Letters, result.Practices); err != nil {
			return err
		}
		return eachPractice(ctx, q, incidentID, moved, func(p sqlgen.LetGoHeldRow) (string, ledger.Body, any) {
			return p.PracticeKey, ledger.Body{Kind: ledger.KindRecalled, Who: by, When: at, Ref: act.ID}, ledger.Recalled{List: result.List, Again: p.Letters}
		})
	})
	return result, s.noting(ctx, err)
}

// lastReprint is the number among the lists of the incident's last reprint, 0 for none.
func lastReprint(ctx context.Context, q *sqlgen.Queries, incidentID string) (int, error) {
	acts, err := q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: incidentID, Kinds: []string{casebook.ActReprint}})
	if err != nil || len(acts) == 0 {
		return 0, err
	}
	var t casebook.Terms
	if err := json.Unmarshal(acts[len(acts)-1].Terms, &t); err != nil || t.Reprint == nil {
		return 0, fmt.Errorf("act %s of %s cannot be read: %w", acts[len(acts)-1].ID, incidentID, err)
	}
	return t.Reprint.List, nil
}

// acceptedBy is what the acts that let printing go on accepted of the halt line: what
// somebody saw who gave resume, and of letters that failed their checks none that are
// printed again since.
func acceptedBy(acts []sqlgen.ActsOfKindsRow, incidentID string) (accepted breach.HaltCounts, err error) {
	for _, a := range acts {
		var t casebook.Terms
		if err := json.Unmarshal(a.Terms, &t); err != nil {
			return accepted, fmt.Errorf("act %s of %s cannot be read: %w", a.ID, incidentID, err)
		}
		switch {
		case t.Resume != nil:
			accepted = t.Resume.Seen
		case t.Reprint != nil:
			accepted.FailedChecks = 0
		}
	}
	return accepted, nil
}
