package activities

import (
	"fmt"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// IncidentRef names an incident.
type IncidentRef struct {
	IncidentID string
}

// PracticeRef names one practice of an incident.
type PracticeRef struct {
	IncidentID  string
	PracticeKey string
}

// PracticeState is where a practice stands, as every step on it returns it:
// enough for its workflow to decide what comes next, without a person in it.
type PracticeState struct {
	Phase casebook.Phase
	// Name is the practice's name, shown in the Temporal UI.
	Name string
	// Notifiable is false when nothing is owed; Reason says why either way.
	Notifiable bool
	Reason     string
	People     int
	// AssessmentPending: a low probability was concluded and two people have not yet said so.
	AssessmentPending bool
	// PapersStale: the practice's folder must be made (again).
	PapersStale bool
	// WorksheetStale: the worksheet and the calendar in it do not say what was recorded.
	WorksheetStale bool
	PapersSHA256   string
	// NoticeDue: the notice to the practice can be e-mailed now.
	NoticeDue bool
	// EmailStopped says why nothing further is e-mailed to the practice, "" for no reason.
	EmailStopped string `json:",omitempty"`
	NoticeState  string
	// NoticeNeed says what a person must do about the notice, "" when nothing.
	NoticeNeed string `json:",omitempty"`
	// MessageDue is the step of another e-mail to the practice that can go out now: the
	// code for its page, or a reminder.
	MessageDue string `json:",omitempty"`
	// AnswersWait: it answered on its page what is no act yet. Papers that change with
	// each act are made after them.
	AnswersWait bool `json:",omitempty"`
	// ActsFirst: papers wait for the acts that are under way. Where a program before this
	// one worked the state out they did not, and what it began goes on as it was recorded.
	ActsFirst bool `json:",omitempty"`
	// DefaultDue: it did not answer, and its contract says what holds now.
	DefaultDue bool `json:",omitempty"`
	Delegation string
	// Approvers have approved PapersSHA256; ApproversNeeded must have.
	Approvers       []string
	ApproversNeeded int
	// Printable is as casebook.Standing's; LettersReady: and letters wait for a mail run.
	Printable, LettersReady bool
	// WakeAt is when the passing of time alone changes something: the end of a hold.
	WakeAt     time.Time
	WakeReason string
	// NeedsPerson says what a person must do, "" when nothing.
	NeedsPerson string
	Late        bool
	NextDue     civil.Date
	NextDueEnds time.Time
	Deadlines   []Deadline
	// Finished: nothing is owed any more.
	Finished bool
	// Acknowledged: the practice confirmed that it got its notice.
	Acknowledged bool
}

// Deadline is one obligation's clock.
type Deadline struct {
	ObligationID string
	// Title is "Individual notice due 2026-05-15, 45 CFR 164.404(b)".
	Title string
	Kind  string
	// FirstToPractice: the notice to the practice fulfils it.
	FirstToPractice bool
	Due             civil.Date
	Open            bool
	// Stages still to come, and the latest one that has passed unnoticed, oldest first.
	Stages []Stage
}

// Stage is an instant at which a deadline comes closer.
type Stage struct {
	Name string // "30 days", ..., "due today", "overdue"
	At   time.Time
}

// StagesInput says that stages of a practice's duties came.
type StagesInput struct {
	PracticeRef
	Stages []StageCame
}

// StageCame is one of them.
type StageCame struct {
	ObligationID string
	Stage        string
}

// ActResult is what became of an act.
type ActResult struct {
	// Fresh is false when it had been done before.
	Fresh bool
	// Practices it touched.
	Practices int
	// State of the practice afterwards; zero for acts on the whole incident.
	State PracticeState
}

// PageInput asks for one page of an incident's practices.
type PageInput struct {
	IncidentID string
	After      string
	Limit      int
	// List is a further list whose practices are asked for; 0 for all.
	List int `json:",omitempty"`
	// OpenOnly leaves out those that are closed.
	OpenOnly bool `json:",omitempty"`
}

// PageResult is one page of practice keys, in order.
type PageResult struct {
	Keys []string
}

// TellInput asks that practices' workflows look at the database again.
type TellInput struct {
	IncidentID string
	// MailRun limits it to the practices with letters in that run; 0 means all.
	MailRun int
	Reason  string
	// List is the further list they are told of, 0 for anything else.
	List int `json:",omitempty"`
	// MailRunFollows is as FactsChanged's.
	MailRunFollows bool `json:",omitempty"`
}

// RollUp is where an incident stands, and what it should do next.
type RollUp struct {
	Practices    int
	Open         int
	Late         int
	NeedsPerson  int
	NextDueEnds  time.Time
	LettersReady int
	// Headline is one line for the Temporal UI.
	Headline string
	// Table is Markdown for the Temporal UI.
	Table string
	// WakeAt is the end of a law-enforcement hold on letters, zero when there is none.
	WakeAt time.Time
}

// MailRunInput names a mail run.
type MailRunInput struct {
	IncidentID string
	Run        int
}

// MailRunPlan is how much a mail run prints.
type MailRunPlan struct {
	Batches int
	Pieces  int
}

// RenderInput asks for some batches of a run, First to Last, both included.
type RenderInput struct {
	IncidentID  string
	Run         int
	First, Last int
}

// Part tells this step apart from the others of its run.
func (in RenderInput) Part() string { return fmt.Sprintf("batches %d to %d", in.First, in.Last) }

// RenderResult counts what was printed.
type RenderResult struct {
	Pieces, Pages int
}

// YearInput names a calendar year.
type YearInput struct {
	Year int
}

// YearResult counts the year's log.
type YearResult struct {
	Entries int
	Filed   int
	Due     civil.Date
	DueEnds time.Time
}
