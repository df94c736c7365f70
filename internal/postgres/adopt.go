package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// batchRecord is what a database that does not know a batch needs to know of it: whose
// letters are in it. Sealed with the incident's data key it lies beside the output
// folder's letters, so that nobody can make people up who were written to, and it is
// unreadable once their key is destroyed.
type batchRecord struct {
	Run       int            `json:"run"`
	MailOn    civil.Date     `json:"mail_on"`
	BatchSize int            `json:"batch_size"`
	Residents map[string]int `json:"residents"`
	Batch     casebook.Batch `json:"batch"`
	Letters   []letterRecord `json:"letters"`
}

// letterRecord is one letter and the findings that it writes for, whoever sends it first.
type letterRecord struct {
	Piece int             `json:"n"`
	For   []findingRecord `json:"for"`
}

// findingRecord is one person as one practice knows them, by their keys.
type findingRecord struct {
	Practice string `json:"practice"`
	Person   string `json:"person"`
}

// recordBinding is the place that a batch's record is sealed for.
func recordBinding(incidentID, name string) []byte {
	return []byte("batch record 1\x00" + incidentID + "\x00" + name)
}

// SealBatch returns the record of a batch that was made, for the output folder.
func (s *Store) SealBatch(ctx context.Context, incidentID string, runNumber int, b casebook.Batch) (sealed []byte, err error) {
	err = s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		run, err := knownRun(ctx, q, incidentID, runNumber)
		if err != nil {
			return err
		}
		record := batchRecord{Run: run.Number, MailOn: run.MailOn, BatchSize: run.batchSize, Residents: run.Residents, Batch: b}
		if record.Letters, err = lettersRecorded(ctx, q, run, b.Number); err != nil {
			return err
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		plain, err := json.Marshal(record)
		if err != nil {
			return err
		}
		sealed, err = key.Seal(plain, recordBinding(incidentID, b.Name))
		return err
	})
	return sealed, err
}

func lettersRecorded(ctx context.Context, q *sqlgen.Queries, run storedRun, batch int) ([]letterRecord, error) {
	first, last := run.pieces(batch)
	rows, err := q.PiecesOfBatch(ctx, sqlgen.PiecesOfBatchParams{RunID: run.id, FirstPiece: first, LastPiece: last})
	var letters []letterRecord
	for _, r := range rows {
		if n := len(letters); n == 0 || letters[n-1].Piece != r.PieceNo {
			letters = append(letters, letterRecord{Piece: r.PieceNo})
		}
		of := &letters[len(letters)-1]
		of.For = append(of.For, findingRecord{Practice: r.PracticeKey, Person: r.PersonKey})
	}
	return letters, err
}

// CheckBatch refuses, with code "foreign_record", a record of a batch that was not made
// for this incident by this database or one it was restored from.
func (s *Store) CheckBatch(ctx context.Context, incidentID, name string, sealed []byte) error {
	key, err := s.dataKey(ctx, s.q, incidentID)
	if err != nil {
		return err
	}
	_, err = openRecord(key, incidentID, name, sealed)
	return err
}

func openRecord(key *datakey.Key, incidentID, name string, sealed []byte) (r batchRecord, err error) {
	plain, err := key.Open(sealed, recordBinding(incidentID, name))
	if err == nil {
		err = json.Unmarshal(plain, &r)
	}
	if err == nil && (r.Batch.Name != name || casebook.BatchName(r.Run, r.Batch.Number) != name || r.BatchSize < 1) {
		err = datakey.ErrAltered
	}
	if err != nil {
		return r, breach.Refuse("foreign_record", "Restore the file as it was written; the database must be of the same incident, and not of one that was started anew.",
			"the record of batch %s does not belong to incident %s of this database", name, incidentID)
	}
	return r, nil
}

// AdoptedBatches returns, of the batches that people said are to be adopted, the SHA-256
// of the record that they saw.
func (s *Store) AdoptedBatches(ctx context.Context, incidentID string) (map[string]string, error) {
	rows, err := s.q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: incidentID, Kinds: []string{casebook.ActAdopt}})
	adopted := map[string]string{}
	for _, r := range rows {
		var t casebook.Terms
		if err := json.Unmarshal(r.Terms, &t); err != nil {
			return nil, fmt.Errorf("act %s of %s cannot be read: %w", r.ID, incidentID, err)
		}
		if t.Adopt == nil {
			continue
		}
		for _, b := range t.Adopt.Batches {
			adopted[b.Name] = b.SHA256
		}
	}
	return adopted, err
}

