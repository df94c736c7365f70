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
	for _, h := range i.Holds {
		switch {
		case h.Kind == breach.WrittenHold && h.Until.IsZero():
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

func agency(h breach.Hold) string {
	if h.Agency == "" {
		return "the agency"
	}
	return h.Agency
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
			"baa_notice_days is not given; the practice is to be told within the regulation's %d days, look into the contract", outerLimitDays)})
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
	mailed, filed := m.Facts.On(breach.LettersMailed, ""), filedWithHHS(regimeHIPAA, m.Incident.Discovered, m.Facts)
	if m.counted.People < secretaryFrom || mailed.IsZero() || !filed.After(mailed) {
		return nil
	}
	return []Warning{{"hhs_not_with_letters", fmt.Sprintf(
		"letters were mailed on %s and HHS was told on %s, %d days later; 45 CFR 164.408(b) says contemporaneously, record the reason", mailed, filed, filed.DaysSince(mailed))}}
}
