package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// keptSignIns are the links and the sessions that a person can have: a browser or
// two, and those forgotten in another.
const keptSignIns = 10

// Why a session ended, in the record's words.
const (
	endedOver    = "its time was over"
	endedIdle    = "nobody used it"
	endedAnother = "signed in anew in this browser"
	endedTooMany = "the person signed in elsewhere, too often"
	endedPasskey = "its passkey was taken away"
)

// seenEvery is how exactly a session's last request is kept.
const seenEvery = time.Minute

// AddSignInLink keeps a link, and forgets those that are over and the oldest of a
// person who has many.
func (s *Store) AddSignInLink(ctx context.Context, link casebook.SignInLink, now time.Time) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := q.ForgetSignInLinks(ctx, now); err != nil {
			return err
		}
		if err := q.InsertSignInLink(ctx, sqlgen.InsertSignInLinkParams(link)); err != nil {
			return err
		}
		return q.TrimSignInLinks(ctx, sqlgen.TrimSignInLinksParams{Identity: link.Identity, Who: link.Who, Kept: keptSignIns})
	})
}

// BeginSessionByLink makes a session of the link with this hash and returns it. A
// link that is unknown, over or used already gives none: its ID is 0. replaces is
// the hash of the session that the same browser had, which ends; "" for none.
func (s *Store) BeginSessionByLink(ctx context.Context, linkSHA256 string, session casebook.DoorSession, replaces string) (begun casebook.DoorSession, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		link, err := q.UseSignInLink(ctx, sqlgen.UseSignInLinkParams{SHA256: linkSHA256, Now: session.Began})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		session.Who, session.Identity = link.Who, link.Identity
		begun, err = beginSession(ctx, q, session, replaces)
		return err
	})
	return begun, err
}

// BeginSession keeps a session of somebody who showed otherwise who they are.
func (s *Store) BeginSession(ctx context.Context, session casebook.DoorSession, replaces string) (begun casebook.DoorSession, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		begun, err = beginSession(ctx, q, session, replaces)
		return err
	})
	return begun, err
}

// beginSession writes down that it began, in the transaction in which it does.
func beginSession(ctx context.Context, q *sqlgen.Queries, session casebook.DoorSession, replaces string) (casebook.DoorSession, error) {
	now := session.Began
	if err := endOver(ctx, q, now); err != nil {
		return session, err
	}
	if replaces != "" {
		before, err := q.EndDoorSession(ctx, replaces)
		if err := errors.Join(err, recordEnds(ctx, q, before, now, endedAnother, "")); err != nil {
			return session, err
		}
	}
	id, err := q.InsertDoorSession(ctx, sqlgen.InsertDoorSessionParams{
		SHA256: session.SHA256, Who: session.Who, Identity: session.Identity, How: session.How, PasskeyID: session.PasskeyID,
		Address: session.Address, Browser: session.Browser, Began: now, Until: session.Until,
	})
	if err != nil {
		return session, err
	}
	session.ID, session.Seen = id, now
	err = q.InsertDoorEvent(ctx, sqlgen.InsertDoorEventParams{
		At: now, What: casebook.DoorSignedIn, Who: session.Who, Identity: session.Identity, How: session.How,
		SessionID: id, Address: session.Address, Browser: session.Browser, Times: 1,
	})
	if err != nil {
		return session, err
	}
	many, err := q.TrimDoorSessions(ctx, sqlgen.TrimDoorSessionsParams{Identity: session.Identity, Who: session.Who, Kept: keptSignIns})
	return session, errors.Join(err, recordEnds(ctx, q, many, now, endedTooMany, ""))
}

// endOver takes away what time ended, and writes down when that was.
func endOver(ctx context.Context, q *sqlgen.Queries, now time.Time) error {
	over, err := q.EndOverDoorSessions(ctx, sqlgen.EndOverDoorSessionsParams{Now: now, IdleSince: now.Add(-casebook.DoorSessionIdle)})
	if err != nil {
		return err
	}
	slices.SortFunc(over, func(a, b sqlgen.DoorSession) int { return a.ID - b.ID }) // PostgreSQL promises no order
	for _, row := range over {
		at, why := row.Until, endedOver
		if idle := row.Seen.Add(casebook.DoorSessionIdle); idle.Before(at) {
			at, why = idle, endedIdle
		}
		if err := recordEnds(ctx, q, []sqlgen.DoorSession{row}, at, why, ""); err != nil {
			return err
		}
	}
	return nil
}

