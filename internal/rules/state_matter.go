package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// stateMatter is a matter as one State's law sees it.
type stateMatter struct {
	*matter
	*law
	// own are the practice's residents with personal information of the State,
	// entity the counting entity's; affected is every resident of the latter.
	own, entity, affected int
	// onlyUnnamed are those of entity who count only because a class is unnamed.
	onlyUnnamed int
	// monitored are the practice's residents whose data calls for credit monitoring.
	monitored int
	// beyond: the breach has an element of the definition that the HIPAA clause
	// is not limited to.
	beyond bool
}

func newStateMatter(m *matter, l *law) *stateMatter {
	s := &stateMatter{matter: m, law: l}
	for _, c := range m.Tally.Of(l.code) {
		if l.personal(c.Set) {
			s.own += c.People
		}
		if c.Set&l.monitored != 0 {
			s.monitored += c.People
		}
	}
	for _, c := range m.counted.Of(l.code) {
		s.affected += c.People
		if l.personal(c.Set) {
			s.entity += c.People
			if !l.named(c.Set) {
				s.onlyUnnamed += c.People
			}
		}
	}
	if l.limited != 0 {
		for _, c := range m.counted.Sets {
			s.beyond = s.beyond || l.named(c.Set&^l.limited)
		}
	}
	return s
}

// excuse is what the HIPAA clause does to a duty.
type excuse int

const (
	dutyStays    excuse = iota // it is owed
	dutyDoubtful               // it is owed because nobody knows that it is not
	dutyExcused                // it is not owed
)

// excuseOf reads an answer of the row for this breach.
func (s *stateMatter) excuseOf(a states.Answer) excuse {
	switch {
	case s.limited != 0 && s.beyond:
		return dutyStays
	case s.noHarm && s.HIPAA.Condition == states.NoticeGiven:
		return dutyStays // the clause asks for notices under HIPAA, and there are none
	case a == states.Yes:
		return dutyExcused
	case a == states.Unknown, a == states.Doubtful:
		return dutyDoubtful
	}
	return dutyStays
}

// triggered is the day of a clock's trigger, zero while it has not happened.
func (s *stateMatter) triggered(trigger string, d discovery) civil.Date {
	if d.on.IsZero() {
		return d.on // the practice does not know of the breach yet
	}
	switch trigger {
	case states.Determined:
		return civil.Later(s.determined(), d.on)
	case states.ScopeIdentified:
		return civil.Later(s.scopeIdentified(), d.on)
	case states.LettersMailed:
		return s.mailed(s.code, d)
	case states.HHSFiled:
		return filedWithHHS(regimeHIPAA, d.on, s.Facts)
	case states.Notified:
		if told := civil.Earlier(s.Practice.NotifiedOn, s.Facts.On(breach.PracticeNotified, "")); !told.IsZero() {
			return told
		}
		if s.Incident.Entity.Role != breach.CoveredEntity {
			return civil.Date{}
		}
	}
	return d.on
}

// ownDetermination is that day, or the practice's discovery when it is later.
func (m *matter) ownDetermination() civil.Date { return civil.Later(m.determined(), m.discovery.on) }

// determined is the day on which it was concluded to be a breach: as recorded
// last, else as the incident has it.
func (m *matter) determined() civil.Date {
	if on := m.Facts.On(breach.DeterminedFact, ""); !on.IsZero() {
		return on
	}
	return m.Incident.DeterminedOn()
}

// scopeIdentified is the day on which the list of people was known.
func (m *matter) scopeIdentified() civil.Date {
	if !m.Incident.ScopeIdentified.IsZero() {
		return m.Incident.ScopeIdentified
	}
	return m.determined()
}

// mailed is the day on which letters to the State's residents were mailed,
// zero while that is not recorded. A day before discovery is a slip.
func (m *matter) mailed(code string, d discovery) civil.Date {
	on := m.Facts.LettersOn(code)
	if on.Before(d.on) {
		return civil.Date{}
	}
	return on
}

// lettersDay is the last day for the letters to the State's residents: HIPAA's,
// or the State's own where that comes first and is not excused.
func (s *stateMatter) lettersDay(d discovery) civil.Date {
	due := d.outerLimit()
	if s.clockBinds() {
		due = civil.Earlier(due, s.earliest(s.Individuals.Due, d).due)
	}
	return due
}

// clockBinds: the State's own day for the letters stands beside HIPAA's.
func (s *stateMatter) clockBinds() bool {
	return s.excuseOf(s.HIPAA.Letter) != dutyExcused || s.HIPAA.ClockStays == states.Yes
}

// owed completes an obligation of the State that a law-enforcement hold does
// not move (docs/adr/0035).
func (s *stateMatter) owed(o breach.Obligation, c deadline, e states.Evidence, answer excuse, reasons ...string) []breach.Obligation {
	o.Due, o.Trigger, o.Clock = c.due, c.trigger, c.words
	return []breach.Obligation{s.finished(o, c, e, answer, append(reasons, c.why)...)}
}

// finished adds what is said of every obligation of the State.
func (s *stateMatter) finished(o breach.Obligation, c deadline, e states.Evidence, answer excuse, reasons ...string) breach.Obligation {
	o.Citation, o.Confidence = s.Citation, s.confidence(e)
	if e.Citation != "" {
		o.Citation = e.Citation
	}
	if o.Why != "" {
		reasons = append([]string{o.Why}, reasons...)
	}
	if answer == dutyDoubtful {
		o.Confidence = unverified
		reasons = append(reasons, "whether HIPAA compliance excuses it is not certain; ask counsel")
	}
	if c.onAWord {
		o.Confidence = unverified
	}
	if s.assumed(s.matter) {
		o.Confidence = unverified
		reasons = append(reasons, fmt.Sprintf("what the law said on %s is not known, the version of %s is applied", s.judgedBy(s.matter), s.EffectiveFrom))
	}
	o.Why = strings.Join(reasons, "; ")
	return o
}

// confidence is the duty's own, else the version's.
func (l *law) confidence(e states.Evidence) string {
	if e.Confidence != "" {
		return e.Confidence
	}
	return l.Confidence
}

// residents says a number of them: "250 residents of TX with personal information".
func (l *law) residents(n int) string {
	if n == 1 {
		return fmt.Sprintf("1 resident of %s with personal information", l.code)
	}
	return fmt.Sprintf("%d residents of %s with personal information", n, l.code)
}
