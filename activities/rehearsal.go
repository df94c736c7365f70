package activities

import (
	"context"

	"duenotice/internal/casebook"
)

// What a rehearsal does in place of the steps that typeset, write and send:
// it decides and records the same, so that the same workflows take the same
// path, and no paper and no e-mail comes of it.

// rehearsePapers notes the papers of the practice as prepared.
func (a *Activities) rehearsePapers(ctx context.Context, ref PracticeRef) error {
	incident, practice, plan, _, err := a.decided(ctx, ref)
	if err != nil {
		return err
	}
	return a.Store.SavePapers(ctx, ref.IncidentID, ref.PracticeKey, papersOf(incident, practice, plan, casebook.LetterVariants{}, nil))
}

// rehearseBatch notes a batch as printed, without knowing its pages.
func (a *Activities) rehearseBatch(ctx context.Context, incidentID string, run, number int) (casebook.Batch, error) {
	plan, err := a.Store.MailRun(ctx, incidentID, run)
	if err != nil {
		return casebook.Batch{}, err
	}
	batch := casebook.Batch{
		Name: casebook.BatchName(run, number), Number: number, PrintedAt: a.Now(),
		Pieces: min(BatchSize, plan.Pieces-(number-1)*BatchSize),
	}
	return batch, a.Store.SaveBatch(ctx, incidentID, run, batch)
}
