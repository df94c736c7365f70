package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// AnchorLedger takes into the incident's chain where every practice's chain now
// stands, unless none has moved, or the last anchor is younger than every.
//
// What practices write while it counts is in the next one. It holds up nobody
// but what is done to the whole incident.
func (s *Store) AnchorLedger(ctx context.Context, incidentID string, every time.Duration) (anchored bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		if every > 0 {
			young, err := q.AnchorIsYounger(ctx, sqlgen.AnchorIsYoungerParams{IncidentID: incidentID, Seconds: every.Seconds()})
			if err != nil || young {
				return err
			}
		}
		rows, err := q.LedgerHeads(ctx, incidentID)
		if err != nil {
			return err
		}
		heads := make([]ledger.Head, len(rows))
		moved := sqlgen.InsertAnchoredParams{IncidentID: incidentID}
		for i, r := range rows {
			heads[i] = ledger.Head{Practice: r.PracticeKey, Seq: r.Seq}
			copy(heads[i].Hash[:], r.Hash)
			if r.Seq != r.Anchored {
				moved.PracticeKeys = append(moved.PracticeKeys, r.PracticeKey)
				moved.Seqs = append(moved.Seqs, r.Seq)
			}
		}
		if len(moved.PracticeKeys) == 0 {
			return nil
		}
		tree, err := ledger.NewTree(heads)
		if err != nil {
			return err
		}
		anchor, err := tree.Anchor()
		if err != nil {
			return err
		}
		if err := appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindAnchor, Who: engine}, anchor); err != nil {
			return err
		}
		if moved.Anchor, err = q.LedgerHead(ctx, sqlgen.LedgerHeadParams{IncidentID: incidentID}); err != nil {
			return err
		}
		anchored = true
		return q.InsertAnchored(ctx, moved)
	})
	return anchored && err == nil, err
}
