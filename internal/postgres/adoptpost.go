package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/datakey"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// postRecord is what a database that does not know a batch of letters to practices needs
// to know of it. It is sealed as the record of a batch of letters to patients is, and
// names practices where that names patients.
type postRecord struct {
	Kind      string             `json:"kind"`
	PlannedAt time.Time          `json:"planned_at"`
	Batch     casebook.Batch     `json:"batch"`
	Letters   []postLetterRecord `json:"letters"`
}

// postLetterRecord is one letter of the plan; Held is why it was not printed, "" where it was.
type postLetterRecord struct {
	Piece    int    `json:"n"`
	Practice string `json:"practice"`
	Held     string `json:"held,omitempty"`
}

// postBinding is the place that such a record is sealed for.
func postBinding(incidentID, name string) []byte {
	return []byte("post record 1\x00" + incidentID + "\x00" + name)
}

// SealPost returns the record of a batch of letters to practices that was made.
func (s *Store) SealPost(ctx context.Context, b casebook.PostBatch, made casebook.Batch) ([]byte, error) {
	key, err := s.dataKey(ctx, s.q, b.IncidentID)
	if err != nil {
		return nil, err
	}
	record := postRecord{Kind: b.Kind, PlannedAt: b.PlannedAt, Batch: made}
	for _, p := range b.Pieces {
		record.Letters = append(record.Letters, postLetterRecord{Piece: p.Number, Practice: p.PracticeKey, Held: p.Held})
	}
	plain, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	return key.Seal(plain, postBinding(b.IncidentID, made.Name))
}

// OpenPost reads the record of a batch of letters to practices: what was planned, and what
// was made of it. It refuses, with code "foreign_record", one that was not made for this
// incident by this database or one it was restored from.
func (s *Store) OpenPost(ctx context.Context, incidentID, name string, sealed []byte) (casebook.PostBatch, casebook.Batch, error) {
	key, err := s.dataKey(ctx, s.q, incidentID)
	if err != nil {
		return casebook.PostBatch{}, casebook.Batch{}, err
	}
	return openPost(key, incidentID, name, sealed)
}

func openPost(key *datakey.Key, incidentID, name string, sealed []byte) (b casebook.PostBatch, made casebook.Batch, err error) {
	var r postRecord
	plain, err := key.Open(sealed, postBinding(incidentID, name))
	if err == nil {
		err = json.Unmarshal(plain, &r)
	}
	number, _ := casebook.PostBatchNumber(name)
	if err == nil && (r.Batch.Name != name || r.Batch.Number != number) {
		err = datakey.ErrAltered
	}
	if err != nil {
		return b, made, breach.Refuse("foreign_record", "Restore the file as it was written; the database must be of the same incident, and not of one that was started anew.",
			"the record of batch %s does not belong to incident %s of this database", name, incidentID)
	}
	b = casebook.PostBatch{IncidentID: incidentID, Number: number, Kind: r.Kind, PlannedAt: r.PlannedAt, PrintedAt: r.Batch.PrintedAt}
	for _, l := range r.Letters {
		b.Pieces = append(b.Pieces, casebook.PostPiece{Number: l.Piece, PracticeKey: l.Practice, Held: l.Held})
	}
	return b, r.Batch, nil
}

// AdoptPost takes a batch of letters to practices over that this database does not know as
// printed, by its record, if somebody who saw that record said so; adopted is false
// otherwise. It refuses with code "lists_missing" where a practice in it is not here, and
// with "batch_differs" where another batch has its number. What is adopted already stays.
func (s *Store) AdoptPost(ctx context.Context, incidentID, name string, sealed []byte) (adopted bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		act, err := adoptedBy(ctx, q, incidentID, name, sealed)
		if err != nil || act == "" {
			return err
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		b, made, err := openPost(key, incidentID, name, sealed)
		if err != nil {
			return err
		}
		adopted = true
		there, err := q.PostBatchByNumber(ctx, sqlgen.PostBatchByNumberParams{IncidentID: incidentID, Number: b.Number})
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return adoptPost(ctx, q, act, b, made, true)
		case err != nil:
			return err
		case there.PrintedAt == nil:
			return adoptPlannedPost(ctx, q, act, there, b, made)
		case there.PDFSHA256 != made.PDFSHA256 || there.CSVSHA256 != made.CSVSHA256:
			return breach.Refuse("batch_differs", "Restore the files that were saved first.", "batch %s is known here with other files", name)
		}
		return nil
	})
	return adopted && err == nil, err
}

