package postgres

import (
	"context"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// Kinds of list.
const (
	listOfFindings = "findings"
	listOfReturns  = "returns"
)

// ReturnsInput is a list of letters that came back, each once.
type ReturnsInput struct {
	SHA256  string
	By      string
	At      time.Time
	Letters []breach.ReturnedLetter
	// Emails are agreed e-mails that bounced; a list has letters or e-mails.
	Emails []breach.BouncedEmail
}

// ReturnsResult is what a list of letters that came back did.
type ReturnsResult struct {
	// AlreadyRecorded: the same list was recorded before, as Number, and nothing changed.
	AlreadyRecorded bool
	Number          int
	// Letters of the list, and how many of them an earlier list had.
	Letters, Before int
	// OutOfDate is how many findings have no usable address now that had one. A
	// letter for several practices is a finding of each; one whose addressee has
	// another address by now is none.
	OutOfDate int
	// Practices are the keys of the practices it touched, in order.
	Practices []string
}

// PrintedLetters returns those of the letters that were printed, by piece id.
func (s *Store) PrintedLetters(ctx context.Context, incidentID string, pieceIDs []string) (map[string]casebook.PrintedLetter, error) {
	return printedLetters(ctx, s.q, incidentID, pieceIDs)
}

func printedLetters(ctx context.Context, q *sqlgen.Queries, incidentID string, pieceIDs []string) (map[string]casebook.PrintedLetter, error) {
	params := sqlgen.PrintedLettersParams{IncidentID: incidentID}
	for _, id := range pieceIDs {
		if run, piece, ok := readPieceID(id); ok {
			params.Runs, params.PieceNos = append(params.Runs, run), append(params.PieceNos, piece)
		}
	}
	rows, err := q.PrintedLetters(ctx, params)
	printed := make(map[string]casebook.PrintedLetter, len(rows))
	for _, r := range rows {
		printed[pieceID(r.Run, r.PieceNo)] = casebook.PrintedLetter{PrintedAt: r.PrintedAt.UTC(), MailedOn: r.MailedOn}
	}
	return printed, err
}

// readPieceID reads the id of a piece of any run.
func readPieceID(id string) (run, piece int, ok bool) {
	first, _, found := strings.Cut(strings.TrimPrefix(id, "R"), "-")
	run, err := strconv.Atoi(first)
	if !found || err != nil || run > math.MaxInt32 {
		return 0, 0, false
	}
	piece, ok = pieceNumber(run, id)
	return run, piece, ok && piece > 0 && piece <= math.MaxInt32
}

// RecordReturns notes letters that came back. The address they went to is out of
// date (45 CFR 164.404(d)(2)): unless a later list has another one already, their
// people count as without a usable address until one does. Papers, approvals and
// the letters' counters stay as they are. A practice or incident that was closed
// is open again.
//
// A list with a letter that was never printed is refused with code
// "unknown_letter". A letter that an earlier list had comes back no second time.
func (s *Store) RecordReturns(ctx context.Context, incidentID string, in ReturnsInput) (ReturnsResult, error) {
	var result ReturnsResult
	err := s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		before, err := q.ListBySHA256(ctx, sqlgen.ListBySHA256Params{IncidentID: incidentID, SHA256: in.SHA256})
		if err == nil {
			result = ReturnsResult{AlreadyRecorded: true, Number: before.Number, Letters: before.Rows,
				Before: before.Unchanged, OutOfDate: before.Changed, Practices: before.Touched}
			return nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		count, err := s.counting(ctx, q, incidentID)
		if err != nil {
			return err
		}
		result, err = recordReturns(ctx, count, incidentID, in)
		return err
	})
	if err != nil {
		return ReturnsResult{}, s.noting(ctx, err)
	}
	return result, nil
}

