package rules

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Progress is what has been done about a practice's duties by now.
type Progress struct {
	// Discovered is the day of the practice's own discovery. A notice follows the
	// discovery, so a fact that is dated before it fulfils nothing; its year is wrong,
	// for example. With zero every fact counts.
	Discovered civil.Date
	// Facts are the recorded ones, incident-wide ones included.
	Facts breach.Facts
	// Media are the outlets that officers listed, by State: a duty to tell a State's media
	// is done when each of them was told.
	Media []breach.MediaTerms
	// Account is what became of each of its people. Duties to individuals rest on
	// it and on no recorded fact: nobody is told because somebody wrote that letters went out.
	Account account.Account
}

// Settlement is how a duty was fulfilled.
type Settlement struct {
	On civil.Date
	// By are the kinds of fact it rests on.
	By []string
}

// Settled says whether an obligation is fulfilled, on which day and by which
// facts. It is the one place that decides this.
//
// A duty to individuals is fulfilled when nobody it is owed to is left untold.
// Credit monitoring is offered in the letters, and is settled by them. The business
// associate's notice to the practice runs from another discovery, so it may rest on
// a fact of any day.
func Settled(o breach.Obligation, p Progress) (Settlement, bool) {
	day := func(kind, jurisdiction string) civil.Date {
		on := p.Facts.On(kind, jurisdiction)
		if on.IsZero() || on.Before(p.Discovered) {
			return civil.Date{}
		}
		return on
	}
	if o.Form == breach.FormUpdate {
		on := updateSettled(o, p.Discovered, p.Facts)
		return Settlement{On: on, By: SettledBy(o)}, !on.IsZero()
	}
	var on civil.Date
	switch o.Kind {
	case breach.CoveredEntityNotice, breach.DataOwnerNotice:
		on = p.Facts.On(breach.PracticeNotified, "")
	case breach.IndividualNotice, breach.StateIndividualNotice, breach.CreditMonitoringDuty:
		on = everybodyTold(stateOf(o), p)
	case breach.SubstituteNotice:
		on = substituteGiven(o.Form, p)
	case breach.MediaNotice:
		_, _, on = breach.MediaOf(p.Media, stateOf(o)).Told(p.Facts, p.Discovered)
	case breach.HHSNotice:
		if o.Form == breach.FormAddendum {
			if f, ok := addendumSettled(o, p.Facts, p.Discovered); ok {
				on = f.On
			}
			break
		}
		on = filedWithHHS(o.Regime, p.Discovered, p.Facts)
	case breach.FacilityNotice:
		on = civil.Later(day(breach.RegulatorNotified, stateOf(o)), agencyTold(o, p.Discovered, p.Facts))
		if o.Form == breach.FormPatient {
			on = everybodyTold("", p) // the patients of every State
		}
	case breach.RegulatorNotice:
		on = civil.Later(day(breach.RegulatorNotified, stateOf(o)), agencyTold(o, p.Discovered, p.Facts))
	case breach.CRANotice:
		on = day(breach.CRANotified, stateOf(o))
	}
	return Settlement{On: on, By: SettledBy(o)}, !on.IsZero()
}

// OfPeople reports whether an obligation is owed to individuals, so that it rests on
// the account of them: it is settled when nobody it is owed to is left untold.
func OfPeople(o breach.Obligation) bool {
	switch o.Kind {
	case breach.IndividualNotice, breach.StateIndividualNotice, breach.CreditMonitoringDuty, breach.SubstituteNotice:
		return o.Form != breach.FormUpdate
	case breach.FacilityNotice:
		return o.Form == breach.FormPatient
	}
	return false
}

// written are the facts that tell people one by one.
var written = []string{breach.LettersMailed, breach.PracticeMailed, breach.EmailsSent, breach.ToldOtherwise}

// SettledBy returns the kinds of fact that fulfil an obligation, the usual one first.
func SettledBy(o breach.Obligation) []string {
	if o.Form == breach.FormUpdate {
		if o.ToPractice() {
			return []string{breach.PracticeUpdated, breach.PracticeNotified}
		}
		return []string{breach.RegulatorUpdated, breach.RegulatorNotified}
	}
	switch o.Kind {
	case breach.CoveredEntityNotice, breach.DataOwnerNotice:
		return []string{breach.PracticeNotified}
	case breach.IndividualNotice, breach.StateIndividualNotice, breach.CreditMonitoringDuty:
		return written
	case breach.SubstituteNotice:
		switch o.Form {
		case breach.FormKept:
			return []string{breach.PostingStarted, breach.PostingEnded, breach.TollFreeStarted, breach.TollFreeEnded}
		case breach.FormConspicuous:
			return []string{breach.PostingStarted, breach.TollFreeStarted}
		}
		return []string{breach.PostingStarted}
	case breach.MediaNotice:
		return []string{breach.MediaSent}
	case breach.HHSNotice:
		if o.Form == breach.FormAddendum {
			return []string{breach.HHSAddendum, breach.HHSFiled}
		}
		return []string{breach.HHSFiled}
	case breach.FacilityNotice:
		if o.Form == breach.FormPatient {
			return written
		}
		return []string{breach.RegulatorNotified}
	case breach.RegulatorNotice:
		return []string{breach.RegulatorNotified}
	case breach.CRANotice:
		return []string{breach.CRANotified}
	}
	return nil
}

