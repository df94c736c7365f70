package rules

import (
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// What the engine does with a duty besides setting its day. None of these owes
// a notice; they are here so that the rulebook names every text it follows.

/*
45 CFR 164.502(g)(3)(i): a parent who may act for an unemancipated minor in
health care decisions is the personal representative, but not where "(A) The
minor consents to such health care service", "(B) The minor may lawfully obtain
such health care service without the consent of a parent" or "(C) A parent ...
assents to an agreement of confidentiality between a covered health care
provider and the minor with respect to such health care service". (g)(5): a
covered entity "may elect not to treat a person as the personal representative"
where it reasonably believes that this could endanger the individual.
*/
var personalRepresentatives = &rule{Rule: Rule{
	ID: "hipaa.164.502.personal_representatives", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "Whom a letter speaks to",
	Text:     "A minor's letter goes to the parent or guardian, and to the minor alone for a health care service that was the minor's own. That goes by the service and not by the child, so it is said row by row. Not to treat somebody as a representative, for fear of harm, is a person's decision and never the engine's. The dead are written to through their next of kin or personal representative where the address is known.",
	Citation: "45 CFR 164.502(g)(3), (g)(5); 164.404(d)(1)(ii)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

/*
45 CFR 164.522(b)(1): a provider "must accommodate reasonable requests by
individuals to receive communications of protected health information ... by
alternative means or at alternative locations"; a health plan where the
individual "clearly states that the disclosure ... could endanger the
individual". 164.502(h) makes it binding.
*/
var confidentialAddresses = &rule{Rule: Rule{
	ID: "hipaa.164.522.confidential_address", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "definition",
	Title:    "Confidential addresses",
	Text:     "An address asked for in confidence is used instead of the last known one, by the practice it was given to and by no other: such a row shares its letter with none.",
	Citation: "45 CFR 164.522(b), 164.502(h)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

/*
45 CFR 164.528(a)(1): an individual may have an accounting of disclosures of the
six years before the request; (b)(2) says what it states. What was disclosed by
a breach belongs in it.
*/
var accounting = &rule{Rule: Rule{
	ID: "hipaa.164.528.accounting", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "record",
	Title:    "Accounting of disclosures",
	Text:     "An impermissible disclosure goes into the accounting that an individual may ask for: its day, who received it, what it was and why. report accounting writes the entries of a practice's own people.",
	Citation: "45 CFR 164.528(a)(1), (b)(2)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

/*
45 CFR 164.414(b): covered entity and business associate "shall have the burden
of demonstrating that all notifications were made as required by this subpart
or that the use or disclosure did not constitute a breach". 42 U.S.C.
17932(d)(2): "including evidence demonstrating the necessity of any delay".
*/
var burdenOfProof = &rule{Rule: Rule{
	ID: "hipaa.164.414.burden_of_proof", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "record",
	Title:    "Burden of proof",
	Text:     "Every fact is kept with who recorded it, when, and the hash of its proof. From the day letters were approved to the day they were mailed, each day between wants a recorded reason.",
	Citation: "45 CFR 164.414(b), 164.530(j)(1)(iv)", Authority: "42 U.S.C. 17932(d)(2)",
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

/*
45 CFR 164.530(j)(2): "A covered entity must retain the documentation ... for
six years from the date of its creation or the date when it last was in effect,
whichever is later."
*/
var retention = &rule{Rule: Rule{
	ID: "hipaa.164.530.retention", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "record",
	Title:    "Six years",
	Text:     "The record of an incident is kept for six years from its closing at least: assessments, holds, approvals, proofs, and also what shows that nothing was owed.",
	Citation: "45 CFR 164.530(j)(2), 164.414(a)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"years", "6"}},
}}

/*
45 CFR 160.406: "In the case of continuing violation of a provision, a separate
violation occurs each day the covered entity or business associate is in
violation of the provision."
*/
var lateness = &rule{Rule: Rule{
	ID: "hipaa.160.406.days_late", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "record",
	Title:    "Days late",
	Text:     "Each day after the due day is counted for each duty by itself, until the duty is done; what was done late goes on saying by how many days.",
	Citation: "45 CFR 160.406", Authority: "42 U.S.C. 1320d-5",
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"counted_for", "each duty, up to the day it is done"}},
}}

// Gap counts the days between the day a notice was ready and the day it went
// out, neither of them included, and lists those that neither a law-enforcement
// hold on the letters nor a recorded reason explains.
func Gap(ready, sent civil.Date, holds []breach.Hold, reasons []breach.Span) (days int, unexplained []civil.Date) {
	for day := ready.AddDays(1); day.Before(sent); day = day.AddDays(1) {
		days++
		explained := HeldOn(holds, breach.CoversIndividual, day)
		for _, r := range reasons {
			explained = explained || (!day.Before(r.From) && !day.After(civil.Later(r.From, r.To)))
		}
		if !explained {
			unexplained = append(unexplained, day)
		}
	}
	return days, unexplained
}
