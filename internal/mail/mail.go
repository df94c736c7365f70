// Package mail hands e-mail to practices over: to SendGrid's v3 API, or to a
// folder of .eml files when there is no key. It makes one attempt and says
// exactly what became of it; when to try again is for the caller, who wrote
// down beforehand that the message was about to be sent.
//
// Messages carry no patient data. Nothing here can check that; whoever writes
// the texts must.
package mail

import (
	"context"
	"time"
)

// Address is a person or office and its e-mail address.
type Address struct{ Name, Email string }

// Attachment is a file that goes with a message.
type Attachment struct {
	Name, ContentType string
	Content           []byte
}

// Message is one e-mail to one practice, in plain text.
type Message struct {
	// ID is our own UUID for the message: the same for the same incident,
	// practice and step, however often the step is tried.
	ID string
	// From may be empty in a folder: a mail program then puts in its own sender.
	From, To Address
	// ReplyTo is where answers go; empty where they go to From.
	ReplyTo Address
	// File is what the message's file is called in a folder, without an ending,
	// so that a person finds a practice's message by its name.
	File        string
	Subject     string
	Text        string
	Attachments []Attachment
	// Date is the Date header of an .eml file. SendGrid dates messages itself.
	Date time.Time
}

// Outcome is how far a message came.
type Outcome string

const (
	// NotKnown is that of a sender that cannot tell.
	NotKnown Outcome = ""
	// NotTaken is that of a message that was not handed over.
	NotTaken Outcome = "not_taken"
	// Accepted is that of a message that the provider took and carries on.
	Accepted Outcome = "accepted"
	// Written is that of a message in a folder, which nobody has sent.
	Written Outcome = "written"
)

// Receipt is what became of a message that was taken.
type Receipt struct {
	// Outcome is Accepted or Written; of one that was looked up any.
	Outcome Outcome
	// ProviderID is SendGrid's X-Message-Id, or the name of the .eml file.
	ProviderID string
	// Status is the HTTP status; 0 where there was no HTTP.
	Status int
	// At is when it was handed over, where that was before now; else zero.
	At time.Time
}

// Sender hands messages over.
type Sender interface {
	// Ready says why nothing can be handed over at the moment, nil when something
	// can: what stopped the last message for a reason that is every message's. It
	// is asked before a message is handed over, so that one key that is wrong is one
	// trouble and not a thousand refused messages.
	Ready() error
	// Send makes one attempt to hand the message over. Its errors say what may
	// happen next:
	//
	//   - *Rejected: the message was refused and will be again. Report it once.
	//   - *Stopped: no message will be taken until the configuration is mended.
	//   - *Later: try again from the time it names.
	//   - *Unavailable: it was not taken; trying again is safe.
	//   - *OutcomeUnknown: it may have been taken. Never repeat it without a person.
	//
	// Any other error is from a folder of .eml files that cannot be written.
	Send(ctx context.Context, m Message) (Receipt, error)
	// Outcome is what became of the message with this id, which in a folder has
	// this file.
	Outcome(ctx context.Context, id, file string) (Receipt, error)
	// Name is "sendgrid" or "eml".
	Name() string
}