// everybodyTold is the day on which the last person who is owed written notice was
// told, and zero while anybody is untold. With a residence, only people of that
// State count. Where no letter reaches anybody, it is the day of substitute notice.
// Next of kin whose address nobody knows are owed nothing (45 CFR 164.404(d)).
func everybodyTold(residence string, p Progress) civil.Date {
	if p.Account.Total() == 0 || p.Account.Untold(residence) > 0 {
		return civil.Date{}
	}
	on := p.Account.ToldOn(residence)
	if on.IsZero() {
		if p.Account.Unreached(residence) > 0 {
			return civil.Date{}
		}
		on = p.Account.SubstituteOn(residence)
		if on.IsZero() {
			on = p.Discovered // nobody was ever owed one
		}
	}
	if on.Before(p.Discovered) {
		return civil.Date{}
	}
	return on
}

// substituteGiven is the day on which substitute notice told the last person whom no
// letter reaches, and zero while one of them is untold. An alternative notice, such
// as a telephone call, reaches only those it was made for. A conspicuous one also
// reaches those whose letters come back while it is up.
func substituteGiven(form string, p Progress) civil.Date {
	switch form {
	case breach.FormKept:
		return keptOn(p.Facts)
	case breach.FormConspicuous:
		// The number is part of the notice: the later of the two completes it.
		posting, number := firstUp(breach.PostingStarted, p.Discovered, p.Facts), firstUp(breach.TollFreeStarted, p.Discovered, p.Facts)
		if posting.IsZero() || number.IsZero() || p.Account.Unreached("") > 0 && !stillUp(p.Facts) {
			return civil.Date{}
		}
		return civil.Later(posting, number)
	}
	on := p.Account.SubstituteOn("")
	if p.Account.Unreached("") > 0 || on.Before(p.Discovered) {
		return civil.Date{}
	}
	return on
}

// stillUp reports whether a posting and its number, once begun, have no recorded end.
func stillUp(facts breach.Facts) bool {
	for started, ended := range map[string]string{breach.PostingStarted: breach.PostingEnded, breach.TollFreeStarted: breach.TollFreeEnded} {
		if end := facts.On(ended, ""); !end.IsZero() && !end.Before(facts.On(started, "")) {
			return false
		}
	}
	return true
}

// firstUp is the first day on which a posting or a toll-free number was up. If it is
// taken down and put up again, a notice that was in time stays in time.
func firstUp(started string, discovered civil.Date, facts breach.Facts) civil.Date {
	var on civil.Date
	for _, f := range facts {
		if f.Kind == started && !f.On.Before(discovered) {
			on = civil.Earlier(on, f.On)
		}
	}
	return on
}

// stateOf is the obligation's State, or "" for the federal jurisdiction.
func stateOf(o breach.Obligation) string {
	if o.Jurisdiction == federal {
		return ""
	}
	return o.Jurisdiction
}

func filedWithHHS(regime string, discovered civil.Date, facts breach.Facts) civil.Date {
	f, _ := filing(breach.HHSFiled, regime, discovered, facts)
	return f.On
}

// filing is the latest report or addendum (the kind) under a regime, leaving out
// those from before a day.
func filing(kind, regime string, from civil.Date, facts breach.Facts) (latest breach.Fact, ok bool) {
	for _, f := range facts {
		ofRegime := (f.Jurisdiction == breach.Part2) == (regime == regimePart2)
		if f.Kind == kind && ofRegime && !f.On.Before(from) && (!ok || !f.On.Before(latest.On)) {
			latest, ok = f, true
		}
	}
	return latest, ok
}

// Reminder is a day on which a person is reminded of a duty that has no due day.
type Reminder struct {
	Name string
	On   civil.Date
}

// Reminders are those of an obligation whose day the law does not set.
func Reminders(o breach.Obligation, discovered civil.Date, facts breach.Facts) []Reminder {
	switch o.Form {
	case breach.FormKept:
		return []Reminder{{fmt.Sprintf("%d days are over", keptDays), o.NotBefore}}
	case breach.FormUpdate:
		_, told, ok := toldOf(o, civil.Date{}, facts)
		if !ok {
			return nil
		}
		return remindersAfter(told.On, "it was told")
	case breach.FormAddendum:
		report, ok := filing(breach.HHSFiled, o.Regime, discovered, facts)
		if !ok {
			return nil
		}
		return remindersAfter(report.On, "the report")
	}
	return nil
}

func remindersAfter(on civil.Date, what string) []Reminder {
	var list []Reminder
	for _, days := range addendumReminders {
		list = append(list, Reminder{fmt.Sprintf("%d days after %s", days, what), on.AddDays(days)})
	}
	return list
}

// AgencyToTell names the agency that an obligation is to tell, as the
// jurisdiction of the fact that it was told: "NY:state_police".
func AgencyToTell(o breach.Obligation) (jurisdiction string, ok bool) {
	if o.Form == breach.FormDepartment || (o.Form == breach.FormUpdate && o.Rule == facilityDepartmentID) {
		return breach.AgencyOf(o.Jurisdiction, publicHealth), true
	}
	_, agency, ok := strings.Cut(o.Rule, ".regulator.")
	return breach.AgencyOf(o.Jurisdiction, agency), ok
}

// agencyTold is the day on which the one agency that an obligation is to tell was
// told. A State may have several.
func agencyTold(o breach.Obligation, discovered civil.Date, facts breach.Facts) civil.Date {
	agency, found := AgencyToTell(o)
	if !found {
		return civil.Date{}
	}
	var on civil.Date
	for _, f := range facts {
		if f.Kind == breach.RegulatorNotified && slices.Contains(breach.EachAgency(f.Jurisdiction), agency) && !f.On.Before(discovered) {
			on = civil.Later(on, f.On)
		}
	}
	return on
}
