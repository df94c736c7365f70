package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// noteMailRun writes a planned run into the incident's ledger, and into each
// practice's how many of its findings are in it. Planning has locked them.
func noteMailRun(ctx context.Context, q *sqlgen.Queries, runID int, run ledger.MailRun, incidentID string) error {
	if err := appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindMailRun, Who: engine}, run); err != nil {
		return err
	}
	practices, err := q.RunPractices(ctx, runID)
	if err != nil {
		return err
	}
	return eachPractice(ctx, q, incidentID, practices, func(p sqlgen.RunPracticesRow) (string, ledger.Body, any) {
		return p.PracticeKey, ledger.Body{Kind: ledger.KindPlanned, Who: engine}, ledger.Letters{Run: run.Run, Findings: p.Findings}
	})
}

// IntendBatch writes down that a batch is about to be made for the printer.
// Called again, after a process died over it, it is written again: each attempt
// is on record.
func (s *Store) IntendBatch(ctx context.Context, incidentID string, runNumber int, name string) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		if _, err := knownRun(ctx, q, incidentID, runNumber); err != nil {
			return err
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindIntent, Who: engine, Ref: name},
			ledger.Step{What: ledger.StepBatch, State: "intended", Detail: map[string]any{"run": runNumber}})
	})
}

// noteBatch writes a finished batch into the incident's ledger. When it was the
// run's last, each practice's says what became of its letters: once a run, since
// a batch is in ZIP order and may touch every practice.
func noteBatch(ctx context.Context, q *sqlgen.Queries, run storedRun, b casebook.Batch) error {
	err := appendEntry(ctx, q, run.IncidentID, "", ledger.Body{Kind: ledger.KindResult, Who: engine, Ref: b.Name}, ledger.Step{
		What: ledger.StepBatch, State: "finished", Detail: map[string]any{
			"run": run.Number, "pieces": b.Pieces, "pages": b.Pages, "held": len(b.Held),
			"letters_pdf": b.PDFSHA256, "pieces_csv": b.CSVSHA256,
		},
	})
	if err != nil {
		return err
	}
	finished, err := q.BatchesOfRun(ctx, run.id)
	if err != nil || finished < run.Batches {
		return err
	}
	return noteRunDone(ctx, q, run.IncidentID, run.id, run.Number)
}

// noteRunDone writes into each practice's ledger what became of its letters of a run, none
// of whose batches is left to print.
func noteRunDone(ctx context.Context, q *sqlgen.Queries, incidentID string, runID, number int) error {
	if err := q.LockRunPractices(ctx, runID); err != nil {
		return err
	}
	printed, err := q.PrintedOfRun(ctx, runID)
	if err != nil {
		return err
	}
	return eachPractice(ctx, q, incidentID, printed, func(p sqlgen.PrintedOfRunRow) (string, ledger.Body, any) {
		return p.PracticeKey, ledger.Body{Kind: ledger.KindPrinted, Who: engine},
			ledger.Letters{Run: number, Letters: p.Letters, Joined: p.Joined, Held: p.Held}
	})
}
