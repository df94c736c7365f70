package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// SavePlan replaces the practice's obligations and its place in status, keeps
// every earlier due day, keeps the decision it rests on with its inputs when that
// is another than the last, and returns what changed. The plan and standing it has
// already write nothing and take one round trip. A closed practice is refused
// with code "closed".
func (s *Store) SavePlan(ctx context.Context, incidentID, practiceKey string, plan casebook.Plan, standing casebook.Standing) ([]casebook.Change, error) {
	if err := oneOfEach(practiceKey, plan.Obligations); err != nil {
		return nil, err
	}
	sum, err := planSHA256(plan, standing)
	if err != nil {
		return nil, err
	}
	decided, err := decisionOf(plan)
	if err != nil {
		return nil, err
	}
	saved, err := s.q.SavedPlan(ctx, sqlgen.SavedPlanParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil {
		return nil, orUnknownPractice(err, incidentID, practiceKey)
	}
	if saved.PlanSHA256 == sum && saved.DecisionSHA256 == decided.SHA256 && saved.StandingOf == standing.Changes {
		return nil, nil
	}
	var changes []casebook.Change
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		practice, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
		if err != nil || practice.PlanSHA256 == sum && practice.DecisionSHA256 == decided.SHA256 && practice.StandingOf == standing.Changes {
			return err
		}
		if casebook.Phase(practice.Phase) == casebook.PhaseClosed {
			return breach.Refuse("closed", "", "practice %s is closed; its plan stays as it is", practiceKey)
		}
		before, err := q.Obligations(ctx, practice.ID)
		if err != nil {
			return err
		}
		d := compare(practice.ID, before, plan.Obligations)
		changes = d.changes
		if err := d.write(ctx, q, practice.ID); err != nil {
			return err
		}
		decidedAnew := decided.SHA256 != practice.DecisionSHA256
		if decidedAnew {
			if err := decided.write(ctx, q, practice.ID); err != nil {
				return err
			}
		}
		if decidedAnew || d.decides(practice, plan) {
			if err := appendEntry(ctx, q, incidentID, practiceKey, decisionEntry(practice, plan, decided.SHA256), d.decision(plan, sum)); err != nil {
				return err
			}
		}
		warnings := plan.Warnings
		if warnings == nil {
			warnings = []casebook.Warning{} // a list in the column, never null
		}
		seal, err := s.sealStanding(ctx, q, incidentID, practiceKey, standing)
		if err != nil {
			return err
		}
		err = q.SavePlan(ctx, sqlgen.SavePlanParams{
			ID: practice.ID, Warnings: warnings, LeftGroup: plan.LeavesGroup,
			PlanSHA256: sum, DecisionSHA256: decided.SHA256, RulebookVersion: plan.RulebookVersion, RulebookSHA256: plan.RulebookSHA256,
			Discovered: plan.Discovered, Notifiable: plan.Notifiable, Reason: plan.Reason,
			Phase: string(standing.Phase), NeedsPerson: standing.NeedsPerson, Printable: standing.Printable, StandingOf: standing.Changes, StandingSeal: seal, LateAt: instant(standing.LateAt), NextDue: standing.NextDue,
			EmailStopped: standing.EmailStopped, PostingUrl: standing.PostingURL,
		})
		if err != nil || practice.LeftGroup == plan.LeavesGroup {
			return err
		}
		count, err := s.counting(ctx, q, incidentID)
		if err != nil {
			return err
		}
		return count.countGroups(ctx, incidentID, practice.CountedAs)
	})
	if err != nil {
		return nil, s.noting(ctx, err)
	}
	return changes, nil
}

// oneOfEach refuses a plan in which two obligations have one name: each would
// overwrite the other, and one would be owed without anybody knowing.
func oneOfEach(practiceKey string, obligations []casebook.PlannedObligation) error {
	seen := make(map[string]bool, len(obligations))
	for _, o := range obligations {
		if seen[o.ID()] {
			return fmt.Errorf("the plan of practice %s has obligation %s twice", practiceKey, o.ID())
		}
		seen[o.ID()] = true
	}
	return nil
}

