package rules

import "duenotice/internal/breach"

/*
45 CFR 164.404(d)(3): "In any case deemed by the covered entity to require
urgency because of possible imminent misuse of unsecured protected health
information, the covered entity may provide information to individuals by
telephone or other means, as appropriate, in addition to notice provided under
paragraph (d)(1) of this section."
*/
var urgentNotice = &rule{Rule: Rule{
	ID: "hipaa.164.404.urgent", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "Urgent notice",
	Text:     "Where the information may be misused at once, people may be telephoned or told otherwise. That comes on top of the letter and never in its place: the letter stays owed and its day does not move.",
	Citation: "45 CFR 164.404(d)(3)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

func urgencyWarnings(i breach.Incident) []Warning {
	if i.ImminentMisuse != breach.Yes {
		return nil
	}
	return []Warning{{"urgent_notice",
		"imminent misuse is possible: people may be told by telephone or otherwise at once, in addition to their letters and never instead of them (45 CFR 164.404(d)(3))"}}
}
