package casebook

import (
	"slices"

	"duenotice/internal/breach"
)

// CameBack is an e-mail to the practice's address that was refused or did not arrive:
// its notice, or a reminder; ok is false where there is none. From then on nothing goes
// to that address, and the practice is reached by post or at another one: until its
// contact is corrected, or an officer says that e-mail goes there again (MessageAgain).
// It is the one place that decides this.
func (p Practice) CameBack() (step string, m Message, ok bool) {
	if p.Notice.lost() {
		return NoticeStep, p.Notice, true
	}
	steps := make([]string, 0, len(p.Messages))
	for step, m := range p.Messages {
		if IsReminder(step) && m.lost() {
			steps = append(steps, step)
		}
	}
	if len(steps) == 0 {
		return "", Message{}, false
	}
	step = slices.Max(steps)
	return step, p.Messages[step], true
}

// lost reports whether the message was refused for good or did not arrive.
func (m Message) lost() bool { return m.State == MessageRejected || m.State == MessageBounced }

// MessageOf finds the message that a record of one that did not arrive is about: the
// one it refers to, or with no reference the last reminder that went out. known is
// false where there is none.
func (p Practice) MessageOf(reference string) (step string, m Message, known bool) {
	id := MessageReferred(reference)
	for at, one := range p.Messages {
		switch {
		case id != "" && one.ID == id:
			return at, one, true
		case id == "" && IsReminder(at) && one.State == MessageSent && at > step:
			step, m, known = at, one, true
		}
	}
	return step, m, known
}

// Reaches says what corrected columns of a practice are addresses of e-mail after its
// notice: whatever came back from the one before may go out again to the new one.
func Reaches(before, after breach.Practice) (reminders, code bool) {
	return before.Email != after.Email, before.SecondEmail != after.SecondEmail
}
