package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// Reveal returns one patient's row, after what asks for it is on record and in
// the practice's chain, in a transaction of its own. The store must work as an
// officer, whom the database lets read no other row, and this one for five
// minutes. A person who is not there is refused with code "unknown_person"; the
// attempt stays on record.
func (s *Store) Reveal(ctx context.Context, ask casebook.Reveal) (breach.Person, error) {
	if err := checkLook(ask); err != nil {
		return breach.Person{}, err
	}
	practiceID, err := s.q.PracticeID(ctx, sqlgen.PracticeIDParams{IncidentID: ask.IncidentID, PracticeKey: ask.PracticeKey})
	if err != nil {
		return breach.Person{}, orUnknownPractice(err, ask.IncidentID, ask.PracticeKey)
	}
	key, err := s.dataKey(ctx, s.q, ask.IncidentID)
	if err != nil {
		return breach.Person{}, err
	}
	// Committed by itself: nothing is shown before it is safe.
	err = s.inNameOf(ctx, access.Identity(ask.Identity), func(q *sqlgen.Queries) error {
		return q.InsertReveal(ctx, sqlgen.InsertRevealParams{
			IncidentID: ask.IncidentID, PracticeKey: ask.PracticeKey, PracticeID: practiceID, PersonKey: ask.PersonKey, Reason: ask.Reason, Who: ask.Who,
		})
	})
	if err != nil {
		return breach.Person{}, err
	}
	row, err := s.q.PersonOfPractice(ctx, sqlgen.PersonOfPracticeParams{PracticeID: practiceID, PersonKey: ask.PersonKey})
	if errors.Is(err, pgx.ErrNoRows) {
		return breach.Person{}, breach.Refuse("unknown_person", "Check the key against the practice's people.csv.",
			"practice %s of %s has nobody under that key", ask.PracticeKey, ask.IncidentID)
	}
	if err != nil {
		return breach.Person{}, err
	}
	return finding.NewReader(ask.IncidentID, key).Person(&row.Finding, ask.PracticeKey)
}

// checkLook refuses a look without a reason, or by nobody.
func checkLook(ask casebook.Reveal) error {
	switch {
	case breach.FoldText(ask.Reason) == "":
		return breach.Refuse("no_reason", "Say with --reason what it is needed for.", "a patient's row is shown only for a reason")
	case breach.PersonNamed(ask.Who) == "":
		return breach.Refuse("no_name", "Give the name of the person who looks with --by.", "a patient's row is shown only to somebody")
	}
	if err := casebook.Readable("--reason", ask.Reason); err != nil {
		return err
	}
	return breach.CheckPersonName("--by", ask.Who)
}

// Reveals returns who looked at whose row and why, in order.
func (s *Store) Reveals(ctx context.Context, incidentID string) ([]casebook.Reveal, error) {
	rows, err := s.q.Reveals(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	list := make([]casebook.Reveal, len(rows))
	for i, r := range rows {
		list[i] = casebook.Reveal{
			IncidentID: incidentID, PracticeKey: r.PracticeKey, PersonKey: r.PersonKey, Reason: r.Reason, Who: r.Who, Identity: r.ByIdentity, At: r.At.UTC(),
		}
	}
	return list, nil
}
