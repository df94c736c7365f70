package workflows

import "duenotice/internal/casebook"

// Names under which the workflows are registered and their messages are sent.
// They are part of every history that runs: renaming one breaks running cases.
const (
	IncidentType   = "Incident"
	LaunchType     = "Launch"
	PracticeType   = "Practice"
	MailRunType    = "MailRun"
	YearEndLogType = "YearEndLog"

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
}

// LaunchInput starts the practices whose keys come after After.
type LaunchInput struct {
	IncidentID string
	After      string
	Started    int
	// List is a further list whose practices are to have a workflow again; 0 for all.
	List int `json:",omitempty"`
}

// LaunchResult counts the practices' workflows started.
type LaunchResult struct {
	Started int
}

// PracticeInput starts one practice.
type PracticeInput struct {
	IncidentID  string
	PracticeKey string
	// Announced carries over continue-as-new which papers' letters the incident
	// was told of.
	Announced string
}

// MailRunInput starts a mail run.
type MailRunInput struct {
	IncidentID string
	Run        int
}

// MailRunResult counts what was printed.
type MailRunResult struct {
	Batches, Pieces, Pages int
}

// YearEndLogInput asks for one calendar year's log; 0 means the year before
// the one in which the workflow starts.
type YearEndLogInput struct {
	Year int
}

// AmendedInput names the list that was loaded.
type AmendedInput struct {
	List int
	Act  casebook.Act
}
