package activities

import (
	"bytes"
	"context"
	"errors"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
)

// madeLetters are a batch's letters as they were typeset, with those that were
// held back.
type madeLetters struct {
	batch *papers.LetterBatch
	// file is letters.pdf, nil where every letter was held back.
	file       []byte
	pieces     []papers.Piece
	pages      int
	held       []casebook.HeldLetter
	heldPieces []casebook.HeldPiece
	// misread counts what did not read back as it should, over the letters held for it.
	misread map[papers.Check]int
	// languages are the letters' that are not in English because nobody asked.
	languages []casebook.PieceLanguages
	speaks    breach.Languages
}

// speak notes in which language a letter is, printed or held back.
func (m *madeLetters) speak(l *casebook.Letter) {
	language := m.speaks.Of(&l.Person)
	if language.Reason == breach.LanguageUsual {
		return
	}
	for i := range m.languages {
		if m.languages[i].LetterLanguage == language {
			m.languages[i].PieceIDs = append(m.languages[i].PieceIDs, l.PieceID)
			return
		}
	}
	m.languages = append(m.languages, casebook.PieceLanguages{LetterLanguage: language, PieceIDs: []string{l.PieceID}})
}

// add typesets a letter or notes why it is held back.
func (m *madeLetters) add(l *casebook.Letter) error {
	piece, err := m.batch.Add(*l)
	var held *papers.HeldError
	if errors.As(err, &held) {
		m.hold(l, held.Reason)
		return nil
	}
	if err != nil {
		return err
	}
	m.pieces = append(m.pieces, piece)
	m.pages += piece.Pages
	return nil
}

// hold keeps a letter back.
func (m *madeLetters) hold(l *casebook.Letter, why breach.HeldReason) {
	m.heldPieces = append(m.heldPieces, casebook.HeldPiece{PieceID: l.PieceID, Reason: why})
	for _, p := range l.Practices {
		m.held = append(m.held, casebook.HeldLetter{PracticeKey: p.Key, PersonKey: l.Person.Key, Why: string(why)})
	}
}

// typesetBatch typesets the letters of a batch and reads the file back. Letters that do
// not read back as they should are held back, and the others set without them.
func (a *Activities) typesetBatch(ctx context.Context, incident breach.Incident, plan casebook.MailRun, number int) (madeLetters, error) {
	misread := map[string][]papers.Check{}
	for {
		made, err := a.typesetAll(ctx, incident, plan, number, misread)
		if err != nil || len(made.pieces) == 0 {
			return made, err
		}
		var file bytes.Buffer
		if _, err := made.batch.WriteTo(&file); err != nil {
			return made, err
		}
		made.file = file.Bytes()
		found, err := made.batch.ReadBack(made.file)
		if err != nil || len(found) == 0 {
			return made, err
		}
		// Each try holds letters back that the one before had, so that there is a last one.
		for _, m := range found {
			misread[m.PieceID] = m.Checks
		}
	}
}

// typesetAll typesets the letters of a batch but for those that were misread.
func (a *Activities) typesetAll(ctx context.Context, incident breach.Incident, plan casebook.MailRun, number int, misread map[string][]papers.Check) (madeLetters, error) {
	letters, err := papers.NewLetterBatch(incident, plan.MailOn, plan.Residents)
	if err != nil {
		return madeLetters{}, err
	}
	name := casebook.BatchName(plan.Number, number)
	if err := a.Store.IntendBatch(ctx, plan.IncidentID, plan.Number, name); err != nil {
		return madeLetters{}, err
	}
	made := madeLetters{batch: letters, speaks: incident.Languages()}
	err = a.Store.Letters(ctx, plan.IncidentID, plan.Number, number, func(l *casebook.Letter) error {
		made.speak(l)
		checks, held := misread[l.PieceID]
		if !held {
			if err := made.add(l); err != nil {
				return err
			}
			return ctx.Err()
		}
		made.hold(l, breach.HeldMisread)
		if made.misread == nil {
			made.misread = map[papers.Check]int{}
		}
		for _, check := range checks {
			made.misread[check]++
		}
		return ctx.Err()
	})
	return made, err
}
