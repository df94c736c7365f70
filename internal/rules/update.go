package rules

import (
	"fmt"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.410(c)(1): the business associate's notice has, "to the extent
possible, the identification of each individual whose unsecured protected
health information has been, or is reasonably believed ... to have been,
accessed"; (c)(2): it gives the covered entity "any other available
information ... at the time of the notification ... or promptly thereafter as
information becomes available."
*/
var associateUpdate = &rule{
	Rule: Rule{
		ID: "hipaa.164.410.update", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.CoveredEntityNotice,
		Title:    "Further people, to the practice",
		Text:     "A practice that was told of fewer people than the lists have since shown is told of the others promptly. No day is set for it; a reminder comes 30 and 60 days after it was told.",
		Citation: "45 CFR 164.410(c)(1)-(2)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"reminders", "30 and 60 days after it was told"}},
	},
	judgedBy: occurred,
	applies:  toldByAssociate,
	evaluate: func(m *matter) []breach.Obligation {
		o := breach.Obligation{Kind: breach.CoveredEntityNotice, Recipient: m.Practice.LegalName, Count: m.Tally.People}
		number := max(m.Told[businessAssociateNotice.ID], m.Told[contractWindow.ID])
		return m.update(o, number, breach.CoversPractice, people(o.Count))
	},
}

// updateAgency is the duty to tell an agency again that was told a smaller number
// than the lists have since shown, under the rule of its first notice o
// (docs/adr/0121). That a law asks for it in words was seen for no State.
func (m *matter) updateAgency(o breach.Obligation) []breach.Obligation {
	owed := m.update(o, m.Told[o.ID()], scopeOther, people(o.Count)+" to be told of")
	for i := range owed {
		owed[i].Confidence = unverified
	}
	return owed
}

// update is the duty to tell the recipient of o the larger number. number is
// what it was told last, as kept with the duty; 0 leaves it to the record. What
// is not known owes nothing.
func (m *matter) update(o breach.Obligation, number int, scope, counted string) []breach.Obligation {
	discovered := m.entityDiscovery.on
	if o.Kind == breach.CoveredEntityNotice {
		discovered = civil.Date{}
	}
	first, latest, ok := toldOf(o, discovered, m.Facts)
	if !ok {
		return nil
	}
	if number == 0 {
		number = latest.Count
	}
	if number == 0 || (number >= o.Count && latest == first) {
		return nil
	}
	o.Form, o.Told, o.Due = breach.FormUpdate, number, civil.Date{}
	o.Trigger, o.Clock = "people added", "no day is set"
	o.Why = fmt.Sprintf("told the number %d on %s, the lists have %s", number, latest.On, counted)
	o.NotBefore, _ = HoldUntil(m.Incident.Holds, scope)
	return []breach.Obligation{o}
}

// toldOf are the record that the recipient of a duty was told, and the latest
// word on the number, which an update of the same day or later has.
func toldOf(o breach.Obligation, discovered civil.Date, facts breach.Facts) (first, latest breach.Fact, ok bool) {
	notified, updated := breach.RegulatorNotified, breach.RegulatorUpdated
	if o.Kind == breach.CoveredEntityNotice {
		notified, updated = breach.PracticeNotified, breach.PracticeUpdated
	}
	for _, f := range facts {
		if f.Kind == notified && !f.On.Before(discovered) && concerns(f, o) && (!ok || !f.On.Before(first.On)) {
			first, ok = f, true
		}
	}
	latest = first
	for _, f := range facts {
		if ok && f.Kind == updated && concerns(f, o) && !f.On.Before(latest.On) {
			latest = f
		}
	}
	return first, latest, ok
}

// TellsNumber reports whether a record says that the recipient of a first duty
// was told a number of people.
func TellsNumber(o breach.Obligation, f breach.Fact) bool {
	if o.Form == breach.FormUpdate || o.Form == breach.FormAddendum || o.Form == breach.FormPatient {
		return false
	}
	switch f.Kind {
	case breach.PracticeNotified, breach.PracticeUpdated:
		return o.Kind == breach.CoveredEntityNotice
	case breach.RegulatorNotified, breach.RegulatorUpdated:
		return (o.Kind == breach.RegulatorNotice || o.Kind == breach.FacilityNotice) && concerns(f, o)
	case breach.HHSFiled, breach.HHSAddendum:
		return o.Kind == breach.HHSNotice && (f.Jurisdiction == breach.Part2) == (o.Regime == regimePart2)
	}
	return false
}

// concerns reports whether a record of telling somebody is of the duty's
// recipient: its agency by name, its State, or everybody.
func concerns(f breach.Fact, o breach.Obligation) bool {
	if f.Jurisdiction == "" || f.Jurisdiction == stateOf(o) {
		return true
	}
	agency, found := AgencyToTell(o)
	return found && slices.Contains(breach.EachAgency(f.Jurisdiction), agency)
}

// updateSettled is the day on which the recipient was told a number that is not
// below the count.
func updateSettled(o breach.Obligation, discovered civil.Date, facts breach.Facts) civil.Date {
	if o.Kind == breach.CoveredEntityNotice {
		discovered = civil.Date{}
	}
	first, latest, ok := toldOf(o, discovered, facts)
	if !ok || latest == first || o.Told < o.Count {
		return civil.Date{}
	}
	return latest.On
}
