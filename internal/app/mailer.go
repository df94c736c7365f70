package app

import (
	"net/http"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/mail"
)

// mailTimeout is how long one attempt to hand an e-mail over may take.
const mailTimeout = 30 * time.Second

// Mailer returns what hands e-mail to practices over: SendGrid where there is a
// key, else the outbox folder. It refuses with code "no_sender" a key without a
// sender that can be somebody's: a provider takes such a message or refuses it, and
// no practice would have a notice either way.
func (c Config) Mailer(now func() time.Time) (mail.Sender, error) {
	if c.SendGridKey == "" {
		return mail.NewEMLFolder(c.Outputs()), nil
	}
	const advice = "Set DUENOTICE_MAIL_FROM, or mail_from in duenotice.yaml, to a sender that SendGrid has verified, or leave SENDGRID_API_KEY out: e-mail then goes to the outbox for you to send."
	switch {
	case c.MailFrom.Email == "":
		return nil, breach.Refuse("no_sender", advice, "there is a key for SendGrid and no sender to send from")
	case mail.Nobodys(c.MailFrom.Email):
		return nil, breach.Refuse("no_sender", advice, "there is a key for SendGrid, and the sender %s is in a domain that is nobody's", c.MailFrom.Email)
	}
	if err := mail.CheckAddress(c.MailFrom.Email); err != nil {
		return nil, breach.Refuse("no_sender", advice, "%q is not an address that mail can come from", c.MailFrom.Email)
	}
	return mail.NewSendGrid(c.SendGridKey, c.SendGridHost, now, &http.Client{Timeout: mailTimeout})
}
