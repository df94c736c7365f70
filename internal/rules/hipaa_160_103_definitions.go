package rules

/*
45 CFR 160.103, "State": "(1) For a health plan established or regulated by
Federal law, State has the meaning set forth in the applicable section of the
United States Code for such health plan. (2) For all other purposes, State
means any of the several States, the District of Columbia, the Commonwealth of
Puerto Rico, the Virgin Islands, Guam, American Samoa, and the Commonwealth of
the Northern Mariana Islands."
*/
var stateDefinition = &rule{Rule: Rule{
	ID: "hipaa.160.103.state", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "State",
	Text:     "Fifty-six units count as States: the fifty, the District of Columbia, Puerto Rico, the Virgin Islands, Guam, American Samoa and the Northern Mariana Islands. People are counted in the State of their mailing address. A federally regulated health plan may have another meaning of State: counsel decides.",
	Citation: "45 CFR 160.103, State", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"states", "56"}},
}}

/*
45 CFR 160.103, "Protected health information", (2): "excludes individually
identifiable health information: ... (iv) Regarding a person who has been
deceased for more than 50 years."

The test itself is breach.Person.ProtectedOn, asked for the day of discovery by
whoever counts people (docs/adr/0018).
*/
var longDead = &rule{Rule: Rule{
	ID: "hipaa.160.103.deceased_50_years", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "counting",
	Title:    "People dead for more than 50 years",
	Text:     "The record of a person dead for more than 50 years is not protected health information. Such people are in no count and get no letter. Fifty years to the day is not more than fifty.",
	Citation: "45 CFR 160.103, protected health information, (2)(iv); 164.502(f)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"more_than", "50 years on the day of discovery"}},
}}

/*
45 CFR 164.105(b)(1): "Legally separate covered entities that are affiliated
may designate themselves as a single covered entity for purposes of this
part." 164.105(a)(2)(i)(A), for a hybrid entity: "A reference in such provision
to a 'covered entity' refers to a health care component of the covered entity".
*/
var countingEntity = &rule{Rule: Rule{
	ID: "hipaa.164.105.counting_entity", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "counting",
	Title:    "Who is counted together",
	Text:     "Practices that designated themselves one affiliated covered entity, or that are one health care component, are one covered entity: their people are counted once, a day one of them discovered is a day all of them did for the duties they share, and notices to the Secretary and the media stand once, under the first practice in key order.",
	Citation: "45 CFR 164.105(a)(2)(i)(A), (b)(1)", Authority: "42 U.S.C. 1320d-2; 42 U.S.C. 17932",
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}
