package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// PlanMailRun assigns every letter that waits and may be printed, as its
// practice's standing says, to batches of at most batchSize in ZIP order, joining
// a person's findings with one mail key into one piece. A run that exists is
// returned as it is. With nothing to print Pieces is 0 and nothing is written.
func (s *Store) PlanMailRun(ctx context.Context, run casebook.MailRun, batchSize int) (casebook.MailRun, error) {
	if batchSize < 1 {
		return run, fmt.Errorf("a mail run needs a batch size, not %d", batchSize)
	}
	planned := run
	var altered []*finding.Altered
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		// One run, and one list, at a time.
		if _, err := q.LockIncident(ctx, run.IncidentID); err != nil {
			return orUnknownIncident(err, run.IncidentID)
		}
		there, err := readRun(ctx, q, run.IncidentID, run.Number)
		if err == nil {
			planned = there.MailRun
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		next, err := q.NextMailRun(ctx, run.IncidentID)
		if err != nil {
			return err
		}
		if run.Number != next {
			// Letters in a run that no workflow prints would wait for ever.
			return breach.Refuse("unknown_run", "It is asked for again by itself, with the number that is next.",
				"there is no mail run %d of incident %s, and the next one is %d", run.Number, run.IncidentID, next)
		}
		if planned.Residents, err = s.countResidents(ctx, q, run); err != nil {
			return err
		}
		planned.Pieces, altered, err = s.choosePieces(ctx, q, planned, batchSize)
		planned.Batches = (planned.Pieces + batchSize - 1) / batchSize
		return err
	})
	if errors.Is(err, errNothingToPrint) {
		planned.Batches, planned.Pieces = 0, 0
		return planned, nil
	}
	if err == nil {
		for _, a := range altered {
			s.tellAltered(ctx, a)
		}
	}
	return planned, s.noting(ctx, err)
}

// NextMailRun is the number of the incident's next mail run.
func (s *Store) NextMailRun(ctx context.Context, incidentID string) (int, error) {
	return s.q.NextMailRun(ctx, incidentID)
}

// errNothingToPrint undoes a run without pieces: its number stays free.
var errNothingToPrint = errors.New("nothing to print")

// choosePieces makes letters of every finding that can be mailed now: those of
// one person with one mail key make one, one without a key makes one of its own.
// A practice of which something was altered gets no letters, and is returned; the
// others have days to keep.
func (s *Store) choosePieces(ctx context.Context, q *sqlgen.Queries, run casebook.MailRun, batchSize int) (pieces int, altered []*finding.Altered, err error) {
	for _, prepare := range []func(context.Context) error{q.SetSortMemory, q.LearnSizes} {
		if err := prepare(ctx); err != nil {
			return 0, nil, err
		}
	}
	id, err := q.InsertMailRun(ctx, sqlgen.InsertMailRunParams{
		IncidentID: run.IncidentID, Number: run.Number, MailOn: run.MailOn, BatchSize: batchSize,
	})
	if err != nil {
		return 0, nil, err
	}
	// One sender for each letter (docs/adr/0224): everything that makes letters somebody
	// else's to write holds the practice's row, and so does this.
	held, err := q.LockPracticesToMail(ctx, run.IncidentID)
	if err != nil {
		return 0, nil, err
	}
	if len(held) == 0 {
		return 0, nil, errNothingToPrint
	}
	// Whatever brought somebody back among those who wait: nobody's letter is printed
	// while it is disputed whose patient they are.
	if err := holdDisputed(ctx, q, run.IncidentID, held...); err != nil {
		return 0, nil, err
	}
	if err := accountAddsUp(ctx, q, run.IncidentID); err != nil {
		return 0, nil, err
	}
	practices, err := q.PracticesToMail(ctx, sqlgen.PracticesToMailParams{Held: held, Waiting: string(account.Waiting)})
	if err != nil {
		return 0, nil, err
	}
	if len(practices) == 0 {
		return 0, nil, errNothingToPrint
	}
	key, err := s.dataKey(ctx, q, run.IncidentID)
	if err != nil {
		return 0, nil, err
	}
	findings, altered, err := readToMail(ctx, q, finding.NewReader(run.IncidentID, key), practices)
	if err != nil {
		return 0, nil, err
	}
	pieces, err = writePieces(ctx, q, id, findings)
	if err != nil {
		return 0, nil, err
	}
	if pieces == 0 && len(altered) > 0 {
		return 0, nil, altered[0]
	}
	if pieces == 0 {
		return 0, nil, errNothingToPrint
	}
	if err := q.NoteRunPractices(ctx, id); err != nil {
		return 0, nil, err
	}
	batches := (pieces + batchSize - 1) / batchSize
	// A batch at a time: the counts of a million people in one statement would not fit into memory.
	moved := 0
	for batch := range batches {
		n, err := q.MoveRun(ctx, sqlgen.MoveRunParams{
			RunID: id, FirstPiece: batch*batchSize + 1, LastPiece: (batch + 1) * batchSize,
			FromStates: names(account.Plan.From), ToState: string(account.Plan.To), ToldBefore: account.ToldBefore,
		})
		if err != nil {
			return 0, nil, err
		}
		moved += int(n)
	}
	if moved != len(findings) {
		return 0, nil, errAccount("%d people wait for a letter of incident %s and the account moved %d: no letter is planned", len(findings), run.IncidentID, moved)
	}
	err = q.SizeMailRun(ctx, sqlgen.SizeMailRunParams{ID: id, Pieces: pieces, Batches: batches, Residents: run.Residents})
	if err != nil {
		return 0, nil, err
	}
	return pieces, altered, noteMailRun(ctx, q, id, ledger.MailRun{Run: run.Number, MailOn: run.MailOn, Batches: batches, Pieces: pieces}, run.IncidentID)
}

