package workflows

import (
	"time"

	"duenotice/activities"
	"duenotice/internal/casebook"
)

// Names under which the workflows are registered and their messages are sent.
// They are part of every history that runs: renaming one breaks running cases.
const (
	IncidentType   = "Incident"
	LaunchType     = "Launch"
	PracticeType   = "Practice"
	MailRunType    = "MailRun"
	YearEndLogType = "YearEndLog"
	// PostingLooksType looks at the notices that are posted on pages.
	PostingLooksType = "PostingLooks"

	// UpdateAct carries a person's act to an incident or a practice; the answer
	// is an activities.ActResult or a refusal that says why.
	UpdateAct = "act"
	// UpdateAmended tells an incident that a further list was loaded, of people or
	// of letters that came back.
	UpdateAmended = "amended"

	// SignalLettersApproved tells an incident that a practice's letters can be printed.
	SignalLettersApproved = "letters_approved"
	// SignalPracticeClosed tells an incident that its last practice closed.
	SignalPracticeClosed = "practice_closed"
	// SignalCountAgain tells an incident that something changed since it was counted.
	SignalCountAgain = "count_again"
	// SignalStartAgain asks an incident to start workflows that have ended; its content
	// is a StartAgain.
	SignalStartAgain = "start_again"
)

// IncidentInput starts an incident whose findings are in the database.
type IncidentInput struct {
	IncidentID string
	// Name of the entity that runs the program, for the Temporal UI.
	Entity string
	// Carried over continue-as-new:
	Launched bool
	NextRun  int
	MailDue  bool
	// Single: only single approvals said so, which are gathered for a moment.
	Single bool `json:",omitempty"`
	// Tell is why the practices must look again.
	Tell string `json:",omitempty"`
	// Lists are further lists whose practices may have been closed.
	Lists []int `json:",omitempty"`
	// Again are practices whose workflows are to be started again.
	Again []StartAgain `json:",omitempty"`
	// Adopting: the next mail run first takes over letters that lie printed.
	Adopting bool `json:",omitempty"`
}

// StartAgain asks an incident to look after practices whose workflows have ended.
type StartAgain struct {
	// Keys are the practices that are known to have none; All asks for every open
	// one. With neither it only lets the incident count anew.
	Keys []string `json:",omitempty"`
	All  bool     `json:",omitempty"`
}

// LaunchInput starts the practices whose keys come after After.
type LaunchInput struct {
	IncidentID string
	After      string
	Started    int
	// List is a further list whose practices are to have a workflow again; 0 for all.
	List int `json:",omitempty"`
	// Again gives every open practice a workflow that has none, whatever ended it, or
	// those of Keys alone.
	Again bool     `json:",omitempty"`
	Keys  []string `json:",omitempty"`
}

// LaunchResult counts the practices' workflows started.
type LaunchResult struct {
	Started int
}

// PracticeInput starts one practice.
type PracticeInput struct {
	IncidentID  string
	PracticeKey string
	// Carried over continue-as-new: which papers' letters the incident was told of,
	// and when the practice's acknowledgment is not waited for any more.
	Announced string
	Lapses    time.Time
	// Opened is where the practice stood when its launch had opened it; nil where it has
	// to look for itself.
	Opened *activities.PracticeState `json:",omitempty"`
	// ActFollows: the practice is closed, and whoever starts this has an act for it to
	// hear, which comes a moment later.
	ActFollows bool `json:",omitempty"`
}

// MailRunInput starts a mail run.
type MailRunInput struct {
	IncidentID string
	Run        int
}

// MailRunResult counts what was printed.
type MailRunResult struct {
	Batches, Pieces, Pages int
	// Passed: nothing is printed under this number, and the next run has another.
	Passed bool
}

// YearEndLogInput asks for one calendar year's log; 0 means the year before
// the one in which the workflow starts.
type YearEndLogInput struct {
	Year int
}

// PostingLooksInput says from where a run goes on, and what was done before it. The
// schedule gives none: then it asks which incidents have postings.
type PostingLooksInput struct {
	At   []activities.LooksInput `json:",omitempty"`
	Done PostingLooksResult
}

// PostingLooksResult counts looks, and those that missed a notice.
type PostingLooksResult struct {
	Looked, Missed int
}

// AmendedInput names the list that was loaded.
type AmendedInput struct {
	List int
	Act  casebook.Act
}
