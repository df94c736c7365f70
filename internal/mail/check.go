package mail

import (
	"fmt"
	"mime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"duenotice/internal/breach"
)

// maxHeader bounds names and subjects in bytes. RFC 5322 section 2.1.1 allows
// 998 in a line, and one word without a space cannot be folded.
const maxHeader = 500

// maxFileName is what file systems allow; encoded it is three times as long.
const maxFileName = 255

// check refuses what would be another message on the wire than in the struct:
// above all line breaks, which would begin a header of somebody else's making.
// Only where a person sends it, from their own mail program, may it lack a sender.
func (m Message) check(byPerson bool) error {
	if err := checkID(m.ID); err != nil {
		return err
	}
	if !byPerson || m.From != (Address{}) {
		if err := m.From.check("the sender"); err != nil {
			return err
		}
	}
	if m.ReplyTo != (Address{}) {
		if err := m.ReplyTo.check("whoever gets the answer"); err != nil {
			return err
		}
	}
	if err := m.To.check("the recipient"); err != nil {
		return err
	}
	if m.Date.IsZero() {
		return refuse("it has no date")
	}
	if strings.TrimSpace(m.Subject) == "" {
		return refuse("it has no subject")
	}
	if err := checkLine("the subject", m.Subject); err != nil {
		return err
	}
	if strings.TrimSpace(m.Text) == "" {
		return refuse("it has no text")
	}
	if !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, 0) {
		return refuse("its text is not plain UTF-8")
	}
	for i, a := range m.Attachments {
		if err := a.check(); err != nil {
			return fmt.Errorf("attachment %d: %w", i+1, err)
		}
	}
	return nil
}

// checkID keeps the id fit for a file name and a header: a UUID in lower case.
func checkID(id string) error {
	parsed, err := uuid.Parse(id)
	if err != nil || parsed.String() != id || parsed == uuid.Nil {
		return refuse("its id %q is not a UUID in lower case", id)
	}
	return nil
}

// checkFile keeps the name of a message's file within its folder.
func checkFile(file string) error {
	if file == "" || strings.ContainsAny(file, "/\\") || len(file)+len(".eml") > maxFileName {
		return refuse("its file name is empty, has a slash in it or is longer than %d bytes", maxFileName)
	}
	return checkLine("its file name", file)
}

// CheckAddress refuses an e-mail address that mail cannot go to or come from.
func CheckAddress(email string) error { return Address{Email: email}.check("this") }

func (a Address) check(who string) error {
	if a.Email == "" {
		return refuse("%s has no e-mail address", who)
	}
	// The same is asked of every address in a case folder.
	if !breach.IsMailbox(a.Email) {
		return refuse("%s's e-mail address is not one that mail can be sent to", who)
	}
	return checkLine(who+"'s name", a.Name)
}

func (a Attachment) check() error {
	if a.Name == "" || strings.ContainsAny(a.Name, `/\`) || len(a.Name) > maxFileName {
		return refuse("its file name is empty, has a slash in it or is longer than %d bytes", maxFileName)
	}
	if err := checkLine("its file name", a.Name); err != nil {
		return err
	}
	kind, _, err := mime.ParseMediaType(a.ContentType)
	if err != nil || !strings.Contains(kind, "/") || strings.HasPrefix(kind, "multipart/") || !isASCII(a.ContentType) {
		return refuse("its content type %q is not one", a.ContentType)
	}
	if len(a.Content) == 0 {
		return refuse("it is empty")
	}
	return nil
}

// checkLine refuses what cannot stand in one header line. U+2028 and U+2029
// are line breaks to some programs, and controls of writing direction can make
// a name read as another.
func checkLine(what, line string) error {
	if !utf8.ValidString(line) {
		return refuse("%s is not UTF-8", what)
	}
	if len(line) > maxHeader {
		return refuse("%s is longer than %d bytes", what, maxHeader)
	}
	for _, r := range line {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return refuse("%s has a line break or another control character in it", what)
		}
	}
	// An encoded word (RFC 2047) would be shown as what it stands for, which
	// nobody checked.
	if strings.Contains(line, "=?") {
		return refuse("%s has =? in it, which mail programs read as code", what)
	}
	return nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func refuse(format string, args ...any) *Rejected {
	return &Rejected{Reason: fmt.Sprintf(format, args...)}
}
