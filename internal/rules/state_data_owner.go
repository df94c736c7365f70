package rules

import (
	"fmt"
	"slices"

	"duenotice/internal/breach"
)

// dataOwnerNotice is the State's own clock for who keeps data that is another's:
// the business associate tells the practice, whose data it is, beside 45 CFR
// 164.410. It runs from the business associate's own discovery.
func dataOwnerNotice(l *law) *rule {
	o := l.DataOwner
	r := stateRule(l, "data_owner", breach.DataOwnerNotice, "Vendor's notice to the owner of the data ("+stateName(l.code)+")", o.Evidence)
	r.Text = fmt.Sprintf("Who keeps personal information of residents that is another's tells its owner %s, counted from its own discovery: a business associate tells the practice.", clocksWords(o.Due))
	if o.Says != "" {
		r.Text += fmt.Sprintf(" The statute: %s.", sentence(o.Says))
	}
	if o.Note != "" {
		r.Text += fmt.Sprintf(" Note: %s.", sentence(o.Note))
	}
	r.Parameters = clockParameters(o.Due)
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		answer := dutyStays // a clause for covered entities is none for their vendors
		if slices.Contains(l.HIPAA.Reaches, "business_associate") {
			answer = s.excuseOf(l.HIPAA.Letter)
		}
		if !toldByAssociate(m) || s.own == 0 || answer == dutyExcused {
			return nil
		}
		d := discovery{on: m.Incident.Discovered}
		day := s.earliest(o.Due, d)
		day.why += " by the business associate"
		owed := s.owed(breach.Obligation{Recipient: m.Practice.LegalName, Count: s.own}, day, o.Evidence, answer, l.residents(s.own))
		if end, why := HoldUntil(m.Incident.Holds, breach.CoversPractice); why != "" {
			owed[0].NotBefore, owed[0].Confidence = end, unverified
			owed[0].Why += "; " + why + ", and whether State law lets this notice wait is counsel's question"
		}
		return owed
	}
	return r
}
