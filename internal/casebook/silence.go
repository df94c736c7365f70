package casebook

import (
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// RecordedFacts returns the recorded facts, with the day on which practices.csv says
// that the practice had been told already, unless a later record stands.
func (p Practice) RecordedFacts() breach.Facts {
	if p.Practice.NotifiedOn.IsZero() || !p.Facts.On(breach.PracticeNotified, "").IsZero() {
		return p.Facts
	}
	return append(slices.Clone(p.Facts), breach.Fact{Kind: breach.PracticeNotified, On: p.Practice.NotifiedOn, Reference: "practices.csv"})
}

// ToldOn is the day on which the practice was told, zero where it was not.
func (p Practice) ToldOn() civil.Date { return p.RecordedFacts().On(breach.PracticeNotified, "") }

// Silent reports whether a practice that was told shows no sign of having its
// notice, or has not answered what it was asked. It is the one place where that is decided.
func (p Practice) Silent() bool {
	said := !p.Page.AnsweredAt.IsZero()
	heard := said || !p.Page.OpenedAt.IsZero() || !p.RecordedFacts().On(breach.Acknowledged, "").IsZero()
	return !heard || !said && p.Practice.Delegation == ""
}

// DefaultAfter is the last day on which the practice can answer before its contract's
// default holds, and what that is. Both are zero where there is none, where it was
// not told, and once it has answered.
func (p Practice) DefaultAfter(incident breach.Incident) (delegation string, day civil.Date) {
	day = p.Practice.DefaultAfter(p.ToldOn())
	if day.IsZero() || incident.Entity.Role == breach.CoveredEntity || p.answered() {
		return "", civil.Date{}
	}
	return p.Practice.DefaultDelegation, day
}

// answered reports whether it is known who writes to the practice's patients, in
// whichever way the practice said so.
func (p Practice) answered() bool {
	return p.Practice.Delegation != "" || p.Page.Decided || !p.RecordedFacts().On(breach.PracticeMailed, "").IsZero()
}

// Silence is a practice that was told and says nothing, that tried too many codes, or
// whose notice came back, so that it was not told: Told is zero then.
type Silence struct {
	Heard
	Told civil.Date
	// Default is what its contract makes of its silence after the day DefaultAfter; both
	// are zero where it makes nothing.
	Default      string
	DefaultAfter civil.Date
}

// Silences are those of practices that say nothing, in their order. Where whoever
// notifies is itself the covered entity, nobody has to answer it.
func Silences(incident breach.Incident, heard []Heard) []Silence {
	if incident.Entity.Role == breach.CoveredEntity {
		return nil
	}
	var list []Silence
	for _, h := range heard {
		s := Silence{Heard: h, Told: h.Practice.ToldOn()}
		_, _, back := h.Practice.CameBack()
		if s.Told.IsZero() && !back || !s.Told.IsZero() && !h.CodesEnded && !h.Practice.Silent() {
			continue
		}
		s.Default, s.DefaultAfter = h.Practice.DefaultAfter(incident)
		list = append(list, s)
	}
	return list
}

// Words say what the practice has not done.
func (s Silence) Words() string {
	switch page := s.Practice.Page; {
	case s.Told.IsZero():
		return "its notice did not arrive"
	case s.EmailStopped != "":
		return s.EmailStopped
	case page.MadeAt.IsZero():
		return "no answer"
	case s.CodesEnded:
		return "tried too many codes"
	case page.OpenedAt.IsZero():
		return "not opened"
	}
	return "opened, not answered"
}

// ToCall reports whether somebody has to call the practice, which has a page: it is
// given the days until the first reminder, unless it tried too many codes. One that
// cannot be reached by e-mail is written to by post.
func (s Silence) ToCall(incident breach.Incident, today civil.Date) bool {
	patience := breach.DefaultReminders[0]
	if days := incident.ReminderDays(); len(days) > 0 {
		patience = days[0]
	}
	return !s.Told.IsZero() && s.EmailStopped == "" && !s.Practice.Page.MadeAt.IsZero() && (s.CodesEnded || !today.Before(s.Told.AddDays(patience)))
}

// ToWrite reports whether somebody has to write to the practice by post, or at another
// address: its e-mail came back, and it says nothing. One whose notice came back has its
// notice for that.
func (s Silence) ToWrite() bool { return !s.Told.IsZero() && s.EmailStopped != "" }

// CallCount is how many practices somebody has to call, or write to, for the same reason.
type CallCount struct {
	// What is Silence.Words, of those to write to "e-mail came back".
	What string
	// Write: they are written to.
	Write bool
	// Practices are how many, Late how many of them could have answered by a day that is
	// over, Due the first of those days, zero where they have none.
	Practices, Late int
	Due             civil.Date
}

// CountCalls counts the practices that somebody has to call, or write to, on a day.
func CountCalls(incident breach.Incident, heard []Heard, today civil.Date) []CallCount {
	var counts []CallCount
	for _, s := range Silences(incident, heard) {
		what, write := s.Words(), s.ToWrite()
		if write {
			what = "e-mail came back" // each for a cause of its own
		} else if !s.ToCall(incident, today) {
			continue
		}
		i := slices.IndexFunc(counts, func(c CallCount) bool { return c.What == what })
		if i < 0 {
			i, counts = len(counts), append(counts, CallCount{What: what, Write: write})
		}
		c := &counts[i]
		c.Practices, c.Due = c.Practices+1, civil.Earlier(c.Due, s.DefaultAfter)
		if s.Late(today) {
			c.Late++
		}
	}
	return counts
}

// Late reports whether the day is over by which it could answer.
func (s Silence) Late(today civil.Date) bool {
	return !s.DefaultAfter.IsZero() && today.After(s.DefaultAfter)
}
