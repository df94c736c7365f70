package rules

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Settled returns the day on which recorded facts show the obligation
// fulfilled. discovered is the practice's own discovery: a notice follows
// discovery, so a fact dated before it, a slip of the year for example,
// fulfils nothing. A zero discovered takes every fact, and the business
// associate's notice to the practice, which runs from another discovery, always does.
//
// Credit monitoring, which is an offer in the letters, is settled by the letters.
func Settled(o breach.Obligation, discovered civil.Date, facts breach.Facts) (on civil.Date, ok bool) {
	day := func(kind, jurisdiction string) civil.Date {
		on := facts.On(kind, jurisdiction)
		if on.IsZero() || on.Before(discovered) {
			return civil.Date{}
		}
		return on
	}
	switch o.Kind {
	case breach.CoveredEntityNotice:
		on = facts.On(breach.PracticeNotified, "")
	case breach.IndividualNotice, breach.StateIndividualNotice, breach.CreditMonitoringDuty:
		on = civil.Later(day(breach.LettersMailed, stateOf(o)), mailedItself(o.Count, discovered, facts))
	case breach.SubstituteNotice:
		if o.Form == breach.FormKept {
			on = keptOn(facts)
			break
		}
		on = firstUp(breach.PostingStarted, discovered, facts)
		if o.Form == breach.FormConspicuous {
			// The number is part of the notice: the later of the two completes it.
			number := firstUp(breach.TollFreeStarted, discovered, facts)
			if on.IsZero() || number.IsZero() {
				return civil.Date{}, false
			}
			on = civil.Later(on, number)
		}
	case breach.MediaNotice:
		on = day(breach.MediaSent, stateOf(o))
	case breach.HHSNotice:
		if o.Form == breach.FormAddendum {
			if f, ok := addendumSettled(o, facts, discovered); ok {
				on = f.On
			}
			break
		}
		on = filedWithHHS(o.Regime, discovered, facts)
	case breach.FacilityNotice:
		on = civil.Later(day(breach.RegulatorNotified, stateOf(o)), agencyTold(o, discovered, facts))
		if o.Form == breach.FormPatient {
			// The patients of every State.
			on = civil.Later(day(breach.LettersMailed, ""), mailedItself(o.Count, discovered, facts))
		}
	case breach.RegulatorNotice:
		on = civil.Later(day(breach.RegulatorNotified, stateOf(o)), agencyTold(o, discovered, facts))
	case breach.CRANotice:
		on = day(breach.CRANotified, stateOf(o))
	}
	return on, !on.IsZero()
}

// mailedItself is the day on which a practice had mailed letters of its own to at
// least so many people.
func mailedItself(people int, discovered civil.Date, facts breach.Facts) civil.Date {
	mailed, _ := facts.Latest(breach.PracticeMailed, "")
	if mailed.Count < people || mailed.On.Before(discovered) {
		return civil.Date{}
	}
	return mailed.On
}

// firstUp is the first day on which a posting or number was up: putting it up
// again, after it was taken down, makes no notice late that was in time.
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

// filing is the latest report or addendum of a regime that is not from before a day.
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
	case breach.FormAddendum:
		report, ok := filing(breach.HHSFiled, o.Regime, discovered, facts)
		if !ok {
			return nil
		}
		var list []Reminder
		for _, days := range addendumReminders {
			list = append(list, Reminder{fmt.Sprintf("%d days after the report", days), report.On.AddDays(days)})
		}
		return list
	}
	return nil
}

// AgencyToTell names the agency that an obligation is to tell, as the
// jurisdiction of the fact that it was told: "NY:state_police".
func AgencyToTell(o breach.Obligation) (jurisdiction string, ok bool) {
	if o.Form == breach.FormDepartment {
		return breach.AgencyOf(o.Jurisdiction, publicHealth), true
	}
	_, agency, ok := strings.Cut(o.Rule, ".regulator.")
	return breach.AgencyOf(o.Jurisdiction, agency), ok
}

// agencyTold is the day on which the very agency was told, where a State has several.
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
