package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// In which language somebody's letter is, and why, is kept with its batch, sealed with the
// incident's data key as the row is that it follows from (ADR 90). It stays what it was when
// a later list asks for another language.

// languagesBinding is the place that a batch's languages are sealed for.
func languagesBinding(incidentID, batch string) []byte {
	return []byte("batch languages 1\x00" + incidentID + "\x00" + batch)
}

// sealLanguages seals those of a batch; nil where all its letters are in English because
// nobody asked.
func (s *Store) sealLanguages(ctx context.Context, q *sqlgen.Queries, run storedRun, b casebook.Batch) ([]byte, error) {
	if len(b.Languages) == 0 {
		return nil, nil
	}
	key, err := s.dataKey(ctx, q, run.IncidentID)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(b.Languages)
	if err != nil {
		return nil, fmt.Errorf("keeping the languages of batch %s: %w", b.Name, err)
	}
	return key.Seal(plain, languagesBinding(run.IncidentID, b.Name))
}

// tellLanguages says of a shown person's letters in which language each is.
func (s *Store) tellLanguages(ctx context.Context, incidentID string, practiceID int, person string, letters []casebook.PersonLetter) error {
	rows, err := s.pool.Query(ctx, "SELECT batch, languages FROM languages_of_letters($1, $2)", practiceID, person)
	if err != nil {
		return err
	}
	type sealed struct {
		batch     string
		languages []byte
	}
	batches, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b sealed, err error) {
		return b, row.Scan(&b.batch, &b.languages)
	})
	if err != nil || len(batches) == 0 {
		return err
	}
	key, err := s.dataKey(ctx, s.q, incidentID)
	if err != nil {
		return err
	}
	told := map[string]breach.LetterLanguage{}
	for _, b := range batches {
		plain, err := key.Open(b.languages, languagesBinding(incidentID, b.batch))
		if err != nil {
			return fmt.Errorf("the languages of batch %s: %w", b.batch, err)
		}
		var languages []casebook.PieceLanguages
		if err := json.Unmarshal(plain, &languages); err != nil {
			return fmt.Errorf("the languages of batch %s: %w", b.batch, err)
		}
		for _, l := range languages {
			for _, piece := range l.PieceIDs {
				told[piece] = l.LetterLanguage
			}
		}
	}
	for i := range letters {
		letters[i].Language = told[letters[i].PieceID]
	}
	return nil
}
