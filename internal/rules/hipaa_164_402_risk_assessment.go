package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

/*
45 CFR 164.402, "Breach", (2): "... demonstrates that there is a low
probability that the protected health information has been compromised based
on a risk assessment of at least the following factors: (i) The nature and
extent of the protected health information involved, including the types of
identifiers and the likelihood of re-identification; (ii) The unauthorized
person who used the protected health information or to whom the disclosure was
made; (iii) Whether the protected health information was actually acquired or
viewed; and (iv) The extent to which the risk to the protected health
information has been mitigated."
*/
var riskAssessment = &rule{Rule: Rule{
	ID: "hipaa.164.402.risk_assessment", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "exclusion",
	Title:    "Low probability of compromise",
	Text:     "No notice is owed when a risk assessment of all four factors demonstrates a low probability that the information was compromised. Two different people must have reached that conclusion before the engine acts on it; with fewer, a breach stays presumed.",
	Citation: "45 CFR 164.402, breach, (2)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"factors", "4"}, {"confirmed_by", fmt.Sprint(breach.LowProbabilityAssessors)}},
}}

// ReasonLowProbability is the reason of a decision that a low probability of
// compromise took every duty away.
const ReasonLowProbability = "low probability documented"

// lowProbability ends the matter when a low probability is demonstrated. A case
// folder cannot show who concluded it; its conclusion is planned with, under a
// warning, and a recorded assessment takes its place (docs/adr/0015).
func lowProbability(m *matter) verdict {
	a := m.Assessment
	if a == nil {
		a = &Assessment{Conclusion: m.Incident.RiskAssessment.Conclusion, Factors: m.Incident.RiskAssessment.Factors}
	}
	if a.Conclusion != breach.LowProbability {
		return verdict{}
	}
	if missing := a.Factors.Missing(); len(missing) > 0 {
		return verdict{warnings: []Warning{{"factors_missing", fmt.Sprintf(
			"the risk assessment concludes low_probability without %s; all four factors are needed, so a breach is presumed", strings.Join(missing, ", "))}}}
	}
	documented := verdict{reason: ReasonLowProbability, noHarm: true}
	if m.Assessment == nil {
		documented.warnings = []Warning{{"two_approvers", fmt.Sprintf(
			"incident.yaml concludes low_probability; nothing is planned, but the conclusion takes effect only when %d different people have recorded it with assess", breach.LowProbabilityAssessors)}}
		return documented
	}
	if n := breach.DifferentPeople(a.ConfirmedBy); n < breach.LowProbabilityAssessors {
		return verdict{warnings: []Warning{{"two_approvers", fmt.Sprintf(
			"low_probability is recorded by %s; it takes effect when %d different people have recorded it, until then a breach is presumed", people(n), breach.LowProbabilityAssessors)}}}
	}
	return documented
}
