package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
)

// Warning is something a person should look at: an answer that is missing, a
// count close to a line, a statement without effect. It never holds patient data.
type Warning struct {
	// Code is stable, for programs: "agent_unknown".
	Code    string `json:"code"`
	Message string `json:"message"`
}

// incidentWarnings are the same for every practice of the incident.
func incidentWarnings(i breach.Incident) []Warning {
	var warnings []Warning
	warnings = append(warnings, knowledgeWarnings(i)...)
	warnings = append(warnings, urgencyWarnings(i)...)
	warnings = append(warnings, healthRecordsWarnings(i)...)
	return append(warnings, holdWarnings(i.Holds)...)
}

// holdWarnings are about statements that delay nothing, or less than they say.
func holdWarnings(holds []breach.Hold) []Warning {
	var warnings []Warning
	for _, h := range holds {
		switch why, delays := Delays(h); {
		case notAnOfficial(h) != "":
			if !confirmedSince(holds, h) {
				warnings = append(warnings, Warning{"hold_not_law_enforcement", fmt.Sprintf(
					"the statement of %s delays nothing: %s. If it is a public authority's, confirm it: public_authority: yes in incident.yaml, or hold with the same words and --public-authority yes; until then let counsel look at it", h.StatedOn, why)})
			}
		case h.Kind == breach.WrittenHold && !delays:
			warnings = append(warnings, Warning{"written_hold_without_period", fmt.Sprintf(
				"the written statement of %s names no period and delays nothing (45 CFR 164.412(a)); ask %s for the date until which notice is to wait", h.StatedOn, agency(h))})
		case h.Kind == breach.OralHold && strings.TrimSpace(h.Official) == "":
			warnings = append(warnings, Warning{"hold_without_official", fmt.Sprintf(
				"the oral statement of %s delays nothing because no official is named (45 CFR 164.412(b)); record who made it", h.StatedOn)})
		case h.Kind == breach.OralHold && h.Until.After(h.StatedOn.AddDays(oralHoldDays)):
			warnings = append(warnings, Warning{"oral_hold_capped", fmt.Sprintf(
				"the oral statement of %s ends on %s, not on %s: it holds for at most %d days (45 CFR 164.412(b)); a written statement with a period can hold longer",
				h.StatedOn, h.StatedOn.AddDays(oralHoldDays), h.Until, oralHoldDays)})
		}
	}
	return warnings
}

// confirmedSince: the same statement stands there again with the answer of a
// person whether it is a public authority's.
func confirmedSince(holds []breach.Hold, h breach.Hold) bool {
	return h.PublicAuthority == breach.Unknown && slices.ContainsFunc(holds, func(o breach.Hold) bool {
		return o.PublicAuthority != breach.Unknown && o.Kind == h.Kind && o.StatedOn == h.StatedOn && o.Agency == h.Agency
	})
}

func agency(h breach.Hold) string {
	if h.Agency == "" {
		return "the agency"
	}
	return h.Agency
}

// knowledgeWarnings point out knowledge that was the entity's before its day of
// discovery: every clock would start too late.
func knowledgeWarnings(i breach.Incident) []Warning {
	var warnings []Warning
	for _, k := range i.Knowledge {
		if on := k.ImputedOn(); !on.IsZero() && on.Before(i.Discovered) {
			warnings = append(warnings, Warning{"discovered_earlier", fmt.Sprintf(
				"what %s (%s) knew was the entity's own knowledge on %s, before its day of discovery %s (45 CFR 164.404(a)(2), 164.410(a)(2)); every clock starts on the earlier day", k.Who, k.Relation, on, i.Discovered)})
		}
	}
	return warnings
}

// practiceWarnings are about one practice for which there is a breach.
func practiceWarnings(m *matter) []Warning {
	var warnings []Warning
	if m.Tally.People > 0 && m.Incident.Entity.Role != breach.CoveredEntity {
		warnings = append(warnings, unanswered(m)...)
	}
	if m.leads {
		warnings = append(warnings, nearThresholds(m)...)
		warnings = append(warnings, unknownResidence(m)...)
		warnings = append(warnings, reportedApart(m)...)
		warnings = append(warnings, federalPlan(m)...)
		warnings = append(warnings, toldMore(m)...)
	}
	if m.Tally.People > 0 {
		warnings = append(warnings, unownedRecords(m)...)
		warnings = append(warnings, takenDown(m)...)
		warnings = append(warnings, overridden(m)...)
		warnings = append(warnings, hospitalWarnings(m)...)
	}
	return warnings
}

