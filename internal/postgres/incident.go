package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// Incident returns the incident with everything people have added to its
// facts, or a refusal with code "unknown_incident".
func (s *Store) Incident(ctx context.Context, incidentID string) (casebook.Incident, error) {
	return readIncident(ctx, s.q, incidentID)
}

func readIncident(ctx context.Context, q *sqlgen.Queries, incidentID string) (casebook.Incident, error) {
	i, err := q.Incident(ctx, incidentID)
	if err != nil {
		return casebook.Incident{}, orUnknownIncident(err, incidentID)
	}
	return casebook.Incident{
		Incident: i.Facts, RulebookVersion: i.RulebookVersion, RulebookSHA256: i.RulebookSHA256,
		Phase: i.Phase, Practices: i.Practices, People: i.People, Findings: i.Findings, ClosedOn: i.ClosedOn,
		NoticesKeptBack: i.NoticesHeld,
	}, nil
}

// follows says after which phase each one comes. Closing has a way of its own, which
// looks whether a practice is open.
var follows = map[string]string{casebook.IncidentLaunching: casebook.IncidentLoaded, casebook.IncidentRunning: casebook.IncidentLaunching}

// SetIncidentPhase moves the incident on; closedOn is zero unless it closes. A
// closed one stays as it is: only new evidence opens it again.
func (s *Store) SetIncidentPhase(ctx context.Context, incidentID, phase string, closedOn civil.Date) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil || incident.Phase == phase || incident.Phase == casebook.IncidentClosed {
			return orUnknownIncident(err, incidentID)
		}
		if before, ordered := follows[phase]; ordered && incident.Phase != before {
			return nil // asked for out of order, or long since
		}
		if err := q.SetIncidentPhase(ctx, sqlgen.SetIncidentPhaseParams{ID: incidentID, Phase: phase, ClosedOn: closedOn}); err != nil {
			return err
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindPhase, Who: engine}, ledger.Phase{Phase: phase, ClosedOn: closedOn})
	})
}

// PracticeKeys returns up to limit keys greater than after, in key order.
func (s *Store) PracticeKeys(ctx context.Context, incidentID, after string, limit int, openOnly bool) ([]string, error) {
	return s.q.PracticeKeys(ctx, sqlgen.PracticeKeysParams{IncidentID: incidentID, After: after, OpenOnly: openOnly, Page: limit})
}

// OpenPractices is how many practices are not closed.
func (s *Store) OpenPractices(ctx context.Context, incidentID string) (int, error) {
	return s.q.OpenPractices(ctx, incidentID)
}

// IncidentRow is one incident in the list of all.
type IncidentRow struct {
	ID          string
	Entity      string
	Phase       string
	Discovered  civil.Date
	Practices   int
	People      int
	Late        int
	NeedsPerson int
	NextDue     civil.Date
}

// Incidents lists every incident, in the order they were loaded, as it stands at
// an instant.
func (s *Store) Incidents(ctx context.Context, at time.Time) ([]IncidentRow, error) {
	rows, err := s.q.Incidents(ctx, at)
	if err != nil {
		return nil, err
	}
	list := make([]IncidentRow, len(rows))
	for i, r := range rows {
		list[i] = IncidentRow{
			ID: r.ID, Entity: r.Facts.Entity.Name, Phase: r.Phase, Discovered: r.Facts.Discovered,
			Practices: r.Practices, People: r.People, Late: r.Late, NeedsPerson: r.NeedsPerson, NextDue: r.NextDue,
		}
	}
	return list, nil
}

