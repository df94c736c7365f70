package casebook

import (
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Incident is one incident as it is kept.
type Incident struct {
	// Incident is what incident.yaml says, with what people have added since (holds,
	// releases, determinations).
	Incident breach.Incident
	// Rulebook is the law it was planned under; it stays until a person re-plans.
	RulebookVersion string
	RulebookSHA256  string
	Phase           string
	// Practices, People (distinct) and Findings (rows) of the lists loaded so far.
	Practices int
	People    int
	Findings  int
	ClosedOn  civil.Date
	// NoticesKeptBack: no notice goes to a practice until somebody says so (`notify`).
	NoticesKeptBack bool
}

// PrintedLetter is a letter that was made for the printer.
type PrintedLetter struct {
	PrintedAt time.Time
	// MailedOn is the day on which its batch was mailed; zero while it is not
	// recorded as mailed.
	MailedOn civil.Date
}

// Practice is one practice with everything its workflow decides on.
type Practice struct {
	IncidentID string
	// Practice holds the delegation as last decided.
	Practice breach.Practice
	Tally    breach.Tally
	// Group is its counting entity when that has more than one practice, else nil.
	Group *breach.Group
	// LeftGroup: it is counted with no other, because its plan said LeavesGroup.
	LeftGroup bool
	// GroupUntold: the others of its counting entity have not been told yet that
	// it left, or came back.
	GroupUntold bool
	// Facts are the recorded facts, incident-wide ones included.
	Facts breach.Facts
	// Posting is what looks at its posting found; the days that they missed are among Facts.
	Posting Posting
	// Told is the number of people that was told last under each of its duties
	// to agencies, HHS and itself, by the obligation's ID.
	Told map[string]int
	// Proofs are the records that came with a proof.
	Proofs []RecordTerms
	// Assessments are the recorded risk assessments, oldest first.
	Assessments []Assessment
	// ListNumber is the newest list that touched the practice.
	ListNumber int
	// ListSHA256 is a hash over its people as they now stand: approvals are bound to it.
	ListSHA256 string
	// PapersSHA256 is the hash of what is sent in the practice's name (letter
	// text, people, media releases); "" until it was prepared and whenever a new
	// list touches the practice. Approvals are bound to it.
	PapersSHA256 string
	// PacketSHA256 is the hash of what is owed as its folder was last made from it,
	// deadlines included; a different one means the folder is made anew.
	PacketSHA256 string
	// WorksheetSHA256 is the hash of what its worksheet and its calendar were last made
	// from, which is also what was recorded.
	WorksheetSHA256 string
	// Approvals of exactly PapersSHA256, oldest first, one a person.
	Approvals []Approval
	// Notice is what became of the notice to the practice.
	Notice Message
	// Messages are the latest attempts of the other e-mails to it, by step.
	Messages map[string]Message
	// Page is where it is with its page.
	Page PageStanding
	// Changes counts what its standing rests on; see Standing.
	Changes int
	// Disputed is how many people the practice says are not its patients, of whom
	// nobody has said whether they stay.
	Disputed int
	// Corrections are what its corrected letters say, by recall.
	Corrections []breach.Correction
	// Account is where each of its findings stands.
	Account  account.Account
	Phase    Phase
	ClosedOn civil.Date
}

// Assessment is one person's recorded risk assessment of one practice (45 CFR 164.402(2)).
type Assessment struct {
	Who string
	// Identity is in whose session it was asked for, "" where nobody could tell.
	Identity   string `json:",omitempty"`
	Conclusion string
	Factors    breach.Factors
}

// Approval is one person's approval of one practice's papers.
type Approval struct {
	Who string
	// Identity is in whose session it was asked for, "" where nobody could tell.
	Identity string `json:",omitempty"`
	At       time.Time
}

// Plan is what the law says of one practice, as decided by the rulebook named.
type Plan struct {
	Discovered  civil.Date
	Notifiable  bool
	Reason      string
	Obligations []PlannedObligation
	Warnings    []Warning
	// LeavesGroup: two people found a low probability, so there is no breach to
	// count the practice's people in (45 CFR 164.402(2)).
	LeavesGroup     bool
	RulebookVersion string
	RulebookSHA256  string
	// Inputs and Result are the decision's canonical bytes: the rulebook makes
	// the one of the other again, years later too. Store keeps them as a Decision.
	Inputs, Result []byte `json:"-"`
}

// PlannedObligation is an obligation, whether it is fulfilled, and the instants of its deadline.
type PlannedObligation struct {
	breach.Obligation
	// SettledOn is the day it was fulfilled; zero while it is open.
	SettledOn civil.Date
	// DueEnds is the first instant after the due day in the practice's zone.
	DueEnds time.Time
	// Reminders of a duty whose day the law does not set.
	Reminders []Reminder `json:",omitempty"`
}

// Reminder is a day on which a person is reminded of an obligation.
type Reminder struct {
	Name string
	On   civil.Date
}

// Warning is something about a practice that a person should look at.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Change is what a re-plan did to one obligation.
type Change struct {
	ObligationID string
	What         string // added, dropped, moved, settled, reopened
	OldDue       civil.Date
	NewDue       civil.Date
}

// Papers are what was prepared for a practice.
type Papers struct {
	// SHA256, PacketSHA256 and WorksheetSHA256 are as Practice's PapersSHA256,
	// PacketSHA256 and WorksheetSHA256.
	SHA256, PacketSHA256, WorksheetSHA256 string
	// ListSHA256 is the people they were made from, ListNumber the newest list or
	// correction, both as Practice's.
	ListSHA256 string
	ListNumber int
	Files      []File
}

// File is one file written to the output folder.
type File struct {
	// Path is relative to the incident's folder.
	Path   string
	SHA256 string
	Bytes  int64
	// MadeFrom identifies all that went into it, where it need not be made again for the
	// same; "" where that is not kept.
	MadeFrom string `json:"-"`
}

// ListOfPractice is a list of people as far as it concerns one practice.
type ListOfPractice struct {
	Number int
	At     time.Time
	// Added, Changed and Removed are people; of the first list none is counted.
	Added, Changed, Removed int
}
