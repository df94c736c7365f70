package postgres

import (
	"context"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// EachVariants calls each with which letters the people of practices get, some practices at
// a time, in key order: of one practice, or with practice empty of all of an incident. Those
// whose papers are not made, or were made by a program that did not count, are left out.
// Each part is as of its own moment.
func (s *Store) EachVariants(ctx context.Context, incidentID, practice string, each func([]casebook.PracticeVariants) error) error {
	ask := sqlgen.LetterVariantsParams{IncidentID: incidentID, One: practice, Page: partOf}
	for {
		rows, err := s.q.LetterVariants(ctx, ask)
		if err != nil || len(rows) == 0 {
			return err
		}
		part := make([]casebook.PracticeVariants, len(rows))
		for i, r := range rows {
			part[i] = casebook.PracticeVariants{
				Practice: r.Facts, Residents: r.Tally.Residents, PapersSHA256: r.PapersSHA256, LetterVariants: r.Counted,
			}
		}
		if err := each(part); err != nil {
			return err
		}
		ask.After = rows[len(rows)-1].PracticeKey
	}
}
