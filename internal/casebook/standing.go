package casebook

import (
	"time"

	"duenotice/internal/civil"
)

// Standing is where a practice stands. It is worked out in one place
// (activities), saved with the plan and read by everybody else. Whatever changes
// something that it rests on counts in the practice's Changes in the same
// transaction, and a standing of fewer changes allows nothing.
type Standing struct {
	// Changes is the practice's as it was when the standing was worked out.
	Changes     int `json:"-"`
	Phase       Phase
	NeedsPerson string
	// Printable: its letters may go into a mail run. A breach is to be notified, no
	// assessment is pending, the letters are ours to write and approved, and no
	// law-enforcement hold delays them.
	Printable bool
	// LateAt is the instant from which its first open duty is late: the end of the
	// due day in the practice's zone. Zero while nothing open has a day.
	LateAt  time.Time
	NextDue civil.Date
	// EmailStopped says why nothing further is e-mailed to the practice, "" for no
	// reason (Practice.CameBack). It is empty where nothing is to be e-mailed.
	EmailStopped string
	// PostingURL is where a notice of the practice is up that is to be looked at, "" for
	// nowhere. Left out while empty: most practices post nothing.
	PostingURL string `json:",omitempty"`
}

// Names of the last two stages of a deadline; earlier ones are "30 days" and so on.
const (
	StageDueToday = "due today"
	StageOverdue  = "overdue"
)
