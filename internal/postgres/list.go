package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// ListInput is a further list of findings that passed validation.
type ListInput struct {
	SHA256 string
	By     string
	At     time.Time
	// Seconds is how long validation took; loading adds its own.
	Seconds  float64
	Findings Findings
	// Removals are the people it takes out of practices.
	Removals []breach.Removal
	// Investigated: the list is what the sources of the investigation give by now, and
	// breach.OfLaterRow says what becomes of rows whose data nobody saw. A row that only
	// stands elsewhere in the sources changes nothing.
	Investigated bool
	// Sources are the SHA-256 sums of the files that the list was imported from, by their
	// numbers; nil where it was not imported.
	Sources map[string]string
	// DryRun works everything out and then undoes it.
	DryRun bool
	// Look, where given, sees the case as the list makes it, before it is kept or undone.
	Look func(ctx context.Context, amended *Reading) error
}

// ListResult is what a further list did, or would do.
type ListResult struct {
	// AlreadyLoaded: the same list was loaded before, as Number, and nothing changed.
	AlreadyLoaded             bool
	Number                    int
	Added, Changed, Unchanged int
	// Removed is how many people it took out of a practice: Cleared of them because nobody
	// had seen their data, and Told of them had been told by then, by a letter or otherwise.
	Removed, Cleared, Told int
	// Passed are rows of an investigated list of people who are on no list and whose data
	// nobody saw; Unlisted are people of the incident who are in no row of it, and stay.
	Passed, Unlisted int
	// Lines are the people who were added or changed, by practice and State; none where the
	// list was loaded before.
	Lines []ListLine
	// Letters are the pieces printed by then that are for nobody any more.
	Letters []string
	// Practices are the keys of the practices it touched, in order.
	Practices []string
}

// ListLine counts the people of one practice and State of residence whom a further list
// added, or of whom it says something else: of Kinds of those other kinds of data.
type ListLine struct {
	PracticeKey, State    string
	Added, Changed, Kinds int
}

// LoadList adds a further list to an incident: it adds people, replaces the row
// of one already there, data classes included, and takes out those whom it
// removes, of whom key and reason are kept. Nobody is removed by being left out.
//
// A practice it touches is counted anew and its papers are to be made and
// approved anew. Letters already printed stay, but where the row now says
// something else in what a letter prints, another letter is owed. An incident
// or practice that was closed is open again.
//
// It is refused with code "nobody_to_remove" where it removes somebody who is
// not there, a mistyped key for example, with "shared_code" where it gives somebody another person's code, and with "mail_run_open" while a mail run is being printed:
// what is approved and what is printed would part.
func (s *Store) LoadList(ctx context.Context, incidentID string, in ListInput) (ListResult, error) {
	var result ListResult
	err := s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil {
			return orUnknownIncident(err, incidentID)
		}
		before, err := q.ListBySHA256(ctx, sqlgen.ListBySHA256Params{IncidentID: incidentID, SHA256: in.SHA256})
		if err == nil {
			result = ListResult{AlreadyLoaded: true, Number: before.Number, Added: before.Added,
				Changed: before.Changed, Unchanged: before.Unchanged, Removed: before.Removed, Practices: before.Touched}
			return result.removedBy(ctx, q, incidentID, before.Number)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if err := notPrinting(ctx, q, incidentID, incident.Facts.PrintRun); err != nil {
			return err
		}
		if result, err = s.addList(ctx, tx, q, incidentID, incident.Facts, in); err != nil {
			return err
		}
		if in.Look != nil {
			if err := in.Look(ctx, &Reading{q, result.Number}); err != nil {
				return err
			}
		}
		if in.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return ListResult{}, loading(s.noting(ctx, err), incidentID)
	}
	return result, nil
}

// errDryRun undoes the transaction of a dry run.
var errDryRun = errors.New("dry run")

