package rules

/*
45 CFR 164.402, "Breach": "the acquisition, access, use, or disclosure of
protected health information in a manner not permitted under subpart E of this
part which compromises the security or privacy of the protected health
information." Paragraph (2): such an event "is presumed to be a breach unless
the covered entity or business associate, as applicable, demonstrates that
there is a low probability that the protected health information has been
compromised".
*/
var breachDefinition = &rule{Rule: Rule{
	ID: "hipaa.164.402.breach", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "Breach, and its presumption",
	Text:     "Getting, opening, using or passing on protected health information in a way the Privacy Rule does not permit is presumed to be a breach. Whoever says otherwise has to demonstrate an exclusion, that the information was secured, or a low probability of compromise.",
	Citation: "45 CFR 164.402", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}
