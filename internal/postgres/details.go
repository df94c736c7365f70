package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"duenotice/internal/account"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// Filter chooses practices for StatusDetails; each part that is set narrows it.
type Filter struct {
	Practice string
	// Practices keeps those with one of the keys; none is all.
	Practices []string
	// DueBefore keeps practices whose next open duty is due on or before the day.
	DueBefore civil.Date
	// Late keeps practices with something late.
	Late bool
	// Limit is the most practices returned; 0 means all.
	Limit int
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
		if filter.Practice != "" {
			if _, err := q.PracticeID(ctx, sqlgen.PracticeIDParams{IncidentID: incidentID, PracticeKey: filter.Practice}); err != nil {
				return orUnknownPractice(err, incidentID, filter.Practice)
			}
		}
		rows, err := q.DetailedPractices(ctx, sqlgen.DetailedPracticesParams{
			IncidentID: incidentID, At: at, PracticeKey: filter.Practice, PracticeKeys: filter.Practices, DueBefore: filter.DueBefore, OnlyLate: filter.Late,
			Page: pgtype.Int4{Int32: int32(filter.Limit), Valid: filter.Limit > 0}, // as many as a person asks to see.
		})
		if err != nil {
			return err
		}
		details, err = withObligations(ctx, q, rows, incident.Incident.ApproversNeeded(), func(zone *time.Location) civil.Date { return civil.OfTime(at.In(zone)) })
		return err
	})
	return details, err
}

// withObligations adds them as they stand on a day, which dayIn says for the
// practice's zone: a duty is late from the end of its due day there.
func withObligations(ctx context.Context, q *sqlgen.Queries, rows []sqlgen.DetailedPracticesRow, approvers int, dayIn func(*time.Location) civil.Date) ([]casebook.PracticeStatus, error) {
	details := make([]casebook.PracticeStatus, len(rows))
	ids := make([]int, len(rows))
	place := make(map[int]int, len(rows))
	days := make([]civil.Date, len(rows))
	for i, r := range rows {
		zone, err := time.LoadLocation(r.Facts.ZoneName())
		if err != nil {
			return nil, fmt.Errorf("practice %s: time zone %q: %w", r.PracticeKey, r.Facts.ZoneName(), err)
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
		details[i].AddsUp = details[i].Account.AddsUpTo(r.Findings)
		if details[i].Delay, err = delayOf(&rows[i], approvers, details[i].Account, zone); err != nil {
			return nil, err
		}
	}
	obligations, err := q.ObligationsOf(ctx, ids)
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
