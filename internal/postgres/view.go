package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// keptLogins are the links and sessions a person can have: a browser or two, and
// those forgotten in another.
const keptLogins = 10

// AddUILink keeps a link into Temporal's UI, and forgets those that are over and
// the oldest of a person who has many.
func (s *Store) AddUILink(ctx context.Context, link casebook.UILink, now time.Time) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := q.ForgetUILogins(ctx, now); err != nil {
			return err
		}
		err := q.InsertUILink(ctx, sqlgen.InsertUILinkParams{LinkSHA256: link.SHA256, Who: link.Who, Identity: link.Identity, LinkUntil: link.Until})
		if err != nil {
			return err
		}
		return q.TrimUILogins(ctx, sqlgen.TrimUILoginsParams{Identity: link.Identity, Who: link.Who, Kept: keptLogins})
	})
}

// OpenUISession makes a session of the link with this hash and returns whose it
// is. A link that is unknown, over or used already gives "".
func (s *Store) OpenUISession(ctx context.Context, linkSHA256 string, session casebook.UISession, now time.Time) (who string, err error) {
	who, err = s.q.OpenUISession(ctx, sqlgen.OpenUISessionParams{
		LinkSHA256: linkSHA256, SessionSHA256: session.SHA256, SessionUntil: session.Until, Now: now,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return who, err
}

// UISession returns whose session has this hash, with "" when there is none now,
// and of which incidents they may watch the workflows now (access.Incidents).
func (s *Store) UISession(ctx context.Context, sha256 string, now time.Time) (who string, incidents []string, err error) {
	row, err := s.q.UISession(ctx, sqlgen.UISessionParams{SessionSHA256: sha256, Now: now})
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	grants, err := readGrants(ctx, s.q)
	if err != nil {
		return "", nil, err
	}
	return row.Who, access.Incidents(grants, access.Identity(row.Identity), access.Watch), nil
}

// AddPayloadView writes down that somebody had payloads decoded.
func (s *Store) AddPayloadView(ctx context.Context, v casebook.PayloadView) error {
	err := s.q.InsertPayloadView(ctx, sqlgen.InsertPayloadViewParams(v))
	if err != nil {
		return fmt.Errorf("that payloads were looked at could not be written down: %w", err)
	}
	return nil
}

// PayloadViews returns every one, the oldest first.
func (s *Store) PayloadViews(ctx context.Context) ([]casebook.PayloadView, error) {
	rows, err := s.q.PayloadViews(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]casebook.PayloadView, len(rows))
	for i, row := range rows {
		views[i] = casebook.PayloadView(row)
	}
	return views, nil
}