// countResidents counts the people of the States the run is asked for.
func (s *Store) countResidents(ctx context.Context, q *sqlgen.Queries, run casebook.MailRun) (map[string]int, error) {
	counts := map[string]int{}
	if len(run.Residents) == 0 {
		return counts, nil
	}
	people, err := s.counting(ctx, q, run.IncidentID)
	if err != nil {
		return nil, err
	}
	// Each letter tells the number, which SQL counts by columns in clear.
	if err := people.incident(ctx, run.IncidentID); err != nil {
		return nil, err
	}
	rows, err := q.CountResidents(ctx, sqlgen.CountResidentsParams{IncidentID: run.IncidentID, States: slices.Sorted(maps.Keys(run.Residents))})
	for _, r := range rows {
		counts[r.Residence] = r.People
	}
	return counts, err
}

// storedRun is a mail run with what only the database knows of it.
type storedRun struct {
	casebook.MailRun
	id        int
	batchSize int
	// earlier is how many letters the incident's earlier runs have.
	earlier int
	// withdrawn are the batches that were taken back before they were printed.
	withdrawn []int
}

func readRun(ctx context.Context, q *sqlgen.Queries, incidentID string, number int) (storedRun, error) {
	r, err := q.MailRun(ctx, sqlgen.MailRunParams{IncidentID: incidentID, Number: number})
	return storedRun{
		MailRun: casebook.MailRun{IncidentID: incidentID, Number: number, MailOn: r.MailOn, Batches: r.Batches, Pieces: r.Pieces, Residents: r.Residents},
		id:      r.ID, batchSize: r.BatchSize, earlier: r.Earlier, withdrawn: r.Withdrawn,
	}, err
}

func knownRun(ctx context.Context, q *sqlgen.Queries, incidentID string, number int) (storedRun, error) {
	run, err := readRun(ctx, q, incidentID, number)
	if errors.Is(err, pgx.ErrNoRows) {
		return run, breach.Refuse("unknown_mail_run", "", "incident %s has no mail run %d", incidentID, number)
	}
	return run, err
}

// pieces returns the numbers of the first and the last piece of a batch.
func (r storedRun) pieces(batch int) (first, last int) {
	return (batch-1)*r.batchSize + 1, batch * r.batchSize
}

// MailRun returns a planned run, or a refusal with code "unknown_mail_run".
func (s *Store) MailRun(ctx context.Context, incidentID string, number int) (casebook.MailRun, error) {
	run, err := knownRun(ctx, s.q, incidentID, number)
	return run.MailRun, err
}

// FinishedBatches returns the batches of a run already saved.
func (s *Store) FinishedBatches(ctx context.Context, incidentID string, run int) (map[int]bool, error) {
	numbers, err := s.q.FinishedBatches(ctx, sqlgen.FinishedBatchesParams{IncidentID: incidentID, Number: run})
	finished := make(map[int]bool, len(numbers))
	for _, n := range numbers {
		finished[n] = true
	}
	return finished, err
}