func planSHA256(plan casebook.Plan, standing casebook.Standing) (string, error) {
	b, err := json.Marshal([]any{plan, standing})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// difference is what a plan changes of the obligations that are stored.
type difference struct {
	save    []sqlgen.SaveObligationParams
	drop    []string
	changes []casebook.Change
}

func compare(practiceID int, before []sqlgen.Obligation, planned []casebook.PlannedObligation) difference {
	old := make(map[string]*sqlgen.Obligation, len(before))
	for i := range before {
		old[before[i].ObligationID] = &before[i]
	}
	var d difference
	for position, o := range planned {
		row := obligationRow(practiceID, position, o)
		was := old[row.ObligationID]
		delete(old, row.ObligationID)
		if was == nil || was.Dropped || !sameObligation(was, &row) {
			d.save = append(d.save, row)
		}
		d.changes = append(d.changes, changesOf(was, &row)...)
	}
	for i := range before { // in their order, where a map has none
		was := &before[i]
		if _, gone := old[was.ObligationID]; gone && !was.Dropped {
			d.drop = append(d.drop, was.ObligationID)
			d.changes = append(d.changes, casebook.Change{ObligationID: was.ObligationID, What: "dropped", OldDue: was.Due})
		}
	}
	return d
}

func changesOf(was *sqlgen.Obligation, is *sqlgen.SaveObligationParams) []casebook.Change {
	change := casebook.Change{ObligationID: is.ObligationID, NewDue: is.Due}
	var changes []casebook.Change
	add := func(what string) {
		change.What = what
		changes = append(changes, change)
	}
	if was == nil || was.Dropped {
		add("added")
		was = &sqlgen.Obligation{Due: is.Due}
	}
	change.OldDue = was.Due
	if was.Due != is.Due {
		add("moved")
	}
	switch {
	case was.SettledOn == is.SettledOn:
	case is.SettledOn.IsZero():
		add("reopened")
	default:
		add("settled")
	}
	return changes
}

func (d *difference) write(ctx context.Context, q *sqlgen.Queries, practiceID int) error {
	if len(d.drop) > 0 {
		if err := q.DropObligations(ctx, sqlgen.DropObligationsParams{PracticeID: practiceID, ObligationIds: d.drop}); err != nil {
			return err
		}
	}
	var failed []error
	collect := func(_ int, err error) { failed = append(failed, err) }
	if len(d.save) > 0 {
		q.SaveObligation(ctx, d.save).Exec(collect)
	}
	if len(d.changes) > 0 {
		rows := make([]sqlgen.InsertChangeParams, len(d.changes))
		for i, c := range d.changes {
			rows[i] = sqlgen.InsertChangeParams{PracticeID: practiceID, ObligationID: c.ObligationID, What: c.What, OldDue: c.OldDue, NewDue: c.NewDue}
		}
		q.InsertChange(ctx, rows).Exec(collect)
	}
	return errors.Join(failed...)
}

// obligationRow is the row of an obligation in the place that the plan gives it.
func obligationRow(practiceID, position int, o casebook.PlannedObligation) sqlgen.SaveObligationParams {
	return sqlgen.SaveObligationParams{
		PracticeID: practiceID, ObligationID: o.ID(), Position: position,
		Rule: o.Rule, Kind: o.Kind, Regime: o.Regime, Jurisdiction: o.Jurisdiction, Recipient: o.Recipient, Form: o.Form,
		Count: o.Count, Trigger: o.Trigger, Clock: o.Clock, Due: o.Due, NotBefore: o.NotBefore, Citation: o.Citation,
		Why: o.Why, Confidence: o.Confidence, SettledOn: o.SettledOn, DueEnds: instant(o.DueEnds),
	}
}

// sameObligation reports whether writing b over a would change nothing. What a row
// does not keep of an obligation makes none another.
func sameObligation(a *sqlgen.Obligation, b *sqlgen.SaveObligationParams) bool {
	stored := obligationRow(a.PracticeID, a.Position, casebook.PlannedObligation{
		Obligation: breachObligation(a), SettledOn: a.SettledOn, DueEnds: utc(a.DueEnds),
	})
	planned := *b
	sameEnd := utc(stored.DueEnds).Equal(utc(planned.DueEnds))
	stored.DueEnds, planned.DueEnds = nil, nil // two pointers to one instant would differ
	return sameEnd && stored == planned
}

// breachObligation is obligationRow's other direction: the obligation as the row keeps it.
func breachObligation(o *sqlgen.Obligation) breach.Obligation {
	return breach.Obligation{
		Rule: o.Rule, Kind: o.Kind, Regime: o.Regime, Jurisdiction: o.Jurisdiction, Recipient: o.Recipient, Form: o.Form,
		Count: o.Count, Trigger: o.Trigger, Clock: o.Clock, Due: o.Due, NotBefore: o.NotBefore, Citation: o.Citation,
		Why: o.Why, Confidence: o.Confidence,
	}
}

// SaveStages notes that deadline warnings became true, which are all of one practice.
// One for an obligation that the latest plan no longer has changes nothing.
func (s *Store) SaveStages(ctx context.Context, stages ...casebook.StageReached) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		for n, stage := range stages {
			if n == 0 {
				if err := lockChain(ctx, q, stage.IncidentID, stage.PracticeKey); err != nil {
					return err
				}
			}
			if err := saveStage(ctx, q, stage); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveStage(ctx context.Context, q *sqlgen.Queries, stage casebook.StageReached) error {
	noted, err := q.SaveStage(ctx, sqlgen.SaveStageParams{
		IncidentID: stage.IncidentID, PracticeKey: stage.PracticeKey, ObligationID: stage.ObligationID, Stage: stage.Stage, At: stage.At,
	})
	if err != nil || stage.Stage != casebook.StageOverdue {
		return err
	}
	// Warnings are no evidence; that a day passed is.
	for _, due := range noted {
		err := appendEntry(ctx, q, stage.IncidentID, stage.PracticeKey, ledger.Body{Kind: ledger.KindOverdue, Who: engine, When: stage.At},
			ledger.Overdue{Obligation: stage.ObligationID, Due: due})
		if err != nil {
			return err
		}
	}
	return nil
}