func recordEnds(ctx context.Context, q *sqlgen.Queries, ended []sqlgen.DoorSession, at time.Time, why, by string) error {
	for _, row := range ended {
		err := q.InsertDoorEvent(ctx, sqlgen.InsertDoorEventParams{
			At: at, What: casebook.DoorEnded, Who: row.Who, Identity: row.Identity, How: row.How, SessionID: row.ID,
			Address: row.Address, Browser: row.Browser, Times: 1, Why: why, ByWhom: by,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Session returns the session with this hash, whose ID is 0 when there is none now,
// and all roles that are held now. It notes that the session is used.
func (s *Store) Session(ctx context.Context, sha256 string, now time.Time) (session casebook.DoorSession, grants []access.Grant, err error) {
	row, err := s.q.DoorSession(ctx, sqlgen.DoorSessionParams{SHA256: sha256, Now: now, IdleSince: now.Add(-casebook.DoorSessionIdle)})
	if errors.Is(err, pgx.ErrNoRows) {
		return session, nil, nil
	}
	if err != nil {
		return session, nil, err
	}
	// A page with a hundred requests writes once.
	if now.Sub(row.Seen) >= seenEvery {
		if err := s.q.SeeDoorSession(ctx, sqlgen.SeeDoorSessionParams{Now: now, ID: row.ID}); err != nil {
			return session, nil, err
		}
		row.Seen = now
	}
	grants, err = readGrants(ctx, s.q)
	return sessionOf(row), grants, err
}

// Grants are all roles that are held now, as far as the store's role reaches.
func (s *Store) Grants(ctx context.Context) ([]access.Grant, error) { return readGrants(ctx, s.q) }

// Sessions returns those that go on, the oldest first: of one identity, or with ""
// of everybody.
func (s *Store) Sessions(ctx context.Context, identity access.Identity, now time.Time) ([]casebook.DoorSession, error) {
	rows, err := s.q.DoorSessions(ctx, sqlgen.DoorSessionsParams{Now: now, IdleSince: now.Add(-casebook.DoorSessionIdle), Identity: string(identity)})
	if err != nil {
		return nil, err
	}
	list := make([]casebook.DoorSession, len(rows))
	for i, row := range rows {
		list[i] = sessionOf(row)
	}
	return list, nil
}

// EndSession ends a session for somebody: one of their own, or with others anybody's.
// name is theirs in the record. One that is not there is refused with code
// "unknown_session".
func (s *Store) EndSession(ctx context.Context, id int, who access.Identity, others bool, name string, now time.Time) error {
	of := string(who)
	if others {
		of = ""
	}
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := endOver(ctx, q, now); err != nil {
			return err
		}
		ended, err := q.EndDoorSessionByID(ctx, sqlgen.EndDoorSessionByIDParams{ID: id, Identity: of})
		if err != nil {
			return err
		}
		if len(ended) == 0 {
			return breach.Refuse("unknown_session", "Look at the list of sessions: it may have ended meanwhile.", "there is no session %d that could be ended", id)
		}
		why := "an officer ended it"
		if ended[0].Identity == string(who) {
			why = "its person ended it"
		}
		return recordEnds(ctx, q, ended, now, why, name)
	})
}

// AddDoorEvent writes a row of the record.
func (s *Store) AddDoorEvent(ctx context.Context, e casebook.DoorEvent) error {
	return s.q.InsertDoorEvent(ctx, sqlgen.InsertDoorEventParams(e))
}

// DoorEvents returns the whole record, in its order, with what time ended before now.
func (s *Store) DoorEvents(ctx context.Context, now time.Time) ([]casebook.DoorEvent, error) {
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error { return endOver(ctx, q, now) })
	if err != nil {
		return nil, err
	}
	rows, err := s.q.DoorEvents(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]casebook.DoorEvent, len(rows))
	for i, row := range rows {
		list[i] = casebook.DoorEvent(row)
		list[i].At = row.At.UTC()
	}
	return list, nil
}

func sessionOf(row sqlgen.DoorSession) casebook.DoorSession {
	return casebook.DoorSession{
		ID: row.ID, SHA256: row.SHA256, Who: row.Who, Identity: row.Identity, How: row.How, PasskeyID: row.PasskeyID,
		Address: row.Address, Browser: row.Browser, Began: row.Began.UTC(), Seen: row.Seen.UTC(), Until: row.Until.UTC(),
	}
}
