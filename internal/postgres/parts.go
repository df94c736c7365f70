package postgres

import (
	"context"
	"slices"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// partOf is how many practices are read at a time where all of an incident's are asked
// for: with all that belongs to them they take some megabytes.
const partOf = 500

// inParts reads the practices that a filter chooses some at a time, in key order, and hands
// them on. Which they are is of one moment; each part is as of its own: a list of tens of
// thousands that somebody reads at their leisure would else keep the database from clearing
// up behind everybody's changes. An incident that does not exist is refused.
func inParts[T any](ctx context.Context, s *Store, incidentID string, filter Filter, at time.Time, read func(keys []string) ([]T, error), each func([]T) error) error {
	var keys []string
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		_, err := readIncident(ctx, q, incidentID)
		if err == nil {
			keys, err = chosen(ctx, q, incidentID, filter, at)
		}
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(keys, partOf) {
		part, err := read(some)
		if err != nil {
			return err
		}
		if err := each(part); err != nil {
			return err
		}
	}
	return nil
}

// EachStatus calls each with the practices that StatusDetails returns, some at a time, in
// key order; each part is as of its own moment. It ends at the first error, of each too.
func (s *Store) EachStatus(ctx context.Context, incidentID string, filter Filter, at time.Time, each func([]casebook.PracticeStatus) error) error {
	return inParts(ctx, s, incidentID, filter, at, func(keys []string) ([]casebook.PracticeStatus, error) {
		return s.StatusDetails(ctx, incidentID, Filter{Practices: keys, Brief: filter.Brief}, at)
	}, each)
}

// EachStatusLine is EachStatus with a line for each practice, which is what a list of them
// shows: it reads a tenth of it.
func (s *Store) EachStatusLine(ctx context.Context, incidentID string, filter Filter, at time.Time, each func([]casebook.StatusLine) error) error {
	return inParts(ctx, s, incidentID, filter, at, func(keys []string) ([]casebook.StatusLine, error) {
		rows, err := s.q.StatusLines(ctx, sqlgen.StatusLinesParams{IncidentID: incidentID, At: at, PracticeKeys: keys})
		lines := make([]casebook.StatusLine, len(rows))
		for i, r := range rows {
			lines[i] = casebook.StatusLine{Open: r.Open, Settled: r.Settled, Approvals: r.Approvals, PracticeLine: casebook.PracticeLine{
				Key: r.PracticeKey, Name: r.Facts.Name(), Phase: casebook.Phase(r.Phase), People: r.People, Delegation: r.Delegation,
				NextDue: r.NextDue, Late: r.Late, NeedsPerson: r.NeedsPerson, Notice: r.Notice,
			}}
		}
		return lines, err
	}, each)
}

// EachHeard calls each with what Heard returns of all open practices, some at a time.
func (s *Store) EachHeard(ctx context.Context, incidentID string, each func([]casebook.Heard) error) error {
	return inParts(ctx, s, incidentID, Filter{Open: true}, time.Time{}, func(keys []string) ([]casebook.Heard, error) {
		return s.Heard(ctx, incidentID, keys...)
	}, each)
}

// EachDuty calls each with every duty that each practice of an incident ever had, some
// practices at a time, in key order and the duties of the present plan first. A practice
// without a duty is among them.
func (s *Store) EachDuty(ctx context.Context, incidentID string, each func([]casebook.PracticeDuties) error) error {
	return inParts(ctx, s, incidentID, Filter{}, time.Time{}, func(keys []string) (part []casebook.PracticeDuties, err error) {
		err = s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
			practices, err := q.PracticesFacts(ctx, sqlgen.PracticesFactsParams{IncidentID: incidentID, PracticeKeys: keys})
			if err != nil {
				return err
			}
			part = make([]casebook.PracticeDuties, len(practices))
			place := make(map[string]*casebook.PracticeDuties, len(practices))
			for i, p := range practices {
				part[i].Practice, place[p.PracticeKey] = p.Facts, &part[i]
			}
			rows, err := q.DutiesEverOwed(ctx, sqlgen.DutiesEverOwedParams{IncidentID: incidentID, PracticeKeys: keys})
			for i := range rows {
				of := place[rows[i].PracticeKey]
				of.Duties = append(of.Duties, dutyRecord(&rows[i]))
			}
			return err
		})
		return part, err
	}, each)
}
