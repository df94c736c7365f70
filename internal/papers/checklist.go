package papers

import (
	"fmt"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// ChecklistInput is what a practice's list of steps is made of.
type ChecklistInput struct {
	Incident breach.Incident
	Practice breach.Practice
	// Duties are those that the practice carries out itself, or would.
	Duties []ChecklistDuty
	// Delegation is the practice's answer, "" for none.
	Delegation string
	// Letters: it has letters of its own, dated LetterDate. NoAddress is the number of
	// people to whom none can go.
	Letters    bool
	LetterDate civil.Date
	NoAddress  int
	DatedOn    civil.Date
}

// ChecklistDuty is a duty with the day it was done, zero for open, and how it is filed.
type ChecklistDuty struct {
	breach.Obligation
	DoneOn civil.Date
	How    string
}

type checklistView struct {
	incidentView
	Practice, LetterDate, Addresses string
	Ways                            []string
	Undecided, Letters              bool
	Steps                           []stepView
}

// stepView is a duty. Kind, Form, State and To are for the Spanish words, What is the English ones.
type stepView struct {
	Kind, Form, State, What      string
	To, How, Citation, Due, Done string
	NotBefore                    string
	NoSetDay, Undecided          bool
}

// Checklist is what a practice does that tells its patients itself, in plain words and
// in order of the days, first in English and then in Spanish. It holds no patient data.
func Checklist(in ChecklistInput) ([]byte, error) {
	english, err := render(checklistText, viewChecklist(in, civil.Date.Long))
	if err != nil {
		return nil, err
	}
	spanish, err := render(listaText, viewChecklist(in, spanishDay))
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("Steps of %s · incident %s", oneLine(in.Practice.Name()), oneLine(in.Incident.ID))
	return typeset(name, english+"\n\n===\n"+spanish, in.DatedOn)
}

func viewChecklist(in ChecklistInput, day func(civil.Date) string) checklistView {
	v := checklistView{
		incidentView: viewIncident(in.Incident, in.DatedOn), Practice: data(in.Practice.Name()), Ways: waysTo(in.Incident.Entity),
		Letters: in.Letters, LetterDate: day(in.LetterDate), Addresses: some(in.NoAddress),
	}
	v.DatedOn = day(in.DatedOn)
	duties := slices.Clone(in.Duties)
	slices.SortStableFunc(duties, func(a, b ChecklistDuty) int { return byDue(a.Obligation, b.Obligation) })
	for _, d := range duties {
		step := stepView{
			Kind: d.Kind, Form: d.Form, State: breach.StateName(d.Jurisdiction), What: data(DutyWords(d.Obligation)), How: data(d.How),
			Citation: data(d.Citation), NoSetDay: d.NoSetDay(), Undecided: d.CarriedOutBy(in.Delegation) == breach.Undecided,
		}
		switch d.Kind {
		case breach.CRANotice, breach.RegulatorNotice, breach.FacilityNotice:
			step.To = data(d.Recipient)
		}
		if !d.Due.IsZero() {
			step.Due = day(d.Due)
		}
		if !d.DoneOn.IsZero() {
			step.Done = day(d.DoneOn)
		}
		if !d.NotBefore.IsZero() && d.NotBefore.After(in.DatedOn) {
			step.NotBefore = day(d.NotBefore)
		}
		v.Undecided = v.Undecided || step.Undecided
		v.Steps = append(v.Steps, step)
	}
	return v
}

var spanishMonths = [...]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}

// spanishDay is a day in Spanish: 15 de mayo de 2026.
func spanishDay(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	at := d.Start(time.UTC)
	return fmt.Sprintf("%d de %s de %d", at.Day(), spanishMonths[at.Month()-1], at.Year())
}
