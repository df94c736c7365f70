package activities

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"path"
	"path/filepath"

	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

// madeLetters are a batch's letters as they were typeset, with those that were
// held back.
type madeLetters struct {
	batch      *papers.LetterBatch
	pieces     []papers.Piece
	pages      int
	held       []casebook.HeldLetter
	heldPieces []casebook.HeldPiece
}

// add typesets a letter or notes why it is held back.
func (m *madeLetters) add(l *casebook.Letter) error {
	piece, err := m.batch.Add(*l)
	var held *papers.HeldError
	if errors.As(err, &held) {
		m.heldPieces = append(m.heldPieces, casebook.HeldPiece{PieceID: l.PieceID, Reason: held.Reason})
		for _, p := range l.Practices {
			m.held = append(m.held, casebook.HeldLetter{PracticeKey: p.Key, PersonKey: l.Person.Key, Why: string(held.Reason)})
		}
		return nil
	}
	if err != nil {
		return err
	}
	m.pieces = append(m.pieces, piece)
	m.pages += piece.Pages
	return nil
}

// manifest is mail/BATCH/manifest.json: what the printer checks a delivery by.
type manifest struct {
	Batch  string `json:"batch"`
	Pieces int    `json:"pieces"`
	Pages  int    `json:"pages"`
	// Held is the number of letters held back, which held.csv lists.
	Held  int            `json:"held"`
	Files []manifestFile `json:"files"`
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
	return manifestFile{path.Base(filepath.ToSlash(w.Path)), w.SHA256, w.Bytes, w.Plain}
}

// writeBatch writes the files of a batch. One in which every letter was held back
// has no letters.pdf, and a pieces.csv without rows.
func (a *Activities) writeBatch(ctx context.Context, folder outfolder.Incident, made madeLetters, batch *casebook.Batch) error {
	m := manifest{Batch: batch.Name, Pieces: batch.Pieces, Pages: batch.Pages, Held: len(made.heldPieces)}
	letters, err := a.batchFile(ctx, &m, folder.Letters(batch.Name), len(made.pieces) > 0, func(w io.Writer) error {
		_, err := made.batch.WriteTo(w)
		return err
	})
	if err != nil {
		return err
	}
	list, err := a.batchFile(ctx, &m, folder.Pieces(batch.Name), true, func(w io.Writer) error { return papers.PiecesCSV(w, made.pieces) })
	if err != nil {
		return err
	}
	_, err = a.batchFile(ctx, &m, folder.Held(batch.Name), len(made.held) > 0, func(w io.Writer) error { return papers.HeldCSV(w, made.held) })
	if err != nil {
		return err
	}
	// Of what is in them: encrypting the same letters again gives other bytes.
	batch.PDFSHA256, batch.PDFBytes = letters.SHA256, letters.Bytes
	batch.CSVSHA256, batch.CSVBytes = list.SHA256, list.Bytes
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	_, err = a.Out.WriteFile(ctx, folder.Manifest(batch.Name), append(content, '\n'))
	return err
}

// batchFile writes one file of a batch and lists it in the manifest. One that is
// not wanted is removed: an attempt that did not end may have left it.
func (a *Activities) batchFile(ctx context.Context, m *manifest, address string, wanted bool, content func(io.Writer) error) (outfolder.Content, error) {
	if !wanted {
		return outfolder.Content{}, a.Out.RemovePatientFile(ctx, address)
	}
	file, err := a.Out.CreatePatientFile(address)
	if err != nil {
		return outfolder.Content{}, err
	}
	defer file.Abort()
	if err := content(file); err != nil {
		return outfolder.Content{}, err
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return outfolder.Content{}, err
	}
	m.Files = append(m.Files, manifestOf(written))
	return written.Content(), nil
}
