package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.408(b): "For breaches of unsecured protected health information
involving 500 or more individuals, a covered entity shall, except as provided
in § 164.412, provide the notification required by paragraph (a) of this
section contemporaneously with the notice required by § 164.404(a) and in the
manner specified on the HHS Web site."
*/
var secretaryImmediate = &rule{
	Rule: Rule{
		ID: "hipaa.164.408.immediate", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.HHSNotice,
		Title:    "HHS notice, 500 or more",
		Text:     "With 500 or more affected individuals in all States together, the Secretary is told through the HHS portal at the same time as the individuals: on the day the letters go out, and so at the latest 60 calendar days after discovery.",
		Citation: "45 CFR 164.408(b)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"individuals", fmt.Sprintf(">= %d, per counting entity", secretaryFrom)}, {"with", "the individual notice"}, outerLimit},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return m.leads && m.counted.People >= secretaryFrom },
	evaluate: func(m *matter) []breach.Obligation { return []breach.Obligation{withTheLetters(m)} },
}

// secretaryFrom is the number of individuals from which the Secretary is told
// at once (45 CFR 164.408(b)).
const secretaryFrom = 500

// withTheLetters is a report due with the individual notice: on day 60, or on
// the day the letters are recorded to have been mailed when that is earlier.
func withTheLetters(m *matter) breach.Obligation {
	o := breach.Obligation{
		Recipient: "Secretary of Health and Human Services", Form: breach.FormImmediate, Count: m.counted.People,
		Trigger: triggerDiscovered, Clock: fmt.Sprintf("with the letters, at most %d calendar days", breach.NoticeDays),
	}
	if !m.entityDiscovery.clock.IsZero() {
		o.Confidence = unverified
	}
	reasons := []string{m.ofEntity(people(o.Count)), m.entityDiscovery.limitClause()}
	due := m.entityDiscovery.outerLimit()
	if mailed := m.Facts.LettersOn(""); !mailed.IsZero() && (due.IsZero() || mailed.Before(due)) {
		due, o.Trigger = civil.Earlier(due, mailed), breach.LettersMailed
		reasons = append(reasons, fmt.Sprintf("letters mailed %s", mailed))
	}
	return m.dated(o, due, breach.CoversHHS, reasons...)
}
