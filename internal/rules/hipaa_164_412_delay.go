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
	Text:     "While a law enforcement official's statement (164.103) holds a notice, it may not go out. A statement in writing holds for the period it names; one without a period holds nothing. An oral statement, documented with the official's identity, holds for at most 30 days. It holds only the notices it covers. The due day becomes the later of the ordinary day and the end of the hold; held days are never added. A statement made after the ordinary day has passed does not make a late notice timely.",
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

// Delays reports whether a statement delays any notice, and in words why it
// does not: it is the one place that says so, for every duty and every letter.
func Delays(h breach.Hold) (why string, delays bool) {
	switch {
	case notAnOfficial(h) != "":
		return notAnOfficial(h) + "; only an officer empowered by law to investigate or prosecute can hold a notice (45 CFR 164.103)", false
	case h.Kind == breach.WrittenHold && h.Until.IsZero():
		return "it names no period (45 CFR 164.412(a))", false
	case h.Kind == breach.OralHold && strings.TrimSpace(h.Official) == "":
		return "no official is named (45 CFR 164.412(b))", false // nobody to name: not a documented one
	case h.Kind == breach.OralHold && h.StatedOn.IsZero():
		return "its day is not known (45 CFR 164.412(b))", false
	}
	return "", h.Kind == breach.WrittenHold || h.Kind == breach.OralHold
}

// holdEnd is the last day a statement delays anything, zero when it delays nothing.
func holdEnd(h breach.Hold) civil.Date {
	if _, delays := Delays(h); !delays {
		return civil.Date{}
	}
	end := h.Until
	if h.Kind == breach.OralHold {
		end = civil.Earlier(h.StatedOn.AddDays(oralHoldDays), h.Until)
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