func recordReturns(ctx context.Context, count counting, incidentID string, in ReturnsInput) (ReturnsResult, error) {
	q := count.q
	result := ReturnsResult{Letters: len(in.Letters) + len(in.Emails), Practices: []string{}}
	var err error
	if result.Number, err = q.NextListNumber(ctx, incidentID); err != nil {
		return result, err
	}
	mark := markReturned
	if len(in.Emails) > 0 {
		mark = markBounced
	}
	added, touched, err := mark(ctx, q, incidentID, result.Number, in)
	if err != nil {
		return result, err
	}
	result.Before = result.Letters - added
	act := casebook.Act{
		ID: "returns-" + in.SHA256, IncidentID: incidentID, Kind: casebook.ActReturns, Who: in.By, At: in.At,
		Returns: &casebook.ReturnsTerms{List: result.Number, SHA256: in.SHA256, Letters: added, Emails: len(in.Emails) > 0},
	}
	if _, err := insertAct(ctx, q, act); err != nil {
		return result, err
	}
	noted := make([]returnedAt, len(touched))
	for _, p := range touched {
		result.Practices = append(result.Practices, p.PracticeKey)
	}
	if err := q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: incidentID, PracticeKeys: result.Practices}); err != nil {
		return result, err
	}
	for i, p := range touched {
		c, err := count.practice(ctx, theirs{p.ID, p.PracticeKey})
		if err != nil {
			return result, err
		}
		tally := c.Tally()
		if err := q.SaveReturned(ctx, sqlgen.SaveReturnedParams{ID: p.ID, ListNumber: result.Number, Tally: tally}); err != nil {
			return result, err
		}
		noted[i] = returnedAt{p.PracticeKey, ledger.Returned{List: result.Number, Letters: p.Letters, NoUsableAddress: tally.NoUsableAddress}}
		result.OutOfDate += p.Letters
	}
	if len(touched) > 0 {
		if err := count.countGroups(ctx, incidentID, ""); err != nil {
			return result, err
		}
		if err := q.ReopenLeads(ctx, sqlgen.ReopenLeadsParams{IncidentID: incidentID, ListNumber: result.Number, Touched: result.Practices}); err != nil {
			return result, err
		}
		if err := q.ReopenIncident(ctx, incidentID); err != nil {
			return result, err
		}
	}
	err = q.InsertList(ctx, sqlgen.InsertListParams{
		IncidentID: incidentID, Kind: listOfReturns, Number: result.Number, SHA256: in.SHA256, Rows: result.Letters,
		Added: added, Changed: result.OutOfDate, Unchanged: result.Before, Touched: result.Practices, ByWhom: in.By, LoadedAt: in.At,
	})
	if err != nil {
		return result, err
	}
	return result, eachPractice(ctx, q, incidentID, noted, func(r returnedAt) (string, ledger.Body, any) {
		return r.key, ledger.Body{Kind: ledger.KindReturned, Who: in.By, When: in.At, Inputs: map[string]string{"list": in.SHA256}}, r.what
	})
}

// markReturned notes letters that came back, and whose address is out of date.
func markReturned(ctx context.Context, q *sqlgen.Queries, incidentID string, list int, in ReturnsInput) (added int, touched []sqlgen.MarkReturnedRow, err error) {
	if added, err = insertReturned(ctx, q, incidentID, list, in.Letters); err != nil {
		return added, nil, err
	}
	touched, err = q.MarkReturned(ctx, sqlgen.MarkReturnedParams{
		IncidentID: incidentID, ListNumber: list,
		FromStates: names(account.ComeBack.From), ToState: string(account.ComeBack.To), Kin: account.Kin, ByEmail: account.ByEmail,
	})
	return added, touched, err
}

// markBounced notes whose agreed e-mail no longer reaches them.
func markBounced(ctx context.Context, q *sqlgen.Queries, incidentID string, _ int, in ReturnsInput) (added int, touched []sqlgen.MarkReturnedRow, err error) {
	mark := sqlgen.MarkBouncedParams{IncidentID: incidentID}
	check := sqlgen.NotByEmailParams{IncidentID: incidentID}
	for i, e := range in.Emails {
		mark.PracticeKeys, mark.PersonKeys = append(mark.PracticeKeys, e.PracticeKey), append(mark.PersonKeys, e.PersonKey)
		check.Places = append(check.Places, i)
	}
	check.PracticeKeys, check.PersonKeys = mark.PracticeKeys, mark.PersonKeys
	wrong, err := q.NotByEmail(ctx, check)
	if err != nil {
		return 0, nil, err
	}
	if len(wrong) > 0 {
		e := in.Emails[wrong[0]]
		return 0, nil, breach.Refuse("unknown_email", "Correct practice_key and person_key: they are those of the list that report email-list wrote.",
			"%s at practice %s is nobody who agreed to e-mail in incident %s (%d such rows)", e.PersonKey, e.PracticeKey, incidentID, len(wrong))
	}
	mark.Told, mark.NoAddress, mark.ReturnedState, mark.ByEmail = string(account.Told), string(account.Bounce.To), string(account.Returned), account.ByEmail
	rows, err := q.MarkBounced(ctx, mark)
	for _, r := range rows {
		touched = append(touched, sqlgen.MarkReturnedRow(r))
		added += r.Letters
	}
	return added, touched, err
}

