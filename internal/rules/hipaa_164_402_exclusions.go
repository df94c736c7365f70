package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

/*
45 CFR 164.402, "Breach", (1)(i): "Any unintentional acquisition, access, or
use of protected health information by a workforce member or person acting
under the authority of a covered entity or a business associate, if such
acquisition, access, or use was made in good faith and within the scope of
authority and does not result in further use or disclosure in a manner not
permitted under subpart E of this part."
*/
var goodFaithWorkforce = exclusionRule(breach.GoodFaithWorkforce, "(1)(i)", "Unintentional access by one's own people",
	"Not a breach: a member of the workforce, or somebody acting under the entity's authority, got to the information unintentionally, in good faith and within the scope of authority, and nothing impermissible followed.")

/*
(1)(ii): "Any inadvertent disclosure by a person who is authorized to access
protected health information at a covered entity or business associate to
another person authorized to access protected health information at the same
covered entity or business associate, or organized health care arrangement in
which the covered entity participates, and the information received as a
result of such disclosure is not further used or disclosed in a manner not
permitted under subpart E of this part."
*/
var inadvertentAuthorized = exclusionRule(breach.InadvertentAuthorized, "(1)(ii)", "Inadvertent disclosure between authorized people",
	"Not a breach: one authorized person disclosed the information by mistake to another authorized person at the same entity or organized health care arrangement, and nothing impermissible followed.")

/*
(1)(iii): "A disclosure of protected health information where a covered entity
or business associate has a good faith belief that an unauthorized person to
whom the disclosure was made would not reasonably have been able to retain
such information."
*/
var notRetained = exclusionRule(breach.NotRetained, "(1)(iii)", "Recipient could not have retained it",
	"Not a breach: there is a good-faith belief that the unauthorized recipient could not reasonably have retained the information.")

var exclusionRules = map[string]*rule{
	breach.GoodFaithWorkforce: goodFaithWorkforce, breach.InadvertentAuthorized: inadvertentAuthorized, breach.NotRetained: notRetained,
}

func exclusionRule(name, paragraph, title, text string) *rule {
	return &rule{Rule: Rule{
		ID: "hipaa.164.402.exclusion." + name, Regime: regimeHIPAA, Jurisdiction: federal, Kind: "exclusion",
		Title: title, Text: text + " The reason is written down and kept six years.",
		Citation: "45 CFR 164.402, breach, " + paragraph, Authority: hipaaAuthority,
		EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	}}
}

// excluded ends the matter when an exclusion is claimed with its reason. The
// entity has the burden of proof (164.414(b)): a claim without one is no claim.
func excluded(m *matter) verdict {
	name := m.Incident.Exclusion
	if name == "" {
		return verdict{}
	}
	r, known := exclusionRules[name]
	if !known || strings.TrimSpace(m.Incident.ExclusionReason) == "" {
		return verdict{warnings: []Warning{{"exclusion_without_reason", fmt.Sprintf(
			"exclusion %q has no exclusion_reason; the burden of proof is the entity's (45 CFR 164.414(b)), so a breach is presumed", name)}}}
	}
	return verdict{reason: fmt.Sprintf("excluded: %s (%s)", name, r.Citation)}
}
