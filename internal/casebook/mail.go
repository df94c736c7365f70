package casebook

import (
	"fmt"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// States of an e-mail. It is written as intended before anything is sent and
// is never sent again while its outcome is unknown.
const (
	MessageNone     = ""
	MessageIntended = "intended" // nothing was handed over yet
	MessageSending  = "sending"  // handed over, no answer yet: unknown if the process died here
	MessageSent     = "sent"
	MessageRejected = "rejected" // refused for good; a person must act
	MessageUnknown  = "unknown"  // may or may not have arrived; a person must find out
	MessageNoEmail  = "no_email" // the practice has no e-mail address; a person must send it by post
)

// Message is one e-mail to a practice; it carries no patient data.
type Message struct {
	ID         string
	State      string
	ProviderID string
	// Detail is the provider's reason when it was rejected.
	Detail string
	SentOn civil.Date
}

// MailRun is one printing of letters: every practice approved by then.
type MailRun struct {
	IncidentID string
	Number     int
	// MailOn is the date printed on the letters.
	MailOn  civil.Date
	Batches int
	Pieces  int
	// Residents is the number of people found in the incident when the run was
	// planned, for the States whose letters have to tell it: those a run is asked
	// for with a key.
	Residents map[string]int
}

// Letter is one piece: a person and the practices it writes for. Patient data.
type Letter struct {
	PieceID   string
	Person    breach.Person
	Practices []breach.Practice
	Classes   []breach.DataClass
}

// Batch is one finished print file.
type Batch struct {
	Name   string
	Number int
	Pieces int
	Pages  int
	// PDF and CSV identify letters.pdf and pieces.csv.
	PDFSHA256, CSVSHA256 string
	PDFBytes, CSVBytes   int64
	// Seconds is how long rendering took, for the summary.
	Seconds float64
	// PrintedAt is the instant at which it was finished.
	PrintedAt time.Time
	// Held are the pieces that could not be set as they should be; they wait for a person.
	Held []HeldPiece
}

// HeldPiece is a letter that was held back, and why.
type HeldPiece struct {
	PieceID string
	// Why is the reason, in one of breach's words for it.
	Why string
}

// BatchName is the folder of a batch under mail/: "run-001-batch-0001".
func BatchName(run, number int) string { return fmt.Sprintf("run-%03d-batch-%04d", run, number) }

// MailedBatch is a batch of letters on its way: planned, printed, mailed.
type MailedBatch struct {
	Name string
	// PrintedAt is zero while it is being printed.
	PrintedAt time.Time
	// MailedOn is zero while it is not recorded as mailed.
	MailedOn civil.Date
}
