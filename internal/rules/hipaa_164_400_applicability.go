package rules

import "fmt"

/*
45 CFR 164.400: "The requirements of this subpart shall apply with respect to
breaches of protected health information occurring on or after September 23,
2009."
*/
var applicability = &rule{Rule: Rule{
	ID: "hipaa.164.400.applicability", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "Breaches the rule reaches",
	Text:     "The breach notification rule reaches breaches that occurred on or after September 23, 2009. A breach that went on over several days is judged by its last day.",
	Citation: "45 CFR 164.400", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

// beforeSubpartD ends the matter for what was over before the subpart began.
func beforeSubpartD(m *matter) verdict {
	day := m.occurred()
	if applicability.InForce(day) {
		if day.Before(omnibusCompliance) {
			return verdict{warnings: []Warning{{"before_2013_amendment", fmt.Sprintf(
				"the incident ended on %s, before the 2013 amendments had to be followed (%s); the present text is applied, let counsel check it", day, omnibusCompliance)}}}
		}
		return verdict{}
	}
	return verdict{reason: fmt.Sprintf("not in effect: the incident ended on %s, before %s (%s)", day, breachRuleEffective, applicability.Citation)}
}
