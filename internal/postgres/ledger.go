package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// appendEntry writes an entry into a chain, in the transaction of what it tells
// of. The caller holds the lock of the practice, or of the incident for its own
// chain (practiceKey ""): whoever writes without it may find the place taken,
// and fails, but can never fork the chain.
func appendEntry(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string, body ledger.Body, result any) error {
	body.Run = RunOf(ctx)
	text, err := body.Encode(result)
	if err != nil {
		return err
	}
	return q.AppendEntry(ctx, sqlgen.AppendEntryParams{IncidentID: incidentID, PracticeKey: practiceKey, Body: text})
}

// appendOnce is appendEntry of what the program did, unless the chain has an entry of
// the kind with this ref already. The chain is locked by whoever calls it.
func appendOnce(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey, kind, ref string, result any) (fresh bool, err error) {
	there, err := q.EntryIsThere(ctx, sqlgen.EntryIsThereParams{IncidentID: incidentID, PracticeKey: practiceKey, Kind: kind, Ref: ref})
	if err != nil || there {
		return false, err
	}
	return true, appendEntry(ctx, q, incidentID, practiceKey, ledger.Body{Kind: kind, Who: engine, Ref: ref}, result)
}

// engine is who did what the program did by itself.
const engine = casebook.Engine

// actEntry is what the ledger says of an act: all of it, and what it rests on.
func actEntry(act casebook.Act) ledger.Body {
	b := ledger.Body{Kind: ledger.KindAct, Who: act.Who, Identity: act.Identity, When: act.At, Ref: act.ID}
	switch {
	case act.Approve != nil:
		b.Inputs = map[string]string{"papers": act.Approve.SHA256}
	case act.Record != nil && act.Record.ProofSHA256 != "":
		b.Inputs = map[string]string{"proof": act.Record.ProofSHA256}
	case act.Returns != nil:
		b.Inputs = map[string]string{"list": act.Returns.SHA256}
	case act.Amend != nil:
		b.Inputs = map[string]string{"file": act.Amend.SHA256}
	}
	return b
}

// actResult is an act as the ledger keeps it.
type actResult struct {
	Kind  string         `json:"act"`
	Terms casebook.Terms `json:"terms"`
}

// Intend writes down, before it is done, something that cannot be taken back:
// what is one of ledger's steps, ref names it. It returns once that is safe on
// the disk; only then may it be done. practiceKey is "" for the whole incident.
func (s *Store) Intend(ctx context.Context, incidentID, practiceKey, who, what, ref string, detail map[string]any) error {
	return s.noteStep(ctx, incidentID, practiceKey, ledger.Body{Kind: ledger.KindIntent, Who: who, Ref: ref},
		ledger.Step{What: what, State: "intended", Detail: detail})
}

// Conclude writes down what became of what was intended.
func (s *Store) Conclude(ctx context.Context, incidentID, practiceKey, who, what, ref, state string, detail map[string]any) error {
	return s.noteStep(ctx, incidentID, practiceKey, ledger.Body{Kind: ledger.KindResult, Who: who, Ref: ref},
		ledger.Step{What: what, State: state, Detail: detail})
}

func (s *Store) noteStep(ctx context.Context, incidentID, practiceKey string, body ledger.Body, step ledger.Step) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, incidentID, practiceKey); err != nil {
			return err
		}
		return appendEntry(ctx, q, incidentID, practiceKey, body, step)
	})
}

func lockChain(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string) error {
	if practiceKey == "" {
		_, err := q.LockIncident(ctx, incidentID)
		return orUnknownIncident(err, incidentID)
	}
	_, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
	return orUnknownPractice(err, incidentID, practiceKey)
}

// PublishKey puts the key that evidence is signed with into the incident's
// ledger, unless it is the last one put there.
func (s *Store) PublishKey(ctx context.Context, incidentID, public, who string, at time.Time) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		last, err := q.LastOfKind(ctx, sqlgen.LastOfKindParams{IncidentID: incidentID, Kind: ledger.KindKey})
		if err != nil {
			return err
		}
		for _, body := range last {
			b, err := ledger.Entry{Body: body}.Decode()
			if err != nil {
				return err
			}
			if key, err := ledger.ResultOf[ledger.Key](b); err != nil || key.Public == public {
				return err
			}
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindKey, Who: who, When: at}, ledger.Key{Public: public})
	})
}

// NoteTimestamp writes down that a time-stamp of a pack was taken in, once.
func (s *Store) NoteTimestamp(ctx context.Context, incidentID, responseSHA256, who string, at time.Time, mark ledger.TimeMark) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		there, err := q.EntryIsThere(ctx, sqlgen.EntryIsThereParams{IncidentID: incidentID, Kind: ledger.KindTimeMark, Ref: responseSHA256})
		if err != nil || there {
			return err
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{
			Kind: ledger.KindTimeMark, Who: who, When: at, Ref: responseSHA256, Inputs: map[string]string{"manifest": mark.PackSHA256},
		}, mark)
	})
}

// readLedger streams the entries of the incident's chain and of one practice's,
// or of every practice's when whole, chain by chain, the incident's first.
func readLedger(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string, whole bool, each func(ledger.Entry) error) error {
	page := sqlgen.LedgerEntriesParams{IncidentID: incidentID, PracticeKey: practiceKey, Whole: whole, Page: pageRows}
	for {
		rows, err := q.LedgerEntries(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			e := ledger.Entry{Incident: incidentID, Practice: r.PracticeKey, Seq: r.Seq, At: r.At, Body: r.Body}
			if copy(e.Prev[:], r.Prev) != len(r.Prev) || copy(e.Hash[:], r.Hash) != len(r.Hash) || len(r.Prev) != len(r.Hash) {
				return &ledger.Broken{Practice: r.PracticeKey, Seq: r.Seq, What: "its hash is not of SHA-256's length"}
			}
			if err := each(e); err != nil {
				return err
			}
		}
		if len(rows) < pageRows {
			return nil
		}
		last := rows[len(rows)-1]
		page.AfterKey, page.AfterSeq = last.PracticeKey, last.Seq
	}
}

// Ledger streams the entries of the incident's chain and then of one
// practice's, or of every practice's in key order when practiceKey is "".
func (s *Store) Ledger(ctx context.Context, incidentID, practiceKey string, each func(ledger.Entry) error) error {
	return s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		return readLedger(ctx, q, incidentID, practiceKey, practiceKey == "", each)
	})
}

// eachPractice writes one entry into the chain of each practice, in one go.
// The caller holds the locks of them all.
func eachPractice[T any](ctx context.Context, q *sqlgen.Queries, incidentID string, rows []T, entry func(T) (key string, body ledger.Body, result any)) error {
	if len(rows) == 0 {
		return nil
	}
	params := sqlgen.AppendToEachParams{IncidentID: incidentID}
	for _, row := range rows {
		key, body, result := entry(row)
		text, err := body.Encode(result)
		if err != nil {
			return fmt.Errorf("practice %s: %w", key, err)
		}
		params.PracticeKeys = append(params.PracticeKeys, key)
		params.Bodies = append(params.Bodies, text)
	}
	return q.AppendToEach(ctx, params)
}
