package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
)

const (
	// Lines are folded at 78 and base64 is broken at 76 characters (RFC 5322
	// section 2.1.1, RFC 2045 section 6.8).
	foldAt     = 78
	base64Line = 76

	crlf = "\r\n"
)

// eml renders a checked message as RFC 5322 with MIME. The same message gives
// the same bytes: the boundary is made of the id, the order of headers is
// fixed and the date is the message's own.
func (m Message) eml() []byte {
	var b bytes.Buffer
	header(&b, "Date", m.Date.UTC().Format(time.RFC1123Z))
	if m.From != (Address{}) {
		header(&b, "From", m.From.header())
	}
	if m.ReplyTo != (Address{}) {
		header(&b, "Reply-To", m.ReplyTo.header())
	}
	header(&b, "To", m.To.header())
	header(&b, "Subject", mime.QEncoding.Encode("utf-8", m.Subject))
	header(&b, "Message-ID", m.messageID())
	header(&b, "X-Duenotice-Message-Id", m.ID)
	// Mail programs open a file with this mark as a draft, with a button to send it.
	header(&b, "X-Unsent", "1")
	header(&b, "MIME-Version", "1.0")
	if len(m.Attachments) == 0 {
		writeText(&b, m.Text)
		return b.Bytes()
	}
	// "=_" cannot stand in quoted-printable and "_" not in base64, so no part
	// can hold the boundary (RFC 2045 section 6.7).
	boundary := "=_duenotice_" + m.ID
	header(&b, "Content-Type", mime.FormatMediaType("multipart/mixed", map[string]string{"boundary": boundary}))
	b.WriteString(crlf)
	b.WriteString("--" + boundary + crlf)
	writeText(&b, m.Text)
	for _, a := range m.Attachments {
		b.WriteString(crlf + "--" + boundary + crlf)
		a.write(&b)
	}
	b.WriteString(crlf + "--" + boundary + "--" + crlf)
	return b.Bytes()
}

// header renders the address. Names beyond ASCII are in base64 always: the
// other encoding, which net/mail picks for most, leaves characters as they are
// that may not stand in a name (RFC 2047 section 5(3)), such as a backslash.
func (a Address) header() string {
	address := mail.Address{Name: a.Name, Address: a.Email}
	if isASCII(a.Name) {
		return address.String()
	}
	address.Name = ""
	return mime.BEncoding.Encode("utf-8", a.Name) + " " + address.String()
}

func writeText(b *bytes.Buffer, text string) {
	header(b, "Content-Type", "text/plain; charset=utf-8")
	header(b, "Content-Transfer-Encoding", "quoted-printable")
	b.WriteString(crlf)
	quoted := quotedprintable.NewWriter(b)
	// Writes to a bytes.Buffer do not fail.
	_, _ = io.WriteString(quoted, strings.TrimRight(text, "\r\n")+"\n")
	_ = quoted.Close()
}

func (a Attachment) write(b *bytes.Buffer) {
	kind, parameters, _ := mime.ParseMediaType(a.ContentType)
	header(b, "Content-Type", mime.FormatMediaType(kind, parameters))
	header(b, "Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	header(b, "Content-Transfer-Encoding", "base64")
	b.WriteString(crlf)
	encoded := base64.StdEncoding.EncodeToString(a.Content)
	for len(encoded) > base64Line {
		b.WriteString(encoded[:base64Line] + crlf)
		encoded = encoded[base64Line:]
	}
	b.WriteString(encoded)
}

// header writes one header, folded where the line grows too long: at a space
// that stands alone between words, because readers give back a fold as one.
func header(b *bytes.Buffer, name, value string) {
	b.WriteString(name + ":")
	column := len(name) + 1
	for i, word := range strings.Split(value, " ") {
		alone := i > 0 && word != "" && !bytes.HasSuffix(b.Bytes(), []byte(" "))
		if alone && column+1+len(word) > foldAt {
			b.WriteString(crlf)
			column = 0
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	b.WriteString(crlf)
}
