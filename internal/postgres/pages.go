package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/ledger"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/sqlgen"
)

// pageSecrets are what of a practice's page only the worker's side opens.
type pageSecrets struct {
	Link     string `json:"link"`
	Identity string `json:"identity"`
	Answers  string `json:"answers"`
}

// page is a practice's page with its secrets opened.
type page struct {
	row      sqlgen.PageSecretsRow
	of       packet.Practice
	link     packet.Link
	identity *packet.Identity
	answers  *packet.Identity
}

func pageBinding(of packet.Practice) []byte {
	return []byte("page\x00" + of.IncidentID + "\x00" + of.Key)
}

// MakePage gives a practice its page, if it has none, and returns its link. It needs
// the incident's data key.
func (s *Store) MakePage(ctx context.Context, of packet.Practice) (link packet.Link, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		locked, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: of.IncidentID, PracticeKey: of.Key})
		if err != nil {
			return orUnknownPractice(err, of.IncidentID, of.Key)
		}
		there, err := s.openPage(ctx, q, of)
		if !errors.Is(err, pgx.ErrNoRows) {
			if err == nil {
				link = there.link
			}
			return err
		}
		key, err := s.dataKey(ctx, q, of.IncidentID)
		if err != nil {
			return err
		}
		made, sealed, err := newPage(key, of)
		if err != nil {
			return err
		}
		link = made.link
		err = q.InsertPage(ctx, sqlgen.InsertPageParams{
			PracticeID: locked.ID, LinkSHA256: made.link.SHA256(), Salt: packet.NewSalt(),
			Recipient: made.identity.Recipient(), AnswersTo: made.answers.Recipient(), Secrets: sealed,
		})
		if err != nil {
			return err
		}
		return appendEntry(ctx, q, of.IncidentID, of.Key, ledger.Body{Kind: ledger.KindPage, Who: engine}, nil)
	})
	return link, err
}

func newPage(key *datakey.Key, of packet.Practice) (p page, sealed []byte, err error) {
	p = page{of: of, link: packet.NewLink()}
	if p.identity, err = packet.NewIdentity(); err != nil {
		return p, nil, err
	}
	if p.answers, err = packet.NewIdentity(); err != nil {
		return p, nil, err
	}
	plain, err := json.Marshal(pageSecrets{Link: p.link.String(), Identity: p.identity.Secret(), Answers: p.answers.Secret()})
	if err != nil {
		return p, nil, err
	}
	sealed, err = key.Seal(plain, pageBinding(of))
	return p, sealed, err
}

// openPage returns pgx.ErrNoRows for a practice without a page.
func (s *Store) openPage(ctx context.Context, q *sqlgen.Queries, of packet.Practice) (p page, err error) {
	p.of = of
	if p.row, err = q.PageSecrets(ctx, sqlgen.PageSecretsParams{IncidentID: of.IncidentID, PracticeKey: of.Key}); err != nil {
		return p, err
	}
	key, err := s.dataKey(ctx, q, of.IncidentID)
	if err != nil {
		return p, err
	}
	plain, err := key.Open(p.row.Secrets, pageBinding(of))
	if err != nil {
		return p, fmt.Errorf("the page of practice %s: %w", of.Key, err)
	}
	var secrets pageSecrets
	if err := json.Unmarshal(plain, &secrets); err != nil {
		return p, fmt.Errorf("the page of practice %s: %w", of.Key, datakey.ErrAltered)
	}
	if p.link, err = packet.ParseLink(secrets.Link); err != nil {
		return p, err
	}
	if p.identity, err = packet.ParseIdentity(secrets.Identity); err != nil {
		return p, err
	}
	p.answers, err = packet.ParseIdentity(secrets.Answers)
	return p, err
}

// noPage is the refusal for a practice that has none.
func noPage(of packet.Practice) error {
	return breach.Refuse("no_page", "It gets one with its notice; pages have to be set up (DUENOTICE_PAGES_ADDRESS).",
		"practice %s has no page", of.Key)
}

// PageLink is the link of a practice's page, refused with code "no_page".
func (s *Store) PageLink(ctx context.Context, of packet.Practice) (packet.Link, error) {
	p, err := s.openPage(ctx, s.q, of)
	if errors.Is(err, pgx.ErrNoRows) {
		return packet.Link{}, noPage(of)
	}
	return p.link, err
}

// Ways by which a code reaches a practice.
const (
	CodeByEmail     = "email"
	CodeByPost      = "post"
	CodeByTelephone = "telephone"
)

// GiveCode makes a one-time code for a practice's page. who is the person who gives
// it, or the program. It is returned once and is nowhere afterwards.
func (s *Store) GiveCode(ctx context.Context, of packet.Practice, way, who string, until time.Time) (code packet.Code, err error) {
	p, err := s.openPage(ctx, s.q, of)
	if errors.Is(err, pgx.ErrNoRows) {
		return packet.Code{}, noPage(of)
	}
	if err != nil {
		return packet.Code{}, err
	}
	// The slow hash is worked out while no connection is held. A page's link, salt and
	// identity are for good.
	code = packet.NewCode()
	key := packet.FromCode(p.link, code, p.row.Salt)
	wrapped, err := key.Wrap(p.identity, of)
	if err != nil {
		return packet.Code{}, err
	}
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		// Nothing opens the pages of an incident whose people were made unreadable.
		if _, err := s.dataKey(ctx, q, of.IncidentID); err != nil {
			return err
		}
		return q.InsertCode(ctx, sqlgen.InsertCodeParams{
			PracticeID: p.row.PracticeID, ProofSHA256: key.ProofSHA256(), Wrapped: wrapped, Way: way, Who: who, Until: until,
		})
	})
	if err != nil {
		return packet.Code{}, err
	}
	return code, nil
}

// CodesWaiting are the keys of an incident's practices that have a code which was given by
// a way, is good and was not used, in order.
func (s *Store) CodesWaiting(ctx context.Context, incidentID, way string) ([]string, error) {
	return s.q.CodesWaiting(ctx, sqlgen.CodesWaitingParams{IncidentID: incidentID, Way: way})
}

// PageState is where a practice is with its page.
type PageState struct {
	PracticeKey string
	MadeAt      time.Time
	// OpenedAt and AnsweredAt are the first time, zero for not yet.
	OpenedAt, AnsweredAt time.Time
	// CodeWaits: a code that was given can still be used. CodesEnded: the last one was
	// tried too often, and somebody has to give another.
	CodeWaits, CodesEnded bool
	// PacketSHA256 is what its packet was made from, "" while there is none.
	PacketSHA256 string
}

// Pages lists the practices of an incident that have a page, in key order.
func (s *Store) Pages(ctx context.Context, incidentID string) ([]PageState, error) {
	rows, err := s.q.Pages(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	states := make([]PageState, len(rows))
	for i, r := range rows {
		states[i] = PageState{
			PracticeKey: r.PracticeKey, MadeAt: r.MadeAt, OpenedAt: timeOf(r.OpenedAt), AnsweredAt: timeOf(r.AnsweredAt),
			CodeWaits: r.CodeWaits, CodesEnded: r.CodesEnded, PacketSHA256: r.PacketSHA256,
		}
	}
	return states, nil
}

// EndOver takes away what codes and sessions that are over could have opened.
func (s *Store) EndOver(ctx context.Context) error {
	return errors.Join(s.q.EndOverCodes(ctx), s.q.EndOverSessions(ctx))
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
