package activities

import (
	"context"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
)

// Store is the database as the activities need it. internal/postgres
// implements it. Every method may be called twice with the same arguments and
// then changes nothing the second time; every method that changes something
// does so in one transaction.
type Store interface {
	IncidentStore
	PracticeStore
	OutboxStore
	MailStore
	YearEndStore
	LinkStore
}

// IncidentStore keeps incidents and what is done to a whole incident.
type IncidentStore interface {
	// Incident returns the incident, or a *breach.Refusal with code
	// "unknown_incident" when there is none.
	Incident(ctx context.Context, incidentID string) (casebook.Incident, error)
	// SetIncidentPhase moves the incident on; closedOn is zero unless it closes. A
	// closed one stays as it is: only new evidence opens it again.
	SetIncidentPhase(ctx context.Context, incidentID, phase string, closedOn civil.Date) error
	// CloseIncident closes it, unless a practice is open again; closed is true also
	// when it was closed before, and the day then stays.
	CloseIncident(ctx context.Context, incidentID string, on civil.Date) (closed bool, err error)
	// PracticeKeys returns up to limit keys greater than after, in key order;
	// openOnly leaves out closed practices.
	PracticeKeys(ctx context.Context, incidentID, after string, limit int, openOnly bool) ([]string, error)
	// PracticesOfList returns up to limit keys greater than after, in key order,
	// of the open practices that a further list touched, or whose counting
	// entity's duties stand with one of them.
	PracticesOfList(ctx context.Context, incidentID string, number int, after string, limit int) ([]string, error)
	// ApproveAll records act.Who's approval for every practice that waits for
	// one and does not have act.Who's yet. It refuses with code
	// "changed_since_looked" when what waits no longer hashes to
	// act.Approve.SHA256, and "nothing_waits" when nothing is left for act.Who.
	ApproveAll(ctx context.Context, act casebook.Act) (approved int, err error)
	// ActOnIncident carries out hold, release, record and notify for the whole
	// incident and writes the act down. Batches of letters that it records as mailed are
	// noted as mailed on its day. fresh is false when the same act was there already.
	ActOnIncident(ctx context.Context, act casebook.Act) (fresh bool, err error)
	// AgenciesToTell returns the duties to tell an agency, of one practice or with
	// an empty key of all.
	AgenciesToTell(ctx context.Context, incidentID, practiceKey string) ([]casebook.AgencyDuty, error)
	// FirstRecorded returns, of each kind of fact and jurisdiction that was recorded
	// for the incident or for any of its practices, the one of the earliest day.
	FirstRecorded(ctx context.Context, incidentID string) (breach.Facts, error)
	// Status counts where the incident stands at an instant, which is on asOf where
	// the officers are, without Details.
	Status(ctx context.Context, incidentID string, at time.Time, asOf civil.Date) (casebook.Status, error)
	// Summary returns the contract's counts at an instant; TemporalUI is left empty.
	Summary(ctx context.Context, incidentID string, at time.Time) (casebook.Summary, error)
	// OutOfDate is how many open practices' standing is of earlier Changes: somebody
	// is about to work it out again.
	OutOfDate(ctx context.Context, incidentID string) (int, error)
	// Outdated returns those of the open practices, in key order, that were planned once
	// and whose standing is of earlier Changes.
	Outdated(ctx context.Context, incidentID string, practiceKeys []string) ([]string, error)
	// LettersToPrint is how many practices have letters that may be printed and are in no mail run.
	LettersToPrint(ctx context.Context, incidentID string) (int, error)
	// OpenPractices is how many practices are not closed.
	OpenPractices(ctx context.Context, incidentID string) (int, error)
	// AnchorLedger takes where every practice's ledger stands into the
	// incident's, unless none has moved or the last time is less than every ago.
	AnchorLedger(ctx context.Context, incidentID string, every time.Duration) (anchored bool, err error)
}

