package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// maxPasskeys is how many a person can have: one for each machine they work on.
const maxPasskeys = 20

// AddPasskey keeps a passkey that the session's person made. It is refused with code
// "passkeys" when the person has too many, or when somebody has it already.
func (s *Store) AddPasskey(ctx context.Context, p casebook.Passkey, session casebook.DoorSession) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		there, err := q.Passkeys(ctx, p.Identity)
		if err != nil {
			return err
		}
		if len(there) >= maxPasskeys {
			return breach.Refuse("passkeys", "Take one away first.", "a person has %d passkeys at most", maxPasskeys)
		}
		_, err = q.PasskeyByCredential(ctx, p.Credential)
		switch {
		case err == nil:
			return breach.Refuse("passkeys", "Sign in by it.", "this passkey is there already")
		case !errors.Is(err, pgx.ErrNoRows):
			return err
		}
		_, err = q.InsertPasskey(ctx, sqlgen.InsertPasskeyParams{
			Credential: p.Credential, Handle: p.Handle, Who: p.Who, Identity: p.Identity, Kept: p.Kept, Label: p.Label, Added: p.Added,
		})
		if err != nil {
			return err
		}
		return q.InsertDoorEvent(ctx, sqlgen.InsertDoorEventParams{
			At: p.Added, What: casebook.DoorPasskeyAdded, Who: p.Who, Identity: p.Identity, How: casebook.ByPasskey, SessionID: session.ID,
			Address: session.Address, Browser: session.Browser, Times: 1, Why: p.Label,
		})
	})
}

// Passkeys returns them, the oldest first: of one identity, or with "" of everybody.
func (s *Store) Passkeys(ctx context.Context, identity access.Identity) ([]casebook.Passkey, error) {
	rows, err := s.q.Passkeys(ctx, string(identity))
	if err != nil {
		return nil, err
	}
	list := make([]casebook.Passkey, len(rows))
	for i, row := range rows {
		list[i] = passkeyOf(row)
	}
	return list, nil
}

// Passkey returns the one that the authenticator calls so; its ID is 0 when there is none.
func (s *Store) Passkey(ctx context.Context, credential []byte) (casebook.Passkey, error) {
	row, err := s.q.PasskeyByCredential(ctx, credential)
	if errors.Is(err, pgx.ErrNoRows) {
		return casebook.Passkey{}, nil
	}
	return passkeyOf(row), err
}

// BeginSessionByPasskey keeps a session, and what its passkey is like after it was
// used. A passkey that was taken away meanwhile gives none: the session's ID is 0.
func (s *Store) BeginSessionByPasskey(ctx context.Context, p casebook.Passkey, session casebook.DoorSession, replaces string) (begun casebook.DoorSession, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		used, err := q.UsePasskey(ctx, sqlgen.UsePasskeyParams{Kept: p.Kept, Used: session.Began, ID: p.ID})
		if err != nil || used == 0 {
			return err
		}
		session.Who, session.Identity, session.PasskeyID = p.Who, p.Identity, p.ID
		begun, err = beginSession(ctx, q, session, replaces)
		return err
	})
	return begun, err
}

// RemovePasskey takes away a passkey of the identity, or with "" anybody's, and ends
// the sessions that began by it. One that is not there is refused with code
// "unknown_passkey".
func (s *Store) RemovePasskey(ctx context.Context, id int, of access.Identity, by string, now time.Time) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		removed, err := q.RemovePasskey(ctx, sqlgen.RemovePasskeyParams{ID: id, Identity: string(of)})
		if err != nil {
			return err
		}
		if len(removed) == 0 {
			return breach.Refuse("unknown_passkey", "Look at the list of passkeys.", "there is no passkey %d that could be taken away", id)
		}
		for _, p := range removed {
			err := q.InsertDoorEvent(ctx, sqlgen.InsertDoorEventParams{
				At: now, What: casebook.DoorPasskeyRemoved, Who: p.Who, Identity: p.Identity, How: casebook.ByPasskey, Times: 1, Why: p.Label, ByWhom: by,
			})
			if err != nil {
				return err
			}
		}
		ended, err := q.EndPasskeySessions(ctx, id)
		return errors.Join(err, recordEnds(ctx, q, ended, now, endedPasskey, by))
	})
}

func passkeyOf(row sqlgen.DoorPasskey) casebook.Passkey {
	p := casebook.Passkey{
		ID: row.ID, Credential: row.Credential, Handle: row.Handle, Who: row.Who, Identity: row.Identity, Kept: row.Kept, Label: row.Label, Added: row.Added.UTC(),
	}
	if row.Used != nil {
		p.Used = row.Used.UTC()
	}
	return p
}
