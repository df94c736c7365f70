package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// AmendInput is a correction of what a case was started with, which passed
// validation: of practices or of the incident.
type AmendInput struct {
	SHA256 string
	By     string
	At     time.Time
	// Practices are the corrected rows, which say what Columns names.
	Practices []breach.Practice
	Columns   []string
	// Incident is the corrected incident.yaml; nil where practices are corrected.
	Incident *breach.Incident
	// DryRun works everything out and then undoes it.
	DryRun bool
	// Look, where given, sees the case as the correction makes it, before it is
	// kept or undone.
	Look func(ctx context.Context, amended *Reading) error
}

// AmendResult is what a correction did, or would do.
type AmendResult struct {
	// AlreadyDone: nothing is said that is not so already. Number is then that of
	// the same file's earlier correction, or 0.
	AlreadyDone bool
	Number      int
	Changes     []casebook.FieldChange
	// Kept says what the file says otherwise and an act keeps as it is.
	Kept []string
	// Practices are the keys of the practices it touched, in order; the papers of
	// Papers are to be approved anew, and the approvals of Void held until now.
	Practices, Papers []string
	Void              []casebook.VoidApproval
}

// Amend corrects an incident's practices or the incident itself, in one
// transaction with the act. What people added since the start stays: holds,
// releases, recorded days and decisions. A practice it touches is open again.
//
// It is refused with code "unknown_practice", with "mail_run_open" while letters
// are being printed, and with "letters_printed" where letters that are printed
// would have been somebody else's to write.
func (s *Store) Amend(ctx context.Context, incidentID string, in AmendInput) (AmendResult, error) {
	var result AmendResult
	err := s.inTx(ctx, func(tx pgx.Tx, q *sqlgen.Queries) error {
		incident, err := q.LockIncident(ctx, incidentID)
		if err != nil {
			return orUnknownIncident(err, incidentID)
		}
		if err := notPrinting(ctx, q, incidentID, incident.Facts.PrintRun); err != nil {
			return err
		}
		a := &amendment{s: s, tx: tx, q: q, incidentID: incidentID, in: in, facts: incident.Facts}
		if in.Incident != nil {
			err = a.correctIncident(ctx)
		} else {
			err = a.correctPractices(ctx)
		}
		if err != nil {
			return err
		}
		result = a.result
		if result.AlreadyDone {
			return nil
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
		return AmendResult{}, s.noting(ctx, err)
	}
	return result, nil
}

// amendment is one correction while it is carried out.
type amendment struct {
	s          *Store
	tx         pgx.Tx
	q          *sqlgen.Queries
	incidentID string
	in         AmendInput
	// facts are the incident's as they were.
	facts  breach.Incident
	result AmendResult
	// by is the act that asks for it where that is no amend: a contact that a practice
	// gave. It is written down by itself.
	by *casebook.Act
	// own are the practices whose own rows changed, with the fields that did.
	own map[string][]string
}

// correctPractices puts corrected rows in the place of those before.
func (a *amendment) correctPractices(ctx context.Context) error {
	keys := make([]string, len(a.in.Practices))
	rows := make(map[string]breach.Practice, len(a.in.Practices))
	var entities []string
	for i, row := range a.in.Practices {
		keys[i], rows[row.Key] = row.Key, row
		entities = append(entities, row.CountedAs())
	}
	if err := a.q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: a.incidentID, PracticeKeys: keys, Entities: entities}); err != nil {
		return err
	}
	there, err := a.q.PracticesToAmend(ctx, sqlgen.PracticesToAmendParams{IncidentID: a.incidentID, PracticeKeys: keys})
	if err != nil {
		return err
	}
	for _, key := range keys {
		if !slices.ContainsFunc(there, func(p sqlgen.PracticesToAmendRow) bool { return p.PracticeKey == key }) {
			return unknownPractice(a.incidentID, key)
		}
	}
	save := sqlgen.AmendPracticesParams{}
	var touched, moved []string
	for _, p := range there {
		after, delegation, err := casebook.AmendedPractice(p.Facts, p.Delegation, rows[p.PracticeKey], a.in.Columns)
		if err != nil {
			return err
		}
		changes, err := changesOfPractice(p, after, delegation)
		if err != nil || len(changes) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		if err := a.mayAnswer(ctx, p, delegation); err != nil {
			return err
		}
		onPaper, err := casebook.FieldChanges("", p.Facts.OnPaper(), after.OnPaper())
		if err != nil {
			return err
		}
		if len(onPaper) > 0 {
			a.result.Papers = append(a.result.Papers, p.PracticeKey)
		}
		if after.CountedAs() != p.CountedAs {
			moved = append(moved, p.CountedAs, after.CountedAs())
		}
		facts, err := json.Marshal(after)
		if err != nil {
			return err
		}
		save.Ids, save.Facts = append(save.Ids, p.ID), append(save.Facts, facts)
		save.Delegations, save.CountedAs = append(save.Delegations, delegation), append(save.CountedAs, after.CountedAs())
		touched = append(touched, p.PracticeKey)
		a.note(p.PracticeKey, changes)
		if err := a.reaches(ctx, p, after); err != nil {
			return err
		}
	}
	if len(touched) == 0 {
		return a.nothing(ctx, casebook.AmendPractices)
	}
	// Before the rows change: who was counted with one that leaves looks again too.
	members, err := a.q.MembersOf(ctx, sqlgen.MembersOfParams{IncidentID: a.incidentID, Entities: moved})
	if err != nil {
		return err
	}
	if err := a.void(ctx); err != nil {
		return err
	}
	if err := a.q.AmendPractices(ctx, save); err != nil {
		return err
	}
	for i, id := range save.Ids {
		if err := moveByDelegation(ctx, a.q, id, a.facts.Entity.WritesLetters(breach.Practice{Delegation: save.Delegations[i]})); err != nil {
			return err
		}
	}
	slices.Sort(moved)
	for _, entity := range slices.Compact(moved) {
		count, err := a.s.counting(ctx, a.q, a.incidentID)
		if err != nil {
			return err
		}
		if err := count.countGroups(ctx, a.incidentID, entity); err != nil {
			return err
		}
	}
	touched = append(touched, members...)
	slices.Sort(touched)
	return a.finish(ctx, casebook.AmendPractices, slices.Compact(touched))
}

