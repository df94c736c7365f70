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

// EveryDuty returns every duty that each practice of an incident ever had, practices in
// key order and the duties of the present plan first, as they stood at one moment. A
// practice without a duty is among them. An incident that does not exist is refused.
func (s *Store) EveryDuty(ctx context.Context, incidentID string) ([]casebook.PracticeDuties, error) {
	var all []casebook.PracticeDuties
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		if _, err := readIncident(ctx, q, incidentID); err != nil {
			return err
		}
		practices, err := q.PracticesFacts(ctx, incidentID)
		if err != nil {
			return err
		}
		all = make([]casebook.PracticeDuties, len(practices))
		keys, place := make([]string, len(practices)), make(map[string]int, len(practices))
		for i, p := range practices {
			all[i].Practice, keys[i], place[p.PracticeKey] = p.Facts, p.PracticeKey, i
		}
		rows, err := q.DutiesEverOwed(ctx, sqlgen.DutiesEverOwedParams{IncidentID: incidentID, PracticeKeys: keys})
		if err != nil {
			return err
		}
		for i := range rows {
			of := &all[place[rows[i].PracticeKey]]
			of.Duties = append(of.Duties, dutyRecord(&rows[i]))
		}
		return nil
	})
	return all, err
}

func dutyRecord(r *sqlgen.DutiesEverOwedRow) casebook.DutyRecord {
	return casebook.DutyRecord{
		Obligation: breachObligation(&r.Obligation), SettledOn: r.Obligation.SettledOn, Dropped: r.Obligation.Dropped,
		// The first is that it was owed at all.
		Changes: max(0, r.Changes-1), DueBefore: r.DueBefore,
	}
}