func (s *Store) addList(ctx context.Context, tx pgx.Tx, q *sqlgen.Queries, incidentID string, facts breach.Incident, in ListInput) (ListResult, error) {
	key, err := s.dataKey(ctx, q, incidentID)
	if err != nil {
		return ListResult{}, err
	}
	if err := q.SetSortMemory(ctx); err != nil {
		return ListResult{}, err
	}
	number, err := q.NextListNumber(ctx, incidentID)
	if err != nil {
		return ListResult{}, err
	}
	practices, err := q.PracticesOf(ctx, incidentID)
	if err != nil {
		return ListResult{}, err
	}
	l := finding.NewLoader(incidentID, facts.Discovered, number, key)
	for _, p := range practices {
		l.AddPractice(p.PracticeKey, p.ID, facts.Entity.WritesLetters(breach.Practice{Delegation: p.Delegation}))
	}
	before, passed := 0, 0
	if in.Investigated {
		if before, err = q.CountFindings(ctx, incidentID); err != nil {
			return ListResult{}, err
		}
		settled, err := settle(ctx, q, l, in.Findings)
		if err != nil {
			return ListResult{}, err
		}
		in.Findings, in.Removals, passed = settled.of(in.Findings), slices.Concat(in.Removals, settled.leaving), settled.passed
	}
	if err := l.Copy(ctx, tx, finding.Incoming, in.Findings, nil); err != nil {
		return ListResult{}, err
	}
	leaving, err := remove(ctx, q, l, in.Removals)
	if err != nil {
		return ListResult{}, err
	}
	touched, result, err := mergeIncoming(ctx, q, l, leaving, in.Investigated)
	if err != nil {
		return ListResult{}, err
	}
	if result.Passed = passed; in.Investigated {
		result.Unlisted = before - len(in.Removals) - result.Changed - result.Unchanged
	}
	if err := refuseSharedCode(ctx, q, incidentID, number); err != nil {
		return ListResult{}, err
	}
	result.Removed = len(in.Removals)
	if err := result.removedBy(ctx, q, incidentID, number); err != nil {
		return ListResult{}, err
	}
	result.Number = number
	for _, p := range touched {
		result.Practices = append(result.Practices, p.PracticeKey)
	}
	if err := q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: incidentID, PracticeKeys: result.Practices}); err != nil {
		return ListResult{}, err
	}
	count := counting{q, l.Reader()}
	for _, p := range touched {
		if err := count.recount(ctx, theirs{p.ID, p.PracticeKey}, number); err != nil {
			return ListResult{}, err
		}
	}
	if err := count.countGroups(ctx, incidentID, ""); err != nil {
		return ListResult{}, err
	}
	// After everybody was counted, who is disputed is moved like in any other act.
	if err := q.SolveRemoved(ctx, incidentID); err != nil {
		return ListResult{}, err
	}
	if err := holdDisputed(ctx, q, incidentID); err != nil {
		return ListResult{}, err
	}
	if len(touched) > 0 {
		if err := q.ReopenLeads(ctx, sqlgen.ReopenLeadsParams{IncidentID: incidentID, ListNumber: number, Touched: result.Practices}); err != nil {
			return ListResult{}, err
		}
		if err := q.ReopenIncident(ctx, incidentID); err != nil {
			return ListResult{}, err
		}
	}
	seconds, err := q.SumUpIncident(ctx, incidentID)
	if err != nil {
		return ListResult{}, err
	}
	_, err = insertAct(ctx, q, casebook.Act{
		ID: "amend-" + in.SHA256, IncidentID: incidentID, Kind: casebook.ActAmend, Who: in.By, At: in.At,
	})
	if err != nil {
		return ListResult{}, err
	}
	err = q.InsertList(ctx, sqlgen.InsertListParams{
		IncidentID: incidentID, Kind: listOfFindings, Number: number, SHA256: in.SHA256, Rows: l.Rows(),
		Added: result.Added, Changed: result.Changed, Unchanged: result.Unchanged, Removed: result.Removed,
		Touched: append([]string{}, result.Practices...), ByWhom: in.By, LoadedAt: in.At, Seconds: in.Seconds + seconds,
	})
	if err != nil {
		return ListResult{}, err
	}
	return result, noteList(ctx, q, incidentID, in, l.Rows(), result)
}