// PracticeStore keeps practices, their plans, papers and acts.
type PracticeStore interface {
	// Practice returns everything a practice's decisions rest on.
	Practice(ctx context.Context, incidentID, practiceKey string) (casebook.Practice, error)
	// SavePlan replaces the practice's obligations with the plan's and its phase
	// with phase, keeps every earlier due day in the record, and returns what changed.
	SavePlan(ctx context.Context, incidentID, practiceKey string, plan casebook.Plan, standing casebook.Standing) ([]casebook.Change, error)
	// DutiesEverOwed returns every duty that the practice's plans ever had, those of
	// the present one first.
	DutiesEverOwed(ctx context.Context, incidentID, practiceKey string) ([]casebook.DutyRecord, error)
	// CountedWith returns the keys of the other practices of its counting entity,
	// GroupTold notes that they were told of its leaving or coming back, which
	// SavePlan had noted as untold.
	CountedWith(ctx context.Context, incidentID, practiceKey string) ([]string, error)
	GroupTold(ctx context.Context, incidentID, practiceKey string) error
	// SaveStages notes that deadline warnings of one practice became true.
	SaveStages(ctx context.Context, stages ...casebook.StageReached) error
	// SavePapers notes which papers were prepared, with the hash of each file. Where
	// a further list or a correction has come since, nothing is noted: approvals of
	// the earlier papers would let letters be printed that nobody has looked at.
	SavePapers(ctx context.Context, incidentID, practiceKey string, made casebook.Papers) error
	// PracticeFiles are the files of the practice's folder as they were written.
	PracticeFiles(ctx context.Context, of packet.Practice) ([]casebook.File, error)
	// SaveWorksheet notes the same of the worksheet and the calendar alone: the hash of
	// what they were made from, and their files. The other papers stay noted as they are.
	SaveWorksheet(ctx context.Context, incidentID, practiceKey string, made casebook.Papers) error
	// People streams the practice's people in person-key order.
	People(ctx context.Context, incidentID, practiceKey string, each func(*breach.Person) error) error
	// Authorise returns in whose session the act was asked for, and refuses one that
	// was asked for by nobody who may do it under that name.
	Authorise(ctx context.Context, act casebook.Act) (identity string, err error)
	// ActOnPractice carries out assess, approve, delegate, record and notify for one
	// practice. Inside the transaction, with the practice locked, check decides
	// on its current record; its error is returned and nothing is written.
	ActOnPractice(ctx context.Context, act casebook.Act, check func(casebook.Practice) error) (fresh bool, err error)
	// SharesLetters returns the other practices for whose people letters of this
	// one also write: the mailing of these tells their people too.
	SharesLetters(ctx context.Context, incidentID, practiceKey string) ([]string, error)
	// ClosePractice closes it, unless what its standing rests on has changed since it
	// was found to owe nothing (Practice.Changes), and returns how many of the incident
	// stay open.
	ClosePractice(ctx context.Context, incidentID, practiceKey string, changes int, on civil.Date, why string) (closed bool, open int, err error)
	// ReopenPractice opens a closed practice again, and its incident.
	ReopenPractice(ctx context.Context, incidentID, practiceKey string) error
}

// OutboxStore keeps the record of every e-mail, written before it is sent.
type OutboxStore interface {
	// IntendMessage writes the intent of the first attempt unless there is one, and
	// returns the latest attempt as it stands, in state "intended" when new.
	IntendMessage(ctx context.Context, incidentID, practiceKey, step string) (casebook.Message, error)
	// MoveMessage moves the message from one state to another, or within one to
	// another reason and time; moved is false when it is in a different state by now,
	// and when it is to be handed over and its practice is not at to.Changes any more.
	MoveMessage(ctx context.Context, id, from string, to casebook.Message) (moved bool, err error)
}

// LinkStore has the ways to practices' pages. What it returns goes to the practice
// and nowhere else: into no result, error or log.
type LinkStore interface {
	// MakePage gives a practice its page, if it has none, and returns its link.
	MakePage(ctx context.Context, of packet.Practice) (packet.Link, error)
	// GiveCode makes a one-time code for the page, which goes to the practice by way.
	GiveCode(ctx context.Context, of packet.Practice, way, who string, until time.Time) (packet.Code, error)
}

// MailStore keeps mail runs.
type MailStore interface {
	// PlanMailRun assigns every letter that waits and may be printed, as its
	// practice's saved Standing says, to batches of at most batchSize in ZIP
	// order, joining a person's findings with one mail key into one piece. A run
	// that exists is returned as it is. Pieces is 0 when there is nothing to print.
	PlanMailRun(ctx context.Context, run casebook.MailRun, batchSize int) (casebook.MailRun, error)
	// HaltCounts are what an incident's halt line is held against, and what the person
	// saw who last let printing go on.
	HaltCounts(ctx context.Context, incidentID string) (now, accepted breach.HaltCounts, err error)
	// MailRun returns a planned run.
	MailRun(ctx context.Context, incidentID string, run int) (casebook.MailRun, error)
	// FinishedBatches returns the batches of a run already saved.
	FinishedBatches(ctx context.Context, incidentID string, run int) (map[int]bool, error)
	// WithdrawnBatches returns those that were taken back before they were printed: their
	// people wait for another run.
	WithdrawnBatches(ctx context.Context, incidentID string, run int) ([]int, error)
	// Letters streams a batch's letters in print order.
	Letters(ctx context.Context, incidentID string, run, batch int, each func(*casebook.Letter) error) error
	// IntendBatch writes down that a batch is about to be made for the printer.
	IntendBatch(ctx context.Context, incidentID string, run int, name string) error
	// SaveBatch notes a finished batch; doing it again with the same hashes is fine.
	SaveBatch(ctx context.Context, incidentID string, run int, batch casebook.Batch) error
	// Batches returns the batches of every run in order: all of them, or those with
	// letters of one practice.
	Batches(ctx context.Context, incidentID, practiceKey string) ([]casebook.MailedBatch, error)
	// MailRunPractices returns up to limit keys greater than after of the practices with letters in the run.
	MailRunPractices(ctx context.Context, incidentID string, run int, after string, limit int) ([]string, error)
}

// YearEndStore gathers the log of breaches under 500 (45 CFR 164.408(c)).
type YearEndStore interface {
	// AnnualLog returns every annual-log obligation of breaches discovered in the year.
	AnnualLog(ctx context.Context, year int) ([]casebook.AnnualEntry, error)
}

// Clock tells the time; tests hand in their own.
type Clock func() time.Time
