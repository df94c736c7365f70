package casebook

import (
	"time"

	"duenotice/internal/civil"
)

// PageStanding is where a practice is with its page, as far as others decide by it;
// zero while it has none.
type PageStanding struct {
	MadeAt time.Time
	// OpenedAt and AnsweredAt are the first time, zero for not yet.
	OpenedAt, AnsweredAt time.Time
	// AnswersWait: something it answered is neither an act nor refused yet.
	AnswersWait bool
	// Decided: it answered who writes to its patients, or that it did.
	Decided bool
}

// PageCounts are an incident's practices by where they are with their pages.
type PageCounts struct {
	// Pages is how many practices have one.
	Pages    int `json:"pages"`
	Opened   int `json:"opened"`
	Answered int `json:"answered"`
	// Unopened were told and have not come to their page.
	Unopened int `json:"unopened"`
	// CodesEnded tried too many codes and need another one from an officer.
	CodesEnded int `json:"codes_ended"`
	// EmailStopped have an address from which an e-mail came back: they are reached by
	// post or at another one.
	EmailStopped int `json:"email_stopped"`
}

// Heard is what shows whether a practice heard of its notice.
type Heard struct {
	// Practice has what that is decided by, and nothing else.
	Practice Practice
	// CodesEnded: it tried too many codes and needs another one.
	CodesEnded bool
	// EmailStopped is why nothing further is e-mailed to it, "" for no reason.
	EmailStopped string
	// Reminders by e-mail were sent, the last one on RemindedOn.
	Reminders  int
	RemindedOn civil.Date
}