// returnedAt is what came back to one practice.
type returnedAt struct {
	key  string
	what ledger.Returned
}

// insertReturned writes the letters down and returns how many are new.
func insertReturned(ctx context.Context, q *sqlgen.Queries, incidentID string, list int, letters []breach.ReturnedLetter) (int, error) {
	ids := make([]string, len(letters))
	for i, l := range letters {
		ids[i] = l.PieceID
	}
	printed, err := printedLetters(ctx, q, incidentID, ids)
	if err != nil {
		return 0, err
	}
	params := sqlgen.InsertReturnedParams{IncidentID: incidentID, ListNumber: list}
	for _, l := range letters {
		if _, there := printed[l.PieceID]; !there {
			return 0, breach.Refuse("unknown_letter", "Correct piece_id: it is the Reference at the foot of the letter.", "%s is no letter that was printed in incident %s", l.PieceID, incidentID)
		}
		run, piece, _ := readPieceID(l.PieceID)
		params.Runs, params.PieceNos = append(params.Runs, run), append(params.PieceNos, piece)
		params.Days, params.Reasons = append(params.Days, l.On.String()), append(params.Reasons, l.Reason)
	}
	added, err := q.InsertReturned(ctx, params)
	return int(added), err
}

// keepReturned notes which rows of a further list say nothing better of where
// somebody lives whose letter came back: they still have no usable address.
func keepReturned(ctx context.Context, q *sqlgen.Queries, l *finding.Loader, practiceIDs []int) error {
	read := l.Reader()
	var same sqlgen.KeepReturnedParams
	page := sqlgen.ReturnedIncomingParams{PracticeIds: practiceIDs, Page: pageRows}
	for {
		rows, err := q.ReturnedIncoming(ctx, page)
		if err != nil {
			return err
		}
		for i := range rows {
			people, err := read.Both(&rows[i].Finding, rows[i].After, rows[i].PracticeKey)
			if err != nil {
				return err
			}
			if people[0].SameAddress(&people[1]) {
				same.PracticeIds, same.PersonKeys = append(same.PracticeIds, rows[i].Finding.PracticeID), append(same.PersonKeys, rows[i].Finding.PersonKey)
			}
		}
		if len(rows) < pageRows {
			break
		}
		last := &rows[len(rows)-1].Finding
		page.AfterPractice, page.AfterPerson = last.PracticeID, last.PersonKey
	}
	if len(same.PracticeIds) == 0 {
		return nil
	}
	return q.KeepReturned(ctx, same)
}

// keepBounced notes which rows of a further list have the e-mail that bounced.
func keepBounced(ctx context.Context, q *sqlgen.Queries, l *finding.Loader, practiceIDs []int) error {
	read := l.Reader()
	var same sqlgen.KeepBouncedParams
	page := sqlgen.BouncedIncomingParams{PracticeIds: practiceIDs, Page: pageRows}
	for {
		rows, err := q.BouncedIncoming(ctx, page)
		if err != nil {
			return err
		}
		for i := range rows {
			people, err := read.Both(&rows[i].Finding, rows[i].After, rows[i].PracticeKey)
			if err != nil {
				return err
			}
			if people[0].SameEmail(&people[1]) {
				same.PracticeIds, same.PersonKeys = append(same.PracticeIds, rows[i].Finding.PracticeID), append(same.PersonKeys, rows[i].Finding.PersonKey)
			}
		}
		if len(rows) < pageRows {
			break
		}
		last := &rows[len(rows)-1].Finding
		page.AfterPractice, page.AfterPerson = last.PracticeID, last.PersonKey
	}
	if len(same.PracticeIds) == 0 {
		return nil
	}
	return q.KeepBounced(ctx, same)
}
