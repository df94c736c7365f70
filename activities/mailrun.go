package activities

import (
	"context"
	"fmt"

	"duenotice/internal/casebook"
	"duenotice/internal/papers"
)

// BatchSize is the most letters one print file holds.
const BatchSize = 5000

// PlanMailRun gathers the letters of every approved practice into batches in
// ZIP order. While a law-enforcement hold covers the letters it plans nothing.
func (a *Activities) PlanMailRun(ctx context.Context, in MailRunInput) (MailRunPlan, error) {
	defer beating(ctx)()
	incident, err := a.Store.Incident(ctx, in.IncidentID)
	if err != nil {
		return MailRunPlan{}, failed(err)
	}
	if held(incident.Facts.Holds, "individual", a.Zone, a.Now()) {
		return MailRunPlan{}, nil
	}
	run, err := a.Store.PlanMailRun(ctx, casebook.MailRun{
		IncidentID: in.IncidentID, Number: in.Run, MailOn: letterDate(incident.Facts, a.today()), Residents: toCount(),
	}, incident.Facts.ApproversNeeded(), BatchSize)
	return MailRunPlan{Batches: run.Batches, Pieces: run.Pieces}, err
}

// toCount has the States whose residents a run counts for its letters.
func toCount() map[string]int {
	states := map[string]int{}
	for _, state := range papers.CountedStates() {
		states[state] = 0
	}
	return states
}

// RenderBatches typesets some batches of a run, one after the other. A batch
// is a print file, its list, the list of what was held back, and its manifest; it
// is finished when all are on disk and the database says so. After a crash it
// resumes at the first unfinished batch, and writes the same bytes.
func (a *Activities) RenderBatches(ctx context.Context, in RenderInput) (RenderResult, error) {
	defer beating(ctx)()
	finished, err := a.Store.FinishedBatches(ctx, in.IncidentID, in.Run)
	if err != nil {
		return RenderResult{}, err
	}
	var result RenderResult
	for number := in.First; number <= in.Last; number++ {
		if finished[number] {
			continue
		}
		batch, err := a.renderBatch(ctx, in.IncidentID, in.Run, number)
		if err != nil {
			return result, failed(err)
		}
		result.Pieces += batch.Pieces
		result.Pages += batch.Pages
	}
	return result, nil
}

func (a *Activities) renderBatch(ctx context.Context, incidentID string, run, number int) (casebook.Batch, error) {
	if a.Rehearsal {
		return a.rehearseBatch(ctx, incidentID, run, number)
	}
	started := a.Now()
	incident, err := a.Store.Incident(ctx, incidentID)
	if err != nil {
		return casebook.Batch{}, err
	}
	plan, err := a.Store.MailRun(ctx, incidentID, run)
	if err != nil {
		return casebook.Batch{}, err
	}
	name := BatchName(run, number)
	folder := a.Out.Incident(incidentID)

	batch := casebook.Batch{Name: name, Number: number}
	letters, err := papers.NewLetterBatch(incident.Facts, plan.MailOn, plan.Residents)
	if err != nil {
		return batch, err
	}
	if err := a.Store.IntendBatch(ctx, incidentID, run, name); err != nil {
		return batch, err
	}
	made := madeLetters{batch: letters}
	err = a.Store.Letters(ctx, incidentID, run, number, func(l *casebook.Letter) error {
		if err := made.add(l); err != nil {
			return err
		}
		return ctx.Err()
	})
	if err != nil {
		return batch, err
	}
	batch.Pieces, batch.Pages = len(made.pieces), made.pages
	for _, h := range made.heldPieces {
		batch.Held, batch.Unprintable = append(batch.Held, h), append(batch.Unprintable, h.PieceID)
	}
	if err := a.writeBatch(folder, made, &batch); err != nil {
		return batch, err
	}
	batch.Seconds = a.Now().Sub(started).Seconds()
	return batch, a.Store.SaveBatch(ctx, incidentID, run, batch)
}

// BatchName is the folder of a batch under mail/: "run-001-batch-0001".
func BatchName(run, number int) string { return fmt.Sprintf("run-%03d-batch-%04d", run, number) }
