package postgres

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// Kinds of list that are no lists, but open practices again and tell them as lists do.
const (
	listOfRecall  = "recall"
	listOfReprint = "reprint"
)

// RecallInput are letters that are wrong: whole batches, or single letters by piece id.
type RecallInput struct {
	By              string
	At              time.Time
	Batches, Pieces []string
	// Why is one of breach.RecallReasons, Reason what was found, in the person's words.
	Why, Reason string
	// Told: who got one was told of the breach all the same.
	Told bool
	// Sentence is what corrected letters say of the first ones, "" for the program's words alone.
	Sentence string
	// DryRun works everything out and then undoes it.
	DryRun bool
}

// RecallResult is what a recall did, or would do.
type RecallResult struct {
	// AlreadyDone: the same was recalled before, and nothing changed.
	AlreadyDone bool
	// Number counts the incident's recalls, List is its number among the lists.
	Number, List int
	// Withdrawn letters had not been mailed as far as was recorded, Mailed ones had.
	Withdrawn, Mailed int
	// Unprinted are letters of the same runs whose batches were not printed yet: they are
	// planned anew with the others.
	Unprinted int
	// Practices are the keys of the practices it touched, in order.
	Practices []string
}

// Recall takes back letters that are wrong. One that was not mailed is withdrawn, and its
// person waits for another one as before. Of one that was mailed another is owed that
// explains it, and unless it told them all the same its people are untold again (docs/adr/0274).
// A letter to a wrong address is owed as soon as a list has another one. What is sent in
// the practices' names is to be approved anew.
//
// It is refused with code "unknown_batch" or "unknown_letter" where something is not
// printed, and with "already_recalled" where nothing is left to take back.
func (s *Store) Recall(ctx context.Context, incidentID string, in RecallInput) (RecallResult, error) {
	if err := breach.CheckRecall(in.Why, in.Sentence, in.Told); err != nil {
		return RecallResult{}, err
	}
	var result RecallResult
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		var err error
		if result, err = recall(ctx, q, incidentID, in); err == nil && in.DryRun {
			return errDryRun
		}
		return err
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return RecallResult{}, s.noting(ctx, err)
	}
	return result, nil
}

func recall(ctx context.Context, q *sqlgen.Queries, incidentID string, in RecallInput) (RecallResult, error) {
	in.Batches, in.Pieces = sorted(in.Batches), sorted(in.Pieces)
	earlier, err := recalls(ctx, q, incidentID)
	if err != nil {
		return RecallResult{}, err
	}
	for _, r := range earlier {
		if r.Why == in.Why && r.Told == in.Told && slices.Equal(r.Batches, in.Batches) && slices.Equal(r.Pieces, in.Pieces) {
			list, err := q.LastListOf(ctx, sqlgen.LastListOfParams{IncidentID: incidentID, Kind: listOfRecall, SHA256: recallSum(r.Number)})
			return RecallResult{AlreadyDone: true, Number: r.Number, List: list, Withdrawn: r.Withdrawn, Mailed: r.Mailed}, err
		}
	}
	// Every practice, in the order in which everybody locks several: a record of a mailing
	// waits, or was before.
	if err := q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: incidentID, LockAll: true}); err != nil {
		return RecallResult{}, err
	}
	result := RecallResult{Number: len(earlier) + 1}
	if result.List, err = q.NextListNumber(ctx, incidentID); err != nil {
		return result, err
	}
	if err := takeBack(ctx, q, incidentID, in, &result); err != nil {
		return result, err
	}
	touched, err := q.RecalledByPractice(ctx, sqlgen.RecalledByPracticeParams{IncidentID: incidentID, Number: result.Number})
	if err != nil {
		return result, err
	}
	correction, err := json.Marshal([]breach.Correction{{Recall: result.Number, Why: in.Why, Sentence: in.Sentence}})
	if err != nil {
		return result, err
	}
	var ids []int
	for _, p := range touched {
		ids, result.Practices = append(ids, p.ID), append(result.Practices, p.PracticeKey)
	}
	if err := q.SaveRecalled(ctx, sqlgen.SaveRecalledParams{Ids: ids, ListNumber: result.List, Correction: correction}); err != nil {
		return result, err
	}
	act := casebook.Act{
		ID: recallSum(result.Number), IncidentID: incidentID, Kind: casebook.ActRecall, Who: in.By, At: in.At,
		Recall: &casebook.RecallTerms{
			Number: result.Number, List: result.List, Why: in.Why, Reason: in.Reason, Batches: in.Batches, Pieces: in.Pieces,
			Told: in.Told, Sentence: in.Sentence, Withdrawn: result.Withdrawn, Mailed: result.Mailed, Unprinted: result.Unprinted,
		},
	}
	if err := noteAsList(ctx, q, act, listOfRecall, result.List, result.Withdrawn+result.Mailed, result.Practices); err != nil {
		return result, err
	}
	return result, eachPractice(ctx, q, incidentID, touched, func(p sqlgen.RecalledByPracticeRow) (string, ledger.Body, any) {
		return p.PracticeKey, ledger.Body{Kind: ledger.KindRecalled, Who: in.By, When: in.At, Ref: act.ID},
			ledger.Recalled{List: result.List, Recall: result.Number, Withdrawn: p.Withdrawn, Mailed: p.Mailed}
	})
}