// AdoptRun takes over batches of one mail run that this database does not know as
// printed, by their records: the run as it was planned as far as they tell of it, and
// whose letters are printed. It refuses with code "lists_missing" where people in them
// are not here as they were then. What is adopted already stays as it is.
func (s *Store) AdoptRun(ctx context.Context, incidentID string, number int, sealed map[string][]byte) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		var records []batchRecord
		for name, content := range sealed {
			r, err := openRecord(key, incidentID, name, content)
			if err != nil {
				return err
			}
			if r.Run != number {
				return fmt.Errorf("batch %s is not of mail run %d", name, number)
			}
			records = append(records, r)
		}
		slices.SortFunc(records, func(a, b batchRecord) int { return a.Batch.Number - b.Batch.Number })
		run, err := readRun(ctx, q, incidentID, number)
		if errors.Is(err, pgx.ErrNoRows) {
			run, err = s.adoptRun(ctx, q, incidentID, records)
		}
		if err != nil {
			return err
		}
		for i := range records {
			if err := s.adoptBatch(ctx, q, run, &records[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// adoptBatch notes a batch of a run that is known as printed.
func (s *Store) adoptBatch(ctx context.Context, q *sqlgen.Queries, run storedRun, r *batchRecord) error {
	saved, err := q.Batch(ctx, sqlgen.BatchParams{RunID: run.id, Number: r.Batch.Number})
	if err == nil {
		if saved.PDFSHA256 != r.Batch.PDFSHA256 || saved.CSVSHA256 != r.Batch.CSVSHA256 {
			return breach.Refuse("batch_differs", "Restore the files that were saved first.", "batch %s is known here with other files", r.Batch.Name)
		}
		return nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	planned, err := lettersRecorded(ctx, q, run, r.Batch.Number)
	if err != nil {
		return err
	}
	same := slices.EqualFunc(planned, r.Letters, func(a, b letterRecord) bool { return a.Piece == b.Piece && slices.Equal(a.For, b.For) })
	if !same {
		return breach.Refuse("batch_differs", "If it was never mailed, move its folder away. Else record for each of its people that they were told otherwise, then move it.",
			"batch %s was planned here with other letters than those that lie printed", r.Batch.Name)
	}
	return s.saveAdopted(ctx, q, run, r.Batch)
}

// saveAdopted notes a batch as printed that was intended in a ledger which is lost: this
// one says that it is taken over, and then what it was.
func (s *Store) saveAdopted(ctx context.Context, q *sqlgen.Queries, run storedRun, b casebook.Batch) error {
	err := appendEntry(ctx, q, run.IncidentID, "", ledger.Body{Kind: ledger.KindIntent, Who: engine, Ref: b.Name},
		ledger.Step{What: ledger.StepBatch, State: "adopted", Detail: map[string]any{"run": run.Number}})
	if err != nil {
		return err
	}
	return s.saveBatch(ctx, q, run, b)
}

// adoptRun writes a run that this database does not know, with the pieces of the batches
// that the records tell of. Its other batches were not finished, as far as anybody can
// say: nobody is in them, and their people wait for another run.
func (s *Store) adoptRun(ctx context.Context, q *sqlgen.Queries, incidentID string, records []batchRecord) (run storedRun, err error) {
	first, last := &records[0], &records[len(records)-1]
	if err := passRuns(ctx, q, incidentID, first); err != nil {
		return run, err
	}
	id, err := q.InsertMailRun(ctx, sqlgen.InsertMailRunParams{
		IncidentID: incidentID, Number: first.Run, MailOn: first.MailOn, BatchSize: first.BatchSize,
	})
	if err != nil {
		return run, err
	}
	if err := q.LearnSizes(ctx); err != nil {
		return run, err
	}
	practices, err := practicesOfRecords(ctx, q, incidentID, records)
	if err != nil {
		return run, err
	}
	pieces := 0
	for i := range records {
		if err := adoptPieces(ctx, q, id, &records[i], practices); err != nil {
			return run, err
		}
		pieces += len(records[i].Letters)
	}
	if err := q.NoteRunPractices(ctx, id); err != nil {
		return run, err
	}
	batches := last.Batch.Number
	err = q.SizeMailRun(ctx, sqlgen.SizeMailRunParams{ID: id, Pieces: pieces, Batches: batches, Residents: first.Residents})
	if err != nil {
		return run, err
	}
	err = noteMailRun(ctx, q, id, ledger.MailRun{Run: first.Run, MailOn: first.MailOn, Batches: batches, Pieces: pieces}, incidentID)
	if err != nil {
		return run, err
	}
	if run, err = readRun(ctx, q, incidentID, first.Run); err != nil {
		return run, err
	}
	for n := 1; n < batches; n++ {
		if slices.ContainsFunc(records, func(r batchRecord) bool { return r.Batch.Number == n }) {
			continue
		}
		unknown := casebook.Batch{Name: casebook.BatchName(first.Run, n), Number: n, PrintedAt: first.Batch.PrintedAt}
		if err := s.saveAdopted(ctx, q, run, unknown); err != nil {
			return run, err
		}
	}
	return run, nil
}

// passRuns writes the runs of which nothing is left, so that the incident's workflow goes
// past their numbers.
func passRuns(ctx context.Context, q *sqlgen.Queries, incidentID string, r *batchRecord) error {
	next, err := q.NextMailRun(ctx, incidentID)
	if err != nil {
		return err
	}
	for ; next < r.Run; next++ {
		_, err := q.InsertMailRun(ctx, sqlgen.InsertMailRunParams{IncidentID: incidentID, Number: next, MailOn: r.MailOn, BatchSize: r.BatchSize})
		if err != nil {
			return err
		}
	}
	return nil
}

// practicesOfRecords holds the practices that batches write for, and returns their rows by key.
func practicesOfRecords(ctx context.Context, q *sqlgen.Queries, incidentID string, records []batchRecord) (map[string]int, error) {
	ids := map[string]int{}
	for i := range records {
		for _, l := range records[i].Letters {
			for _, f := range l.For {
				ids[f.Practice] = 0
			}
		}
	}
	keys := make([]string, 0, len(ids))
	for key := range ids {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, strings.Compare)
	rows, err := q.LockPracticesByKey(ctx, sqlgen.LockPracticesByKeyParams{IncidentID: incidentID, PracticeKeys: keys})
	for _, r := range rows {
		ids[r.PracticeKey] = r.ID
	}
	return ids, err
}

// adoptPieces writes the pieces of a batch, and moves their findings into the run.
func adoptPieces(ctx context.Context, q *sqlgen.Queries, runID int, r *batchRecord, practices map[string]int) error {
	rows := sqlgen.InsertPiecesParams{RunID: runID}
	first, last := storedRun{batchSize: r.BatchSize}.pieces(r.Batch.Number)
	for _, l := range r.Letters {
		if l.Piece < first || l.Piece > last {
			return fmt.Errorf("piece %d is not in batch %s", l.Piece, r.Batch.Name)
		}
		for i, f := range l.For {
			if practices[f.Practice] == 0 {
				return listsMissing(r.Batch.Name, len(r.Letters))
			}
			rows.PieceNos = append(rows.PieceNos, l.Piece)
			rows.PracticeIds = append(rows.PracticeIds, practices[f.Practice])
			rows.Leads = append(rows.Leads, i == 0)
			rows.PersonKeys = append(rows.PersonKeys, f.Person)
		}
	}
	in, err := q.InLetters(ctx, sqlgen.InLettersParams{PracticeIds: rows.PracticeIds, PersonKeys: rows.PersonKeys})
	if err != nil {
		return err
	}
	if in > 0 {
		return listsMissing(r.Batch.Name, in)
	}
	if err := q.InsertPieces(ctx, rows); err != nil {
		return err
	}
	_, err = q.MoveRun(ctx, sqlgen.MoveRunParams{
		RunID: runID, FirstPiece: first, LastPiece: last, FromStates: names(account.Adopt.From), ToState: string(account.Adopt.To),
	})
	if err != nil {
		return err
	}
	missing, err := q.PiecesNotIn(ctx, sqlgen.PiecesNotInParams{RunID: runID, FirstPiece: first, LastPiece: last, State: string(account.Adopt.To)})
	if err == nil && missing > 0 {
		return listsMissing(r.Batch.Name, missing)
	}
	return err
}

// listsMissing is said of people who had a letter after the backup and could not have one
// by what the backup knows of them.
func listsMissing(batch string, people int) error {
	return breach.Refuse("lists_missing", "Give every list of people and of returned letters that came after the backup again, with amend and returns. It is then tried again by itself.",
		"%d people of batch %s are not here as they were when it was printed", people, batch)
}
