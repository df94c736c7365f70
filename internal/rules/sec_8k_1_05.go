package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
Form 8-K, Item 1.05: a registrant that experiences a cybersecurity incident
which it determines to be material reports it within four business days of
that determination, which it makes without unreasonable delay after discovery.
Only the Attorney General's written word to the Commission delays it; a delay
under 45 CFR 164.412 does not.
*/
var secForm8K = &rule{
	Rule: Rule{
		ID: "sec.8k.1.05", Regime: regimeSEC, Jurisdiction: federal, Kind: breach.SECForm8K,
		Title:    "SEC Form 8-K, Item 1.05",
		Text:     "A public company files Form 8-K within four business days after it determines that the incident is material. A law-enforcement hold under HIPAA does not delay it; only the Attorney General can, in writing to the SEC.",
		Citation: "SEC Form 8-K, Item 1.05 (17 CFR 249.308)", Authority: "Securities Exchange Act of 1934, sections 13 and 15(d); 88 FR 51896",
		EffectiveFrom: secItem105Effective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"clock", fmt.Sprintf("%d business days after the materiality determination", form8KDays)}},
	},
	judgedBy: func(m *matter) civil.Date {
		if on := materialOn(m); !on.IsZero() {
			return on
		}
		return m.Incident.Discovered
	},
	applies: func(m *matter) bool { return m.Incident.Entity.PublicCompany == breach.Yes },
	evaluate: func(m *matter) []breach.Obligation {
		o := breach.Obligation{
			Recipient: "Securities and Exchange Commission", Trigger: breach.MaterialDeterminedFact,
			Clock: fmt.Sprintf("%d business days", form8KDays),
			Why:   "the clock starts on the day the incident is determined to be material",
		}
		if on := materialOn(m); !on.IsZero() {
			o.Due, o.Why = on.AddBusinessDays(form8KDays), fmt.Sprintf("determined material %s", on)
		}
		return []breach.Obligation{o}
	},
}

// form8KDays are business days after the determination (Form 8-K, General Instruction B.1).
const form8KDays = 4

// materialOn is the first day it was determined to be material; repeating the
// determination does not start the clock anew.
func materialOn(m *matter) civil.Date {
	return civil.Earlier(m.Incident.MaterialDetermined, m.Facts.On(breach.MaterialDeterminedFact, ""))
}
