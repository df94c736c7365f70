package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
	"duenotice/internal/postgres"
	"duenotice/internal/tracingfile"
)

const tracingHelp = `Takes in what the Postal Service's machines saw of letters: an export of IV-MTR
(Informed Visibility, once IMb Tracing) as it was downloaded, JSON or delimited
text with its header. Letters are known by the Intelligent Mail barcode
(print_run.mailer_id of incident.yaml); other mail of the mailer is left alone.

Each scan is kept with the letter, and report person shows it: seen by a machine,
delivered as far as the Postal Service knows, forwarded, on its way back. Nothing
that is owed changes by it: a scan says when mail was handled and not whom it
reached. What came back is recorded with returns.

--unseen DAYS lists the letters that were mailed so many days ago or earlier, of
which no scan is known and which did not come back: ask the mail house for its
receipt. Give it without a file, or after one.`

func (p *program) tracingCommand() *cobra.Command {
	var who string
	var unseen int
	cmd := &cobra.Command{
		Use: "tracing INCIDENT [FILE]", Short: "Take in scans of letters on their way, and list letters without one", Long: tracingHelp,
		Example: `  duenotice tracing EX-2026-03 scans.json --by "Ada Rivera"
  duenotice tracing EX-2026-03 --unseen 7 --by "Ada Rivera"`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			asked := cmd.Flags().Changed("unseen")
			if len(args) == 1 && !asked || unseen < 0 {
				return usage("give a file of scans, or --unseen with a number of days")
			}
			who = strings.TrimSpace(who)
			if err := breach.CheckPersonName("--by", who); err != nil {
				return err
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: casebook.ActReturns, by: who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			if len(args) == 2 {
				if err := s.tracing(cmd.Context(), args[0], args[1], who); err != nil {
					return err
				}
			}
			if !asked {
				return nil
			}
			return s.unseen(cmd.Context(), args[0], unseen)
		},
	}
	cmd.Flags().IntVar(&unseen, "unseen", 0, "list letters mailed so many days ago or earlier that no machine saw")
	byFlag(cmd, &who)
	return cmd
}

// traced is what a file of scans says of an incident's letters.
type traced struct {
	scans []postgres.LetterScan
	// others are scans of other mail; misdated ones are of before a letter was printed, or of a
	// day still to come.
	others, misdated int
	sha256           string
}

func (s *session) tracing(ctx context.Context, incident, path, who string) error {
	of, err := s.readScans(ctx, incident, path)
	if err != nil {
		return err
	}
	result, err := s.store.TakeScans(ctx, incident, postgres.ScansInput{SHA256: of.sha256, By: who, At: s.p.Now(), Scans: of.scans})
	if err != nil {
		return err
	}
	s.p.say("Incident %s: %s of %s in the file, %s new.", incident, count(len(of.scans), "scan", "scans"), "its letters", number(result.Scans))
	if of.misdated > 0 {
		s.p.note("%s dated before the letter was printed, or after today; left aside.", count(of.misdated, "scan is", "scans are"))
	}
	if of.others > 0 {
		s.p.note("%s of no letter of this incident; left aside.", count(of.others, "scan is", "scans are"))
	}
	letters, err := s.store.ScannedLetters(ctx, incident)
	if err != nil {
		return err
	}
	t := s.p.lines(2)
	for _, kind := range breach.ScanKinds {
		if n := letters[kind]; n > 0 {
			t.row("  letters "+scanWords[kind], n)
		}
	}
	t.print()
	if letters[breach.ScanReturning] > 0 {
		s.p.say("What is on its way back did not come back yet: record it with returns when it is here, or from the Address Change Service's file.")
	}
	return nil
}

// scanWords are kinds of scan for people.
var scanWords = map[string]string{
	breach.ScanSeen: "seen on their way", breach.ScanDelivered: "delivered, as far as the Postal Service knows",
	breach.ScanForwarded: "forwarded", breach.ScanReturning: "on their way back",
}

// readScans reads a file of scans, and which letters they are of.
func (s *session) readScans(ctx context.Context, incident, path string) (of traced, err error) {
	there, err := s.store.Incident(ctx, incident)
	if err != nil {
		return of, err
	}
	run := there.Incident.PrintRun
	if !run.HasBarcode() {
		return of, breach.Refuse("no_barcode", "Letters are known by it: set print_run.mailer_id before the next letters are planned.", "the letters of %s have no Intelligent Mail barcode", incident)
	}
	file, err := givenfile.Open(path)
	if err != nil {
		return of, systemError(fmt.Errorf("open the file of scans: %w", err))
	}
	defer func() { _ = file.Close() }() // only read
	hash := sha256.New()
	whole := io.TeeReader(file, hash)
	var scans []tracingfile.Scan
	var numbers []int
	err = tracingfile.Read(whole, s.config.Zone, func(scan *tracingfile.Scan) error {
		if n := run.LetterOf(scan.Tracking); n > 0 {
			scans, numbers = append(scans, *scan), append(numbers, n)
		} else {
			of.others++
		}
		return ctx.Err()
	})
	if err != nil {
		return of, err
	}
	// What stands behind the events is part of the file.
	if _, err := io.Copy(io.Discard, whole); err != nil {
		return of, systemError(fmt.Errorf("read the file of scans: %w", err))
	}
	of.sha256 = hex.EncodeToString(hash.Sum(nil))
	letters, err := s.store.LettersByNumber(ctx, incident, numbers)
	if err != nil {
		return of, err
	}
	ids := make([]string, 0, len(letters))
	for _, id := range letters {
		ids = append(ids, id)
	}
	printed, err := s.store.PrintedLetters(ctx, incident, ids)
	if err != nil {
		return of, err
	}
	for i, scan := range scans {
		id := letters[numbers[i]]
		letter, is := printed[id]
		on := civil.OfTime(scan.At.In(s.config.Zone))
		switch {
		case !is:
			of.others++
		case on.Before(civil.OfTime(letter.PrintedAt.In(s.config.Zone))), on.After(s.p.today(s.config)):
			of.misdated++
		default:
			of.scans = append(of.scans, postgres.LetterScan{PieceID: id, At: scan.At, Operation: scan.Operation, Facility: scan.Facility, Kind: scan.Kind})
		}
	}
	return of, nil
}

// unseenShown is how many letters are listed one by one.
const unseenShown = 1000

// unseen lists letters that no machine saw.
func (s *session) unseen(ctx context.Context, incident string, days int) error {
	if err := s.there(ctx, incident, ""); err != nil {
		return err
	}
	by := s.p.today(s.config).AddDays(-days)
	t, n := s.p.table("LETTER", "BATCH", "MAILED"), 0
	err := s.store.EachUnseenLetter(ctx, incident, by, func(l postgres.UnseenLetter) error {
		if n++; n <= unseenShown {
			t.row(l.PieceID, l.Batch, l.MailedOn)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n == 0 {
		s.p.say("Incident %s: a scan is known of every letter mailed by %s, or it came back.", incident, by)
		return nil
	}
	t.print()
	if n > unseenShown {
		s.p.say("and %s more.", number(n-unseenShown))
	}
	s.p.say("No scan is known of %s mailed by %s. They count as mailed; ask the mail house for its receipt.", count(n, "letter", "letters"), by)
	return nil
}
