package postgres

import (
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// decides reports whether saving the plan decides anything: a practice that only
// moves on in status has the same plan as before.
func (d *difference) decides(practice sqlgen.LockPracticeRow, plan casebook.Plan) bool {
	return practice.PlanSHA256 == "" || len(d.save) > 0 || len(d.drop) > 0 ||
		practice.Notifiable != plan.Notifiable || practice.Reason != plan.Reason
}

// decisionEntry holds the decision as it is kept for audit by its hash, "" when
// it came without its inputs.
func decisionEntry(practice sqlgen.LockPracticeRow, plan casebook.Plan, decisionSHA256 string) ledger.Body {
	inputs := map[string]string{"people": practice.ListSHA256}
	if decisionSHA256 != "" {
		inputs["decision"] = decisionSHA256
	}
	return ledger.Body{
		Kind: ledger.KindDecision, Who: engine, Inputs: inputs,
		Rulebook: &ledger.Rulebook{Version: plan.RulebookVersion, SHA256: plan.RulebookSHA256},
	}
}

// decision is the plan as the ledger keeps it: every duty it adds or changes in
// full, so that the entries together tell each plan there ever was.
func (d *difference) decision(plan casebook.Plan, sum string) ledger.Decision {
	result := ledger.Decision{
		Notifiable: plan.Notifiable, Reason: plan.Reason, Discovered: plan.Discovered, PlanSHA256: sum, Changes: []ledger.Change{},
	}
	told := map[string]bool{}
	for _, c := range d.changes {
		told[c.ObligationID] = true
		change := ledger.Change{ID: c.ObligationID, What: c.What, OldDue: c.OldDue}
		if o := planned(plan, c.ObligationID); o != nil {
			change.Obligation, change.SettledOn = &o.Obligation, o.SettledOn
		}
		result.Changes = append(result.Changes, change)
	}
	for i := range d.save {
		if o := planned(plan, d.save[i].ObligationID); o != nil && !told[o.ID()] {
			result.Changes = append(result.Changes, ledger.Change{
				ID: o.ID(), What: "restated", Obligation: &o.Obligation, SettledOn: o.SettledOn,
			})
		}
	}
	return result
}

func planned(plan casebook.Plan, id string) *casebook.PlannedObligation {
	for i := range plan.Obligations {
		if plan.Obligations[i].ID() == id {
			return &plan.Obligations[i]
		}
	}
	return nil
}
