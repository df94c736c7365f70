package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
Washington's Insurance Commissioner, in our words: insurers and others the
Office of the Insurance Commissioner regulates tell it within two days of
discovering a breach of their customers' personal information
(insurance.wa.gov, "Security breach notification requirements").

The page says days; WAC 284-04-625, which we could not read, is remembered to
say business days. Calendar days are the earlier reading.
*/
var washingtonInsurer = &rule{
	Rule: Rule{
		ID: "state.wa.regulator.insurance_commissioner", Regime: regimeState, Jurisdiction: "WA", Kind: breach.RegulatorNotice,
		Title:    "Insurers, to Washington's Insurance Commissioner",
		Text:     "An insurer regulated in Washington tells the Insurance Commissioner within two days of discovering the breach. It is taken to be regulated there when residents of Washington are affected or it is itself in Washington.",
		Citation: "WAC 284-04-625", Authority: "Office of the Insurance Commissioner of Washington",
		EffectiveFrom: insurerNotice, AsOf: asOf, Confidence: unverified,
		Parameters: []Parameter{{"clock", fmt.Sprintf("%d calendar days after discovery", insurerDays)}},
	},
	judgedBy: occurred,
	applies: func(m *matter) bool {
		return m.Practice.Insurer == breach.Yes && m.Tally.People > 0 && (m.Tally.Residents["WA"] > 0 || m.Practice.State == "WA")
	},
	evaluate: func(m *matter) []breach.Obligation {
		n := m.Tally.Residents["WA"]
		what := fmt.Sprintf("an insurer with %d affected residents of WA", n)
		if n == 0 {
			n, what = m.Tally.People, "an insurer in WA"
		}
		var due civil.Date
		if on := m.discovery.on; !on.IsZero() {
			due = on.AddDays(insurerDays)
		}
		return []breach.Obligation{m.dated(breach.Obligation{
			Recipient: "Washington State Insurance Commissioner", Count: n,
			Trigger: triggerDiscovered, Clock: fmt.Sprintf("%d calendar days", insurerDays),
		}, due, scopeOther, what, m.discovery.clause())}
	},
}

// insurerDays are days after discovery.
const insurerDays = 2
