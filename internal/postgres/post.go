package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/sqlgen"
)

// PostBatchSize is how many letters to practices one batch has at most.
const PostBatchSize = 5000

// noticeFailed are the states in which a notice that is owed goes by post;
// noticeOnItsWay those in which it may still arrive, or has.
var (
	noticeFailed   = []string{casebook.MessageNoEmail, casebook.MessageRejected, casebook.MessageBounced, casebook.MessageAgain}
	noticeOnItsWay = []string{casebook.MessageIntended, casebook.MessageSending, casebook.MessageSent}
)

// toPost asks who gets a letter of an act's kind on a day.
func toPost(act casebook.Act, incident breach.Incident, today civil.Date) sqlgen.PracticesToPostParams {
	patience := 0
	if days := incident.ReminderDays(); len(days) > 0 {
		patience = days[0]
	}
	keys := act.Notify.Practices
	if keys == nil {
		keys = []string{}
	}
	return sqlgen.PracticesToPostParams{IncidentID: act.IncidentID, Keys: keys, Kind: act.Notify.Post, Failed: noticeFailed, OnItsWay: noticeOnItsWay, ToldBy: today.AddDays(-patience)}
}

// PracticesToPost lists who would get a letter of a kind by an act, in print order,
// on a day, and the number that its first batch would have.
func (s *Store) PracticesToPost(ctx context.Context, act casebook.Act, today civil.Date) (keys []string, next int, err error) {
	incident, err := s.Incident(ctx, act.IncidentID)
	if err != nil {
		return nil, 0, err
	}
	rows, err := s.q.PracticesToPost(ctx, toPost(act, incident.Incident, today))
	if err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		keys = append(keys, r.PracticeKey)
	}
	next, err = s.q.NextPostBatch(ctx, act.IncidentID)
	return keys, next, err
}

