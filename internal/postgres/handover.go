package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// HandOver writes down who has letters or a practice's list now. It is refused
// with code "file_changed" when a file is not the one that was made: it would be
// gone, and what the other side has could not be told. The same hand-over twice
// is one.
func (s *Store) HandOver(ctx context.Context, act casebook.Act) error {
	terms := act.HandOver
	if terms == nil || len(terms.Files) == 0 {
		return fmt.Errorf("a hand-over of %s names no file", act.IncidentID)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", breach.FoldText(terms.To), breach.PersonNamed(act.Who))
	for _, f := range terms.Files {
		fmt.Fprintf(h, "%s %s\n", f.Path, f.SHA256)
	}
	act.ID = casebook.ActHandOver + "-" + hex.EncodeToString(h.Sum(nil))
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, act.IncidentID); err != nil {
			return orUnknownIncident(err, act.IncidentID)
		}
		check := checkLetters
		if act.PracticeKey != "" {
			check = checkList
		}
		if err := check(ctx, q, act); err != nil {
			return err
		}
		if _, err := insertAct(ctx, q, act); err != nil || act.PracticeKey == "" {
			return err
		}
		// Its page gives the list no more.
		return q.PacketWaits(ctx, sqlgen.PacketWaitsParams{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey})
	})
}

// checkLetters holds files against the batch as it was saved, and refuses with code
// "recalled" letters that nobody is to mail.
func checkLetters(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	batch, err := q.BatchByName(ctx, sqlgen.BatchByNameParams{IncidentID: act.IncidentID, Name: act.HandOver.Batch})
	if errors.Is(err, pgx.ErrNoRows) {
		return breach.Refuse("unknown_batch", "The folders under mail/ have the batches' names; one that is still being printed is not finished.",
			"incident %s has no finished batch %s", act.IncidentID, act.HandOver.Batch)
	}
	if err != nil {
		return err
	}
	if batch.Withdrawn {
		return breach.Refuse("recalled", "The letters in their place are in a later batch.", "batch %s was recalled before it was mailed", act.HandOver.Batch)
	}
	for _, f := range act.HandOver.Files {
		if f.Plain != batch.PDFSHA256 && f.Plain != batch.CSVSHA256 {
			return fileChanged(f.Path)
		}
	}
	return nil
}

// checkList holds the file against the practice's papers as they were saved.
func checkList(ctx context.Context, q *sqlgen.Queries, act casebook.Act) error {
	practice, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey})
	if err != nil {
		return orUnknownPractice(err, act.IncidentID, act.PracticeKey)
	}
	for _, f := range act.HandOver.Files {
		made, err := q.FileHash(ctx, sqlgen.FileHashParams{PracticeID: practice.ID, Path: f.Path})
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if made != f.SHA256 {
			return fileChanged(f.Path)
		}
	}
	return nil
}

func fileChanged(path string) error {
	return breach.Refuse("file_changed", "Find out who changed it. The worker makes a practice's list again when its papers change; letters come from a backup.",
		"%s is not the file that was made, and is left where it is", path)
}
