package mail

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Rejected means that the message is wrong: it would be refused again.
type Rejected struct {
	// Status is the provider's; 0 when the message was refused here, unsent.
	Status int
	// Reason is what is wrong, in the provider's words if it had any.
	Reason string
}

func (e *Rejected) Error() string {
	if e.Status == 0 {
		return "the e-mail was not sent: " + e.Reason
	}
	return fmt.Sprintf("the e-mail provider refused the message with %s: %s", status(e.Status), e.Reason)
}

// Stopped means that no message will be taken until somebody mends the
// configuration: the key, what it may do, the sender or the provider's address.
// The message was not taken.
type Stopped struct {
	// Status is the provider's answer.
	Status int
	// Reason is what is wrong, in the provider's words if it had any.
	Reason string
	// Advice is what to look at, in ours.
	Advice string
}

func (e *Stopped) Error() string { return e.ours() + ": " + e.Reason }

func (e *Stopped) ours() string {
	return fmt.Sprintf("the e-mail provider takes no message at all and answered %s; %s", status(e.Status), e.Advice)
}

// Explain says what became of a message that was not taken: in our own words, which
// may go anywhere, and in those of the other side, which may repeat what it was sent
// and therefore stay in the database. theirs is "" where it said nothing.
func Explain(err error) (ours, theirs string) {
	var (
		rejected *Rejected
		stopped  *Stopped
		unknown  *OutcomeUnknown
	)
	switch {
	case errors.As(err, &stopped):
		return stopped.ours(), stopped.Reason
	case errors.As(err, &rejected) && rejected.Status != 0:
		return "the e-mail provider refused the message with " + status(rejected.Status), rejected.Reason
	case errors.As(err, &unknown) && unknown.Err != nil:
		return "the e-mail was sent and not answered", oneLine(unknown.Err.Error())
	}
	return err.Error(), ""
}

// Later means that the provider's rate limit is reached until At.
type Later struct{ At time.Time }

func (e *Later) Error() string {
	return "the e-mail provider's rate limit is reached until " + e.At.UTC().Format(time.RFC3339) + "; the message was not taken"
}

// Unavailable means that the provider said it could not take the message, or
// that it was never reached: no byte of the message was sent.
type Unavailable struct {
	// Status is 500 to 599; 0 when the provider was not reached.
	Status int
	// Err is why the provider was not reached; nil when it answered.
	Err error
}

func (e *Unavailable) Error() string {
	if e.Status != 0 {
		return "the e-mail provider could not take the message: " + status(e.Status)
	}
	return fmt.Sprintf("the e-mail provider was not reached, nothing was sent: %v", e.Err)
}

func (e *Unavailable) Unwrap() error { return e.Err }

// OutcomeUnknown means that some or all of the request went out and no answer
// came that says what became of it. The practice may have the message.
type OutcomeUnknown struct {
	// Status is that of an answer we cannot read as yes or no; 0 without one.
	Status int
	// Err is how the connection ended; nil when there was an answer.
	Err error
}

func (e *OutcomeUnknown) Error() string {
	const next = "look for the message's id in the provider's activity log before sending it again"
	if e.Status != 0 {
		return fmt.Sprintf("the e-mail provider answered %s, which does not say whether it took the message; %s", status(e.Status), next)
	}
	return fmt.Sprintf("the e-mail was sent but not answered (%v), so it is not known whether it was taken; %s", e.Err, next)
}

func (e *OutcomeUnknown) Unwrap() error { return e.Err }

func status(code int) string {
	if text := http.StatusText(code); text != "" {
		return fmt.Sprintf("%d %s", code, text)
	}
	return fmt.Sprint(code)
}