// takeBack marks the letters and moves those they are for.
func takeBack(ctx context.Context, q *sqlgen.Queries, incidentID string, in RecallInput, result *RecallResult) error {
	batches, err := q.BatchesNamed(ctx, sqlgen.BatchesNamedParams{IncidentID: incidentID, Names: in.Batches})
	if err != nil {
		return err
	}
	for _, name := range in.Batches {
		if !slices.ContainsFunc(batches, func(b sqlgen.BatchesNamedRow) bool { return b.Name == name }) {
			return breach.Refuse("unknown_batch", "Run status to see what is printed; the batches are the folders under mail.", "no batch %s is printed in incident %s", name, incidentID)
		}
	}
	printed, err := printedLetters(ctx, q, incidentID, in.Pieces)
	if err != nil {
		return err
	}
	mark := sqlgen.RecallPiecesParams{IncidentID: incidentID, Number: result.Number, Batches: in.Batches}
	for _, id := range in.Pieces {
		if _, there := printed[id]; !there {
			return breach.Refuse("unknown_letter", "It is the Reference at the foot of the letter.", "%s is no letter that was printed in incident %s", id, incidentID)
		}
		run, piece, _ := readPieceID(id)
		mark.Runs, mark.PieceNos = append(mark.Runs, run), append(mark.PieceNos, piece)
	}
	marked, err := q.RecallPieces(ctx, mark)
	if err != nil {
		return err
	}
	if len(marked) == 0 {
		return breach.Refuse("already_recalled", "Status lists the recalls.", "every one of these letters was recalled before")
	}
	for _, p := range marked {
		switch {
		case !p.Lead:
		case p.RecalledMailedOn.IsZero():
			result.Withdrawn++
		default:
			result.Mailed++
		}
	}
	move := sqlgen.MoveRecalledParams{
		IncidentID: incidentID, Number: result.Number, ToldBefore: account.ToldBefore, Told: in.Told,
		FromStates: names(account.Recall.From), ToState: string(account.Recall.To),
	}
	if in.Why == breach.WrongAddress {
		move.FromStates, move.ToState, move.HeldWhy = names(account.Misaddress.From), string(account.Misaddress.To), string(breach.HeldWrongAddress)
	}
	if err := q.MoveRecalled(ctx, move); err != nil {
		return err
	}
	err = q.SupersedeRecalled(ctx, sqlgen.SupersedeRecalledParams{IncidentID: incidentID, Number: result.Number, Waiting: string(account.Waiting)})
	if err != nil {
		return err
	}
	if err := q.WithdrawBatches(ctx, sqlgen.WithdrawBatchesParams{IncidentID: incidentID, Number: result.Number}); err != nil {
		return err
	}
	if err := holdDisputed(ctx, q, incidentID); err != nil {
		return err
	}
	// What is wrong with a batch is wrong with those of its run that are not printed yet.
	runs := map[int]bool{}
	for _, b := range batches {
		if !runs[b.RunID] {
			runs[b.RunID] = true
			unprinted, err := takeApart(ctx, q, incidentID, b.RunID)
			if err != nil {
				return err
			}
			result.Unprinted += unprinted
		}
	}
	return nil
}

