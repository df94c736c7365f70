package mail_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
)

const (
	messageID = "0197a3b0-0000-7000-8000-00000000002a"
	apiKey    = "SG.not-a-real-key.0123456789"
)

var now = time.Date(2026, 4, 20, 15, 4, 5, 0, time.UTC)

func clock() time.Time { return now }

// notice is a message as the program sends them.
func notice() mail.Message {
	return mail.Message{
		ID:      messageID,
		File:    "EX-2026-03_P1",
		ReplyTo: mail.Address{Name: "Example Health Cloud, Inc.", Email: "answers@example.org"},
		From:    mail.Address{Name: "Example Health Cloud, Inc.", Email: "privacy@example.org"},
		To:      mail.Address{Name: "Łukasz Nguyễn, Príváčy", Email: "officer@practice.example.org"},
		Subject: "Notice of a breach of unsecured protected health information – 45 CFR 164.410, incident EX-2026-03",
		Text:    "To the privacy officer:\n\nWe found <a breach>. Łódź, 50 % = half.\n.\nFrom here on.\n",
		Date:    time.Date(2026, 4, 20, 11, 4, 5, 0, time.FixedZone("EDT", -4*60*60)),
	}
}

func withAttachments() mail.Message {
	m := notice()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	m.Attachments = []mail.Attachment{
		{Name: "notice.pdf", ContentType: "application/pdf", Content: every},
		{Name: "Fristen für Łódź.ics", ContentType: "text/calendar; charset=utf-8", Content: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")},
	}
	return m
}

// refused are messages that would be another message on the wire.
var refused = map[string]func(*mail.Message){
	"line break in the subject":               func(m *mail.Message) { m.Subject = "Notice\r\nBcc: thief@example.org" },
	"bare line feed in the subject":           func(m *mail.Message) { m.Subject = "Notice\nBcc: thief@example.org" },
	"line break in the recipient's name":      func(m *mail.Message) { m.To.Name = "Officer\r\nBcc: thief@example.org" },
	"line break in the sender's name":         func(m *mail.Message) { m.From.Name = "Example\rBcc: thief@example.org" },
	"line break in the address":               func(m *mail.Message) { m.To.Email = "officer@example.org\r\nBcc: thief@example.org" },
	"unicode line separator":                  func(m *mail.Message) { m.Subject = "Notice\u2028Bcc: thief@example.org" },
	"right-to-left override in a name":        func(m *mail.Message) { m.From.Name = "Example \u202egro.elpmaxe" },
	"encoded word in the subject":             func(m *mail.Message) { m.Subject = "=?utf-8?q?=0D=0ABcc:_thief=40example.org?=" },
	"two addresses in one":                    func(m *mail.Message) { m.To.Email = "officer@example.org, thief@example.org" },
	"an address with a name":                  func(m *mail.Message) { m.To.Email = "Officer <officer@example.org>" },
	"line break in the address for answers":   func(m *mail.Message) { m.ReplyTo.Email = "a@example.org\r\nBcc: thief@example.org" },
	"no at sign":                              func(m *mail.Message) { m.To.Email = "officer" },
	"no recipient":                            func(m *mail.Message) { m.To.Email = "" },
	"letters beyond ASCII in the address":     func(m *mail.Message) { m.To.Email = "löffler@example.org" },
	"an id that is a path":                    func(m *mail.Message) { m.ID = "../../etc/passwd" },
	"an id in capitals":                       func(m *mail.Message) { m.ID = "0197A3B0-0000-7000-8000-00000000002A" },
	"no id":                                   func(m *mail.Message) { m.ID = "" },
	"a nil id":                                func(m *mail.Message) { m.ID = "00000000-0000-0000-0000-000000000000" },
	"no subject":                              func(m *mail.Message) { m.Subject = " " },
	"a subject too long for a line":           func(m *mail.Message) { m.Subject = string(make([]byte, 600)) },
	"broken UTF-8 in the subject":             func(m *mail.Message) { m.Subject = "a\xffb" },
	"no text":                                 func(m *mail.Message) { m.Text = "\n" },
	"a NUL in the text":                       func(m *mail.Message) { m.Text = "a\x00b" },
	"broken UTF-8 in the text":                func(m *mail.Message) { m.Text = "a\xffb" },
	"no date":                                 func(m *mail.Message) { m.Date = time.Time{} },
	"line break in an attachment's name":      func(m *mail.Message) { m.Attachments[0].Name = "a.pdf\r\nX: y" },
	"a path as an attachment's name":          func(m *mail.Message) { m.Attachments[0].Name = "../a.pdf" },
	"an attachment without a name":            func(m *mail.Message) { m.Attachments[0].Name = "" },
	"line break in a content type":            func(m *mail.Message) { m.Attachments[0].ContentType = "text/plain\r\nX: y" },
	"an attachment that is a whole mail tree": func(m *mail.Message) { m.Attachments[0].ContentType = "multipart/mixed; boundary=x" },
	"an empty attachment":                     func(m *mail.Message) { m.Attachments[0].Content = nil },
}

// requireRefused sends every message of the table and wants each refused unsent.
func requireRefused(t *testing.T, sender mail.Sender) {
	t.Helper()
	_, err := sender.Send(t.Context(), withAttachments())
	require.NoError(t, err, "the table must start from a message that is taken")
	for name, spoil := range refused {
		m := withAttachments()
		spoil(&m)
		_, err := sender.Send(t.Context(), m)
		var rejected *mail.Rejected
		require.ErrorAs(t, err, &rejected, name)
		require.Zero(t, rejected.Status, name)
		require.NotContains(t, err.Error(), "\n", name)
	}
}