// ActOnIncident carries out hold, release and record for the whole incident
// and writes the act down. fresh is false when the same act was there already.
func (s *Store) ActOnIncident(ctx context.Context, act casebook.Act) (fresh bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, act.IncidentID)
		if err != nil {
			return orUnknownIncident(err, act.IncidentID)
		}
		act.PracticeKey = ""
		if fresh, err = insertAct(ctx, q, act); err != nil || !fresh {
			return err
		}
		if act.Adopt != nil {
			return nil // the worker takes them over, one run after another
		}
		if act.Resume != nil {
			return nil // the next step to print reads it
		}
		if act.Notify != nil && act.Notify.Post != "" {
			return planPost(ctx, q, act, incident.Facts) // nothing changes of where anybody stands
		}
		if err := q.NoteChangeOfAll(ctx, act.IncidentID); err != nil {
			return err
		}
		if err := tellsForAll(ctx, q, act); err != nil {
			return err
		}
		switch {
		case act.Replan != nil:
			return replan(ctx, q, act)
		case act.Record != nil:
			if err := moveByRecord(ctx, q, act, 0); err != nil {
				return err
			}
		}
		if act.Notify != nil {
			return q.ReleaseNotices(ctx, act.IncidentID)
		}
		if act.Record != nil {
			if err := concludeNotices(ctx, q, act); err != nil {
				return err
			}
		}
		if err := noteTold(ctx, q, act, incident.Practices); err != nil {
			return err
		}
		facts := incident.Facts
		changed, err := applyToIncident(&facts, act)
		if err != nil || !changed {
			return err
		}
		return q.SetIncidentFacts(ctx, sqlgen.SetIncidentFactsParams{ID: act.IncidentID, Facts: facts})
	})
	return fresh && err == nil, err
}

// tellsForAll refuses a record for all of what some practice has told itself. The
// caller has changed every practice's row, so that none tells anything meanwhile.
func tellsForAll(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	if act.Record == nil || !act.Record.Fact.HasSender() {
		return nil
	}
	rows, err := q.ToldByEach(ctx, act.IncidentID)
	if err != nil {
		return err
	}
	records := map[string][]breach.Fact{}
	for _, r := range rows {
		var fact breach.Fact
		if err := json.Unmarshal(r.Fact, &fact); err != nil {
			return err
		}
		records[r.PracticeKey] = append(records[r.PracticeKey], fact)
	}
	told := map[string]breach.Facts{}
	for key, facts := range records {
		told[key] = breach.FactsOf(facts)
	}
	return casebook.MayTellForAll(act.Record.Fact, told)
}

// replan puts the incident under another rulebook, unless it is under a third
// by now. Its practices are decided by it from their next look on.
func replan(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	n, err := q.SetRulebook(ctx, sqlgen.SetRulebookParams{
		ID: act.IncidentID, Before: act.Replan.FromSHA256, Version: act.Replan.ToVersion, SHA256: act.Replan.ToSHA256,
	})
	if err == nil && n == 0 {
		return breach.Refuse("changed_since_looked", "Look at the difference again with replan --dry-run.",
			"incident %s is under another rulebook by now", act.IncidentID)
	}
	return err
}

// applyToIncident changes the incident's facts as the act says; changed is
// false for an act that stands for itself.
func applyToIncident(facts *breach.Incident, act casebook.Act) (changed bool, err error) {
	switch {
	case act.Kind == casebook.ActHold && act.Hold != nil:
		facts.Holds = append(facts.Holds, *act.Hold)
		return true, nil
	case act.Kind == casebook.ActRelease && act.Release != nil:
		return true, releaseHolds(facts, act.Release.On)
	case act.Kind == casebook.ActRecord && act.Record != nil:
		switch act.Record.Fact.Kind {
		case breach.DeterminedFact:
			facts.Determined = act.Record.Fact.On
			return true, nil
		case breach.MaterialDeterminedFact:
			facts.MaterialDetermined = act.Record.Fact.On
			return true, nil
		}
		return false, nil
	}
	return false, fmt.Errorf("%q without its terms is not an act on an incident", act.Kind)
}

func releaseHolds(facts *breach.Incident, on string) error {
	day, err := civil.Parse(on)
	if err != nil || day.IsZero() {
		return breach.Refuse("no_day", "Give the day with --on YYYY-MM-DD.", "%q is not the day a hold was released", on)
	}
	released := 0
	for i := range facts.Holds {
		if facts.Holds[i].ReleasedOn.IsZero() {
			facts.Holds[i].ReleasedOn = day
			released++
		}
	}
	if released == 0 {
		return breach.Refuse("no_hold", "", "incident %s has no law-enforcement hold that is not released", facts.ID)
	}
	return nil
}
