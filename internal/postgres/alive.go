package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// signFresh is how long a worker counts as working after its last sign of life,
// of which it gives one every quarter of a minute.
const signFresh = 45 * time.Second

// SignOfLife is Sign of a worker that knows no change of the workflows' course.
func (s *Store) SignOfLife(ctx context.Context, worker, queue, problem string) error {
	_, err := s.Sign(ctx, Sign{Worker: worker, Queue: queue, Problem: problem})
	return err
}

// Clock is what time it is by the database's clock.
func (s *Store) Clock(ctx context.Context) (time.Time, error) { return s.q.Clock(ctx) }

// EndSign says that the worker has ended: in good order when problem is "".
func (s *Store) EndSign(ctx context.Context, worker, queue, problem string) error {
	if err := s.q.ForgetSigns(ctx, queue); err != nil {
		return err
	}
	if problem == "" {
		return s.q.EndSign(ctx, worker)
	}
	return s.q.SignOfLife(ctx, sqlgen.SignOfLifeParams{Worker: worker, Queue: queue, Problem: problem, Ended: true, Tables: int(newestMigration())})
}

// Watch says whether a worker takes work from the task queue, by what it wrote
// here itself: Temporal need not be asked.
func (s *Store) Watch(ctx context.Context, queue string) (casebook.Watch, error) {
	row, err := s.q.Watch(ctx, sqlgen.WatchParams{Queue: queue, FreshSeconds: signFresh.Seconds()})
	if err != nil {
		return casebook.Watch{}, err
	}
	watch := casebook.Watch{Working: row.Working, Problem: row.Problem}
	if row.WorkedAt.Unix() != 0 {
		at := row.WorkedAt.UTC()
		watch.LastSign = &at
	}
	return watch, nil
}

// NoteTrouble writes down that a step failed, once more or for the first time
// since it last succeeded. Its Step and times are not looked at.
func (s *Store) NoteTrouble(ctx context.Context, t casebook.Trouble) error {
	return noteTrouble(ctx, s.q, t)
}

func noteTrouble(ctx context.Context, q *sqlgen.Queries, t casebook.Trouble) error {
	return q.NoteTrouble(ctx, sqlgen.NoteTroubleParams{
		IncidentID: t.Incident, PracticeKey: t.Practice, Step: t.Kind, Part: t.Part, Stopped: t.Stopped, What: t.What, Todo: t.Todo,
	})
}

// ClearTrouble takes back what was noted of a step, or with an empty kind of every
// step of the practice but for alarms.
func (s *Store) ClearTrouble(ctx context.Context, incidentID, practiceKey, kind, part string) error {
	return s.q.ClearTrouble(ctx, sqlgen.ClearTroubleParams{IncidentID: incidentID, PracticeKey: practiceKey, Step: kind, Part: part, Alarms: casebook.Alarms})
}

// ClearIncidentTroubles takes back all that was noted of an incident but for alarms.
func (s *Store) ClearIncidentTroubles(ctx context.Context, incidentID string) error {
	return s.q.ClearIncidentTroubles(ctx, sqlgen.ClearIncidentTroublesParams{IncidentID: incidentID, Alarms: casebook.Alarms})
}

// ReplaceTroubles makes list all that is noted of the incident's steps of a kind.
func (s *Store) ReplaceTroubles(ctx context.Context, incidentID, kind string, list []casebook.Trouble) error {
	parts := make([]string, len(list))
	for i, t := range list {
		parts[i] = t.Part
	}
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		for _, t := range list {
			t.Incident, t.Kind = incidentID, kind
			if err := noteTrouble(ctx, q, t); err != nil {
				return err
			}
		}
		return q.ClearOtherParts(ctx, sqlgen.ClearOtherPartsParams{IncidentID: incidentID, Step: kind, Parts: parts})
	})
}

// TroublesOfKind returns what is noted of all steps of a kind.
func (s *Store) TroublesOfKind(ctx context.Context, kind string) ([]casebook.Trouble, error) {
	rows, err := s.q.TroublesOf(ctx, kind)
	return troubles(rows), err
}

// Troubles returns what does not pass by itself in a moment: of an incident, with
// what concerns none; or of all with an empty ID.
func (s *Store) Troubles(ctx context.Context, incidentID string) ([]casebook.Trouble, error) {
	rows, err := s.q.Troubles(ctx, sqlgen.TroublesParams{IncidentID: incidentID, Alarms: casebook.Alarms})
	return troubles(rows), err
}

func troubles(rows []sqlgen.Trouble) []casebook.Trouble {
	list := make([]casebook.Trouble, len(rows))
	for i, r := range rows {
		list[i] = casebook.Trouble{
			Incident: r.IncidentID, Practice: r.PracticeKey, Kind: r.Step, Part: r.Part, Since: r.Since.UTC(), LastSeen: r.LastSeen.UTC(),
			Times: r.Times, Stopped: r.Stopped, What: r.What, Todo: r.Todo,
		}
	}
	return list
}

// OpenIncidents returns the incidents that are not closed, with their phases.
func (s *Store) OpenIncidents(ctx context.Context) (map[string]string, error) {
	rows, err := s.q.OpenIncidents(ctx)
	phases := make(map[string]string, len(rows))
	for _, r := range rows {
		phases[r.ID] = r.Phase
	}
	return phases, err
}

// Storage returns which output folder the papers of this database are in; the
// first who asks says so with id.
func (s *Store) Storage(ctx context.Context, id string) (string, error) {
	if id != "" {
		if err := s.q.ClaimStorage(ctx, id); err != nil {
			return "", err
		}
	}
	return s.q.StorageID(ctx)
}

// CloseIncident closes it, unless a practice is open again; closed is true also
// when it was closed before, and the day is then the one it has.
func (s *Store) CloseIncident(ctx context.Context, incidentID string, on civil.Date) (closed bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil {
			return orUnknownIncident(err, incidentID)
		}
		if incident.Phase == casebook.IncidentClosed {
			closed = true
			return nil
		}
		n, err := q.CloseIncident(ctx, sqlgen.CloseIncidentParams{ID: incidentID, ClosedOn: on})
		if closed = n == 1; err != nil || !closed {
			return err
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindPhase, Who: engine}, ledger.Phase{Phase: casebook.IncidentClosed, ClosedOn: on})
	})
	return closed && err == nil, err
}

// ReopenPractice opens a closed practice again, and its incident.
func (s *Store) ReopenPractice(ctx context.Context, incidentID, practiceKey string) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		// The incident first, as everybody does who locks both.
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil {
			return orUnknownIncident(err, incidentID)
		}
		n, err := q.ReopenPractice(ctx, sqlgen.ReopenPracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
		if err != nil || n == 0 || incident.Phase != casebook.IncidentClosed {
			return err
		}
		if err := q.ReopenIncident(ctx, incidentID); err != nil {
			return err
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindPhase, Who: engine}, ledger.Phase{Phase: casebook.IncidentRunning})
	})
}
