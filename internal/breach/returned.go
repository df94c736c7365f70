package breach

import (
	"bytes"
	"strings"

	"duenotice/internal/civil"
)

// ReturnedLetter is a letter that came back. It is no patient data: a piece id
// says nothing of whom the letter was for.
type ReturnedLetter struct {
	PieceID string
	// On is the day on which it came back.
	On civil.Date
	// Reason is one of ReturnReasons, or empty.
	Reason string
}

// BouncedEmail is an agreed e-mail that came back undelivered, by whose it was.
type BouncedEmail struct {
	PracticeKey, PersonKey string
	On                     civil.Date
}

// SameEmail reports whether mail to both goes to one mailbox, as far as can be
// said: domains have no case, and hardly any mailbox has.
func (p *Person) SameEmail(o *Person) bool { return strings.EqualFold(p.Email, o.Email) }

// ReturnReasons are the words for why a letter came back. None of them changes
// what is owed (docs/adr/0067).
var ReturnReasons = []string{"undeliverable", "moved", "insufficient_address", "refused", "deceased", "other"}

// SameAddress reports whether mail to both goes to one place, whoever reads it.
// Addresses are compared as MailKey compares them.
func (p *Person) SameAddress(o *Person) bool {
	return bytes.Equal(p.appendAddress(nil), o.appendAddress(nil))
}
