package postgres

import (
	"context"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// DutiesEverOwed returns every duty that the practice's plans ever had, those of
// the present one first.
func (s *Store) DutiesEverOwed(ctx context.Context, incidentID, practiceKey string) ([]casebook.DutyRecord, error) {
	rows, err := s.q.DutiesEverOwed(ctx, sqlgen.DutiesEverOwedParams{IncidentID: incidentID, PracticeKeys: []string{practiceKey}})
	list := make([]casebook.DutyRecord, len(rows))
	for i := range rows {
		list[i] = dutyRecord(&rows[i])
	}
	return list, err
}

func dutyRecord(r *sqlgen.DutiesEverOwedRow) casebook.DutyRecord {
	return casebook.DutyRecord{
		Obligation: breachObligation(&r.Obligation), SettledOn: r.Obligation.SettledOn, Dropped: r.Obligation.Dropped,
		// The first is that it was owed at all.
		Changes: max(0, r.Changes-1), DueBefore: r.DueBefore,
	}
}
