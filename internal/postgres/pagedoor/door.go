// Package pagedoor is the database as the server of the practices' pages reaches it:
// with a login of its own, which can do nothing but what migration 00190 and
// access.sql let the role duenotice_page do. It knows no key and no other table.
package pagedoor

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
)

// Door is the database. It is safe for use by many goroutines.
type Door struct{ pool *pgxpool.Pool }

// connections are those of the pages' server, unless its URL names another number
// (pool_max_conns): a request holds one for some milliseconds, or waits with it for the
// lock of its own practice. Where many come at once most of them wait for a disk or for
// a busy machine, side by side.
const connections = 16

// limits keep one slow request from holding what others need.
const limits = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '15s'"

// Option changes how Open connects.
type Option func(*pgxpool.Config)

// Traced tells a tracer of each statement that goes to the database, which is a way there
// and back.
func Traced(tracer pgx.QueryTracer) Option {
	return func(c *pgxpool.Config) { c.ConnConfig.Tracer = tracer }
}

// Open connects to the database at url. It refuses, with code "page_login", a login
// that can do more than a page's server may: whoever breaks in could do it too.
func Open(ctx context.Context, url string, options ...Option) (*Door, error) {
	config, err := postgres.ParseURL(url, connections)
	if err != nil {
		return nil, err
	}
	for _, set := range options {
		set(config)
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, limits)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("the database cannot be opened: %w", err)
	}
	d := &Door{pool: pool}
	if err := d.onlyAPage(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return d, nil
}

// Close ends all connections, after waiting for those in use.
func (d *Door) Close() { d.pool.Close() }

// onlyAPage asks the database what this login may.
func (d *Door) onlyAPage(ctx context.Context) error {
	var page, more bool
	err := d.pool.QueryRow(ctx, `SELECT coalesce(pg_has_role(session_user, to_regrole('duenotice_page')::oid, 'MEMBER'), false),
		(SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles WHERE rolname = session_user)
		OR EXISTS (SELECT FROM pg_roles r WHERE r.rolname NOT IN ('duenotice_page', session_user) AND pg_has_role(session_user, r.oid, 'MEMBER'))`).Scan(&page, &more)
	if err != nil {
		return fmt.Errorf("the database cannot be reached: %w", err)
	}
	const advice = "Make one for it: CREATE ROLE duenotice_pages LOGIN PASSWORD '...' IN ROLE duenotice_page, and give it with DUENOTICE_PAGES_DATABASE_URL (docs/deployment.md)."
	switch {
	case more:
		return breach.Refuse("page_login", advice, "the login of the practices' pages can do more than show them")
	case !page:
		return breach.Refuse("page_login", advice, "the login of the practices' pages has not the role duenotice_page")
	}
	return nil
}

// Serves tells the worker that the pages are served.
func (d *Door) Serves(ctx context.Context) error {
	_, err := d.pool.Exec(ctx, "SELECT page_serves()")
	return err
}

// Check asks whether the database answers, and its tables are those that this server needs.
func (d *Door) Check(ctx context.Context) error {
	var version int64
	if err := d.pool.QueryRow(ctx, "SELECT page_tables()").Scan(&version); err != nil {
		return fmt.Errorf("the database cannot be asked: %w", err)
	}
	return postgres.TablesFit(version)
}

// Tried is what a code or a passkey gives.
type Tried struct {
	Of      packet.Practice
	Wrapped []byte
}

// Salt is that of the codes of a link's practice, nil for a link that is nobody's.
func (d *Door) Salt(ctx context.Context, link packet.Link) (salt []byte, err error) {
	err = d.pool.QueryRow(ctx, "SELECT page_salt($1)", link.SHA256()).Scan(&salt)
	return salt, err
}

// Try tries a key; ok is false when it opens nothing. credential is nil for a code.
func (d *Door) Try(ctx context.Context, link packet.Link, credential []byte, key packet.Key) (t Tried, ok bool, err error) {
	err = d.pool.QueryRow(ctx, "SELECT wrapped, incident_id, practice_key FROM page_try($1, $2, $3)", link.SHA256(), credential, key.Proof).
		Scan(&t.Wrapped, &t.Of.IncidentID, &t.Of.Key)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, err
}

// Enter begins a session with a key that was tried, under a new token. updated is the
// credential with its new counter, nil for a code. ok is false when it came too late.
func (d *Door) Enter(ctx context.Context, link packet.Link, credential []byte, key, session packet.Key, wrapped, updated []byte) (ok bool, err error) {
	err = d.pool.QueryRow(ctx, "SELECT page_enter($1, $2, $3, $4, $5, $6)", link.SHA256(), credential, key.Proof, session.ProofSHA256(), wrapped, updated).Scan(&ok)
	return ok, err
}

// Passkeys are the credentials that may open a link's page, as JSON.
func (d *Door) Passkeys(ctx context.Context, link packet.Link) ([]json.RawMessage, error) {
	rows, err := d.pool.Query(ctx, "SELECT page_passkeys($1)", link.SHA256())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
}

// Visit is one request of a session: everything in it is of its practice.
type Visit struct {
	tx pgx.Tx
	// Of is whose session it is.
	Of packet.Practice
	// Wrapped is the practice's identity under the session's token.
	Wrapped []byte
	// Way is "code" or "passkey".
	Way              string
	StartedAt, Until time.Time
	// AnswersTo is whom answers are sealed for, Recipient whom the packet is.
	AnswersTo, Recipient string
}

