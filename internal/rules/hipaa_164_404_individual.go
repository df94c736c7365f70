package rules

import (
	"fmt"

	"duenotice/internal/breach"
)

/*
45 CFR 164.404(a)(1): "A covered entity shall, following the discovery of a
breach of unsecured protected health information, notify each individual whose
unsecured protected health information has been, or is reasonably believed by
the covered entity to have been, accessed, acquired, used, or disclosed as a
result of such breach." (b): "Except as provided in § 164.412, a covered
entity shall provide the notification ... without unreasonable delay and in no
case later than 60 calendar days after discovery of a breach."
*/
var individualNotice = &rule{
	Rule: Rule{
		ID: "hipaa.164.404.individual", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.IndividualNotice,
		Title:    "Individual notice",
		Text:     "Every affected individual is written to without unreasonable delay and at the latest 60 calendar days after the practice's discovery, by first-class mail, or by e-mail to those who agreed to it. Sixty days is an outer limit, not a target.",
		Citation: "45 CFR 164.404(b)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{outerLimit},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return m.Tally.People >= 1 },
	evaluate: func(m *matter) []breach.Obligation {
		reasons := []string{people(m.Tally.People)}
		if n := m.Tally.EmailOnly; n > 0 {
			reasons = append(reasons, fmt.Sprintf("%d of them by e-mail, to which they agreed", n))
		}
		return []breach.Obligation{m.sixtyDays(breach.Obligation{
			Recipient: "affected individuals", Count: m.Tally.People, Emails: m.Tally.EmailOnly,
		}, m.discovery, breach.CoversIndividual, reasons...)}
	},
}
