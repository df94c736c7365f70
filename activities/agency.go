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
	if act.Kind != casebook.ActRecord || !act.Record.Fact.TellsAgency() {
		return nil
	}
	owed, err := a.Store.AgenciesToTell(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return err
	}
	terms := *act.Record
	if said := terms.Fact.Jurisdiction; said == "" || said == breach.AllAgencies {
		ofKind := slices.DeleteFunc(slices.Clone(owed), func(o casebook.AgencyDuty) bool {
			return (o.Form == breach.FormUpdate) != (terms.Fact.Kind == breach.RegulatorUpdated)
		})
		agencies, err := whichAgencies(ofKind, said == breach.AllAgencies)
		if err != nil {
			return err
		}
		terms.Fact.Jurisdiction = breach.Agencies(agencies)
	}
	if act.PracticeKey != "" && terms.Fact.Count == 0 {
		terms.Fact.Count = numberTold(owed, terms.Fact)
	}
	act.Record = &terms
	return nil
}

// numberTold is the number of people that each agency of the fact is to be told
// of, which it is taken to have been told; 0 where that is another for each, and
// the number is then kept with each duty alone.
func numberTold(owed []casebook.AgencyDuty, fact breach.Fact) int {
	number := 0
	for _, o := range owed {
		agency, ok := rules.AgencyToTell(o.Obligation)
		if !ok || (fact.Jurisdiction != o.Jurisdiction && !slices.Contains(breach.EachAgency(fact.Jurisdiction), agency)) {
			continue
		}
		if number != 0 && number != o.Count {
			return 0
		}
		number = o.Count
	}
	return number
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