// ErrNoSession is a token that is nobody's, or whose session is over.
var ErrNoSession = errors.New("there is no such session")

// Visit does something in a session, in one transaction: what it shows is shown only
// when do returns nil and what it noted is written. It returns ErrNoSession for a
// token without one.
func (d *Door) Visit(ctx context.Context, session packet.Key, do func(ctx context.Context, v *Visit) error) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT set_config('duenotice.page', $1, true)", hex.EncodeToString(session.Proof)); err != nil {
			return err
		}
		v := &Visit{tx: tx}
		err := tx.QueryRow(ctx, "SELECT incident_id, practice_key, wrapped, way, started_at, until, answers_to, recipient FROM page_here()").
			Scan(&v.Of.IncidentID, &v.Of.Key, &v.Wrapped, &v.Way, &v.StartedAt, &v.Until, &v.AnswersTo, &v.Recipient)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return err
		}
		return do(ctx, v)
	})
}

// Looked and Downloaded note that a part, or a page by its name, was shown or taken.
func (v *Visit) Looked(ctx context.Context, what string) error {
	return v.note(ctx, "page_looked", what)
}

// Downloaded is described at Looked.
func (v *Visit) Downloaded(ctx context.Context, what string) error {
	return v.note(ctx, "page_downloaded", what)
}

func (v *Visit) note(ctx context.Context, kind, ref string) error {
	_, err := v.tx.Exec(ctx, "SELECT page_note($1, $2)", kind, ref)
	return err
}

// ErrNoPart is a part that the practice's packet has not (yet).
var ErrNoPart = errors.New("there is no such part")

// Part is one part of the practice's packet, sealed, and when it was made.
func (v *Visit) Part(ctx context.Context, name string) (sealed []byte, made time.Time, err error) {
	err = v.tx.QueryRow(ctx, "SELECT sealed, made_at FROM page_part WHERE name = $1", name).Scan(&sealed, &made)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNoPart
	}
	return sealed, made, err
}

// Given is an answer as its page shows it.
type Given struct {
	ID      uuid.UUID
	Kind    string
	At      time.Time
	State   string
	Detail  string
	EndedAt *time.Time
}

// Waits reports whether the worker has not come to the answer yet.
func (g Given) Waits() bool { return g.State == postgres.AnswerReceived }

// Answers are those of the practice, the newest first.
func (v *Visit) Answers(ctx context.Context) ([]Given, error) {
	rows, err := v.tx.Query(ctx, "SELECT id, kind, at, state, detail, ended_at FROM page_answer ORDER BY at DESC, id LIMIT 200")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Given])
}

// ErrTooMany is an answer beyond those that a practice may give in one day.
var ErrTooMany = errors.New("too many answers in one day")

// Answer takes an answer in, sealed for the worker, with the proof that came with it;
// fresh is false when it is there already. It is what the practice asks for. It returns
// ErrTooMany beyond the day's limit.
func (v *Visit) Answer(ctx context.Context, id uuid.UUID, answer packet.Answer, proof []byte) (fresh bool, err error) {
	act, err := answer.Act(v.Of)
	if err != nil {
		return false, err
	}
	asked, err := act.AnswerSHA256()
	if err != nil {
		return false, err
	}
	content, _, err := answer.Encode()
	if err != nil {
		return false, err
	}
	sealed, err := packet.Seal(v.AnswersTo, v.Of, id.String(), content)
	if err != nil {
		return false, err
	}
	var attachment []byte
	if proof != nil {
		if attachment, err = packet.Seal(v.AnswersTo, v.Of, id.String()+" proof", proof); err != nil {
			return false, err
		}
	}
	err = v.tx.QueryRow(ctx, "SELECT page_answers($1, $2, $3, $4, $5)", id, answer.Kind, asked, sealed, attachment).Scan(&fresh)
	if of := (*pgconn.PgError)(nil); errors.As(err, &of) && of.Code == "54000" { // program_limit_exceeded
		err = ErrTooMany
	}
	return fresh, err
}

// Passkey is one that the practice registered.
type Passkey struct {
	ID     []byte
	Name   string
	MadeAt time.Time
	UsedAt *time.Time
}

// Passkeys are those of the practice that are good.
func (v *Visit) Passkeys(ctx context.Context) ([]Passkey, error) {
	rows, err := v.tx.Query(ctx, "SELECT credential_id, name, made_at, used_at FROM page_passkey WHERE removed_at IS NULL ORDER BY made_at")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Passkey])
}

// AddPasskey adds one; ok is false when the practice has ten.
func (v *Visit) AddPasskey(ctx context.Context, id []byte, credential json.RawMessage, name string, key packet.Key, wrapped []byte) (ok bool, err error) {
	err = v.tx.QueryRow(ctx, "SELECT page_add_passkey($1, $2, $3, $4, $5)", id, credential, name, key.ProofSHA256(), wrapped).Scan(&ok)
	return ok, err
}

// RemovePasskey takes one away.
func (v *Visit) RemovePasskey(ctx context.Context, id []byte) error {
	_, err := v.tx.Exec(ctx, "SELECT page_remove_passkey($1)", id)
	return err
}

// Leave ends the session, or with everybody all sessions of the practice.
func (v *Visit) Leave(ctx context.Context, everybody bool) error {
	_, err := v.tx.Exec(ctx, "SELECT page_leave($1)", everybody)
	return err
}
