package rules

import (
	"fmt"

	"duenotice/internal/breach"
)

/*
45 CFR 164.504(e)(2)(ii)(C) and 164.314(a)(2)(i)(C): the business associate
contract must provide that the business associate will report to the covered
entity "any security incident of which it becomes aware, including breaches of
unsecured protected health information as required by § 164.410". How soon is
the parties' own word; fewer days than the regulation's bind by contract.
*/
var contractWindow = &rule{
	Rule: Rule{
		ID: "contract.baa_notice", Regime: regimeContract, Jurisdiction: federal, Kind: breach.CoveredEntityNotice,
		Title:    "Notice to the practice under its contract",
		Text:     "When the business associate agreement gives fewer than 60 days, the notice to the practice is due that many calendar days after the business associate's discovery. It is the same notice as the regulation's and is listed once.",
		Citation: "business associate agreement (45 CFR 164.504(e)(2)(ii)(C), 164.314(a)(2)(i)(C))", Authority: "the parties' business associate agreement",
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
		Parameters: []Parameter{{"window", fmt.Sprintf("baa_notice_days calendar days when fewer than %d", breach.NoticeDays)}},
	},
	judgedBy: occurred,
	applies:  func(m *matter) bool { return toldByAssociate(m) && contractIsShorter(m) },
	evaluate: func(m *matter) []breach.Obligation {
		days := m.Practice.BAANoticeDays
		unit := "calendar days"
		if days == 1 {
			unit = "calendar day"
		}
		return toPractice(m, days, fmt.Sprintf("%d %s", days, unit))
	},
}

// contractIsShorter: 0 means that the contract sets no window.
func contractIsShorter(m *matter) bool {
	return m.Practice.BAANoticeDays > 0 && m.Practice.BAANoticeDays < breach.NoticeDays
}
