package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// deadline is what a State's clocks come to.
type deadline struct {
	due                 civil.Date
	trigger, words, why string
	// onAWord: HIPAA's outer limit stands for it, and that is counted from
	// another day on somebody's word.
	onAWord bool
}

// earliest is the earliest of the clocks that have begun, else the first. d is
// the discovery from which the duty's federal counterpart runs.
func (s *stateMatter) earliest(clocks []states.Clock, d discovery) deadline {
	var first deadline
	words := make([]string, len(clocks))
	for i, k := range clocks {
		words[i] = clockWords(k)
		if c := s.count(k, d); i == 0 || (!c.due.IsZero() && (first.due.IsZero() || c.due.Before(first.due))) {
			first = c
		}
	}
	first.words = strings.Join(words, ", or ")
	if len(words) > 1 {
		first.words += ", whichever is earlier"
	}
	return first
}

// count runs one clock.
func (s *stateMatter) count(k states.Clock, d discovery) deadline {
	if k.ByTheLetters() {
		return s.byTheLetters(k, d)
	}
	on := s.triggered(k.Trigger, d)
	c := deadline{trigger: k.Trigger, words: clockWords(k), why: s.since(k.Trigger, on, d)}
	if on.IsZero() {
		return c
	}
	switch k.Unit {
	case states.Days, states.CalendarDays:
		c.due = on.AddDays(*k.N)
	case states.BusinessDays:
		c.due = on.AddBusinessDays(*k.N)
	case states.Hours:
		c.due = on.AddDays((*k.N + 23) / 24)
	case states.Months:
		c.due = on.AddMonths(*k.N)
	case states.Promptly:
		// No day in the law: HIPAA's outer limit for the same words, or the day
		// of the trigger when that comes later (docs/adr/0031).
		c.due = civil.Later(d.outerLimit(), on)
		if c.onAWord = !d.clock.IsZero(); c.onAWord && k.Trigger == states.Discovered {
			c.why = d.limitClause()
		}
	}
	return c
}

// byTheLetters runs a clock that stands by the letters: on their last day, or
// on the day they are recorded to have been mailed when that is earlier.
func (s *stateMatter) byTheLetters(k states.Clock, d discovery) deadline {
	last := s.lettersDay(d)
	last = delayed(last, s.Incident.Holds, breach.CoversIndividual)
	c := deadline{due: last, trigger: triggerDiscovered, words: clockWords(k), why: d.limitClause(), onAWord: !d.clock.IsZero()}
	switch mailed := s.mailed(s.code, d); {
	case !mailed.IsZero() && (last.IsZero() || mailed.Before(last)):
		c.due, c.trigger, c.why = mailed, breach.LettersMailed, fmt.Sprintf("letters mailed %s", mailed)
	case !last.IsZero():
		c.why += fmt.Sprintf("; the letters are due on %s at the latest", last)
	}
	return c
}

// since says when a clock started, or what will start it.
func (s *stateMatter) since(trigger string, on civil.Date, d discovery) string {
	if d.on.IsZero() || trigger == states.Discovered {
		return d.clause()
	}
	words := map[string][2]string{
		states.Determined:      {"determined %s", ""},
		states.ScopeIdentified: {"people identified %s", ""},
		states.Notified:        {"the practice was told %s", "the clock starts on the day the practice is told"},
		states.LettersMailed:   {"letters mailed %s", "the clock starts when the letters are mailed"},
		states.HHSFiled:        {"HHS told %s", "the clock starts when HHS is told"},
	}[trigger]
	if on.IsZero() {
		return words[1]
	}
	return fmt.Sprintf(words[0], on)
}

var unitWords = map[string][2]string{
	states.Days: {"day", "days"}, states.CalendarDays: {"calendar day", "calendar days"},
	states.BusinessDays: {"business day", "business days"}, states.Hours: {"hour", "hours"}, states.Months: {"month", "months"},
}

// clockWords is a clock in the law's words: "45 days", "with the letters".
func clockWords(k states.Clock) string {
	switch k.Unit {
	case states.Promptly:
		return "without unreasonable delay"
	case states.BeforeLetters:
		return "before the letters"
	case states.WithLetters:
		return "with the letters"
	case states.ByLetters:
		return "not later than the letters"
	}
	unit := unitWords[k.Unit][1]
	if *k.N == 1 {
		unit = unitWords[k.Unit][0]
	}
	return fmt.Sprintf("%d %s", *k.N, unit)
}

// fromWords says a clock with what starts it, for the rulebook's readers.
func fromWords(k states.Clock) string {
	if k.ByTheLetters() {
		return clockWords(k)
	}
	return clockWords(k) + " from " + triggerWords[k.Trigger]
}

var triggerWords = map[string]string{
	states.Discovered: "discovery", states.Notified: "being told", states.Determined: "the determination of a breach",
	states.ScopeIdentified: "knowing who is affected", states.LettersMailed: "mailing the letters", states.HHSFiled: "telling HHS",
}
