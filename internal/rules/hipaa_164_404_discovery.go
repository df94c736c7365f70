package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.404(a)(2): "a breach shall be treated as discovered by a covered
entity as of the first day on which such breach is known to the covered
entity, or, by exercising reasonable diligence would have been known to the
covered entity. A covered entity shall be deemed to have knowledge of a breach
if such breach is known, or by exercising reasonable diligence would have been
known, to any person, other than the person committing the breach, who is a
workforce member or agent of the covered entity (determined in accordance with
the federal common law of agency)."
*/
var discoveryByEntity = &rule{Rule: Rule{
	ID: "hipaa.164.404.discovery", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "discovery",
	Title:    "Discovery by the practice",
	Text:     "A practice has discovered a breach on the first day on which it, its workforce or its agent knew or should have known of the incident; the wrongdoer's own knowledge does not count. When the business associate is the practice's agent, its day is the practice's day. When it is not, the practice's clock starts when the practice is told. Nobody having said which, the earlier clock is taken.",
	Citation: "45 CFR 164.404(a)(2)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

/*
45 CFR 164.410(a)(2): "a breach shall be treated as discovered by a business
associate as of the first day on which such breach is known to the business
associate or, by exercising reasonable diligence, would have been known to the
business associate ... to any person, other than the person committing the
breach, who is an employee, officer, or other agent of the business associate".
*/
var discoveryByAssociate = &rule{Rule: Rule{
	ID: "hipaa.164.410.discovery", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "discovery",
	Title:    "Discovery by the business associate",
	Text:     "A business associate has discovered a breach on the first day on which any employee, officer or other agent of it, other than the wrongdoer, knew or should have known of the incident. A subcontractor is a business associate of its own.",
	Citation: "45 CFR 164.410(a)(2)", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
}}

// discovery is a day and how it came to be that day.
type discovery struct {
	on civil.Date
	// told: the day is the one on which the practice was told, or will be.
	told bool
	// by is the other practice of the counting entity that discovered it first.
	by string
}

// discoveryOf is the practice's own discovery. The first of two records of
// having been told counts: later ones do not undo knowledge.
func discoveryOf(i breach.Incident, p breach.Practice, facts breach.Facts) discovery {
	if i.Entity.Role == breach.CoveredEntity || p.Agent != breach.No {
		return discovery{on: i.Discovered}
	}
	return discovery{on: civil.Earlier(p.NotifiedOn, facts.On(breach.PracticeNotified, "")), told: true}
}

// earliest is the discovery of a counting entity: what one of its practices
// knows, the one covered entity that they form knows (45 CFR 164.105(b)).
func (d discovery) earliest(peers []Peer) discovery {
	for _, p := range peers {
		if !p.Discovered.IsZero() && (d.on.IsZero() || p.Discovered.Before(d.on)) {
			d = discovery{on: p.Discovered, by: p.Key}
		}
	}
	return d
}

// outerLimit is the last of the 60 days that follow discovery, zero while
// discovery is not known.
func (d discovery) outerLimit() civil.Date {
	if d.on.IsZero() {
		return civil.Date{}
	}
	return d.on.AddDays(outerLimitDays)
}

// clause says in words when the clock started, or what will start it.
func (d discovery) clause() string {
	switch {
	case d.on.IsZero():
		return "the clock starts on the day the practice is told, because the business associate is not its agent"
	case d.by != "":
		return fmt.Sprintf("discovered %s by %s of the same counting entity", d.on, d.by)
	case d.told:
		return fmt.Sprintf("discovered %s, the day the practice was told", d.on)
	}
	return fmt.Sprintf("discovered %s", d.on)
}
