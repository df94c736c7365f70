package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// Filter chooses practices for StatusDetails and StatusLines; each part that is set
// narrows it.
type Filter struct {
	Practice string
	// Practices are the keys of those that are wanted, instead of all that follows.
	Practices []string
	// DueBefore keeps practices whose next open duty is due on or before the day.
	DueBefore civil.Date
	// Late keeps practices with something late, Waiting those that wait for a person, Open
	// those that are not closed.
	Late, Waiting, Open bool
	// Phase keeps those in it; "" is any.
	Phase casebook.Phase
	// Brief leaves out of each practice what it is owed no more, its approvals and delay,
	// and earlier days of its duties: what waits is decided without them.
	Brief bool
}

// chosen are the keys of the practices that a filter chooses, in their order, of an
// incident that there is. A practice that is named and not there is refused.
func chosen(ctx context.Context, q *sqlgen.Queries, incidentID string, filter Filter, at time.Time) ([]string, error) {
	if filter.Practice != "" {
		if _, err := q.PracticeID(ctx, sqlgen.PracticeIDParams{IncidentID: incidentID, PracticeKey: filter.Practice}); err != nil {
			return nil, orUnknownPractice(err, incidentID, filter.Practice)
		}
	}
	if len(filter.Practices) > 0 {
		return filter.Practices, nil
	}
	return q.ChosenPractices(ctx, sqlgen.ChosenPracticesParams{
		IncidentID: incidentID, At: at, PracticeKey: filter.Practice, DueBefore: filter.DueBefore,
		OnlyLate: filter.Late, OnlyWaiting: filter.Waiting, OnlyOpen: filter.Open, Phase: string(filter.Phase),
	})
}

// StatusDetails returns practices with their obligations as they stand at an
// instant, in key order. An incident or practice that does not exist is refused.
func (s *Store) StatusDetails(ctx context.Context, incidentID string, filter Filter, at time.Time) ([]casebook.PracticeStatus, error) {
	var details []casebook.PracticeStatus
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		keys, err := chosen(ctx, q, incidentID, filter, at)
		if err != nil {
			return err
		}
		rows, err := q.DetailedPractices(ctx, sqlgen.DetailedPracticesParams{IncidentID: incidentID, At: at, PracticeKeys: keys, Brief: filter.Brief})
		if err != nil {
			return err
		}
		details, err = withObligations(ctx, q, rows, filter.Brief, incident.Incident.ApproversNeeded(), func(zone *time.Location) civil.Date { return civil.OfTime(at.In(zone)) })
		return err
	})
	return details, err
}

// withObligations adds them as they stand on a day, which dayIn says for the
// practice's zone: a duty is late from the end of its due day there.
func withObligations(ctx context.Context, q *sqlgen.Queries, rows []sqlgen.DetailedPracticesRow, brief bool, approvers int, dayIn func(*time.Location) civil.Date) ([]casebook.PracticeStatus, error) {
	details := make([]casebook.PracticeStatus, len(rows))
	ids := make([]int, len(rows))
	place := make(map[int]int, len(rows))
	days := make([]civil.Date, len(rows))
	zones := map[string]*time.Location{} // reading one takes longer than all else of a practice
	for i, r := range rows {
		zone := zones[r.Facts.ZoneName()]
		if zone == nil {
			var err error
			if zone, err = time.LoadLocation(r.Facts.ZoneName()); err != nil {
				return nil, fmt.Errorf("practice %s: time zone %q: %w", r.PracticeKey, r.Facts.ZoneName(), err)
			}
			zones[r.Facts.ZoneName()] = zone
		}
		days[i] = dayIn(zone)
		ids[i], place[r.ID] = r.ID, i
		details[i] = casebook.PracticeStatus{
			Key: r.PracticeKey, Name: r.Facts.Name(), Phase: casebook.Phase(r.Phase), People: r.People, Delegation: r.Delegation,
			NeedsPerson: r.NeedsPerson, Late: r.Late, Approvals: r.Approvals, OneAccount: r.OneAccount, Notice: r.Notice, Warnings: r.Warnings,
			Obligations: []casebook.ObligationStatus{}, Findings: r.Findings,
		}
		if err := json.Unmarshal(r.Account, &details[i].Account); err != nil {
			return nil, err
		}
		if len(r.MediaSent) > 0 {
			var records []breach.Fact
			if err := json.Unmarshal(r.MediaSent, &records); err != nil {
				return nil, err
			}
			details[i].MediaSent = breach.FactsOf(records)
		}
		if len(r.Posting) > 0 {
			if err := json.Unmarshal(r.Posting, &details[i].Posting); err != nil {
				return nil, err
			}
		}
		details[i].AddsUp = details[i].Account.AddsUpTo(r.Findings)
		delay, err := delayOf(&rows[i], approvers, details[i].Account, zone)
		if err != nil {
			return nil, err
		}
		details[i].Delay = delay
	}
	obligations, err := q.ObligationsOf(ctx, sqlgen.ObligationsOfParams{PracticeIds: ids, Brief: brief})
	if err != nil {
		return nil, err
	}
	for i := range obligations {
		o := &obligations[i]
		status, err := obligationStatus(&o.Obligation, o.Moved, days[place[o.Obligation.PracticeID]])
		if err != nil {
			return nil, err
		}
		d := &details[place[o.Obligation.PracticeID]]
		d.Obligations = append(d.Obligations, status)
	}
	return details, nil
}

// obligationStatus says where an obligation stands on a day. Late is one that
// is open past its due day; DaysLate counts on to the day it was fulfilled
// (45 CFR 160.406 counts each day), so that one fulfilled late still says so.
func obligationStatus(o *sqlgen.Obligation, moved []string, asOf civil.Date) (casebook.ObligationStatus, error) {
	status := casebook.ObligationStatus{Obligation: breachObligation(o), SettledOn: o.SettledOn, Stage: o.Stage}
	status.DaysLate = casebook.DaysLate(o.Due, o.SettledOn, asOf)
	status.Late = status.DaysLate > 0 && o.SettledOn.IsZero()
	for _, day := range moved {
		d, err := civil.Parse(day)
		if err != nil {
			return status, err
		}
		status.Moved = append(status.Moved, d)
	}
	return status, nil
}

// delayOf is from when to when a practice's letters waited that enough people had
// approved, without the count of days, which the law of holds decides. It is nil while
// approvals are wanting. Days are those of the practice's zone, in which its deadlines end.
func delayOf(r *sqlgen.DetailedPracticesRow, approvers int, people account.Account, zone *time.Location) (*casebook.Delay, error) {
	if len(r.ApprovedAt) < approvers {
		return nil, nil //nolint:nilnil // no delay is no error
	}
	delay := &casebook.Delay{
		ReadyOn: civil.OfTime(r.ApprovedAt[approvers-1].In(zone)), SentOn: people.AllMailedOn(),
		Reasons: []casebook.DelayReason{}, Unexplained: []civil.Date{},
	}
	if delay.SentOn.Before(delay.ReadyOn) {
		delay.SentOn = civil.Date{} // that was of earlier letters
	}
	return delay, json.Unmarshal(r.Reasons, &delay.Reasons)
}
