package papers

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"duenotice/templates"
)

// The templates by name.
const (
	letterText = "letter.en.txt"
	noticeText = "notice.en.txt"
	mediaText  = "media.en.txt"
	// postingText is for a practice's home page.
	postingText = "posting.en.txt"
	emailText   = "email.en.txt"
	remindText  = "email-reminder.en.txt"
	codeText    = "email-code.en.txt"
	postText    = "post.en.txt"
	binderText  = "binder.en.txt"
	packText    = "pack.en.txt"
	// checklistText and listaText are one list, in English and in Spanish.
	checklistText = "checklist.en.txt"
	listaText     = "checklist.es.txt"
	// orderText is what a mail house gets with the letters.
	orderText = "order.en.txt"
	// delegationText is what a practice signed.
	delegationText = "delegation.en.txt"
	// numbersText says that characters are printed as their numbers.
	numbersText = "numbers.en.txt"
)

// parsed are the embedded templates, read once.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("").Option("missingkey=error").ParseFS(templates.Texts(), "*.txt", "states/*.txt")
})

// render fills in a template. What is filled in is somebody's words and printed
// as it is, whatever it looks like: a practice may be called "Todo Salud" or
// "[NORTH CAMPUS]". Placeholders are looked for in the templates (CheckTemplatesIn).
func render(name string, view any) (string, error) {
	all, err := parsed()
	if err != nil {
		return "", fmt.Errorf("reading the templates: %w", err)
	}
	var b strings.Builder
	if err := all.ExecuteTemplate(&b, name, view); err != nil {
		return "", fmt.Errorf("filling in %s: %w", name, err)
	}
	return oneStop(b.String()), nil
}

// oneStop takes out the second full stop where a name that has one at its end,
// such as "Example, Ltd.", ends a sentence. An ellipsis stays.
func oneStop(text string) string {
	if !strings.Contains(text, "..") {
		return text
	}
	var b strings.Builder
	for text != "" {
		rest := strings.TrimLeft(text, ".")
		switch stops := len(text) - len(rest); stops {
		case 0:
			next := strings.IndexByte(text, '.')
			if next < 0 {
				next = len(text)
			}
			b.WriteString(text[:next])
			rest = text[next:]
		case 2:
			b.WriteByte('.')
		default:
			b.WriteString(text[:stops])
		}
		text = rest
	}
	return b.String()
}

// leftWords are what people write where words are still to come.
var leftWords = []string{"TODO", "FIXME", "TBD", "XXX"}

var placeholders = regexp.MustCompile(`\{\{|\}\}|<no value>|%!|\b(?:` + strings.Join(leftWords, "|") + `|XXX+)\b|(?i:lorem ipsum)|\[[A-Z][A-Z _-]+\]|<[A-Z][A-Z _-]+>`)

// placeholder returns the first thing in a template's text that somebody meant to replace.
func placeholder(text string) string { return placeholders.FindString(text) }

// texts are read by CheckTemplates; tests give it others.
func embeddedTexts() fs.FS { return templates.Texts() }