func unanswered(m *matter) []Warning {
	var warnings []Warning
	if m.Practice.Agent == breach.Unknown {
		warnings = append(warnings, Warning{"agent_unknown",
			"agent is not answered; it counts as yes, so the practice's own clock runs from the business associate's discovery"})
	}
	if m.Practice.BAANoticeDays == 0 {
		warnings = append(warnings, Warning{"no_baa_window", fmt.Sprintf(
			"baa_notice_days is not given; the practice is to be told within the regulation's %d days, look into the contract", breach.NoticeDays)})
	}
	if m.Practice.Delegation == "" {
		warnings = append(warnings, Warning{"delegation_unanswered",
			"delegation is not answered; until it is, nothing is sent on the practice's behalf"})
	}
	return warnings
}

// nearBy is how close below a line a count has to be to be pointed out:
// lists grow by late findings.
const nearBy = 10

func nearThresholds(m *matter) []Warning {
	var warnings []Warning
	if short := secretaryFrom - m.counted.People; short > 0 && short <= nearBy {
		warnings = append(warnings, Warning{"near_threshold", fmt.Sprintf(
			"%s: %d more and HHS is owed its report with the letters", people(m.counted.People), short)})
	}
	for _, state := range slices.Sorted(maps.Keys(m.counted.Residents)) {
		n := m.counted.Residents[state]
		if short := mediaMoreThan + 1 - n; short > 0 && short <= nearBy {
			warnings = append(warnings, Warning{"near_threshold", fmt.Sprintf(
				"%d residents of %s: %d more and media notice is owed", n, state, short)})
		}
	}
	return warnings
}

// unknownResidence names the States that people of unknown State could carry
// over the media line.
func unknownResidence(m *matter) []Warning {
	unknown := m.counted.UnknownResidence
	var states []string
	for _, state := range slices.Sorted(maps.Keys(m.counted.Residents)) {
		if n := m.counted.Residents[state]; n <= mediaMoreThan && n+unknown > mediaMoreThan {
			states = append(states, state)
		}
	}
	switch {
	case unknown == 0:
		return nil
	case len(states) > 0:
		return []Warning{{"unknown_residence", fmt.Sprintf(
			"%s of unknown State could carry %s over %d residents", people(unknown), strings.Join(states, ", "), mediaMoreThan)}}
	case unknown > mediaMoreThan:
		return []Warning{{"unknown_residence", fmt.Sprintf(
			"%s of unknown State could carry any State over %d residents", people(unknown), mediaMoreThan)}}
	}
	return nil
}

// reportedApart flags a report to HHS of 500 or more that did not go out with
// the letters: 45 CFR 164.408(b) says contemporaneously.
func reportedApart(m *matter) []Warning {
	mailed, filed := m.Facts.LettersOn(""), filedWithHHS(regimeHIPAA, m.Incident.Discovered, m.Facts)
	if m.counted.People < secretaryFrom || mailed.IsZero() || filed.IsZero() || filed == mailed {
		return nil
	}
	days, when := filed.DaysSince(mailed), "later"
	if days < 0 {
		days, when = -days, "earlier"
	}
	return []Warning{{"hhs_not_with_letters", fmt.Sprintf(
		"letters were mailed on %s and HHS was told on %s, %s %s; 45 CFR 164.408(b) says contemporaneously, record the reason", mailed, filed, daysText(days), when)}}
}

func daysText(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// federalPlan says what the engine cannot decide of a federally regulated plan.
func federalPlan(m *matter) []Warning {
	if m.Practice.FederalPlan != breach.Yes {
		return nil
	}
	return []Warning{{"federal_plan_state",
		"for a health plan established or regulated by Federal law, State has the meaning of that plan's own section of the United States Code (45 CFR 160.103, State, (1)); media notice is planned by the 56 States: needs counsel"}}
}

// unownedRecords says that the records may be another practice's.
func unownedRecords(m *matter) []Warning {
	if m.Practice.Ownership != breach.OwnershipUnresolved {
		return nil
	}
	return []Warning{{needsCounsel,
		"whose records these are is not settled: they are planned as this practice's; tell every practice they may belong to, and let counsel decide who notifies"}}
}

// toldMore points out that HHS was told a larger number than the lists have.
func toldMore(m *matter) []Warning {
	_, latest, ok := toldHHS(regimeHIPAA, m)
	if !ok || latest.Estimate || latest.Count <= m.counted.People || m.counted.People == 0 {
		return nil
	}
	return []Warning{{"hhs_told_more", fmt.Sprintf(
		"HHS was told %d on %s and the lists have %s: an addendum can correct it", latest.Count, latest.On, people(m.counted.People))}}
}

// overridden says that a person's word counts the 60 days from another day.
func overridden(m *matter) []Warning {
	d := m.discovery
	if d.clock.IsZero() {
		return nil
	}
	return []Warning{{"clock_override", fmt.Sprintf(
		"the 60 days are counted from %s and not from %s on the word of %s; an enforcement statement about one incident is no rule, and day 60 from discovery is %s: needs counsel", d.clock, d.on, d.source, d.on.AddDays(breach.NoticeDays))}}
}
