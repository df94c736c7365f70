package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.408(c): "For breaches of unsecured protected health information
involving less than 500 individuals, a covered entity shall maintain a log or
other documentation of such breaches and, not later than 60 days after the end
of each calendar year, provide the notification required by paragraph (a) of
this section for breaches discovered during the preceding calendar year, in
the manner specified on the HHS web site."
*/
var secretaryAnnualLog = &rule{
	Rule: Rule{
		ID: "hipaa.164.408.annual_log", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.HHSNotice,
		Title:    "HHS annual log, fewer than 500",
		Text:     "With fewer than 500 affected individuals, the breach is entered in a log and reported through the HHS portal at the latest 60 days after the end of the calendar year in which it was discovered, whatever year it occurred in: March 1, or February 29 when the next year is a leap year.",
		Citation: "45 CFR 164.408(c)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"individuals", fmt.Sprintf("< %d, per counting entity", secretaryFrom)}, {"after_year_end", fmt.Sprintf("%d days", breach.YearEndDays)}},
	},
	judgedBy: occurred,
	applies: func(m *matter) bool {
		return m.leads && m.counted.People >= 1 && m.counted.People < secretaryFrom
	},
	evaluate: func(m *matter) []breach.Obligation { return []breach.Obligation{afterYearEnd(m)} },
}

// afterYearEnd is a report due after the end of the year of discovery.
func afterYearEnd(m *matter) breach.Obligation {
	var due civil.Date
	if on := m.entityDiscovery.on; !on.IsZero() {
		due = breach.YearEndDue(on.Year)
	}
	n := m.counted.People
	return m.dated(breach.Obligation{
		Recipient: "Secretary of Health and Human Services", Form: breach.FormAnnualLog, Count: n,
		Trigger: triggerDiscovered, Clock: fmt.Sprintf("%d days after the end of the calendar year of discovery", breach.YearEndDays),
	}, due, breach.CoversHHS, m.ofEntity(people(n)), m.entityDiscovery.clause())
}