// refuseSharedCode refuses a list that gives somebody the code of another person
// who is there already; within one list its reader has seen to it.
func refuseSharedCode(ctx context.Context, q *sqlgen.Queries, incidentID string, number int) error {
	shared, err := q.SharedCode(ctx, sqlgen.SharedCodeParams{IncidentID: incidentID, ListNumber: number})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return breach.Refuse("shared_code", "Give each person a code of their own: with it goes access to the person's file at the provider.",
		"the list gives person %s the enrollment_code that person %s of %s has, or has in a printed letter", shared.PersonKey, shared.OtherKey, incidentID)
}

// noteList writes a further list into the incident's ledger, and into that of
// each practice whose people it changed.
func noteList(ctx context.Context, q *sqlgen.Queries, incidentID string, in ListInput, rows int, result ListResult) error {
	inputs := map[string]string{"list": in.SHA256}
	for number, sum := range in.Sources {
		inputs[ledger.SourceInput+number] = sum
	}
	err := appendEntry(ctx, q, incidentID, "", ledger.Body{Kind: ledger.KindAmended, Who: in.By, When: in.At, Inputs: inputs}, ledger.Loaded{
		List: result.Number, Rows: rows, Practices: len(result.Practices),
		Added: result.Added, Changed: result.Changed, Unchanged: result.Unchanged, Removed: result.Removed,
		Cleared: result.Cleared, Told: result.Told, Passed: result.Passed,
	})
	if err != nil || len(result.Practices) == 0 {
		return err
	}
	touched, err := q.PeopleOfPractices(ctx, sqlgen.PeopleOfPracticesParams{IncidentID: incidentID, PracticeKeys: result.Practices})
	if err != nil {
		return err
	}
	return eachPractice(ctx, q, incidentID, touched, func(p sqlgen.PeopleOfPracticesRow) (string, ledger.Body, any) {
		body := ledger.Body{Kind: ledger.KindTouched, Who: in.By, When: in.At, Inputs: map[string]string{"list": in.SHA256, "people": p.ListSHA256}}
		return p.PracticeKey, body, ledger.Touched{List: result.Number, People: p.People}
	})
}

// mergeIncoming moves what is new or different from incoming_finding into
// finding, and returns the practices it touched in key order, with those that
// somebody is leaving. Of an investigated list a row that only stands elsewhere in its
// source is not different.
func mergeIncoming(ctx context.Context, q *sqlgen.Queries, l *finding.Loader, leaving []int, isInvestigated bool) ([]sqlgen.PracticesOfIDsRow, ListResult, error) {
	ids, moved := l.Found(), 0
	if isInvestigated {
		var err error
		if moved, err = dropMoved(ctx, q, l, ids); err != nil {
			return nil, ListResult{}, err
		}
	}
	count, err := q.CountIncoming(ctx, ids)
	if err != nil {
		return nil, ListResult{}, err
	}
	result := ListResult{Added: count.Added, Changed: count.Changed, Unchanged: count.Unchanged + moved}
	if err := q.NameUnchanged(ctx, ids); err != nil {
		return nil, ListResult{}, err
	}
	if err := q.DropUnchangedIncoming(ctx, ids); err != nil {
		return nil, ListResult{}, err
	}
	lines, err := q.IncomingLines(ctx, ids)
	if err != nil {
		return nil, ListResult{}, err
	}
	for _, n := range lines {
		result.Lines = append(result.Lines, ListLine{n.PracticeKey, n.Residence, n.Added, n.Changed, n.Kinds})
	}
	changed, err := q.TouchedPractices(ctx, ids)
	if err != nil {
		return nil, ListResult{}, err
	}
	touched, err := q.PracticesOfIDs(ctx, append(changed, leaving...))
	if err != nil {
		return nil, ListResult{}, err
	}
	if err := keepReturned(ctx, q, l, ids); err != nil {
		return nil, ListResult{}, err
	}
	if err := keepBounced(ctx, q, l, ids); err != nil {
		return nil, ListResult{}, err
	}
	carry := func(ctx context.Context, ids []int) error {
		return q.CarryState(ctx, sqlgen.CarryStateParams{PracticeIds: ids, NoAddress: string(account.NoAddress), Held: string(account.Held), OfLanguage: string(breach.HeldLanguage)})
	}
	supersede := func(ctx context.Context, ids []int) error {
		return q.SupersedePieces(ctx, sqlgen.SupersedePiecesParams{PracticeIds: ids, Held: string(account.Held), OfLanguage: string(breach.HeldLanguage)})
	}
	for _, step := range []func(context.Context, []int) error{q.NoteListChanges, supersede, carry, q.ReplaceFindings, q.MoveIncoming, q.ClearIncoming} {
		if err := step(ctx, ids); err != nil {
			return nil, ListResult{}, err
		}
	}
	return touched, result, nil
}

