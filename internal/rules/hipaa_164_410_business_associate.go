package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.410(a)(1): "A business associate shall, following the discovery of
a breach of unsecured protected health information, notify the covered entity
of such breach." (b): "Except as provided in § 164.412, a business associate
shall provide the notification ... without unreasonable delay and in no case
later than 60 calendar days after discovery of a breach."
*/
var businessAssociateNotice = &rule{
	Rule: Rule{
		ID: "hipaa.164.410.business_associate", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.CoveredEntityNotice,
		Title:    "Notice to the practice",
		Text:     "The business associate tells each practice without unreasonable delay and at the latest 60 calendar days after its own discovery, with the list of the practice's people as far as it is known. It does not wait for a complete list. A shorter window in the contract takes this rule's place.",
		Citation: "45 CFR 164.410(b)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{outerLimit},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return toldByAssociate(m) && !contractIsShorter(m) },
	evaluate: func(m *matter) []breach.Obligation {
		return toPractice(m, breach.NoticeDays, fmt.Sprintf("%d calendar days", breach.NoticeDays))
	},
}

// toldByAssociate: the entity is this practice's business associate and found people of it.
func toldByAssociate(m *matter) bool {
	return m.Incident.Entity.Role != breach.CoveredEntity && m.Tally.People > 0
}

// toPractice is the business associate's notice, days after its own discovery
// whatever the practice's own clock does.
func toPractice(m *matter, days int, clock string) []breach.Obligation {
	var due civil.Date
	if !m.Incident.Discovered.IsZero() {
		due = m.Incident.Discovered.AddDays(days)
	}
	reasons := []string{people(m.Tally.People), fmt.Sprintf("discovered %s by the business associate", m.Incident.Discovered)}
	if told := civil.Earlier(m.Practice.NotifiedOn, m.Facts.On(breach.PracticeNotified, "")); !told.IsZero() {
		reasons = append(reasons, fmt.Sprintf("the practice was told on %s", told))
	}
	return []breach.Obligation{m.dated(breach.Obligation{
		Recipient: m.Practice.LegalName, Count: m.Tally.People, Trigger: triggerDiscovered, Clock: clock,
	}, due, breach.CoversPractice, reasons...)}
}
