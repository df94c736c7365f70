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
	Text:     "A business associate has discovered a breach on the first day on which any employee, officer or other agent of it, other than the wrongdoer, knew or should have known of the incident. Volunteers and trainees are workforce. A subcontractor is a business associate of its own: what it knows is this one's knowledge at once when it is this one's agent, and otherwise on the day it tells. A day of discovery later than somebody's imputed knowledge is refused.",
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
	// clock is the day from which the outer limit is counted on the word of
	// source; zero for the day of discovery.
	clock  civil.Date
	source string
}

// discoveryOf is the practice's own discovery. The first of two records of
// having been told counts: later ones do not undo knowledge.
func discoveryOf(i breach.Incident, p breach.Practice, facts breach.Facts) discovery {
	d := discovery{on: i.Discovered}
	if i.Entity.Role != breach.CoveredEntity && agencyOf(p, facts) == breach.No {
		d = discovery{on: civil.Earlier(p.NotifiedOn, facts.On(breach.PracticeNotified, "")), told: true}
	}
	if word, ok := facts.Latest(breach.ClockOverride, ""); ok && !d.on.IsZero() && word.On.After(d.on) {
		d.clock, d.source = word.On, word.Reference
	}
	return d
}

// agencyOf is whether the business associate is the practice's agent, as last
// determined, else as practices.csv answers.
func agencyOf(p breach.Practice, facts breach.Facts) breach.YesNo {
	if f, ok := facts.Latest(breach.AgencyDetermined, ""); ok {
		return breach.YesNo(f.Answer)
	}
	return p.Agent
}

// starts is the day from which the outer limit is counted.
func (d discovery) starts() civil.Date { return civil.Later(d.on, d.clock) }

// earliest is the discovery of a counting entity: what one of its practices
// knows, the one covered entity that they form knows (45 CFR 164.105(b)). Its
// limit is counted from the first day from which any of theirs is.
func (d discovery) earliest(peers []Peer) discovery {
	starts, source := d.starts(), d.source
	for _, p := range peers {
		if p.Discovered.IsZero() {
			continue
		}
		if theirs := civil.Later(p.Discovered, p.Clock); starts.IsZero() || theirs.Before(starts) {
			starts, source = theirs, p.ClockSource
		}
		if d.on.IsZero() || p.Discovered.Before(d.on) {
			d = discovery{on: p.Discovered, by: p.Key}
		}
	}
	d.clock, d.source = civil.Date{}, ""
	if starts.After(d.on) {
		d.clock, d.source = starts, source
	}
	return d
}

// outerLimit is the last of the 60 days that follow discovery or the day that
// they are counted from on somebody's word; zero while discovery is not known.
func (d discovery) outerLimit() civil.Date {
	if d.on.IsZero() {
		return civil.Date{}
	}
	return d.starts().AddDays(breach.NoticeDays)
}

// clause says in words when the clock started, or what will start it.
func (d discovery) clause() string {
	var text string
	switch {
	case d.on.IsZero():
		return "the clock starts on the day the practice is told, because the business associate is not its agent"
	case d.by != "":
		text = fmt.Sprintf("discovered %s by %s of the same counting entity", d.on, d.by)
	case d.told:
		text = fmt.Sprintf("discovered %s, the day the practice was told", d.on)
	default:
		text = fmt.Sprintf("discovered %s", d.on)
	}
	return text
}

// limitClause says what the outer limit is counted from.
func (d discovery) limitClause() string {
	if d.clock.IsZero() {
		return d.clause()
	}
	return fmt.Sprintf("%s; counted from %s on the word of %s", d.clause(), d.clock, d.source)
}