// noteAsList writes an act down that is numbered among the lists, and opens what it touched.
func noteAsList(ctx context.Context, q *sqlgen.Queries, act casebook.Act, kind string, number, rows int, practices []string) error {
	if _, err := insertAct(ctx, q, act); err != nil {
		return err
	}
	if err := q.ReopenLeads(ctx, sqlgen.ReopenLeadsParams{IncidentID: act.IncidentID, ListNumber: number, Touched: practices}); err != nil {
		return err
	}
	if err := q.ReopenIncident(ctx, act.IncidentID); err != nil {
		return err
	}
	return q.InsertList(ctx, sqlgen.InsertListParams{
		IncidentID: act.IncidentID, Kind: kind, Number: number, SHA256: act.ID, Rows: rows, Changed: rows,
		Touched: append([]string{}, practices...), ByWhom: act.Who, LoadedAt: act.At,
	})
}

// Recalls are the incident's recalls in their order.
func (s *Store) Recalls(ctx context.Context, incidentID string) ([]casebook.Recall, error) {
	return recalls(ctx, s.q, incidentID)
}

func recalls(ctx context.Context, q *sqlgen.Queries, incidentID string) ([]casebook.Recall, error) {
	acts, err := recallActs(ctx, q, incidentID)
	return casebook.RecallsOf(acts), err
}

// recallActs are the acts on recalls in their order, each with its terms.
func recallActs(ctx context.Context, q *sqlgen.Queries, incidentID string) ([]casebook.Act, error) {
	rows, err := q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: incidentID, Kinds: []string{casebook.ActRecall}})
	if err != nil {
		return nil, err
	}
	acts := make([]casebook.Act, len(rows))
	for i, r := range rows {
		var t casebook.Terms
		if err := json.Unmarshal(r.Terms, &t); err != nil || t.Recall == nil {
			return nil, fmt.Errorf("act %s of %s cannot be read: %w", r.ID, incidentID, cmp.Or(err, errors.New("it has no terms")))
		}
		acts[i] = t.Act
		acts[i].Who, acts[i].At = r.Who, r.At.UTC()
	}
	return acts, nil
}

// RecalledLetters goes through the letters of a recall in their order, a row for each
// practice that a letter writes for.
func (s *Store) RecalledLetters(ctx context.Context, incidentID string, number int, each func(casebook.RecalledLetter) error) error {
	page := sqlgen.RecalledLettersParams{IncidentID: incidentID, Number: number, Page: pageRows}
	for {
		rows, err := s.q.RecalledLetters(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			state := account.State(r.State)
			err := each(casebook.RecalledLetter{
				PieceID: pieceID(r.Run, r.PieceNo), Batch: r.Batch, PracticeKey: r.PracticeKey, PersonKey: r.PersonKey,
				MailedOn: r.MailedOn, CameBack: r.CameBack, State: state,
				Owed: state == account.Waiting || state == account.Printing || state == account.Held || state == account.Returned,
			})
			if err != nil {
				return err
			}
		}
		if len(rows) < pageRows {
			return nil
		}
		last := rows[len(rows)-1]
		page.AfterRun, page.AfterPiece, page.AfterPractice = last.Run, last.PieceNo, last.PracticeKey
	}
}

// recallSum stands where a list has the SHA-256 of its file, and is the ID of the act.
func recallSum(number int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "recall %d", number))
	return "recall-" + hex.EncodeToString(sum[:])
}

// sorted has each of the names once, in order.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return append([]string{}, slices.Compact(list)...)
}