// MailRunPractices returns up to limit keys greater than after of the practices
// with letters in the run, in key order.
func (s *Store) MailRunPractices(ctx context.Context, incidentID string, run int, after string, limit int) ([]string, error) {
	return s.q.MailRunPractices(ctx, sqlgen.MailRunPracticesParams{IncidentID: incidentID, Number: run, After: after, Page: limit})
}

// SaveBatch notes a finished batch; doing it again with the same hashes is
// fine. Other files under a batch that is already saved are refused with code
// "batch_differs": what was printed from it could no longer be proved.
func (s *Store) SaveBatch(ctx context.Context, incidentID string, runNumber int, b casebook.Batch) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		// An amendment or another attempt at the same batch waits.
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		run, err := knownRun(ctx, q, incidentID, runNumber)
		if err != nil {
			return err
		}
		if slices.Contains(run.withdrawn, b.Number) {
			return breach.Refuse("batch_withdrawn", "Nothing is to be done: its letters are in another run.",
				"batch %d of mail run %d of %s was taken back before it was printed", b.Number, runNumber, incidentID)
		}
		saved, err := q.Batch(ctx, sqlgen.BatchParams{RunID: run.id, Number: b.Number})
		if err == nil {
			if saved.PDFSHA256 != b.PDFSHA256 || saved.CSVSHA256 != b.CSVSHA256 {
				return breach.Refuse("batch_differs", "Restore the files that were saved first.",
					"batch %d of mail run %d of %s was saved before with other files", b.Number, runNumber, incidentID)
			}
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return s.saveBatch(ctx, q, run, b)
	})
}

func (s *Store) saveBatch(ctx context.Context, q *sqlgen.Queries, run storedRun, b casebook.Batch) error {
	if b.Number < 1 || b.Number > run.Batches {
		return fmt.Errorf("mail run %d of %s has batches 1 to %d, not %d", run.Number, run.IncidentID, run.Batches, b.Number)
	}
	first, last := run.pieces(b.Number)
	// Everybody in it is in the state that printing takes them from, and nobody else.
	missing, err := q.PiecesNotIn(ctx, sqlgen.PiecesNotInParams{RunID: run.id, FirstPiece: first, LastPiece: last, State: string(account.Printing)})
	if err != nil {
		return err
	}
	if missing > 0 {
		return errAccount("of the people of batch %s %d are not being printed, as their account has it", b.Name, missing)
	}
	held := sqlgen.HoldPiecesParams{RunID: run.id}
	ids := []string{}
	for _, h := range b.Held {
		n, ok := pieceNumber(run.Number, h.PieceID)
		if !ok || n < first || n > last {
			return fmt.Errorf("piece %s is not in batch %d of mail run %d", h.PieceID, b.Number, run.Number)
		}
		ids = append(ids, h.PieceID)
		held.PieceNos, held.Whys = append(held.PieceNos, n), append(held.Whys, string(h.Reason))
	}
	if len(b.Held) > 0 {
		if err := q.HoldPieces(ctx, held); err != nil {
			return err
		}
	}
	err = q.FinishPieces(ctx, sqlgen.FinishPiecesParams{
		RunID: run.id, FirstPiece: first, LastPiece: last, FromStates: names(account.Print.From),
		Printed: string(account.Print.To), HeldBack: string(account.HoldBack.To), ToldBefore: account.ToldBefore,
	})
	if err != nil {
		return err
	}
	languages, err := s.sealLanguages(ctx, q, run, b)
	if err != nil {
		return err
	}
	err = q.InsertBatch(ctx, sqlgen.InsertBatchParams{
		RunID: run.id, Number: b.Number, Name: b.Name, Pieces: b.Pieces, Pages: b.Pages,
		PDFSHA256: b.PDFSHA256, CSVSHA256: b.CSVSHA256, PDFBytes: int(b.PDFBytes), CSVBytes: int(b.CSVBytes),
		Seconds: b.Seconds, PrintedAt: instant(b.PrintedAt), Unprintable: ids, Languages: languages,
	})
	if err != nil {
		return err
	}
	return noteBatch(ctx, q, run, b)
}

