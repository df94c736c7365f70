package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// LettersByNumber are the ids of letters by their number among all of the incident, from
// 1, which the mail's barcode tells (breach.PrintRun.LetterOf). Numbers of no letter are left out.
func (s *Store) LettersByNumber(ctx context.Context, incidentID string, numbers []int) (map[int]string, error) {
	runs, err := s.q.MailRunSizes(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	letters := make(map[int]string, len(numbers))
	for _, n := range numbers {
		before := 0
		for _, run := range runs {
			if n > before && n <= before+run.Pieces {
				letters[n] = pieceID(run.Number, n-before)
				break
			}
			before += run.Pieces
		}
	}
	return letters, nil
}

// NewAddressesInput is where people live now whose letters came back.
type NewAddressesInput struct {
	// FileSHA256 is the hash of the file that says so.
	FileSHA256 string
	By         string
	At         time.Time
	Moved      []breach.Moved
}

// listSHA256 tells the list of new addresses of a file from the file itself, which is the
// list of letters that came back.
func (in *NewAddressesInput) listSHA256() string {
	sum := sha256.Sum256([]byte("new addresses of " + in.FileSHA256))
	return hex.EncodeToString(sum[:])
}

// NewAddressesResult is what became of them.
type NewAddressesResult struct {
	// List is the further list that the new addresses made; its Number is 0 where there was none to take.
	List ListResult
	// ActID is the identity of the act of that list.
	ActID string
	// Left are letters whose new address was not taken, and why, by piece id.
	Left map[string]breach.Unmoved
}

// TakeNewAddresses gives people whose letter came back the address that the Postal Service
// has for them, as a further list does (LoadList): the one before stays in the record of
// that list, and another letter is owed. Whether an address is somebody's is
// breach.Moved's to decide, for each finding that the letter was for; where it is not
// taken for one of them, it is for none, since they had one letter.
//
// It is refused, with code "mail_run_open", while letters are printed. A second time
// nothing changes.
func (s *Store) TakeNewAddresses(ctx context.Context, incidentID string, in NewAddressesInput) (NewAddressesResult, error) {
	result := NewAddressesResult{Left: map[string]breach.Unmoved{}}
	sum := in.listSHA256()
	result.ActID = "amend-" + sum
	err := s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil {
			return orUnknownIncident(err, incidentID)
		}
		before, err := q.ListBySHA256(ctx, sqlgen.ListBySHA256Params{IncidentID: incidentID, SHA256: sum})
		if err == nil {
			result.List = ListResult{AlreadyLoaded: true, Number: before.Number, Changed: before.Changed, Practices: before.Touched}
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err := notPrinting(ctx, q, incidentID, incident.Facts.PrintRun); err != nil {
			return err
		}
		people, err := s.movedPeople(ctx, q, incidentID, in.Moved, result.Left)
		if err != nil || len(people) == 0 {
			return err
		}
		result.List, err = s.addList(ctx, tx, q, incidentID, incident.Facts, ListInput{
			SHA256: sum, By: in.By, At: in.At,
			Findings: inMemory(people),
		})
		return err
	})
	if err != nil {
		return NewAddressesResult{}, loading(s.noting(ctx, err), incidentID)
	}
	return result, nil
}

// movedPeople are the rows of people at their new addresses; left gets the others.
func (s *Store) movedPeople(ctx context.Context, q *sqlgen.Queries, incidentID string, moved []breach.Moved, left map[string]breach.Unmoved) ([]breach.Person, error) {
	key, err := s.dataKey(ctx, q, incidentID)
	if err != nil {
		return nil, err
	}
	params := sqlgen.CameBackToParams{IncidentID: incidentID}
	by := map[string]*breach.Moved{}
	for i := range moved {
		if run, piece, ok := readPieceID(moved[i].PieceID); ok {
			by[moved[i].PieceID] = &moved[i]
			params.Runs, params.PieceNos = append(params.Runs, run), append(params.PieceNos, piece)
		}
	}
	rows, err := q.CameBackTo(ctx, params)
	if err != nil {
		return nil, err
	}
	read := finding.NewReader(incidentID, key)
	type atNewAddress struct {
		piece  string
		person breach.Person
	}
	var all []atNewAddress
	for i := range rows {
		p, err := read.Person(&rows[i].Finding, rows[i].PracticeKey)
		if err != nil {
			return nil, err
		}
		id := pieceID(rows[i].Run, rows[i].PieceNo)
		to, why := by[id].Of(&p)
		if why != "" {
			left[id] = why
			continue
		}
		all = append(all, atNewAddress{id, to})
	}
	var people []breach.Person
	for i := range all {
		if _, not := left[all[i].piece]; !not {
			people = append(people, all[i].person)
		}
	}
	return people, nil
}
