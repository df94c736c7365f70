package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"duenotice/internal/ledger"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/sqlgen"
)

// TakeTurn lets do carry out answers while no other worker does. taken is false, and do
// is not called, while another one has the turn; one that dies loses it with its
// connection. What do changes is not part of the turn's transaction.
func (s *Store) TakeTurn(ctx context.Context, do func(ctx context.Context) error) (taken bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		_, err := q.TakeAnswerTurn(ctx)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		taken = true
		return do(ctx)
	})
	return taken, err
}

// Signed is the paper that was made of an answer which a practice signed. It lies in
// the incident's folder as Proof(SHA256, ".pdf").
type Signed struct {
	AnswerID uuid.UUID
	// ActID is the act that the answer became, "" where it was so already. NoteSigned
	// finds it by itself.
	ActID  string
	SHA256 string
	Bytes  int64
	// At is when the practice answered.
	At time.Time
}

// NoteSigned writes down the paper of an answer, in the practice's chain too, once.
func (s *Store) NoteSigned(ctx context.Context, ref AnswerRef, made Signed) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, ref.Of.IncidentID, ref.Of.Key); err != nil {
			return err
		}
		act, err := q.InsertSigned(ctx, sqlgen.InsertSignedParams{ID: ref.ID, SHA256: made.SHA256, Bytes: int(made.Bytes)})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		// Its page has the paper too.
		if err := q.PacketWaits(ctx, sqlgen.PacketWaitsParams{IncidentID: ref.Of.IncidentID, PracticeKey: ref.Of.Key}); err != nil {
			return err
		}
		body := ledger.Body{Kind: ledger.KindSigned, Who: engine, Ref: ref.ID.String(), Inputs: map[string]string{"proof": made.SHA256}}
		return appendEntry(ctx, q, ref.Of.IncidentID, ref.Of.Key, body, ledger.Signed{Act: act, SHA256: made.SHA256, Bytes: made.Bytes})
	})
}

// SignedBy lists what a practice signed, the newest first.
func (s *Store) SignedBy(ctx context.Context, of packet.Practice) ([]Signed, error) {
	rows, err := s.q.SignedOfPractice(ctx, sqlgen.SignedOfPracticeParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
	if err != nil {
		return nil, err
	}
	list := make([]Signed, len(rows))
	for i, r := range rows {
		list[i] = Signed{AnswerID: r.AnswerID, ActID: r.ActID, SHA256: r.SHA256, Bytes: int64(r.Bytes), At: r.At.UTC()}
	}
	return list, nil
}

// PageSession is one time that a practice was on its page.
type PageSession struct {
	PracticeKey string
	// Way is code or passkey.
	Way                      string
	StartedAt, SeenAt, Until time.Time
	// EndedAt is zero while it goes on.
	EndedAt time.Time
}

// PageSessions lists the sessions of an incident's practices, or of one, the newest first.
func (s *Store) PageSessions(ctx context.Context, incidentID, practiceKey string) ([]PageSession, error) {
	rows, err := s.q.PageSessions(ctx, sqlgen.PageSessionsParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil {
		return nil, err
	}
	list := make([]PageSession, len(rows))
	for i, r := range rows {
		list[i] = PageSession{PracticeKey: r.PracticeKey, Way: r.Way, StartedAt: r.StartedAt, SeenAt: r.SeenAt, Until: r.Until, EndedAt: timeOf(r.EndedAt)}
	}
	return list, nil
}

// EndPageSessions ends every session of a practice that goes on; whoever was on the page
// needs another code, or a passkey. It is in the practice's chain by whom.
func (s *Store) EndPageSessions(ctx context.Context, of packet.Practice, who, identity string) (ended int, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		// Before its sessions and the practice, as whoever is on the page locks them.
		_, err := q.LockPage(ctx, sqlgen.LockPageParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // without a page there are no sessions
		}
		if err != nil {
			return err
		}
		if err := lockChain(ctx, q, of.IncidentID, of.Key); err != nil {
			return err
		}
		n, err := q.EndPageSessions(ctx, sqlgen.EndPageSessionsParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
		if ended = int(n); err != nil || n == 0 {
			return err
		}
		return appendEntry(ctx, q, of.IncidentID, of.Key, ledger.Body{Kind: ledger.KindSessionsEnded, Who: who, Identity: identity}, ledger.SessionsEnded{Sessions: ended})
	})
	return ended, err
}

// PagesSeen is when the pages' server last said that it serves, zero for never.
func (s *Store) PagesSeen(ctx context.Context) (time.Time, error) {
	seen, err := s.q.PagesSeen(ctx)
	return timeOf(seen), err
}

// PagesServe reports whether the pages' server said within a time that it serves.
func (s *Store) PagesServe(ctx context.Context, within time.Duration) (bool, error) {
	return s.q.PagesServe(ctx, within.Seconds())
}