// planPost plans the batches that an act asks for; the caller holds the incident's lock.
func planPost(ctx context.Context, q *sqlgen.Queries, act casebook.Act, incident breach.Incident) error {
	next, err := q.NextPostBatch(ctx, act.IncidentID)
	if err != nil {
		return err
	}
	if act.Notify.Batch != next {
		return breach.Refuse("changed_since_looked", "Give the command again.", "the next batch of notices of %s is number %d by now", act.IncidentID, next)
	}
	rows, err := q.PracticesToPost(ctx, toPost(act, incident, civil.OfTime(act.At.UTC())))
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return breach.Refuse("nothing_waits", "Look with notify --list.", "no letter to a practice of %s waits to be printed", act.IncidentID)
	}
	for number := next; len(rows) > 0; number++ {
		n := min(PostBatchSize, len(rows))
		id, err := q.InsertPostBatch(ctx, sqlgen.InsertPostBatchParams{IncidentID: act.IncidentID, Number: number, Kind: act.Notify.Post, ActID: act.ID})
		if err != nil {
			return err
		}
		pieces := sqlgen.InsertPostPiecesParams{BatchID: id}
		for i, r := range rows[:n] {
			pieces.PieceNos, pieces.PracticeIds = append(pieces.PieceNos, i+1), append(pieces.PracticeIds, r.ID)
		}
		if err := q.InsertPostPieces(ctx, pieces); err != nil {
			return err
		}
		// What was printed without a word before it would be no evidence.
		err = appendEntry(ctx, q, act.IncidentID, "", ledger.Body{Kind: ledger.KindIntent, Who: engine, Ref: casebook.PostBatchName(number)},
			ledger.Step{What: ledger.StepPost, State: casebook.MessageIntended, Detail: map[string]any{"kind": act.Notify.Post, "pieces": n}})
		if err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// PostBatches lists an incident's batches of letters to practices, in order.
func (s *Store) PostBatches(ctx context.Context, incidentID string) ([]casebook.PostBatchState, error) {
	return postBatches(ctx, s.q, incidentID)
}

func postBatches(ctx context.Context, q *sqlgen.Queries, incidentID string) ([]casebook.PostBatchState, error) {
	rows, err := q.PostBatches(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	list := make([]casebook.PostBatchState, len(rows))
	for i, r := range rows {
		list[i] = casebook.PostBatchState{
			Name: casebook.PostBatchName(r.Number), Kind: r.Kind, ActID: r.ActID, Pieces: r.Pieces, Held: r.Held, Pages: r.Pages, Unrecorded: r.Unrecorded, PrintedAt: utc(r.PrintedAt),
		}
	}
	return list, nil
}

// PostBatch reads one of them with its pieces, or refuses with code "unknown_batch".
func (s *Store) PostBatch(ctx context.Context, incidentID, name string) (b casebook.PostBatch, err error) {
	unknown := breach.Refuse("unknown_batch", "Look into mail/, or with notify --list.", "there is no batch %s of notices", name)
	number, ok := casebook.PostBatchNumber(name)
	if !ok {
		return b, unknown
	}
	row, err := s.q.PostBatchByNumber(ctx, sqlgen.PostBatchByNumberParams{IncidentID: incidentID, Number: number})
	if errors.Is(err, pgx.ErrNoRows) {
		return b, unknown
	}
	if err != nil {
		return b, err
	}
	b = casebook.PostBatch{IncidentID: incidentID, ID: row.ID, Number: number, Kind: row.Kind, PrintedAt: utc(row.PrintedAt)}
	b.Pieces, err = s.postPieces(ctx, row.ID)
	return b, err
}

func (s *Store) postPieces(ctx context.Context, batchID int) ([]casebook.PostPiece, error) {
	rows, err := s.q.PostPieces(ctx, batchID)
	if err != nil {
		return nil, err
	}
	pieces := make([]casebook.PostPiece, len(rows))
	for i, r := range rows {
		pieces[i] = casebook.PostPiece{Number: r.PieceNo, PracticeKey: r.PracticeKey, Held: r.Held}
	}
	return pieces, nil
}

// ClaimPost gives who prints the next batch that is not printed and that nobody else
// prints; ok is false where there is none. A claim ends after two minutes unless
// HoldPost keeps it.
func (s *Store) ClaimPost(ctx context.Context, who string) (b casebook.PostBatch, ok bool, err error) {
	rows, err := s.q.ClaimPostBatch(ctx, who)
	if err != nil || len(rows) == 0 {
		return b, false, err
	}
	r := rows[0]
	b = casebook.PostBatch{IncidentID: r.IncidentID, ID: r.ID, Number: r.Number, Kind: r.Kind, PlannedAt: r.PlannedAt.UTC()}
	b.Pieces, err = s.postPieces(ctx, r.ID)
	return b, err == nil, err
}

// errClaimLost is that of a worker that was away for longer than its claim.
var errClaimLost = errors.New("another worker prints this batch of notices by now")

// HoldPost keeps a claim; it fails where it has ended.
func (s *Store) HoldPost(ctx context.Context, batchID int, who string) error {
	n, err := s.q.HoldPostBatch(ctx, sqlgen.HoldPostBatchParams{ID: batchID, Claim: who})
	if err == nil && n == 0 {
		err = errClaimLost
	}
	return err
}

// LeavePost gives up a claim, so that the batch is tried again soon.
func (s *Store) LeavePost(ctx context.Context, batchID int, who string) error {
	return s.q.LeavePostBatch(ctx, sqlgen.LeavePostBatchParams{ID: batchID, Claim: who})
}

// VoidPostCodes ends the codes that an earlier attempt at a batch made for a practice.
func (s *Store) VoidPostCodes(ctx context.Context, of packet.Practice, since time.Time) error {
	return s.q.VoidPostCodes(ctx, sqlgen.VoidPostCodesParams{IncidentID: of.IncidentID, PracticeKey: of.Key, Since: since})
}

// SavePost notes that a batch's files are on the disk, and which pieces were held.
func (s *Store) SavePost(ctx context.Context, b casebook.PostBatch, who string, made casebook.Batch) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, b.IncidentID); err != nil {
			return orUnknownIncident(err, b.IncidentID)
		}
		n, err := q.SavePostBatch(ctx, sqlgen.SavePostBatchParams{ID: b.ID, Claim: who, Pages: made.Pages, PDFSHA256: made.PDFSHA256, CSVSHA256: made.CSVSHA256})
		if err != nil {
			return err
		}
		if n == 0 {
			return errClaimLost
		}
		return finishPost(ctx, q, b, made)
	})
}

// finishPost writes which pieces of a batch that is printed were held, and what it was.
func finishPost(ctx context.Context, q *sqlgen.Queries, b casebook.PostBatch, made casebook.Batch) error {
	held := sqlgen.HoldPostPiecesParams{BatchID: b.ID}
	for _, p := range b.Pieces {
		if p.Held != "" {
			held.PieceNos, held.Whys = append(held.PieceNos, p.Number), append(held.Whys, p.Held)
		}
	}
	if len(held.Whys) > 0 {
		if err := q.HoldPostPieces(ctx, held); err != nil {
			return err
		}
	}
	return appendEntry(ctx, q, b.IncidentID, "", ledger.Body{
		Kind: ledger.KindResult, Who: engine, Ref: casebook.PostBatchName(b.Number),
		Inputs: map[string]string{"letters.pdf": made.PDFSHA256, "pieces.csv": made.CSVSHA256},
	}, ledger.Step{What: ledger.StepPost, State: "finished", Detail: map[string]any{"kind": b.Kind, "pieces": made.Pieces, "pages": made.Pages, "held": len(held.Whys)}})
}
