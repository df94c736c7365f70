package postgres

import (
	"context"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// HaltCounts are what an incident's halt line is held against, and what the person saw
// who last let printing go on; zero where nobody had to.
func (s *Store) HaltCounts(ctx context.Context, incidentID string) (now, accepted breach.HaltCounts, err error) {
	err = s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		now, accepted, err = haltCounts(ctx, q, incidentID)
		return err
	})
	return now, accepted, err
}

func haltCounts(ctx context.Context, q *sqlgen.Queries, incidentID string) (now, accepted breach.HaltCounts, err error) {
	row, err := q.HaltCounts(ctx, sqlgen.HaltCountsParams{IncidentID: incidentID, Held: string(account.Held), Misread: string(breach.HeldMisread)})
	if err != nil {
		return now, accepted, err
	}
	now = breach.HaltCounts{Printed: row.Printed, Returned: row.Returned, FailedChecks: row.FailedChecks, Disputed: row.Disputed}
	acts, err := q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: incidentID, Kinds: []string{casebook.ActResume, casebook.ActReprint}})
	if err != nil {
		return now, accepted, err
	}
	accepted, err = acceptedBy(acts, incidentID)
	return now, accepted, err
}

// Halted is why printing of an incident pauses, nothing where it goes on.
func (s *Store) Halted(ctx context.Context, incidentID string) ([]breach.HaltReason, error) {
	incident, err := s.Incident(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	now, accepted, err := s.HaltCounts(ctx, incidentID)
	return incident.Incident.PrintRun.Halt.Halted(now, accepted), err
}

// errAccount stops printing where people do not add up: whoever is missing from the
// account might be printed for nobody, or not at all.
func errAccount(format string, args ...any) error {
	return breach.Refuse("account_differs", "Run status: its account names the practices. Let whoever operates the program compare the database with its backup before anything is printed.", format, args...)
}

// accountAddsUp refuses to print for an incident whose account of people is of another
// number than its lists.
func accountAddsUp(ctx context.Context, q *sqlgen.Queries, incidentID string) error {
	wrong, err := q.AccountsThatDoNotAddUp(ctx, incidentID)
	if err == nil && len(wrong) > 0 {
		return errAccount("the account of practice %s has %d people and its lists have %d: no letter is printed", wrong[0].PracticeKey, wrong[0].Accounted, wrong[0].Findings)
	}
	return err
}