// changesOfPractice are the values that differ, the delegation as it was decided.
func changesOfPractice(p sqlgen.PracticesToAmendRow, after breach.Practice, delegation string) ([]casebook.FieldChange, error) {
	before := p.Facts
	before.Delegation, after.Delegation = p.Delegation, delegation
	return casebook.FieldChanges(p.PracticeKey, before, after)
}

// mayAnswer refuses what delegate refuses.
func (a *amendment) mayAnswer(ctx context.Context, p sqlgen.PracticesToAmendRow, delegation string) error {
	if delegation == p.Delegation {
		return nil
	}
	practice, _, err := readPractice(ctx, a.q, a.incidentID, p.PracticeKey)
	if err != nil {
		return err
	}
	return casebook.MayAnswer(a.facts.Entity, practice, delegation)
}

// reaches lets e-mail that came back go out again to the address that takes the place
// of the one it came back from.
func (a *amendment) reaches(ctx context.Context, p sqlgen.PracticesToAmendRow, after breach.Practice) error {
	reminders, code := casebook.Reaches(p.Facts, after)
	if reminders {
		if err := sendAgain(ctx, a.q, a.incidentID, p.PracticeKey, casebook.ReminderSteps); err != nil {
			return err
		}
	}
	if code {
		return sendAgain(ctx, a.q, a.incidentID, p.PracticeKey, casebook.CodeStep)
	}
	return nil
}

func (a *amendment) note(key string, changes []casebook.FieldChange) {
	if a.own == nil {
		a.own = map[string][]string{}
	}
	for _, c := range changes {
		a.own[key] = append(a.own[key], c.Field)
	}
	a.result.Changes = append(a.result.Changes, changes...)
}

// nothing says that the file says what is so already. Where it was what made it
// so, its number is told: whoever gave that command may have died before
// anybody heard of it.
func (a *amendment) nothing(ctx context.Context, of string) error {
	a.result.AlreadyDone = true
	number, err := a.q.LastListOf(ctx, sqlgen.LastListOfParams{IncidentID: a.incidentID, Kind: of, SHA256: a.in.SHA256})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	a.result.Number = number
	return err
}

// void notes the approvals of what is to be approved anew, while they still hold.
func (a *amendment) void(ctx context.Context) error {
	approved, err := a.q.ApprovedPapers(ctx, sqlgen.ApprovedPapersParams{IncidentID: a.incidentID, PracticeKeys: a.result.Papers})
	for _, p := range approved {
		a.result.Void = append(a.result.Void, casebook.VoidApproval{PracticeKey: p.PracticeKey, By: p.ApprovedBy})
	}
	return err
}

