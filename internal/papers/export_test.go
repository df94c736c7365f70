package papers

import (
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// Misprint has the words of letters like this one changed before they are typeset, as a
// fault in a template or in what is kept of other letters would.
func (b *LetterBatch) Misprint(l casebook.Letter, change func(text string) string) error {
	v := voiceFor(&l.Person, l.Person.ReaderOn(b.datedOn))
	classes := breach.SetOf(l.Classes...)
	of, err := b.ofState(&l.Person)
	if err != nil {
		return err
	}
	in, err := b.speak(b.languages.Of(&l.Person).Tag)
	if err != nil {
		return err
	}
	key := bodyKey{in.tag, practiceKeys(l.Practices), classes, v, of.state, l.Person.EnrollmentCode != "", correctionOf(&l)}
	view := in.letter(in.incident, b.datedOn, l.Practices, classes, v, of, in.said)
	view.Code, view.Corrects = key.coded, in.correcting(key.corrects)
	text, err := in.letterText(view, of.state)
	if err != nil {
		return err
	}
	pages, err := layOutLetter(change(text), b.form.BodyTop())
	if err != nil {
		return err
	}
	made, err := b.drawBody(in.lettering, pages)
	b.bodies[key] = made
	return err
}

// Mistake lets the letter that was added last be another than it was typeset as.
func (b *LetterBatch) Mistake(change func(*casebook.Letter)) {
	change(&b.added[len(b.added)-1].letter)
}

// EnvelopeWords is a form of envelope as an order names it.
var EnvelopeWords = envelopeWords

// WrappedLines are a text's lines in a column of points, as they are broken.
func WrappedLines(text string, size, measure float64) []string {
	var lines []string
	for _, runs := range wrap(text, false, size, measure) {
		line := ""
		for _, r := range runs {
			line += r.text
		}
		lines = append(lines, line)
	}
	return lines
}

// ShippedLanguage are the files of a language that the program brings.
func ShippedLanguage(tag string) map[string]string { return shippedFiles(tag) }
