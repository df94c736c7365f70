package rules

import (
	"fmt"

	"duenotice/internal/breach"
)

/*
45 CFR 164.404(d)(2): "In the case in which there is insufficient or
out-of-date contact information that precludes written notification to the
individual ..., a substitute form of notice reasonably calculated to reach the
individual shall be provided. Substitute notice need not be provided in the
case in which there is insufficient or out-of-date contact information that
precludes written notification to the next of kin or personal representative
of the individual". (i) "for fewer than 10 individuals, then such substitute
notice may be provided by an alternative form of written notice, telephone, or
other means." (ii) "for 10 or more individuals, then such substitute notice
shall: (A) Be in the form of either a conspicuous posting for a period of 90
days on the home page of the Web site of the covered entity involved, or
conspicuous notice in major print or broadcast media in geographic areas where
the individuals affected by the breach likely reside; and (B) Include a
toll-free phone number that remains active for at least 90 days".
*/
var substituteNotice = &rule{
	Rule: Rule{
		ID: "hipaa.164.404.substitute", Regime: regimeHIPAA, Jurisdiction: federal, Kind: breach.SubstituteNotice,
		Title:    "Substitute notice",
		Text:     "People no letter can reach, nor an e-mail they agreed to, are told another way, inside the same 60 days: fewer than 10 by another form of writing, by telephone or otherwise; 10 or more by 90 days on the practice's home page, or in major print or broadcast media where they likely live, always with a toll-free number for at least 90 days. The next of kin of the dead never count. Ten are reached by the counting entity together; each practice then owes the notice to its own people.",
		Citation: "45 CFR 164.404(d)(2)", Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"conspicuous_from", fmt.Sprintf(">= %d individuals", conspicuousFrom)}, {"posting", "90 days"}, {"toll_free", "at least 90 days"}, outerLimit},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return unreachable(m.Tally) >= 1 },
	evaluate: func(m *matter) []breach.Obligation {
		own, entity := unreachable(m.Tally), unreachable(m.counted)
		o := breach.Obligation{Recipient: "individuals without a usable address", Count: own, Form: breach.FormAlternative}
		reason := people(own) + " without a usable address"
		if isConspicuous(m) { // another practice may know an address of some
			o.Form = breach.FormConspicuous
			if own < conspicuousFrom {
				reason += fmt.Sprintf(", %d in counting entity %s", entity, m.Group.Key)
			}
		}
		return []breach.Obligation{m.sixtyDays(o, m.discovery, breach.CoversPosting, reason)}
	},
}

// isConspicuous: the practice owes the conspicuous form.
func isConspicuous(m *matter) bool {
	return unreachable(m.Tally) >= 1 && max(unreachable(m.Tally), unreachable(m.counted)) >= conspicuousFrom
}

// conspicuousFrom is the number of unreachable individuals from which a
// conspicuous notice is owed (45 CFR 164.404(d)(2)(ii)).
const conspicuousFrom = 10

// unreachable is the number of individuals owed substitute notice: no letter
// can be mailed to them, they did not agree to electronic notice, which is
// written notice too (45 CFR 164.404(d)(1)(i)), and they are alive.
func unreachable(t breach.Tally) int { return t.NoUsableAddress - t.NoUsableAddressKin - t.EmailOnly }
