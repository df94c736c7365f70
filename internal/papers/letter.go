package papers

import (
	"errors"
	"fmt"
	"io"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/typeface"
)

// LetterBatch typesets letters into one print-ready PDF, in the order they are
// added. It is not safe for concurrent use.
type LetterBatch struct {
	incident breach.Incident
	// residents is the number of people found in the incident, by State.
	residents map[string]int
	datedOn   civil.Date
	form      envelope.Form
	languages breach.Languages
	// speech are the languages that letters were asked for in, by tag.
	speech map[string]speech
	pdf    document
	from   fitted
	bodies map[bodyKey]body
	pieces map[string]bool
	// added are the letters, for reading them back.
	added []lettered
	// own is set where the practice writes its letters itself.
	own *ownWords
	// proof marks every page as not for mailing.
	proof   bool
	written bool
}

// NewLetterBatch opens a batch of letters dated datedOn. residents is the number
// of people found in the incident by State, for the States whose letters have to
// tell it (CountedStates). It refuses an incident that leaves one of the five
// elements of 45 CFR 164.404(c)(1) empty, that CheckIncident refuses, or that has
// a character the letters' fonts cannot print.
func NewLetterBatch(incident breach.Incident, datedOn civil.Date, residents map[string]int) (*LetterBatch, error) {
	if err := CheckTemplates(); err != nil {
		return nil, err
	}
	if err := requireElements(incident, datedOn); err != nil {
		return nil, err
	}
	if err := CheckIncident(incident); err != nil {
		return nil, err
	}
	if err := tryLetters(incident, datedOn); err != nil {
		return nil, err
	}
	return newBatch(incident, datedOn, residents), nil
}

func newBatch(incident breach.Incident, datedOn civil.Date, residents map[string]int) *LetterBatch {
	form := incident.Letters.Envelope.OrStandard()
	from, _ := fit(returnAddress(incident.Entity), form.ReturnArea())
	return &LetterBatch{
		incident: incident, residents: residents, datedOn: datedOn, form: form, from: from, languages: incident.Languages(), speech: map[string]speech{},
		pdf:    newDocument("Letters of incident "+oneLine(incident.ID), datedOn),
		bodies: map[bodyKey]body{}, pieces: map[string]bool{},
	}
}

