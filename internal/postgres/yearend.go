package postgres

import (
	"context"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// AnnualLog returns every annual-log obligation of breaches discovered in the
// calendar year (45 CFR 164.408(c)), by incident and practice.
func (s *Store) AnnualLog(ctx context.Context, year int) ([]casebook.AnnualEntry, error) {
	rows, err := s.q.AnnualLog(ctx, sqlgen.AnnualLogParams{FirstDay: civil.Of(year, 1, 1), LastDay: civil.Of(year, 12, 31)})
	if err != nil {
		return nil, err
	}
	entries := make([]casebook.AnnualEntry, len(rows))
	for i, r := range rows {
		entries[i] = casebook.AnnualEntry{
			IncidentID: r.IncidentID, PracticeKey: r.PracticeKey, Practice: r.Facts.Name(), Discovered: r.Discovered,
			Count: r.Count, Regime: r.Regime, Due: r.Due, FiledOn: r.SettledOn, Delegation: r.Delegation,
		}
	}
	return entries, nil
}