// remove takes people out, and returns the practices they leave.
func remove(ctx context.Context, q *sqlgen.Queries, l *finding.Loader, removals []breach.Removal) ([]int, error) {
	if len(removals) == 0 {
		return nil, nil
	}
	there := sqlgen.NotThereParams{}
	gone := sqlgen.RemoveFindingsParams{ListNumber: l.List()}
	for n, r := range removals {
		practiceID, known := l.PracticeID(r.PracticeKey)
		if !known {
			return nil, breach.Refuse("unknown_practice", "Correct the row's practice_key.",
				"row %d names practice %q, which the incident does not have", r.Row, r.PracticeKey)
		}
		there.PracticeIds, there.PersonKeys, there.Places = append(there.PracticeIds, practiceID), append(there.PersonKeys, r.PersonKey), append(there.Places, n)
		gone.Whys, gone.Reasons = append(gone.Whys, r.Why), append(gone.Reasons, r.Reason)
	}
	missing, err := q.NotThere(ctx, there)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		r := removals[missing[0]]
		return nil, breach.Refuse("nobody_to_remove", "Correct the row's person_key, or delete the row.",
			"row %d takes out somebody whom practice %s does not have", r.Row, r.PracticeKey)
	}
	gone.PracticeIds, gone.PersonKeys = there.PracticeIds, there.PersonKeys
	return there.PracticeIds, q.RemoveFindings(ctx, gone)
}

// removedBy completes the result by what the list's removals came to.
func (r *ListResult) removedBy(ctx context.Context, q *sqlgen.Queries, incidentID string, list int) error {
	letters, err := lettersOfRemoved(ctx, q, incidentID, list)
	if err != nil {
		return err
	}
	removed, err := q.RemovedByList(ctx, sqlgen.RemovedByListParams{IncidentID: incidentID, ListNumber: list})
	r.Letters, r.Cleared, r.Told = letters, removed.Cleared, removed.Told
	return err
}

func lettersOfRemoved(ctx context.Context, q *sqlgen.Queries, incidentID string, list int) ([]string, error) {
	rows, err := q.LettersOfRemoved(ctx, sqlgen.LettersOfRemovedParams{IncidentID: incidentID, ListNumber: list})
	if err != nil {
		return nil, err
	}
	var letters []string
	for _, r := range rows {
		letters = append(letters, pieceID(r.Run, r.PieceNo))
	}
	return letters, nil
}

// PracticesOfList returns up to limit keys, greater than after, of the open
// practices that a further list touched, with the others of their counting entities.
func (s *Store) PracticesOfList(ctx context.Context, incidentID string, number int, after string, limit int) ([]string, error) {
	return s.q.PracticesOfList(ctx, sqlgen.PracticesOfListParams{IncidentID: incidentID, Number: number, After: after, Page: limit})
}

// recount counts a practice's findings as they now stand, and clears what was
// made from them before.
func (c counting) recount(ctx context.Context, p theirs, list int) error {
	sum, err := c.practice(ctx, p)
	if err != nil {
		return err
	}
	if err := c.q.CountAccount(ctx, []int{p.id}); err != nil {
		return err
	}
	return c.q.SaveCounts(ctx, sqlgen.SaveCountsParams{
		ID: p.id, ListNumber: list, ListSHA256: sum.ListSHA256(), Tally: sum.Tally(), People: sum.People, Findings: sum.Findings,
	})
}
