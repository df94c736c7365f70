package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// RunBy names the account of this machine that the worker runs under. Acts that are
// asked for under it may be of different people (access.OneName).
func RunBy(account string) Option { return func(s *Store) { s.worker = access.OfAccount(account) } }

// oneName refuses an act that takes two people where its identity did such a one under
// another name. It is asked with what the act is about locked, so that of two at the
// same time the second sees the first. Where somebody holds a role, each identity has
// the name that its roles were given to (Authorise).
func (s *Store) oneName(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	if !access.TakesTwo(act.Kind) || act.Identity == "" {
		return nil
	}
	grants, err := readGrants(ctx, q)
	if err != nil || !access.Open(grants) {
		return err
	}
	before, err := q.FirstSigned(ctx, sqlgen.FirstSignedParams{IncidentID: act.IncidentID, Identity: act.Identity})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return access.OneName(s.worker, access.Identity(act.Identity), before, act.Who)
}
