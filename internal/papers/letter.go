package papers

import (
	"errors"
	"fmt"
	"io"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/typeface"
)

// LetterBatch typesets letters into one print-ready PDF, in the order they are
// added. It is not safe for concurrent use.
type LetterBatch struct {
	incident breach.Incident
	// residents is the number of people found in the incident, by State.
	residents map[string]int
	datedOn   civil.Date
	pdf       document
	from      fitted
	bodies    map[bodyKey]body
	pieces    map[string]bool
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
	from, _ := fit(returnAddress(incident.Entity), returnWidth, returnHeight)
	return &LetterBatch{
		incident: incident, residents: residents, datedOn: datedOn, from: from,
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
	to, held := address(&l.Person, b.datedOn)
	if held == nil {
		held = practicesHeld(l.Practices)
	}
	if held != nil {
		return Piece{}, &HeldError{l.PieceID, *held}
	}
	words, err := b.body(l, voiceFor(&l.Person, to.reader))
	if err != nil {
		return Piece{}, err
	}

	code, err := mailCodeOf(b.incident.PrintRun, l.Serial, &l.Person)
	if err != nil {
		return Piece{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
	}
	if code.digits != "" {
		var room bool
		if to.block, room = withRoom(to.block, to.lines); !room {
			code = mailCode{}
		}
	}
	piece := b.piece(l, to, words, code)
	for i, page := range words.pages {
		var unset error
		own, err := b.pdf.draw(func(on *sheet) {
			switch {
			case i == 0 && code.digits != "":
				setCodedAddress(on, to.block, code)
			case i == 0:
				setAddress(on, to.block)
			}
			if n := b.incident.PrintRun.SheetOf(i + 1); n > 0 && b.own == nil {
				unset = paintSheetCode(on, SheetCode(l.PieceID, n, piece.Mail.Sheets))
			}
			if i == 0 {
				on.font(false, to.greetingSize)
				on.text(sideMargin, words.salutation, to.greeting)
			}
			if at := words.code; at.y > 0 && at.page == i {
				on.font(false, codeSize(l.Person.EnrollmentCode, at.x))
				on.text(at.x, at.y, l.Person.EnrollmentCode)
			}
			on.font(false, 8)
			on.text(sideMargin, footerLine, "Reference "+l.PieceID)
		})
		if err := errors.Join(err, unset); err != nil {
			return Piece{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
		}
		b.pdf.Page(own, page)
	}
	b.pieces[l.PieceID] = true
	b.added = append(b.added, lettered{l, piece})
	return piece, nil
}

// piece is a letter as pieces.csv has it, about to be the next of the batch.
func (b *LetterBatch) piece(l casebook.Letter, to addressed, words body, code mailCode) Piece {
	p := Piece{PieceID: l.PieceID, FirstPage: b.pdf.Pages() + 1, Pages: len(words.pages), AddressBlock: to.lines, Mail: mailOf(&l.Person, to.lines)}
	p.Mail.Sheets, p.Mail.Class = b.incident.PrintRun.Sheets(p.Pages), b.incident.PrintRun.ClassTo(&l.Person)
	p.Mail.Language, p.Mail.IMb = letterLanguage, code.digits
	for _, practice := range l.Practices {
		p.Mail.PracticeKeys = append(p.Mail.PracticeKeys, practice.Key)
	}
	return p
}

// body returns the letter's words, laid out now or before.
func (b *LetterBatch) body(l casebook.Letter, v voice) (body, error) {
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
	key := bodyKey{practiceKeys(l.Practices), classes, v.reader, of.state, l.Person.EnrollmentCode != ""}
	if made, ok := b.bodies[key]; ok {
		return made, nil
	}
	view := viewLetter(b.incident, b.datedOn, l.Practices, classes, v, of)
	view.Code = key.coded
	if b.own != nil {
		view = b.own.speak(view)
	}
	text, err := letterWords(view, of.state)
	if err != nil {
		return body{}, err
	}
	pages, err := layOutLetter(text)
	if err != nil {
		return body{}, err
	}
	made, err := b.drawBody(pages)
	if err != nil {
		return body{}, fmt.Errorf("letter %s: %w", l.PieceID, err)
	}
	b.bodies[key] = made
	return made, nil
}

// codeSize is the size at which a code fits behind its words.
func codeSize(code string, x float64) float64 {
	return min(bodySize, bodySize*(sideMargin+textMeasure-x)/max(typeface.Width(code, false, bodySize), 1))
}

// setAddress sets what the envelope's window shows.
func setAddress(on *sheet, to fitted) { setLines(on, to, addressY, addressHeight) }

// setLines sets an address into the height that there is for it, from y on.
func setLines(on *sheet, to fitted, y, height float64) {
	on.font(false, to.size)
	top := y + (height-to.height())/2
	for i, text := range to.lines {
		// The baseline is a descender's depth above the line's foot.
		on.text(addressX, top+float64(i+1)*to.leading-to.size*0.2, text)
	}
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
