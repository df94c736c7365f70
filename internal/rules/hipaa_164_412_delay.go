package rules

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
45 CFR 164.412: "If a law enforcement official states to a covered entity or
business associate that a notification, notice, or posting required under this
subpart would impede a criminal investigation or cause damage to national
security, a covered entity or business associate shall: (a) If the statement
is in writing and specifies the time for which a delay is required, delay such
notification, notice, or posting for the time period specified by the
official; or (b) If the statement is made orally, document the statement,
including the identity of the official making the statement, and delay the
notification, notice, or posting temporarily and no longer than 30 days from
the date of the oral statement, unless a written statement as described in
paragraph (a) of this section is submitted during that time."

164.404(b), 164.406(b) and 164.410(b) set their 60 days "except as provided in
§ 164.412": the limit gives way to the period, the period is not added to it.
*/
var lawEnforcementDelay = &rule{Rule: Rule{
	ID: "hipaa.164.412.delay", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "delay",
	Title:    "Law-enforcement delay",
	Text:     "While an official's statement holds a notice, it may not go out. A statement in writing holds for the period it names; one without a period holds nothing. An oral statement, documented with the official's identity, holds for at most 30 days. It holds only the notices it covers. The due day becomes the later of the ordinary day and the end of the hold; held days are never added. A statement made after the ordinary day has passed does not make a late notice timely.",
	Citation: "45 CFR 164.412", Authority: hipaaAuthority,
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{{"oral_at_most", fmt.Sprintf("%d days from the statement", oralHoldDays)}},
}}

// oralHoldDays is the longest an oral statement holds (45 CFR 164.412(b)).
const oralHoldDays = 30

// span is the time one statement holds notices: from the day it was made to
// its last day, on which they may go out again.
type span struct {
	from, to civil.Date
	kind     string
}

// spans are the holds that delay notices of the scope, by the day they were
// stated. A statement that delays nothing is not among them.
func spans(holds []breach.Hold, scope string) []span {
	var list []span
	for _, h := range holds {
		if !h.Covering(scope) {
			continue
		}
		if end := holdEnd(h); !end.IsZero() {
			list = append(list, span{from: h.StatedOn, to: end, kind: h.Kind})
		}
	}
	slices.SortFunc(list, func(a, b span) int {
		if c := a.from.Compare(b.from); c != 0 {
			return c
		}
		return a.to.Compare(b.to)
	})
	return list
}

// holdEnd is the last day a statement delays anything, zero when it delays nothing.
func holdEnd(h breach.Hold) civil.Date {
	var end civil.Date
	switch h.Kind {
	case breach.WrittenHold:
		end = h.Until
	case breach.OralHold:
		// An oral statement nobody can be named for is not a documented one.
		if h.StatedOn.IsZero() || strings.TrimSpace(h.Official) == "" {
			return civil.Date{}
		}
		end = civil.Earlier(h.StatedOn.AddDays(oralHoldDays), h.Until)
	}
	if end.IsZero() {
		return civil.Date{}
	}
	end = civil.Earlier(end, h.ReleasedOn)
	if !h.StatedOn.IsZero() && end.Before(h.StatedOn) {
		return civil.Date{} // over before it began
	}
	return end
}

// HoldUntil returns the last day of law-enforcement delay for notices of the
// scope (breach.CoversIndividual and so on), and why in words; zero and ""
// when nothing holds them. On that day they may go out again.
func HoldUntil(holds []breach.Hold, scope string) (end civil.Date, why string) {
	var last span
	for _, s := range spans(holds, scope) {
		if last.to.IsZero() || s.to.After(last.to) {
			last = s
		}
	}
	if last.to.IsZero() {
		return civil.Date{}, ""
	}
	return last.to, fmt.Sprintf("held by law enforcement until %s (%s statement of %s)", last.to, last.kind, last.from)
}

// HeldOn reports whether notices of the scope may not go out on day.
func HeldOn(holds []breach.Hold, scope string, day civil.Date) bool {
	for _, s := range spans(holds, scope) {
		if !day.Before(s.from) && day.Before(s.to) {
			return true
		}
	}
	return false
}

// delayed is the due day under the holds: each statement made while the notice
// still was in time moves it to the statement's last day when that is later.
func delayed(due civil.Date, holds []breach.Hold, scope string) civil.Date {
	if due.IsZero() {
		return due
	}
	for _, s := range spans(holds, scope) {
		if !s.from.After(due) {
			due = civil.Later(due, s.to)
		}
	}
	return due
}