// adoptedBy is the act by which somebody said that a batch is to be taken over by this
// record, "" where nobody did.
func adoptedBy(ctx context.Context, q *sqlgen.Queries, incidentID, name string, sealed []byte) (string, error) {
	sum := sha256.Sum256(sealed)
	rows, err := q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: incidentID, Kinds: []string{casebook.ActAdopt}})
	act := ""
	for _, r := range rows {
		var t casebook.Terms
		if err := json.Unmarshal(r.Terms, &t); err != nil {
			return "", fmt.Errorf("act %s of %s cannot be read: %w", r.ID, incidentID, err)
		}
		if t.Adopt != nil && slices.Contains(t.Adopt.Batches, casebook.AdoptedBatch{Name: name, SHA256: hex.EncodeToString(sum[:])}) {
			act = r.ID
		}
	}
	return act, err
}

// adoptPlannedPost takes over a batch under whose number one is planned here: only where
// both are to the same practices, or the others would get none.
func adoptPlannedPost(ctx context.Context, q *sqlgen.Queries, act string, there sqlgen.PostBatchByNumberRow, b casebook.PostBatch, made casebook.Batch) error {
	rows, err := q.PostPieces(ctx, there.ID)
	if err != nil {
		return err
	}
	same := there.Kind == b.Kind && slices.EqualFunc(rows, b.Pieces, func(r sqlgen.PostPiecesRow, p casebook.PostPiece) bool {
		return r.PieceNo == p.Number && r.PracticeKey == p.PracticeKey
	})
	if !same {
		return breach.Refuse("batch_differs", "If it was never mailed, move its folder away. Else record practice_notified for each practice that has a letter of it, then move it.",
			"batch %s was planned here for other practices than those whose letters lie printed", made.Name)
	}
	return adoptPost(ctx, q, act, b, made, false)
}

// adoptPost notes a batch as printed, whose intent is in a ledger that is lost: this one
// says that it is taken over, and then what it was.
func adoptPost(ctx context.Context, q *sqlgen.Queries, act string, b casebook.PostBatch, made casebook.Batch, pieces bool) error {
	err := appendEntry(ctx, q, b.IncidentID, "", ledger.Body{Kind: ledger.KindIntent, Who: engine, Ref: made.Name},
		ledger.Step{What: ledger.StepPost, State: "adopted", Detail: map[string]any{"kind": b.Kind, "pieces": len(b.Pieces)}})
	if err != nil {
		return err
	}
	b.ID, err = q.AdoptPostBatch(ctx, sqlgen.AdoptPostBatchParams{
		IncidentID: b.IncidentID, Number: b.Number, Kind: b.Kind, ActID: act, PlannedAt: b.PlannedAt,
		Pages: made.Pages, PDFSHA256: made.PDFSHA256, CSVSHA256: made.CSVSHA256, PrintedAt: made.PrintedAt,
	})
	if err != nil {
		return err
	}
	if pieces {
		if err := adoptPostPieces(ctx, q, b, made.Name); err != nil {
			return err
		}
	}
	return finishPost(ctx, q, b, made)
}

func adoptPostPieces(ctx context.Context, q *sqlgen.Queries, b casebook.PostBatch, name string) error {
	keys := make([]string, len(b.Pieces))
	for i, p := range b.Pieces {
		keys[i] = p.PracticeKey
	}
	there, err := q.LockPracticesByKey(ctx, sqlgen.LockPracticesByKeyParams{IncidentID: b.IncidentID, PracticeKeys: keys})
	if err != nil {
		return err
	}
	ids := map[string]int{}
	for _, r := range there {
		ids[r.PracticeKey] = r.ID
	}
	rows := sqlgen.InsertPostPiecesParams{BatchID: b.ID}
	for _, p := range b.Pieces {
		if ids[p.PracticeKey] == 0 {
			return breach.Refuse("lists_missing", "Give what came after the backup again, with start or amend. It is then tried again by itself.",
				"%d practices of batch %s are not here", len(keys)-len(ids), name)
		}
		rows.PieceNos, rows.PracticeIds = append(rows.PieceNos, p.Number), append(rows.PracticeIds, ids[p.PracticeKey])
	}
	return q.InsertPostPieces(ctx, rows)
}
