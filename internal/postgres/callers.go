package postgres

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// CallersLetter is a printed letter by its Reference.
type CallersLetter struct {
	PieceID string
	DatedOn civil.Date
	// People are the person as each practice in the letter knows them; nobody where no
	// list has the person any more.
	People []breach.Person
}

// EachCallersLetter gives each letter that was printed, also those in whose place another
// one is by now: somebody may hold it in their hand.
func (s *Store) EachCallersLetter(ctx context.Context, incidentID string, each func(*CallersLetter) error) error {
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		if _, err := readIncident(ctx, q, incidentID); err != nil {
			return err
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		read := finding.NewReader(incidentID, key)
		var letter CallersLetter
		page := sqlgen.LettersForCallersParams{IncidentID: incidentID, Page: pageRows}
		for {
			rows, err := q.LettersForCallers(ctx, page)
			if err != nil {
				return err
			}
			for i := range rows {
				p, err := read.Person(&rows[i].Finding, rows[i].PracticeKey)
				if err != nil {
					return err
				}
				id := pieceID(rows[i].Run, rows[i].PieceNo)
				if id != letter.PieceID {
					if err := whole(&letter, each); err != nil {
						return err
					}
					letter = CallersLetter{PieceID: id, DatedOn: rows[i].MailOn}
				}
				letter.People = append(letter.People, p)
			}
			if len(rows) < pageRows {
				break
			}
			last := &rows[len(rows)-1]
			page.AfterRun, page.AfterPiece, page.AfterPractice = last.Run, last.PieceNo, last.Finding.PracticeID
		}
		if err := whole(&letter, each); err != nil {
			return err
		}
		nobodys, err := q.LettersOfNobody(ctx, incidentID)
		if err != nil {
			return err
		}
		for _, n := range nobodys {
			if err := each(&CallersLetter{PieceID: pieceID(n.Run, n.PieceNo)}); err != nil {
				return err
			}
		}
		return nil
	})
	return s.noting(ctx, err)
}

// whole hands a letter on when all of it was read.
func whole(letter *CallersLetter, each func(*CallersLetter) error) error {
	if letter.PieceID == "" {
		return nil
	}
	return each(letter)
}
