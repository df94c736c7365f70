package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"duenotice/internal/acsfile"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/givenfile"
	"duenotice/internal/postgres"
	"duenotice/internal/returnedmail"
)

// isACS reports whether a list of what came back is the Postal Service's own file.
func isACS(path string) (bool, error) {
	file, err := givenfile.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // said by whoever reads it
	}
	if err != nil {
		return false, systemError(fmt.Errorf("open the list: %w", err))
	}
	defer func() { _ = file.Close() }() // only read
	beginning := make([]byte, 32)
	n, err := io.ReadFull(file, beginning)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, systemError(fmt.Errorf("read the list: %w", err))
	}
	return acsfile.Is(beginning[:n]), nil
}

// acs takes in a fulfillment file of the Address Change Service: the letters that came
// back, and where their addressees live now.
func (s *session) acs(ctx context.Context, id, path, who string) error {
	sorted, sum, err := s.sortACS(ctx, id, path)
	if err != nil {
		return err
	}
	// Before anything is recorded: nobody would hear of it.
	if err := s.dial(ctx); err != nil {
		return err
	}
	s.sayLeft(sorted)
	if len(sorted.Letters) == 0 {
		s.p.say("Incident %s: no letter came back by this file; nothing changed.", id)
		return nil
	}
	result, err := s.store.RecordReturns(ctx, id, postgres.ReturnsInput{SHA256: sum, By: who, At: s.p.Now(), Letters: sorted.Letters})
	if err != nil {
		return err
	}
	s.sayReturned(id, result)
	err = s.tellAmended(ctx, id, result.Number, casebook.Act{
		ID: "returns-" + sum, IncidentID: id, Kind: casebook.ActReturns, Who: who, At: s.p.Now(),
	})
	if err != nil || len(sorted.Moved) == 0 {
		return err
	}
	return s.takeNewAddresses(ctx, id, postgres.NewAddressesInput{FileSHA256: sum, By: who, At: s.p.Now(), Moved: sorted.Moved})
}

// sortACS reads the file and sorts what it says of the incident's letters.
func (s *session) sortACS(ctx context.Context, id, path string) (sorted returnedmail.Sorted, sum string, err error) {
	incident, err := s.store.Incident(ctx, id)
	if err != nil {
		return sorted, "", err
	}
	file, err := givenfile.Open(path)
	if err != nil {
		return sorted, "", systemError(fmt.Errorf("open the list: %w", err))
	}
	defer func() { _ = file.Close() }() // only read
	hash := sha256.New()
	var records []acsfile.Record
	var numbers []int
	run := incident.Incident.PrintRun
	err = acsfile.Read(io.TeeReader(file, hash), func(r *acsfile.Record) error {
		// A mailer's file has all of its mail: of other mail only the line is kept.
		number := run.LetterOf(r.Tracking)
		if number == 0 && pieceWithoutBarcode(run, r) == "" {
			records = append(records, acsfile.Record{Line: r.Line})
			return ctx.Err()
		}
		records = append(records, *r)
		if number > 0 {
			numbers = append(numbers, number)
		}
		return ctx.Err()
	})
	if err != nil {
		return sorted, "", err
	}
	byNumber, err := s.store.LettersByNumber(ctx, id, numbers)
	if err != nil {
		return sorted, "", err
	}
	pieceOf := func(r *acsfile.Record) string {
		if piece := byNumber[run.LetterOf(r.Tracking)]; piece != "" {
			return piece
		}
		return pieceWithoutBarcode(run, r)
	}
	ids := make([]string, 0, len(records))
	for i := range records {
		if piece := pieceOf(&records[i]); piece != "" {
			ids = append(ids, piece)
		}
	}
	printed, err := s.printed(id)(ctx, ids)
	if err != nil {
		return sorted, "", err
	}
	return returnedmail.Sort(records, pieceOf, printed, s.p.today(s.config)), hex.EncodeToString(hash.Sum(nil)), nil
}

// pieceWithoutBarcode is the letter that a record's keyline names. Where letters have the
// mailer's barcode it alone says whose a piece with one is: every incident has a letter
// R001-000001, and a mailer's file has the mail of them all.
func pieceWithoutBarcode(run breach.PrintRun, r *acsfile.Record) string {
	if run.HasBarcode() && r.Tracking != "" {
		return ""
	}
	return pieceInKeyline(r.Keyline)
}

// keylinePiece is a letter's reference as a keyline has it, with or without its hyphen:
// the Postal Service keeps letters and digits.
var keylinePiece = regexp.MustCompile(`^(R\d{3,9})-(\d{6,9})$|^(R\d{3})(\d{6})$`)

func pieceInKeyline(keyline string) string {
	m := keylinePiece.FindStringSubmatch(keyline)
	if m == nil {
		return ""
	}
	return m[1] + m[3] + "-" + m[2] + m[4]
}

// sayLeft lists what was left aside. It names lines and letters.
func (s *session) sayLeft(sorted returnedmail.Sorted) {
	if sorted.Forwarded > 0 {
		s.p.say("%s forwarded to another address and delivered, as far as the Postal Service knows. Nothing is owed for that.", count(sorted.Forwarded, "letter was", "letters were"))
	}
	other, shown := 0, 0
	for _, l := range sorted.Left {
		if l.Why == returnedmail.Unknown {
			other++
			continue
		}
		if shown++; shown <= keysShown {
			s.p.note("line %d, letter %s: %s; left aside.", l.Line, l.PieceID, l.Why)
		}
	}
	if shown > keysShown {
		s.p.note("and %s more lines were left aside.", number(shown-keysShown))
	}
	if other > 0 {
		s.p.note("%s of no letter of this incident; left aside.", count(other, "line is", "lines are"))
	}
}

func (s *session) takeNewAddresses(ctx context.Context, id string, in postgres.NewAddressesInput) error {
	result, err := s.store.TakeNewAddresses(ctx, id, in)
	if refusal, is := breach.AsRefusal(err); is && refusal.Code == "mail_run_open" {
		return breach.Refuse(refusal.Code, "What came back is recorded. For the new addresses give the same command again when status shows the letters printed.", "%s", refusal.Message)
	}
	if err != nil {
		return err
	}
	s.sayNewAddresses(id, in, result)
	if result.List.Number == 0 {
		return nil
	}
	return s.tellAmended(ctx, id, result.List.Number, casebook.Act{
		ID: result.ActID, IncidentID: id, Kind: casebook.ActAmend, Who: in.By, At: in.At,
	})
}

func (s *session) sayNewAddresses(id string, in postgres.NewAddressesInput, r postgres.NewAddressesResult) {
	switch {
	case r.List.AlreadyLoaded:
		s.p.say("Incident %s: its new addresses were taken before, as list %d.", id, r.List.Number)
		return
	case r.List.Number > 0:
		s.p.say("Incident %s: list %d has new addresses of %s; another letter is owed to each. The old addresses stay in the record.", id, r.List.Number, count(r.List.Changed, "finding", "findings"))
		s.sayPractices(r.List.Practices)
	}
	shown := 0
	for _, m := range in.Moved {
		why, left := r.Left[m.PieceID]
		if !left {
			continue
		}
		if shown++; shown <= keysShown {
			s.p.note("letter %s: its new address was not taken: %s. Look, and correct it with amend.", m.PieceID, why.Words())
		}
	}
	if shown > keysShown {
		s.p.note("and %s more new addresses were not taken.", number(shown-keysShown))
	}
}
