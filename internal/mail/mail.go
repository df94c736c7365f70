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
	ID          string
	From, To    Address
	Subject     string
	Text        string
	Attachments []Attachment
	// Date is the Date header of an .eml file. SendGrid dates messages itself.
	Date time.Time
}

// Receipt is what the other side said when it took the message.
type Receipt struct {
	// ProviderID is SendGrid's X-Message-Id, or the name of the .eml file.
	ProviderID string
	// Status is the HTTP status; 0 where there was no HTTP.
	Status int
}

// Sender hands messages over.
type Sender interface {
	// Send makes one attempt to hand the message over. Its errors say what may
	// happen next:
	//
	//   - *Rejected: the message was refused and will be again. Report it once.
	//   - *Later: try again from the time it names.
	//   - *Unavailable: it was not taken; trying again is safe.
	//   - *OutcomeUnknown: it may have been taken. Never repeat it without a person.
	//
	// Any other error is from a folder of .eml files that cannot be written.
	Send(ctx context.Context, m Message) (Receipt, error)
	// Sent reports whether the message with this id was handed over before.
	// Where the sender cannot tell, known is false and sent means nothing.
	Sent(ctx context.Context, id string) (sent, known bool, err error)
	// Name is "sendgrid" or "eml".
	Name() string
}
