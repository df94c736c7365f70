package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// LetterScan is what a machine of the Postal Service saw of a letter.
type LetterScan struct {
	PieceID             string
	At                  time.Time
	Operation, Facility string
	// Kind is one of breach.ScanKinds.
	Kind string
}

// ScansInput is a file of scans of letters of an incident.
type ScansInput struct {
	SHA256 string
	By     string
	At     time.Time
	Scans  []LetterScan
}

// ScansResult is what of a file was new: how many scans, of how many letters.
type ScansResult struct{ Scans, Letters int }

// TakeScans keeps what the Postal Service's machines saw of letters. Nothing that is owed
// changes by it: who was told is decided by what came back. A scan that is there already is
// kept once, and a file that says nothing new leaves no trace.
func (s *Store) TakeScans(ctx context.Context, incidentID string, in ScansInput) (ScansResult, error) {
	var result ScansResult
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		seen := map[[2]int]bool{}
		for scans := in.Scans; len(scans) > 0; {
			part := scans[:min(len(scans), rowsAtATime)]
			scans = scans[len(part):]
			rows := sqlgen.InsertScansParams{IncidentID: incidentID, SHA256: in.SHA256}
			for _, scan := range part {
				run, piece, ok := readPieceID(scan.PieceID)
				if !ok {
					continue
				}
				rows.Runs, rows.PieceNos, rows.Times = append(rows.Runs, run), append(rows.PieceNos, piece), append(rows.Times, scan.At)
				rows.Operations, rows.Facilities, rows.Kinds = append(rows.Operations, scan.Operation), append(rows.Facilities, scan.Facility), append(rows.Kinds, scan.Kind)
			}
			kept, err := q.InsertScans(ctx, rows)
			if err != nil {
				return err
			}
			for _, k := range kept {
				result.Scans += k.Scans
				seen[[2]int{k.Run, k.PieceNo}] = true
			}
		}
		result.Letters = len(seen)
		if result.Scans == 0 {
			return nil
		}
		return appendEntry(ctx, q, incidentID, "", ledger.Body{
			Kind: ledger.KindTracing, Who: in.By, When: in.At, Inputs: map[string]string{"file": in.SHA256},
		}, ledger.Tracing{Scans: result.Scans, Letters: result.Letters})
	})
	if err != nil {
		return ScansResult{}, s.noting(ctx, err)
	}
	return result, nil
}

// UnseenLetter is a letter that was mailed and that no machine saw, as far as is known.
type UnseenLetter struct {
	PieceID, Batch string
	MailedOn       civil.Date
}

// EachUnseenLetter gives the letters that were mailed on a day or before, of which no scan
// is known and which did not come back.
func (s *Store) EachUnseenLetter(ctx context.Context, incidentID string, mailedBy civil.Date, each func(UnseenLetter) error) error {
	page := sqlgen.UnseenLettersParams{IncidentID: incidentID, MailedBy: mailedBy, Page: pageRows}
	for {
		rows, err := s.q.UnseenLetters(ctx, page)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := each(UnseenLetter{pieceID(r.Run, r.PieceNo), r.Batch, r.MailedOn}); err != nil {
				return err
			}
		}
		if len(rows) < pageRows {
			return nil
		}
		last := rows[len(rows)-1]
		page.AfterRun, page.AfterPiece = last.Run, last.PieceNo
	}
}

// ScannedLetters is how many letters there are scans of, by kind.
func (s *Store) ScannedLetters(ctx context.Context, incidentID string) (map[string]int, error) {
	rows, err := s.q.ScannedLetters(ctx, incidentID)
	counts := make(map[string]int, len(rows))
	for _, r := range rows {
		counts[r.Kind] = r.Letters
	}
	return counts, err
}
