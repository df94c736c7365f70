package activities

import (
	"context"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
)

// BatchSize is the most letters one print file holds.
const BatchSize = 5000

// PlanMailRun gathers the letters that may be printed into batches in ZIP order:
// each practice's standing says whether its letters may.
func (a *Activities) PlanMailRun(ctx context.Context, in MailRunInput) (MailRunPlan, error) {
	defer beating(ctx)()
	if err := a.adoptPrinted(ctx, in.IncidentID); err != nil {
		return MailRunPlan{}, forTemporal(err)
	}
	if err := a.awaitStandings(ctx, in.IncidentID); err != nil {
		return MailRunPlan{}, err
	}
	incident, err := a.Store.Incident(ctx, in.IncidentID)
	if err != nil {
		return MailRunPlan{}, forTemporal(err)
	}
	if err := a.notHalted(ctx, incident.Incident); err != nil {
		return MailRunPlan{}, forTemporal(err)
	}
	run, err := a.Store.PlanMailRun(ctx, casebook.MailRun{
		IncidentID: in.IncidentID, Number: in.Run, MailOn: letterDate(incident.Incident, a.today()), Residents: toCount(),
	}, BatchSize)
	if err != nil || run.Pieces > 0 {
		return MailRunPlan{Batches: run.Batches, Pieces: run.Pieces}, err
	}
	_, err = a.Store.MailRun(ctx, in.IncidentID, in.Run)
	if refusal, ok := breach.AsRefusal(err); ok && refusal.Code == "unknown_mail_run" {
		return MailRunPlan{}, nil
	}
	return MailRunPlan{Passed: err == nil}, err
}

// awaitStandings waits while practices work out where they stand, after an
// approval of them all say, so that their letters go into one run. It gives up
// when for half a minute none has: one that is stuck keeps no other waiting.
func (a *Activities) awaitStandings(ctx context.Context, incidentID string) error {
	const most = 30 * time.Second
	wait := 5 * time.Millisecond
	left, idle := -1, time.Duration(0)
	for idle < most {
		n, err := a.Store.OutOfDate(ctx, incidentID)
		if err != nil || n == 0 {
			return err
		}
		if n != left {
			left, idle = n, 0
		}
		pause := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		case <-pause.C:
		}
		idle += wait
		wait = min(2*wait, time.Second)
	}
	return nil
}

// errTypeHeld is a step that waits for the end of a law-enforcement hold.
const errTypeHeld = "held"

// notHeld returns an error that has the step tried again in a minute while a
// law-enforcement hold delays the letters: a run that was planned before the hold
// is not printed under it (45 CFR 164.412).
func (a *Activities) notHeld(incident breach.Incident) error {
	if !onHold(incident.Holds, breach.CoversIndividual, a.Zone, a.Now()) {
		return nil
	}
	return temporal.NewApplicationErrorWithOptions("the letters wait for the end of a law-enforcement hold (45 CFR 164.412)",
		errTypeHeld, temporal.ApplicationErrorOptions{NextRetryDelay: time.Minute, Category: temporal.ApplicationErrorCategoryBenign})
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
		// Anew for each batch: somebody may take them back at any time.
		withdrawn, err := a.Store.WithdrawnBatches(ctx, in.IncidentID, in.Run)
		if err != nil {
			return result, forTemporal(err)
		}
		if slices.Contains(withdrawn, number) {
			if err := a.removeBatch(ctx, in.IncidentID, casebook.BatchName(in.Run, number)); err != nil {
				return result, err
			}
			continue
		}
		adopted, err := a.adoptUnsaved(ctx, in.IncidentID, casebook.BatchName(in.Run, number))
		if err != nil {
			return result, forTemporal(err)
		}
		if adopted {
			continue
		}
		batch, err := a.renderBatch(ctx, in.IncidentID, in.Run, number)
		if err != nil {
			return result, forTemporal(err)
		}
		result.Pieces += batch.Pieces
		result.Pages += batch.Pages
	}
	return result, nil
}

func (a *Activities) renderBatch(ctx context.Context, incidentID string, run, number int) (casebook.Batch, error) {
	started := a.Now()
	incident, err := a.Store.Incident(ctx, incidentID)
	if err != nil {
		return casebook.Batch{}, err
	}
	if err := a.notHeld(incident.Incident); err != nil {
		return casebook.Batch{}, err
	}
	if err := a.notHalted(ctx, incident.Incident); err != nil {
		return casebook.Batch{}, err
	}
	plan, err := a.Store.MailRun(ctx, incidentID, run)
	if err != nil {
		return casebook.Batch{}, err
	}
	if number < 1 || number > plan.Batches {
		return casebook.Batch{}, breach.Refuse("unknown_batch", "Ask for one of its batches.", "mail run %d of incident %s has %d batches, and no number %d",
			run, incidentID, plan.Batches, number)
	}
	if a.Rehearsal {
		return a.rehearseBatch(ctx, incidentID, run, number)
	}
	name := casebook.BatchName(run, number)
	folder := a.Out.Incident(incidentID)

	batch := casebook.Batch{Name: name, Number: number}
	made, err := a.typesetBatch(ctx, incident.Incident, plan, number)
	if err != nil {
		return batch, err
	}
	batch.Pieces, batch.Pages, batch.Held, batch.Languages = len(made.pieces), made.pages, made.heldPieces, made.languages
	seal := func() ([]byte, error) {
		if a.Records == nil {
			return nil, nil
		}
		batch.PrintedAt = a.Now()
		batch.Seconds = batch.PrintedAt.Sub(started).Seconds()
		return a.Records.SealBatch(ctx, incidentID, run, batch)
	}
	if err := a.writeBatch(ctx, folder, made, &batch, seal); err != nil {
		return batch, err
	}
	return batch, a.Store.SaveBatch(ctx, incidentID, run, batch)
}
