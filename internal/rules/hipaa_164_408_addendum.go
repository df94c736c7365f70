package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
HHS, instructions for submitting notice of a breach, in our words: where the
number of individuals is not certain, an estimate is reported, and what is
learned later is submitted as an addendum to the first report. 45 CFR 164.408
itself says nothing of estimates and sets no day for the addendum.
*/
var secretaryAddendum = &rule{
	Rule: addendumRule("hipaa.164.408.addendum", regimeHIPAA, "45 CFR 164.408; HHS instructions for submitting notice of a breach", hipaaAuthority),

	judgedBy: occurred,
	applies:  func(m *matter) bool { return addendumApplies(m, regimeHIPAA) },
	evaluate: func(m *matter) []breach.Obligation { return []breach.Obligation{addendum(m, regimeHIPAA)} },
}

var part2Addendum = &rule{
	Rule: addendumRule("part2.2.16.addendum", regimePart2, "42 CFR 2.16(b)", "42 U.S.C. 290dd-2(j); 89 FR 12472"),

	judgedBy: discovered,
	applies:  func(m *matter) bool { return addendumApplies(m, regimePart2) },
	evaluate: func(m *matter) []breach.Obligation { return []breach.Obligation{addendum(m, regimePart2)} },
}

func addendumRule(id, regime, citation, authority string) Rule {
	r := Rule{
		ID: id, Regime: regime, Jurisdiction: federal, Kind: breach.HHSNotice,
		Title:    "HHS addendum with the final number",
		Text:     "A report to HHS with an estimated number of people, or with fewer than the lists have since shown, is followed by an addendum with the final number. No day is set for it; a reminder comes 30 and 60 days after the estimate was filed.",
		Citation: citation, Authority: authority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"reminders", "30 and 60 days after the estimate"}},
	}
	if regime == regimePart2 {
		r.EffectiveFrom, r.Confidence = part2Compliance, unverified
	}
	return r
}

// addendumReminders are the days after an estimate on which a person is reminded of it.
var addendumReminders = []int{30, 60}

// toldHHS is the report to HHS, and the latest word on the number in it, which
// an addendum of the same day or later has.
func toldHHS(regime string, m *matter) (report, latest breach.Fact, ok bool) {
	report, ok = filing(breach.HHSFiled, regime, m.Incident.Discovered, m.Facts)
	latest = report
	if more, there := filing(breach.HHSAddendum, regime, report.On, m.Facts); ok && there {
		latest = more
	}
	if latest.Count == 0 { // recorded for the whole incident: the number is kept with the duty
		latest.Count = m.Told["hipaa.164.408.immediate"]
		if regime == regimePart2 {
			latest.Count = max(m.Told["part2.2.16.immediate"], m.Told["part2.2.16.annual_log"])
		} else {
			latest.Count = max(latest.Count, m.Told["hipaa.164.408.annual_log"])
		}
	}
	return report, latest, ok
}

func addendumApplies(m *matter, regime string) bool {
	if !m.leads || m.counted.People == 0 {
		return false
	}
	report, latest, ok := toldHHS(regime, m)
	return ok && (report.Estimate || latest.Kind == breach.HHSAddendum || fewerThanFound(latest, m))
}

// fewerThanFound: the lists have grown past the number HHS was told. A number
// that was never recorded says nothing.
func fewerThanFound(told breach.Fact, m *matter) bool {
	return told.Count > 0 && told.Count < m.counted.People
}

func addendum(m *matter, regime string) breach.Obligation {
	_, latest, _ := toldHHS(regime, m)
	o := breach.Obligation{
		Recipient: "Secretary of Health and Human Services", Form: breach.FormAddendum, Count: m.counted.People,
		Trigger: "final number", Clock: "no day is set",
	}
	if regime == regimePart2 {
		o.Recipient += ", Part 2 portal"
	}
	what := "number"
	if latest.Estimate {
		what = "estimate"
	}
	told := fmt.Sprintf("HHS was told the %s %d on %s", what, latest.Count, latest.On)
	if latest.Count == 0 {
		told = fmt.Sprintf("HHS was told on %s", latest.On)
	}
	o.Why = m.ofEntity(fmt.Sprintf("%s, the lists have %s", told, people(m.counted.People)))
	o.NotBefore, _ = HoldUntil(m.Incident.Holds, breach.CoversHHS)
	return o
}

// addendumSettled is the day an addendum with a final number that is not below
// the count was filed.
func addendumSettled(o breach.Obligation, facts breach.Facts, discovered civil.Date) (f breach.Fact, ok bool) {
	report, _ := filing(breach.HHSFiled, o.Regime, discovered, facts)
	f, ok = filing(breach.HHSAddendum, o.Regime, report.On, facts)
	return f, ok && !f.Estimate && f.Count >= o.Count
}
