package postgres

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// Status counts where the incident stands on a day. Late counts practices, not
// obligations. A finding under a law-enforcement hold counts as not yet
// approved: a hold moves the day of a letter and takes nobody's away.
func (s *Store) Status(ctx context.Context, incidentID string, asOf civil.Date) (casebook.Status, error) {
	var status casebook.Status
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		status = casebook.Status{
			Incident: incidentID, Entity: incident.Facts.Entity.Name, Phase: incident.Phase,
			AsOf: asOf, Discovered: incident.Facts.Discovered, DayOf60: asOf.DaysSince(incident.Facts.Discovered),
			Practices: incident.Practices, People: incident.People, Holds: incident.Facts.Holds,
			Phases: []casebook.PhaseCount{},
		}
		if status.Holds == nil {
			status.Holds = []breach.Hold{} // a list in JSON, never null
		}
		if err := countPhases(ctx, q, &status); err != nil {
			return err
		}
		late, err := q.DoneLate(ctx, incidentID)
		if err != nil {
			return err
		}
		status.DoneLate, status.DoneLateDays = late.Duties, late.Days
		status.Letters, err = letterCounts(ctx, q, incident.Facts)
		return err
	})
	return status, err
}

// AgenciesToTell returns the duties to tell an agency: of one practice, or of all
// of the incident's when practiceKey is empty.
func (s *Store) AgenciesToTell(ctx context.Context, incidentID, practiceKey string) ([]casebook.AgencyDuty, error) {
	rows, err := s.q.AgenciesToTell(ctx, sqlgen.AgenciesToTellParams{
		IncidentID: incidentID, PracticeKey: practiceKey, Kinds: []string{breach.RegulatorNotice, breach.FacilityNotice},
	})
	if err != nil {
		return nil, err
	}
	owed := make([]casebook.AgencyDuty, len(rows))
	for i, r := range rows {
		owed[i] = casebook.AgencyDuty{Obligation: breach.Obligation{Rule: r.Rule, Jurisdiction: r.Jurisdiction, Form: r.Form, Count: r.Count}, Open: r.Open}
	}
	return owed, nil
}

func countPhases(ctx context.Context, q *sqlgen.Queries, status *casebook.Status) error {
	rows, err := q.PhaseCounts(ctx, sqlgen.PhaseCountsParams{IncidentID: status.Incident, AsOf: status.AsOf})
	if err != nil {
		return err
	}
	counts := map[casebook.Phase]casebook.PhaseCount{}
	for _, r := range rows {
		phase := casebook.Phase(r.Phase)
		counts[phase] = casebook.PhaseCount{Phase: phase, Practices: r.Practices, People: r.People, OldestDue: r.OldestDue}
		status.Launched += r.Launched
		status.Late += r.Late
		status.NeedsPerson += r.NeedsPerson
		status.NextDue = civil.Earlier(status.NextDue, r.OldestDue)
	}
	for _, phase := range casebook.Phases {
		if count, ok := counts[phase]; ok {
			status.Phases = append(status.Phases, count)
		}
	}
	return nil
}

// letterCounts sums up what became of every finding. Letters and Joined are in
// finished batches; a finding planned but not printed is not yet approved.
func letterCounts(ctx context.Context, q *sqlgen.Queries, facts breach.Incident) (casebook.LetterCounts, error) {
	c, err := q.LetterCounts(ctx, sqlgen.LetterCountsParams{IncidentID: facts.ID, DelegationNotNeeded: needsNoDelegation(facts)})
	if err != nil {
		return casebook.LetterCounts{}, err
	}
	batches, err := q.BatchTotals(ctx, facts.ID)
	return casebook.LetterCounts{
		Findings: c.Findings, Letters: c.Letters, Joined: c.Joined, Held: c.Held, Unaddressable: c.Unaddressable,
		NotDelegated: c.NotDelegated, NotYetApproved: c.NotYetApproved, NotProtected: c.NotProtected,
		Returned: c.Returned,
		Pages:    batches.Pages, Batches: batches.Batches,
	}, err
}

// Summary returns the contract's counts; TemporalUI is left empty.
func (s *Store) Summary(ctx context.Context, incidentID string) (casebook.Summary, error) {
	var summary casebook.Summary
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		counts, err := letterCounts(ctx, q, incident.Facts)
		if err != nil {
			return err
		}
		owed, err := q.ObligationCounts(ctx, incidentID)
		if err != nil {
			return err
		}
		practices, err := q.PracticeTotals(ctx, incidentID)
		if err != nil {
			return err
		}
		seconds, err := spent(ctx, q, incidentID)
		summary = casebook.Summary{
			Incident: incidentID, Practices: incident.Practices, People: incident.People,
			Letters: counts.Letters, Pages: counts.Pages, Batches: counts.Batches,
			PracticeNotices: practices.Notices, HHSImmediate: owed.HHSImmediate, HHSAnnual: owed.HHSAnnual,
			MediaNotices: owed.MediaNotices, RegulatorNotices: owed.RegulatorNotices,
			Late: practices.Late, Seconds: seconds, Phase: incident.Phase, Counts: counts,
		}
		return err
	})
	return summary, err
}

// spent returns how long the steps took: as noted with NoteSeconds, else as
// the rows tell. Rendering is the sum over batches, whether or not they were
// rendered at the same time; waits for people are in none of them.
func spent(ctx context.Context, q *sqlgen.Queries, incidentID string) (casebook.Seconds, error) {
	t, err := q.Timings(ctx, incidentID)
	if err != nil {
		return casebook.Seconds{}, err
	}
	batches, err := q.BatchTotals(ctx, incidentID)
	seconds := casebook.Seconds{Load: t.Load, Plan: t.Plan, Render: t.Render, Total: t.Total}
	if seconds.Render < 0 {
		seconds.Render = batches.Seconds
	}
	if seconds.Total < 0 {
		seconds.Total = seconds.Load + seconds.Plan + seconds.Render
	}
	return seconds, err
}