// Letters streams a batch's letters in print order. The letter shows the person
// as the first of its practices in key order knows them, and lists every data
// class that any of the practices found.
func (s *Store) Letters(ctx context.Context, incidentID string, runNumber, batch int, each func(*casebook.Letter) error) error {
	var practices map[int]practiceOfBatch
	var rows []sqlgen.LettersOfBatchRow
	var read *finding.Reader
	var earlier, owed int
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		run, err := knownRun(ctx, q, incidentID, runNumber)
		if err != nil {
			return err
		}
		first, last := run.pieces(batch)
		earlier, owed = run.earlier, max(0, min(last, run.Pieces)-first+1)
		if practices, err = practicesOfBatch(ctx, q, run.id, first, last); err != nil {
			return err
		}
		rows, err = q.LettersOfBatch(ctx, sqlgen.LettersOfBatchParams{RunID: run.id, FirstPiece: first, LastPiece: last})
		if err != nil || len(rows) == 0 {
			return err
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		read = finding.NewReader(incidentID, key)
		return nil
	})
	if err != nil {
		return err
	}
	pieces := map[int]bool{}
	for i := range rows {
		pieces[rows[i].PieceNo] = true
	}
	if len(pieces) != owed {
		return errAccount("batch %d of mail run %d of %s was planned with %d letters, and there are people for %d", batch, runNumber, incidentID, owed, len(pieces))
	}
	// A batch is small enough to keep: no connection waits while it is rendered.
	for len(rows) > 0 {
		n := slices.IndexFunc(rows, func(r sqlgen.LettersOfBatchRow) bool { return r.PieceNo != rows[0].PieceNo })
		if n < 0 {
			n = len(rows)
		}
		letter, err := letterOf(read, runNumber, rows[:n], practices)
		if err != nil {
			return s.noting(ctx, err)
		}
		letter.Serial = earlier + rows[0].PieceNo
		if err := each(&letter); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func letterOf(read *finding.Reader, run int, piece []sqlgen.LettersOfBatchRow, practices map[int]practiceOfBatch) (casebook.Letter, error) {
	letter := casebook.Letter{PieceID: pieceID(run, piece[0].PieceNo)}
	var classes breach.DataClassSet
	for i := range piece {
		f := &piece[i].Finding
		practice := practices[f.PracticeID]
		person, err := read.Person(f, practice.facts.Key)
		if err != nil {
			return letter, err
		}
		if i == 0 {
			letter.Person = person
		}
		letter.Practices = append(letter.Practices, practice.facts)
		if c := practice.correction(piece[i].Corrects, piece[i].CorrectsOf); c != nil && (letter.Corrects == nil || c.Recall > letter.Corrects.Recall) {
			letter.Corrects = c
		}
		classes |= f.DataClasses
	}
	letter.Classes = classes.Classes()
	return letter, nil
}

// practiceOfBatch is a practice with letters in a batch, and what its corrected ones say.
type practiceOfBatch struct {
	facts       breach.Practice
	corrections []breach.Correction
}

// correction is what a letter says that follows from a recall; nil where it follows from none.
func (p practiceOfBatch) correction(recall int, mailedOn civil.Date) *breach.Correction {
	i := slices.IndexFunc(p.corrections, func(c breach.Correction) bool { return c.Recall == recall })
	if recall == 0 || i < 0 {
		return nil
	}
	c := p.corrections[i]
	c.MailedOn = mailedOn
	return &c
}

func practicesOfBatch(ctx context.Context, q *sqlgen.Queries, runID, first, last int) (map[int]practiceOfBatch, error) {
	rows, err := q.PracticesOfBatch(ctx, sqlgen.PracticesOfBatchParams{RunID: runID, FirstPiece: first, LastPiece: last})
	practices := make(map[int]practiceOfBatch, len(rows))
	for _, r := range rows {
		r.Facts.Delegation = r.Delegation
		practices[r.ID] = practiceOfBatch{r.Facts, r.Corrections}
	}
	return practices, err
}

// pieceID names a piece on paper, where anybody may read it: it says nothing.
func pieceID(run, piece int) string { return fmt.Sprintf("R%03d-%06d", run, piece) }

// pieceNumber reads a pieceID of the run.
func pieceNumber(run int, id string) (int, bool) {
	digits, found := strings.CutPrefix(id, fmt.Sprintf("R%03d-", run))
	n, err := strconv.Atoi(digits)
	return n, found && err == nil && pieceID(run, n) == id
}

// Printing reports whether a mail run has batches that are not finished.
func (s *Store) Printing(ctx context.Context, incidentID string) (bool, error) {
	unsaved, err := s.q.UnsavedBatches(ctx, incidentID)
	return unsaved > 0, err
}
