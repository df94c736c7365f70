package activities

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"

	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
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
// is a print file, its list and its manifest; it is finished when all three are
// on disk and the database says so. After a crash it resumes at the first
// unfinished batch, and writes the same bytes.
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
	name := casebook.BatchName(run, number)
	folder := a.Out.Incident(incidentID)

	batch := casebook.Batch{Name: name, Number: number}
	letters, err := papers.NewLetterBatch(incident.Facts, plan.MailOn, plan.Residents)
	if err != nil {
		return batch, err
	}
	if err := a.Store.IntendBatch(ctx, incidentID, run, name); err != nil {
		return batch, err
	}
	var pieces []papers.Piece
	err = a.Store.Letters(ctx, incidentID, run, number, func(l *casebook.Letter) error {
		piece, err := letters.Add(papers.Letter{PieceID: l.PieceID, Person: l.Person, Practices: l.Practices, Classes: l.Classes})
		var unprintable *papers.HeldError
		if errors.As(err, &unprintable) {
			batch.Unprintable = append(batch.Unprintable, l.PieceID)
			return nil
		}
		if err != nil {
			return err
		}
		pieces = append(pieces, piece)
		batch.Pages += piece.Pages
		return ctx.Err()
	})
	if err != nil {
		return batch, err
	}
	batch.Pieces = len(pieces)
	if err := a.writeBatch(folder, letters, pieces, &batch); err != nil {
		return batch, err
	}
	batch.Seconds = a.Now().Sub(started).Seconds()
	return batch, a.Store.SaveBatch(ctx, incidentID, run, batch)
}

// manifest is mail/BATCH/manifest.json: what the printer checks a delivery by.
type manifest struct {
	Batch  string         `json:"batch"`
	Pieces int            `json:"pieces"`
	Pages  int            `json:"pages"`
	Files  []manifestFile `json:"files"`
}

// manifestFile is a file as it is on the disk; Plain is what is in it when it is
// encrypted.
type manifestFile struct {
	Name   string             `json:"name"`
	SHA256 string             `json:"sha256"`
	Bytes  int64              `json:"bytes"`
	Plain  *outfolder.Content `json:"plain,omitempty"`
}

func manifestOf(w outfolder.Written) manifestFile {
	return manifestFile{filepath.Base(w.Path), w.SHA256, w.Bytes, w.Plain}
}

func (a *Activities) writeBatch(folder outfolder.Incident, letters *papers.LetterBatch, pieces []papers.Piece, batch *casebook.Batch) error {
	pdf, err := a.Out.CreatePatientFile(folder.Letters(batch.Name))
	if err != nil {
		return err
	}
	defer pdf.Abort()
	if _, err := letters.WriteTo(pdf); err != nil {
		return err
	}
	writtenPDF, err := pdf.Commit()
	if err != nil {
		return err
	}
	list, err := a.Out.CreatePatientFile(folder.Pieces(batch.Name))
	if err != nil {
		return err
	}
	defer list.Abort()
	if err := papers.PiecesCSV(list, pieces); err != nil {
		return err
	}
	writtenCSV, err := list.Commit()
	if err != nil {
		return err
	}
	// Of what is in them: encrypting the same letters again gives other bytes.
	batch.PDFSHA256, batch.PDFBytes = writtenPDF.Content().SHA256, writtenPDF.Content().Bytes
	batch.CSVSHA256, batch.CSVBytes = writtenCSV.Content().SHA256, writtenCSV.Content().Bytes
	content, err := json.MarshalIndent(manifest{
		Batch: batch.Name, Pieces: batch.Pieces, Pages: batch.Pages,
		Files: []manifestFile{manifestOf(writtenPDF), manifestOf(writtenCSV)},
	}, "", "  ")
	if err != nil {
		return err
	}
	_, err = outfolder.WriteFile(folder.Manifest(batch.Name), append(content, '\n'))
	return err
}
