package postgres

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// noteTold keeps the number that a record says somebody was told, in the
// transaction that writes the record down. A number given for the whole incident
// is of all its practices together and says nothing of one of several.
func noteTold(ctx context.Context, q *sqlgen.Queries, act casebook.Act, practices int) error {
	if act.Kind != casebook.ActRecord || act.Record == nil {
		return nil
	}
	fact := act.Record.Fact
	note := sqlgen.NoteToldParams{
		IncidentID: act.IncidentID, PracticeKey: act.PracticeKey,
		NotForms: []string{breach.FormUpdate, breach.FormAddendum, breach.FormPatient}, Places: breach.EachAgency(fact.Jurisdiction), Everywhere: fact.Jurisdiction == "",
	}
	switch fact.Kind {
	case breach.PracticeNotified, breach.PracticeUpdated:
		note.Kinds = []string{breach.CoveredEntityNotice}
	case breach.RegulatorNotified, breach.RegulatorUpdated:
		note.Kinds = []string{breach.RegulatorNotice, breach.FacilityNotice}
	case breach.HHSFiled, breach.HHSAddendum:
		note.Kinds, note.Everywhere, note.Regime = []string{breach.HHSNotice}, true, "hipaa"
		if fact.Jurisdiction == breach.Part2 {
			note.Regime = breach.Part2
		}
	default:
		return nil
	}
	if act.PracticeKey != "" || practices == 1 {
		note.Number = fact.Count
	}
	return q.NoteTold(ctx, note)
}
