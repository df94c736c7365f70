package breach

import "duenotice/internal/civil"

// DefaultReminders are the days after its notice on which a practice that says
// nothing is reminded, where the case folder does not say: within the first week,
// while a clerk still remembers the notice, then while its 60 days leave time.
var DefaultReminders = []int{5, 12, 20}

// ReminderDays are the days after its notice on which a silent practice is reminded, in order.
func (i Incident) ReminderDays() []int {
	if i.Reminders == nil {
		return DefaultReminders
	}
	return i.Reminders
}

// DefaultAfter is the last day on which a practice that was told on a day can
// answer before its contract's default holds; zero where the contract has none, or
// the practice was not told.
func (p Practice) DefaultAfter(told civil.Date) civil.Date {
	if p.DefaultDelegation == "" || p.DefaultDays < 1 || told.IsZero() {
		return civil.Date{}
	}
	return told.AddDays(p.DefaultDays)
}
