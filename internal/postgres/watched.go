package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// Watched reads what operators are warned by at an instant, which is on asOf where the
// officers are. Each incident is read at one moment of the database, by the counts that
// status shows. queue is the task queue of which it says whether somebody works on it. ctx
// bounds the time; BenchmarkWatched has what 45,000 practices take.
func (s *Store) Watched(ctx context.Context, queue string, at time.Time, asOf civil.Date) (w casebook.Watched, err error) {
	w.At, w.AsOf = at, asOf
	if w.Worker, err = s.Watch(ctx, queue); err != nil {
		return w, err
	}
	if w.Troubles, err = s.Troubles(ctx, ""); err != nil {
		return w, err
	}
	open, err := s.OpenIncidents(ctx)
	if err != nil {
		return w, err
	}
	for id := range open {
		err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
			one, err := readWatched(ctx, q, id, at, asOf)
			w.Incidents = append(w.Incidents, one)
			return err
		})
		if err != nil {
			return w, err
		}
	}
	return w, nil
}

func readWatched(ctx context.Context, q *sqlgen.Queries, id string, at time.Time, asOf civil.Date) (w casebook.WatchedIncident, err error) {
	incident, err := readIncident(ctx, q, id)
	if err != nil {
		return w, err
	}
	w.Status = casebook.Status{Incident: id, Phase: incident.Phase, AsOf: asOf, Practices: incident.Practices, People: incident.People}
	if err := countPhases(ctx, q, &w.Status, at); err != nil {
		return w, err
	}
	if w.Status.Account, err = statusAccount(ctx, q, id); err != nil {
		return w, err
	}
	if w.Status.Notices, err = noticeCounts(ctx, q, id, incident.NoticesKeptBack); err != nil {
		return w, err
	}
	if w.Untold, err = untoldByDay(ctx, q, id, at, asOf); err != nil {
		return w, err
	}
	phases, err := q.PhasesSince(ctx, id)
	if err != nil {
		return w, err
	}
	w.Since = make(map[casebook.Phase]time.Time, len(phases))
	for _, p := range phases {
		w.Since[casebook.Phase(p.Phase)] = p.Since.UTC()
	}
	disputes, err := q.Disputes(ctx, id)
	if err != nil {
		return w, err
	}
	w.Disputing, w.DisputedSince = disputes.Practices, orZero(disputes.Since)
	chain, err := q.LedgerSinceAnchor(ctx, id)
	w.AnchoredAt, w.UnanchoredSince, w.LedgerAt = orZero(chain.AnchoredAt), orZero(chain.First), orZero(chain.Last)
	return w, err
}

// orZero is the zero time for the beginning of Unix time, which stands for none.
func orZero(t time.Time) time.Time {
	if t.Unix() == 0 {
		return time.Time{}
	}
	return t.UTC()
}

// writtenNotices are the duties by which people are told in writing.
var writtenNotices = []string{breach.IndividualNotice, breach.StateIndividualNotice}

// untoldByDay counts whom the account says to be untold by the days that are left.
func untoldByDay(ctx context.Context, q *sqlgen.Queries, id string, at time.Time, asOf civil.Date) ([]casebook.UntoldCount, error) {
	// A step begins on the day after those that are within the warning before.
	days := slices.Sorted(slices.Values(breach.WarningDays))
	steps := make([]int, len(days))
	for i, d := range days {
		steps[i] = d + 1
	}
	rows, err := q.UntoldByDay(ctx, sqlgen.UntoldByDayParams{IncidentID: id, At: at, AsOf: asOf, Steps: steps, Kinds: writtenNotices})
	if err != nil {
		return nil, err
	}
	people := map[int]account.Account{}
	for _, r := range rows {
		people[r.Step] = append(people[r.Step], account.Line{State: account.State(r.State), Why: r.Why, Letter: account.Letter(r.Letter), People: r.People})
	}
	// Every step is there also while nobody is in it: an alarm on one ends when it is empty.
	counts := []casebook.UntoldCount{{Left: casebook.LeftLate, People: people[-1].Untold("")}}
	for i, d := range days {
		counts = append(counts, casebook.UntoldCount{Left: strconv.Itoa(d), People: people[i].Untold("")})
	}
	return append(counts, casebook.UntoldCount{Left: casebook.LeftMore, People: people[len(days)].Untold("")},
		casebook.UntoldCount{Left: casebook.LeftNone, People: people[-2].Untold("")}), nil
}

// CheckTables refuses a database whose tables are older than this program needs, as after
// a backup was put back. Newer ones it may work with: they come before the programs of a
// new version.
func (s *Store) CheckTables(ctx context.Context) error {
	var version int64
	if err := s.pool.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version").Scan(&version); err != nil {
		return fmt.Errorf("the database cannot be asked: %w", err)
	}
	return TablesFit(version)
}

// TablesFit refuses, with code "old_tables", tables that are older than this program needs.
func TablesFit(version int64) error {
	if version < newestMigration() {
		return breach.Refuse("old_tables", "Start a worker of this version, which brings them up to date.",
			"the database's tables are of an earlier version of this program")
	}
	return nil
}
