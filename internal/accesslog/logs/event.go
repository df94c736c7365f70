// Package logs reads what systems write of who opened which record: CSV by profiles,
// FHIR AuditEvent, and the audit trails of databases. Each line becomes one Event or
// says why it is none. It streams: the longest line bounds the memory, and nothing is
// kept between lines.
package logs

import "time"

// Action is what was done to a record.
type Action string

// The actions.
const (
	View   Action = "view"
	Export Action = "export"
	Change Action = "change"
	// None is what touches no patient's record: a sign-in, a setting.
	None Action = "none"
)

// Event is one line of a log in our words. Its texts may be used until the next line is
// read.
type Event struct {
	// Line is where it stands: the line of a text file, or the number of the object in a
	// file of JSON. The first is 1.
	Line int
	Time time.Time
	// Account is who did it, Role as what; "" where the log does not say.
	Account, Role string
	// Patients are the ids of the patients that the line names. Most lines name one.
	Patients []string
	// PracticeID, PracticeNPI and PracticeName say where, as far as the log does.
	PracticeID, PracticeNPI, PracticeName string
	Action                                Action
	// Word is the log's own word for the action where the profile does not know it.
	Word string
	// Source is the machine or program it came from.
	Source string
	// Failed says that the access was asked for and not given.
	Failed bool
	// Rows is how many rows the line says that it gave; 0 where it does not say.
	Rows int
	// Unclear says that the clock was turned back in that hour, or had no such hour, so
	// that the time can be off by an hour.
	Unclear bool
	// Raw is the line as it stands in the file, without its line break.
	Raw []byte
	// Problem is why the line is no event; "" when it is one. Nothing but Line and Raw is
	// set then.
	Problem string
}

// Why a line is no event.
const (
	// ProblemQuotes, ProblemLong, ProblemCells and ProblemJSON are lines that are damaged.
	ProblemQuotes = "quotes"
	ProblemLong   = "line_too_long"
	ProblemCells  = "cell_count"
	ProblemJSON   = "not_json"
	// ProblemTime and ProblemAccount lack what every line has to have.
	ProblemTime    = "time_unreadable"
	ProblemAccount = "no_account"
	// ProblemZone is a time that does not say in which zone it is.
	ProblemZone = "time_zone_unknown"
	// ProblemPatient is a line with an id of a patient that is too long to be one.
	ProblemPatient = "patient_unreadable"
	// Other is a line about something else, which is as it should be.
	Other = "other"
)

// Explain says what a problem means.
func Explain(problem string) string {
	return map[string]string{
		ProblemQuotes:  "the quotation marks of the line do not pair up",
		ProblemLong:    "the line is too long to be one",
		ProblemCells:   "the line has another number of cells than the log has columns",
		ProblemJSON:    "what should be a JSON object is none, or breaks off",
		ProblemTime:    "the time cannot be read",
		ProblemAccount: "the line names no account",
		ProblemZone:    "the time does not say in which zone it is",
		ProblemPatient: "what should be a patient's id cannot be one",
	}[problem]
}
