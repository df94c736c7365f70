package rules

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// stateIndividualNotice is the letter to the State's residents, where the State
// asks for something that HIPAA's letter does not satisfy: an earlier day, or
// more or less to be said. It is the same letter, with the State's paragraphs.
func stateIndividualNotice(l *law) *rule {
	r := stateRule(l, "individual", breach.StateIndividualNotice, "Letters to residents of "+stateName(l.code), l.Individuals.Evidence)
	r.Text = individualText(l)
	r.Parameters = append(clockParameters(l.Individuals.Due), contentParameters(l.Letter)...)
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		answer := s.excuseOf(l.HIPAA.Letter)
		if s.own == 0 || !s.clockBinds() {
			return nil
		}
		day := s.earliest(l.Individuals.Due, m.discovery)
		hipaa := m.discovery.outerLimit()
		earlier := !day.due.IsZero() && day.due.Before(hipaa)
		if day.due.IsZero() {
			earlier = slices.ContainsFunc(l.Individuals.Due, shorterThanHIPAA)
		}
		var more []string
		if answer != dutyExcused {
			more = contentBeyondHIPAA(l.Letter)
		}
		if !earlier && len(more) == 0 {
			return nil
		}
		reasons := []string{l.residents(s.own), day.why}
		if len(more) > 0 {
			reasons = append(reasons, "the letter "+strings.Join(more, " and "))
		}
		o := m.dated(breach.Obligation{
			Recipient: "affected residents of " + stateName(l.code), Count: s.own, Trigger: day.trigger, Clock: day.words,
		}, civil.Earlier(day.due, hipaa), breach.CoversIndividual, reasons...)
		return []breach.Obligation{s.finished(o, day, l.Individuals.Evidence, answer)}
	}
	return r
}

// shorterThanHIPAA reports whether a clock that has not begun will end before HIPAA's.
func shorterThanHIPAA(k states.Clock) bool {
	switch k.Unit {
	case states.Days, states.CalendarDays:
		return *k.N < breach.NoticeDays
	case states.BusinessDays:
		return *k.N <= breach.NoticeDays*5/7
	case states.Hours:
		return true
	case states.Months:
		return *k.N < 2
	}
	return false
}

// contentBeyondHIPAA says what the State's letter needs or may not say on top of 45 CFR 164.404(c).
func contentBeyondHIPAA(demand states.LetterDemand) []string {
	var list []string
	if items := beyondHIPAA(demand.Requires); len(items) > 0 {
		list = append(list, "also needs: "+strings.Join(items, ", "))
	}
	if items := forbidden(demand.Forbids); len(items) > 0 {
		list = append(list, "may not have: "+strings.Join(items, ", "))
	}
	return list
}

// beyondHIPAA are the items that HIPAA's letter does not have by itself.
func beyondHIPAA(content []states.Content) []string {
	var items []string
	for _, c := range content {
		if !states.Items[c.Item] {
			items = append(items, itemWords(c))
		}
	}
	return items
}

// forbidden are the items that HIPAA's letter may well have. Rules about the
// way a letter is sent are not about what it says.
func forbidden(content []states.Content) []string {
	var items []string
	for _, c := range content {
		if c.Item == "nature_of_breach" || c.Item == "number_affected" {
			items = append(items, itemWords(c))
		}
	}
	return items
}

func itemWords(c states.Content) string {
	if c.Item == "other" {
		return c.Says
	}
	return strings.ReplaceAll(c.Item, "_", " ")
}

func individualText(l *law) string {
	var w strings.Builder
	fmt.Fprintf(&w, "Residents whose personal information is in the breach are written to %s.", clocksWords(l.Individuals.Due))
	if l.Individuals.Says != "" {
		fmt.Fprintf(&w, " The statute: %s.", sentence(l.Individuals.Says))
	}
	for _, demand := range contentBeyondHIPAA(l.Letter) {
		fmt.Fprintf(&w, " The letter %s.", demand)
	}
	if l.HIPAA.Letter == states.Yes {
		w.WriteString(" A letter under HIPAA takes its place")
		if l.HIPAA.ClockStays == states.Yes {
			w.WriteString(", but not of its day")
		}
		w.WriteString(".")
	}
	if l.PoliceHold != "" {
		fmt.Fprintf(&w, " Law-enforcement delay: %s.", sentence(l.PoliceHold))
	}
	if l.Individuals.Note != "" {
		fmt.Fprintf(&w, " Note: %s.", sentence(l.Individuals.Note))
	}
	return w.String()
}