// finish opens what it touched, and writes down that it was done.
func (a *amendment) finish(ctx context.Context, of string, touched []string) error {
	number, err := a.q.NextListNumber(ctx, a.incidentID)
	if err != nil {
		return err
	}
	a.result.Number, a.result.Practices = number, touched
	papers := append([]string{}, a.result.Papers...) // an array, never NULL
	err = a.q.TouchPractices(ctx, sqlgen.TouchPracticesParams{IncidentID: a.incidentID, PracticeKeys: touched, Papers: papers, ListNumber: number})
	if err != nil {
		return err
	}
	if a.by != nil {
		return a.write(ctx, of, touched) // what is closed takes no such act
	}
	if err := a.q.ReopenLeads(ctx, sqlgen.ReopenLeadsParams{IncidentID: a.incidentID, ListNumber: number, Touched: touched}); err != nil {
		return err
	}
	if err := a.q.ReopenIncident(ctx, a.incidentID); err != nil {
		return err
	}
	return a.write(ctx, of, touched)
}

// write keeps the act, the list's row and the entries of the ledger.
func (a *amendment) write(ctx context.Context, of string, touched []string) error {
	terms := &casebook.AmendTerms{Of: of, List: a.result.Number, SHA256: a.in.SHA256, Changes: len(a.result.Changes)}
	if of == casebook.AmendPractices {
		terms.Practices = len(a.own)
	}
	for _, c := range a.result.Changes {
		if !slices.Contains(terms.Fields, c.Field) {
			terms.Fields = append(terms.Fields, c.Field)
		}
	}
	act := casebook.Act{
		ID:         fmt.Sprintf("amend-%s-%d", a.in.SHA256, a.result.Number),
		IncidentID: a.incidentID, Kind: casebook.ActAmend, Who: a.in.By, At: a.in.At, Amend: terms,
	}
	if a.by != nil {
		act = *a.by
	} else if _, err := insertAct(ctx, a.q, act); err != nil {
		return err
	}
	rows := max(len(a.in.Practices), 1)
	err := a.q.InsertList(ctx, sqlgen.InsertListParams{
		IncidentID: a.incidentID, Kind: of, Number: a.result.Number, SHA256: a.in.SHA256, Rows: rows, Changed: max(len(a.own), 1),
		Unchanged: rows - max(len(a.own), 1), Touched: append([]string{}, touched...), ByWhom: a.in.By, LoadedAt: a.in.At,
	})
	if err != nil {
		return err
	}
	return eachPractice(ctx, a.q, a.incidentID, touched, func(key string) (string, ledger.Body, any) {
		fields := terms.Fields
		if of == casebook.AmendPractices {
			fields = a.own[key]
		}
		return key, ledger.Body{Kind: ledger.KindCorrected, Who: a.in.By, When: a.in.At, Ref: act.ID, Inputs: map[string]string{"file": a.in.SHA256}},
			ledger.Corrected{Of: of, List: a.result.Number, Fields: append([]string{}, fields...), Papers: slices.Contains(a.result.Papers, key)}
	})
}

// Amendments lists what came after the case folder, lists of letters that came
// back aside.
func (s *Store) Amendments(ctx context.Context, incidentID string) ([]casebook.Amendment, error) {
	return amendments(ctx, s.q, incidentID)
}

func amendments(ctx context.Context, q *sqlgen.Queries, incidentID string) ([]casebook.Amendment, error) {
	rows, err := q.Amendments(ctx, incidentID)
	var list []casebook.Amendment
	for _, r := range rows {
		list = append(list, casebook.Amendment{Number: r.Number, Kind: r.Kind, SHA256: r.SHA256, By: r.ByWhom, At: r.LoadedAt.UTC()})
	}
	return list, err
}

// Reading reads a case within the transaction that changes it.
type Reading struct {
	q *sqlgen.Queries
	// list is the number of the list or correction that changes it.
	list int
}

// Incident is Store.Incident.
func (r *Reading) Incident(ctx context.Context, incidentID string) (casebook.Incident, error) {
	return readIncident(ctx, r.q, incidentID)
}

// Practice is Store.Practice.
func (r *Reading) Practice(ctx context.Context, incidentID, practiceKey string) (casebook.Practice, error) {
	p, _, err := readPractice(ctx, r.q, incidentID, practiceKey)
	return p, err
}

// StandingDecisions is Store.StandingDecisions.
func (r *Reading) StandingDecisions(ctx context.Context, incidentID string, each func(casebook.Decision) error) error {
	return standingDecisions(ctx, r.q, incidentID, each)
}

// Touched returns the keys, in order, of the practices that the change touches,
// with the others of their counting entities.
func (r *Reading) Touched(ctx context.Context, incidentID string) ([]string, error) {
	var keys []string
	page := sqlgen.PracticesOfListParams{IncidentID: incidentID, Number: r.list, Page: pageRows}
	for {
		next, err := r.q.PracticesOfList(ctx, page)
		if keys = append(keys, next...); err != nil || len(next) < pageRows {
			return keys, err
		}
		page.After = next[len(next)-1]
	}
}
