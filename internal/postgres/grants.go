package postgres

import (
	"context"
	"slices"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/postgres/sqlgen"
)

func readGrants(ctx context.Context, q *sqlgen.Queries) ([]access.Grant, error) {
	rows, err := q.Grants(ctx)
	if err != nil {
		return nil, err
	}
	grants := make([]access.Grant, len(rows))
	for i, r := range rows {
		grants[i] = access.Grant{
			Identity: access.Identity(r.Identity), Name: r.Name, Role: access.Role(r.Role), IncidentID: r.IncidentID, PracticeKey: r.PracticeKey,
		}
	}
	return grants, nil
}

// RoleChange is one row of the record of who was given which role.
type RoleChange struct {
	access.Grant
	// Granted is false when the role was taken away.
	Granted bool
	// Who decided, as given with --by, and in whose session.
	Who string
	By  access.Identity
	At  time.Time
}

// RoleChanges returns the whole record, in its order, as far as the store's role reaches.
func (s *Store) RoleChanges(ctx context.Context) ([]RoleChange, error) {
	rows, err := s.q.RoleChanges(ctx)
	if err != nil {
		return nil, err
	}
	changes := make([]RoleChange, len(rows))
	for i, r := range rows {
		changes[i] = RoleChange{
			Grant: access.Grant{
				Identity: access.Identity(r.Identity), Name: r.Name, Role: access.Role(r.Role), IncidentID: r.IncidentID, PracticeKey: r.PracticeKey,
			},
			Granted: r.Granted, Who: r.Who, By: access.Identity(r.ByIdentity), At: r.At.UTC(),
		}
	}
	return changes, nil
}

// ChangeRole grants a role or takes it away; fresh is false when it was so
// already. The store must work as an officer for every incident: the database
// lets nobody else write it. What access.Change refuses is refused here.
func (s *Store) ChangeRole(ctx context.Context, change RoleChange) (fresh bool, err error) {
	if breach.PersonNamed(change.Who) == "" {
		return false, breach.Refuse("no_name", "Give the name of the person who decided with --by.", "a role is given by somebody")
	}
	if err := breach.CheckPersonName("--by", change.Who); err != nil {
		return false, err
	}
	err = s.inNameOf(ctx, change.By, func(q *sqlgen.Queries) error {
		if err := q.LockGrants(ctx); err != nil {
			return err
		}
		grants, err := readGrants(ctx, q)
		if err != nil {
			return err
		}
		if err := access.Change(grants, change.Grant, change.Granted, change.By); err != nil {
			return err
		}
		if slices.ContainsFunc(grants, change.Same) == change.Granted {
			return nil
		}
		fresh = true
		return q.InsertRoleChange(ctx, sqlgen.InsertRoleChangeParams{
			Identity: string(change.Identity), Name: change.Name, Role: string(change.Role), IncidentID: change.IncidentID,
			PracticeKey: change.PracticeKey, Granted: change.Granted, Who: change.Who, At: change.At,
		})
	})
	return fresh && err == nil, err
}