// Add typesets one letter. A *HeldError means that this letter, and nothing
// else, cannot be made.
func (b *LetterBatch) Add(l casebook.Letter) (Piece, error) {
	if b.written {
		return Piece{}, errors.New("the batch is already written")
	}
	if !breach.IsKey(l.PieceID) || b.pieces[l.PieceID] {
		return Piece{}, fmt.Errorf("piece ID %q is not a key or is already in the batch", l.PieceID)
	}
	if len(l.Practices) == 0 {
		return Piece{}, fmt.Errorf("letter %s names no practice", l.PieceID)
	}
	language := b.languages.Of(&l.Person)
	in := speech{lettering: english()}
	if language.Tag != "" {
		var err error
		if in, err = b.speak(language.Tag); err != nil {
			return Piece{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
		}
	}
	to, held := address(&l.Person, b.datedOn, b.form, in.lettering)
	if held == nil {
		held = practicesHeld(l.Practices)
	}
	if held == nil && language.Tag == "" {
		held = &HeldBack{Reason: breach.HeldLanguage}
	}
	if held != nil {
		return Piece{}, &HeldError{l.PieceID, *held}
	}
	words, err := b.body(l, in, voiceFor(&l.Person, to.reader))
	if err != nil {
		return Piece{}, err
	}

	code, err := mailCodeOf(b.incident.PrintRun, l.Serial, &l.Person)
	if err != nil {
		return Piece{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
	}
	if code.digits != "" {
		var room bool
		if to.block, room = withRoom(to.block, addressLines(&l.Person, to.reader), b.form); !room {
			code = mailCode{}
		}
	}
	piece := b.piece(l, to, words, code)
	piece.Language = language
	ink := inked{above: b.form.FoldLine(), ink: make([]envelope.Ink, 0, maxAddressLines)}
	var structure *reading
	if root := b.pdf.Structure(); root != nil {
		structure = newReading(root.AddIn("Art", language.Tag))
	}
	for i, page := range words.pages {
		var unset error
		var read *marking
		seen := &ink
		if i > 0 {
			seen = nil // no window shows a page behind the first
		}
		own, err := b.pdf.drawSeen(seen, func(on *sheet) {
			if on.read != nil {
				on.read.next, read = words.read[i].next, on.read // both are marks of one page
			}
			if n := b.incident.PrintRun.SheetOf(i + 1); n > 0 && b.own == nil {
				unset = paintSheetCode(on, SheetCode(l.PieceID, n, piece.Mail.Sheets))
			}
			if i == 0 {
				on.own(addressSlot, func() { setCodedAddress(on, to.block, code, b.form) })
				on.own(salutationSlot, func() {
					on.font(false, to.greetingSize)
					on.text(sideMargin, words.salutation, to.greeting)
				})
			}
			if at := words.code; at.y > 0 && at.page == i {
				on.own(codeSlot, func() {
					on.font(false, codeSize(l.Person.EnrollmentCode, at.x))
					on.text(at.x, at.y, l.Person.EnrollmentCode)
				})
			}
			reference := func() {
				on.font(false, 8)
				on.text(sideMargin, footerLine, in.reference(l.PieceID))
			}
			if i == len(words.pages)-1 {
				on.own(referenceSlot, reference)
			} else {
				on.artifact(reference) // it is read once, at the letter's end
			}
		})
		if err := errors.Join(err, unset); err != nil {
			return Piece{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
		}
		if fault := b.form.Shows(words.ink, ink.ink); i == 0 && fault != envelope.NoFault {
			return Piece{}, windowFault(l.PieceID, b.form, fault)
		}
		// A code stands on the box's ground, so that the words come first.
		if structure != nil {
			b.pdf.MarkedPage(structure.page(words.read[i], read), page, own)
		} else {
			b.pdf.Page(page, own)
		}
	}
	b.pdf.Speaks(language.Tag)
	b.pieces[l.PieceID] = true
	b.added = append(b.added, lettered{l, piece})
	return piece, nil
}

// piece is a letter as pieces.csv has it, about to be the next of the batch.
func (b *LetterBatch) piece(l casebook.Letter, to addressed, words body, code mailCode) Piece {
	p := Piece{PieceID: l.PieceID, FirstPage: b.pdf.Pages() + 1, Pages: len(words.pages), AddressBlock: to.lines, Window: to.block.lines, Mail: mailOf(&l.Person, to.lines)}
	p.Mail.Sheets, p.Mail.Class = b.incident.PrintRun.Sheets(p.Pages), b.incident.PrintRun.ClassTo(&l.Person)
	p.Mail.Language, p.Mail.IMb = b.languages.Of(&l.Person).Tag, code.digits
	for _, practice := range l.Practices {
		p.Mail.PracticeKeys = append(p.Mail.PracticeKeys, practice.Key)
	}
	return p
}

// body returns the letter's words, laid out now or before.
func (b *LetterBatch) body(l casebook.Letter, in speech, v voice) (body, error) {
	classes := breach.SetOf(l.Classes...)
	if classes == 0 {
		classes = breach.SetOf(l.Person.DataClasses...)
	}
	if classes == 0 {
		return body{}, fmt.Errorf("letter %s names no kind of information (45 CFR 164.404(c)(1)(B))", l.PieceID)
	}
	of, err := b.ofState(&l.Person)
	if err != nil {
		return body{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
	}
	key := bodyKey{in.tag, practiceKeys(l.Practices), classes, v, of.state, l.Person.EnrollmentCode != "", correctionOf(&l)}
	if made, ok := b.bodies[key]; ok {
		return made, nil
	}
	view := in.letter(in.incident, b.datedOn, l.Practices, classes, v, of, in.said)
	view.Code, view.Corrects = key.coded, in.correcting(key.corrects)
	if b.own != nil {
		view = b.own.speak(in.lettering, view)
	}
	text, err := in.letterText(view, of.state)
	if err != nil {
		return body{}, err
	}
	pages, err := layOutLetter(text, b.form.BodyTop())
	if err != nil {
		return body{}, err
	}
	made, err := b.drawBody(in.lettering, pages)
	if err != nil {
		return body{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
	}
	b.bodies[key] = made
	return made, nil
}

// speech is what letters of an incident say in one language.
type speech struct {
	*lettering
	// incident has the officers' texts in the language, and said what they tell.
	incident breach.Incident
	said     sayings
	tag      string
}

// speak is what the letters say in a language that the incident's letters can be in.
func (b *LetterBatch) speak(tag string) (speech, error) {
	if s, ok := b.speech[tag]; ok {
		return s, nil
	}
	s, err := speechOf(b.incident, tag)
	if err == nil {
		b.speech[tag] = s
	}
	return s, err
}

func speechOf(incident breach.Incident, tag string) (speech, error) {
	own, err := letteringIn(incident, tag)
	if err != nil {
		return speech{}, err
	}
	told := in(incident, tag)
	return speech{own, told, own.sayings(told), tag}, nil
}

// codeSize is the size at which a code fits behind its words.
func codeSize(code string, x float64) float64 {
	return min(bodySize, bodySize*(sideMargin+textMeasure-x)/max(typeface.Width(code, false, bodySize), 1))
}

// windowFault says that a page would show through the envelope's window what it must
// not, or hide the address: nothing of its batch is printed.
func windowFault(piece string, form envelope.Form, fault envelope.Fault) error {
	return fmt.Errorf("letter %s is not printed: with the form %q, %s", piece, form.Name, fault)
}

// WriteTo writes the PDF, once. The same letters give the same bytes.
func (b *LetterBatch) WriteTo(w io.Writer) (int64, error) {
	if b.written {
		return 0, errors.New("the batch is already written")
	}
	if len(b.pieces) == 0 {
		return 0, errors.New("the batch has no letters")
	}
	b.written = true
	n, err := b.pdf.WriteTo(w)
	if err != nil {
		return n, fmt.Errorf("writing the letters: %w", err)
	}
	return n, nil
}
