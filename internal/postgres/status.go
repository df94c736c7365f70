package postgres

import (
	"context"
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// Status counts where the incident stands at an instant, which is on asOf where
// the officers are. Late counts practices, not obligations. A finding under a
// law-enforcement hold counts as not yet approved: a hold moves the day of a
// letter and takes nobody's away.
func (s *Store) Status(ctx context.Context, incidentID string, at time.Time, asOf civil.Date) (casebook.Status, error) {
	var status casebook.Status
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		status, err = readStatus(ctx, q, incident, at, asOf)
		return err
	})
	return status, err
}

func readStatus(ctx context.Context, q *sqlgen.Queries, incident casebook.Incident, at time.Time, asOf civil.Date) (casebook.Status, error) {
	incidentID := incident.Incident.ID
	status := casebook.Status{
		Incident: incidentID, Entity: incident.Incident.Entity.Name, Phase: incident.Phase,
		AsOf: asOf, Discovered: incident.Incident.Discovered, DayOf60: asOf.DaysSince(incident.Incident.Discovered),
		Practices: incident.Practices, People: incident.People, Holds: incident.Incident.Holds,
		Phases: []casebook.PhaseCount{},
	}
	if status.Holds == nil {
		status.Holds = []breach.Hold{} // a list in JSON, never null
	}
	if err := countPhases(ctx, q, &status, at); err != nil {
		return status, err
	}
	late, err := q.DoneLate(ctx, incidentID)
	if err != nil {
		return status, err
	}
	status.DoneLate, status.DoneLateDays = late.Duties, late.Days
	if status.Account, err = statusAccount(ctx, q, incidentID); err != nil {
		return status, err
	}
	if status.Letters, err = letterCounts(ctx, q, incidentID, status.Account.Lines); err != nil {
		return status, err
	}
	var accepted breach.HaltCounts
	if status.HaltCounts, accepted, err = haltCounts(ctx, q, incidentID); err != nil {
		return status, err
	}
	status.Halted = append([]breach.HaltReason{}, incident.Incident.PrintRun.Halt.Halted(status.HaltCounts, accepted)...)
	if people := status.Account.Lines; people.In(account.Waiting, account.Held, account.Printing) > 0 {
		check, err := latestAddressCheck(ctx, q, incident.Incident)
		if err != nil {
			return status, err
		}
		status.AddressCheck = check.Worry(asOf)
	}
	if status.Recalls, err = recalls(ctx, q, incidentID); err != nil {
		return status, err
	}
	if status.Notices, err = noticeCounts(ctx, q, incidentID, incident.NoticesKeptBack); err != nil {
		return status, err
	}
	status.Pages, err = pageCounts(ctx, q, incidentID)
	return status, err
}

// statusAccount is everybody by state, and whether that is everybody.
func statusAccount(ctx context.Context, q *sqlgen.Queries, incidentID string) (casebook.IncidentAccount, error) {
	whole := casebook.IncidentAccount{}
	var err error
	if whole.Lines, err = accountOf(ctx, q, incidentID); err != nil {
		return whole, err
	}
	if whole.Findings, err = q.Findings(ctx, incidentID); err != nil {
		return whole, err
	}
	wrong, err := q.AccountsThatDoNotAddUp(ctx, incidentID)
	for _, w := range wrong {
		whole.DoNotAddUp = append(whole.DoNotAddUp, w.PracticeKey)
	}
	whole.AddsUp = len(wrong) == 0
	return whole, err
}

// Recount compares what is kept of each practice for counting, by triggers, with what there
// is, and mends it where it differs: it returns the keys of those practices, which are none
// unless somebody changed the tables past the triggers.
func (s *Store) Recount(ctx context.Context, incidentID string) ([]string, error) {
	return s.q.RecountPractices(ctx, incidentID)
}

// OutOfDate is how many practices' standing is being worked out again.
func (s *Store) OutOfDate(ctx context.Context, incidentID string) (int, error) {
	return s.q.OutOfDate(ctx, incidentID)
}

// Outdated returns those of the practices that OutOfDate counts.
func (s *Store) Outdated(ctx context.Context, incidentID string, practiceKeys []string) ([]string, error) {
	return s.q.Outdated(ctx, sqlgen.OutdatedParams{IncidentID: incidentID, PracticeKeys: practiceKeys})
}

// LettersToPrint is how many practices have letters that may be printed and are in no mail run.
func (s *Store) LettersToPrint(ctx context.Context, incidentID string) (int, error) {
	return s.q.LettersToPrint(ctx, sqlgen.LettersToPrintParams{IncidentID: incidentID, Waiting: string(account.Waiting)})
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

func countPhases(ctx context.Context, q *sqlgen.Queries, status *casebook.Status, at time.Time) error {
	rows, err := q.PhaseCounts(ctx, sqlgen.PhaseCountsParams{IncidentID: status.Incident, At: at})
	if err != nil {
		return err
	}
	counts := map[casebook.Phase]casebook.PhaseCount{}
	for _, r := range rows {
		phase := casebook.Phase(r.Phase)
		counts[phase] = casebook.PhaseCount{Phase: phase, Practices: r.Practices, People: r.People, Late: r.Late, OldestDue: r.OldestDue}
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

// letterCounts are the contract's counts, from the account.
func letterCounts(ctx context.Context, q *sqlgen.Queries, incidentID string, people account.Account) (casebook.LetterCounts, error) {
	counts := casebook.LetterCountsOf(people)
	batches, err := q.BatchTotals(ctx, incidentID)
	if err != nil {
		return counts, err
	}
	counts.Pages, counts.Batches = batches.Pages, batches.Batches
	counts.Returned, err = q.LettersReturned(ctx, incidentID)
	return counts, err
}

// Summary returns the contract's counts; TemporalUI is left empty.
func (s *Store) Summary(ctx context.Context, incidentID string, at time.Time) (casebook.Summary, error) {
	var summary casebook.Summary
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		incident, err := readIncident(ctx, q, incidentID)
		if err != nil {
			return err
		}
		people, err := accountOf(ctx, q, incidentID)
		if err != nil {
			return err
		}
		counts, err := letterCounts(ctx, q, incidentID, people)
		if err != nil {
			return err
		}
		owed, err := q.ObligationCounts(ctx, incidentID)
		if err != nil {
			return err
		}
		practices, err := q.PracticeTotals(ctx, sqlgen.PracticeTotalsParams{IncidentID: incidentID, At: at})
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

// spent returns how long the steps took, as the rows tell. Rendering is the sum
// over batches, whether or not they were rendered at the same time; waits for
// people are in none of them.
func spent(ctx context.Context, q *sqlgen.Queries, incidentID string) (casebook.Seconds, error) {
	t, err := q.Timings(ctx, incidentID)
	if err != nil {
		return casebook.Seconds{}, err
	}
	batches, err := q.BatchTotals(ctx, incidentID)
	return casebook.Seconds{Load: t.Load, Plan: t.Plan, Render: batches.Seconds, Total: t.Load + t.Plan + batches.Seconds}, err
}
