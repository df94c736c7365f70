package activities

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/rules"
)

// namedAgencies is how many agencies a refusal lists.
const namedAgencies = 12

// nameAgency lets the record that an agency was told say which. Where it does
// not and several are to be told it is refused: one that nobody told would count
// as told. The agencies are named also where there is one, or all were told, so
// that one which a later list adds does not count as told.
func (a *Activities) nameAgency(ctx context.Context, act *casebook.Act) error {
	if act.Kind != casebook.ActRecord || act.Record.Fact.Kind != breach.RegulatorNotified {
		return nil
	}
	if said := act.Record.Fact.Jurisdiction; said != "" && said != breach.AllAgencies {
		return nil
	}
	owed, err := a.Store.AgenciesToTell(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return err
	}
	agencies, err := whichAgencies(owed, act.Record.Fact.Jurisdiction == breach.AllAgencies)
	terms := *act.Record
	terms.Fact.Jurisdiction = breach.Agencies(agencies)
	act.Record = &terms
	return err
}

// whichAgencies are those still to be told; when none is, all that were.
func whichAgencies(owed []casebook.AgencyDuty, every bool) ([]string, error) {
	var open, told []string
	for _, o := range owed {
		agency, ok := rules.AgencyToTell(o.Obligation)
		switch {
		case !ok:
		case o.Open && !slices.Contains(open, agency):
			open = append(open, agency)
		case !slices.Contains(told, agency):
			told = append(told, agency)
		}
	}
	if len(open) == 0 {
		open = told
	}
	switch {
	case len(open) == 0:
		return nil, breach.Refuse("no_agency", "Give --jurisdiction with the State whose agency was told, if it was.", "no agency is to be told")
	case len(open) > 1 && !every:
		listed := strings.Join(open[:min(len(open), namedAgencies)], ", ")
		if more := len(open) - namedAgencies; more > 0 {
			listed += fmt.Sprintf(" and %d more", more)
		}
		return nil, breach.Refuse("which_agency",
			"Give --jurisdiction with one of them, with a State's code for all of its agencies, or with all when every one was told: "+listed+".",
			"%d agencies are to be told, and the record does not say which of them was", len(open))
	}
	return open, nil
}
