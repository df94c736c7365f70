package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// correctIncident puts a corrected incident.yaml in the place of the one before.
func (a *amendment) correctIncident(ctx context.Context) error {
	acts, err := a.actsOnIncident(ctx)
	if err != nil {
		return err
	}
	after, kept, err := casebook.AmendedIncident(a.facts, *a.in.Incident, acts)
	if err != nil {
		return err
	}
	a.result.Kept = kept
	if a.result.Changes, err = casebook.FieldChanges("", a.facts, after); err != nil {
		return err
	}
	if len(a.result.Changes) == 0 {
		return a.nothing(ctx, casebook.AmendIncident)
	}
	if after.Entity.Role != a.facts.Entity.Role {
		printed, err := a.q.AnyLetter(ctx, a.incidentID)
		if err != nil {
			return err
		}
		if printed {
			return breach.Refuse("letters_printed", "Leave entity.role as it is.",
				"letters of %s are already printed as those of a %s", a.incidentID, a.facts.Entity.Role)
		}
	}
	if !after.PrintRun.SameTracking(a.facts.PrintRun) {
		// By its number each piece is known that comes back: another number would be another's letter.
		planned, err := a.q.NextMailRun(ctx, a.incidentID)
		if err != nil {
			return err
		}
		if planned > 1 {
			return breach.Refuse("serials_in_use", "Leave print_run.mailer_id, service_type, barcode_id and first_serial as they are.",
				"letters of %s have serial numbers of the Intelligent Mail barcode already", a.incidentID)
		}
	}
	if err := a.q.LockForAmendment(ctx, sqlgen.LockForAmendmentParams{IncidentID: a.incidentID, LockAll: true}); err != nil {
		return err
	}
	practices, err := a.q.PracticesOf(ctx, a.incidentID)
	if err != nil {
		return err
	}
	keys := make([]string, len(practices))
	for i, p := range practices {
		keys[i] = p.PracticeKey
	}
	slices.Sort(keys)
	onPaper, err := changedOnPaper(a.facts, after)
	if err != nil {
		return err
	}
	if onPaper {
		a.result.Papers = keys
	}
	if err := a.void(ctx); err != nil {
		return err
	}
	if err := a.q.SetIncidentFacts(ctx, sqlgen.SetIncidentFactsParams{ID: a.incidentID, Facts: after}); err != nil {
		return err
	}
	if after.Entity.Role != a.facts.Entity.Role {
		for _, p := range practices {
			if err := moveByDelegation(ctx, a.q, p.ID, after.Entity.WritesLetters(breach.Practice{Delegation: p.Delegation})); err != nil {
				return err
			}
		}
	}
	if !after.Languages().Same(a.facts.Languages()) {
		err := a.q.LetGoOfLanguage(ctx, sqlgen.LetGoOfLanguageParams{
			IncidentID: a.incidentID, FromStates: names(account.Translate.From), ToState: string(account.Translate.To), Why: string(breach.HeldLanguage),
		})
		if err != nil {
			return err
		}
		// Whoever is disputed too waits for that.
		if err := holdDisputed(ctx, a.q, a.incidentID); err != nil {
			return err
		}
	}
	if after.Discovered != a.facts.Discovered {
		if err := a.deriveAgain(ctx, practices, after); err != nil {
			return err
		}
	}
	return a.finish(ctx, casebook.AmendIncident, keys)
}

func changedOnPaper(before, after breach.Incident) (bool, error) {
	was, delayed := before.OnPaper()
	is, delays := after.OnPaper()
	changes, err := casebook.FieldChanges("", was, is)
	return delayed != delays || len(changes) > 0, err
}

// actsOnIncident are what people added to the incident's facts, in order.
func (a *amendment) actsOnIncident(ctx context.Context) ([]casebook.Act, error) {
	rows, err := a.q.ActsOfKinds(ctx, sqlgen.ActsOfKindsParams{IncidentID: a.incidentID, Kinds: []string{casebook.ActHold, casebook.ActRecord}})
	if err != nil {
		return nil, err
	}
	acts := make([]casebook.Act, len(rows))
	for i, r := range rows {
		var t casebook.Terms
		if err := json.Unmarshal(r.Terms, &t); err != nil {
			return nil, fmt.Errorf("act %s of %s cannot be read: %w", r.ID, a.incidentID, err)
		}
		acts[i] = casebook.Act{ID: r.ID, IncidentID: a.incidentID, Kind: r.Kind, Hold: t.Hold, Record: t.Record}
	}
	return acts, nil
}

// deriveAgain works out anew what of people rests on the day of discovery: whether
// somebody's record is still protected (45 CFR 160.103) and whether they were a
// minor on it, which decides to whom the letter is addressed.
func (a *amendment) deriveAgain(ctx context.Context, practices []sqlgen.PracticesOfRow, after breach.Incident) error {
	key, err := a.s.dataKey(ctx, a.q, a.incidentID)
	if err != nil {
		return err
	}
	number, err := a.q.NextListNumber(ctx, a.incidentID)
	if err != nil {
		return err
	}
	l := finding.NewLoader(a.incidentID, after.Discovered, number, key)
	read := l.Reader()
	var changed []breach.Person
	forget := sqlgen.ForgetLettersParams{}
	for _, p := range practices {
		l.AddPractice(p.PracticeKey, p.ID, after.Entity.WritesLetters(breach.Practice{Delegation: p.Delegation}))
		page := sqlgen.PeopleOfPracticeParams{PracticeID: p.ID, Page: pageRows}
		for {
			rows, err := a.q.PeopleOfPractice(ctx, page)
			if err != nil {
				return err
			}
			for i := range rows {
				f := &rows[i].Finding
				person, err := read.Person(f, p.PracticeKey)
				if err != nil {
					return err
				}
				if !l.DerivesOtherwise(f, &person) {
					continue
				}
				changed = append(changed, person)
				forget.PracticeIds, forget.PersonKeys = append(forget.PracticeIds, p.ID), append(forget.PersonKeys, f.PersonKey)
			}
			if len(rows) < pageRows {
				break
			}
			page.After = rows[len(rows)-1].Finding.PersonKey
		}
	}
	if len(changed) == 0 {
		return nil
	}
	if err := a.q.ForgetLetters(ctx, forget); err != nil {
		return err
	}
	return a.rewrite(ctx, l, changed)
}

// rewrite brings the people's rows again, as a further list would, and counts
// their practices anew.
func (a *amendment) rewrite(ctx context.Context, l *finding.Loader, changed []breach.Person) error {
	err := l.Copy(ctx, a.tx, finding.Incoming, func(_ context.Context, each func(int, *breach.Person) error) error {
		for i := range changed {
			if err := each(0, &changed[i]); err != nil {
				return err
			}
		}
		return nil
	}, nil)
	if err != nil {
		return err
	}
	touched, _, err := mergeIncoming(ctx, a.q, l, nil, false)
	if err != nil {
		return err
	}
	count := counting{a.q, l.Reader()}
	for _, p := range touched {
		if err := count.recount(ctx, theirs{p.ID, p.PracticeKey}, l.List()); err != nil {
			return err
		}
	}
	if err := count.countGroups(ctx, a.incidentID, ""); err != nil {
		return err
	}
	_, err = a.q.SumUpIncident(ctx, a.incidentID)
	return err
}
