package papers

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/pdffile"
	"duenotice/internal/typeface"
)

// Check is what a letter is read back for.
type Check string

// The checks. They are words of files.
const (
	// CheckReference: each page has the letter's reference, and which page it is.
	CheckReference Check = "reference"
	// CheckPerson: the address and the salutation are the person's.
	CheckPerson Check = "person"
	// CheckEnvelope: above the fold stand sender, day and address, and nothing that
	// tells what anybody is treated for.
	CheckEnvelope Check = "envelope"
	// CheckElements: the five elements of 45 CFR 164.404(c)(1), under their headings.
	CheckElements Check = "elements"
	// CheckPractice: it writes for the letter's practices, and not for those of the letter before.
	CheckPractice Check = "practice"
	// CheckState: it has the text of the State of the address, and of no other.
	CheckState Check = "state_text"
	// CheckOffer: what is offered to the reader, and the person's own code.
	CheckOffer Check = "offer"
	// CheckClasses: the kinds of information are the person's, and no others.
	CheckClasses Check = "data_classes"
	// CheckTaglines: the taglines, each as the officers wrote it.
	CheckTaglines Check = "taglines"
	// CheckCorrection: what it says of an earlier letter, where it corrects one.
	CheckCorrection Check = "correction"
	// CheckPlaceholder: no words are left that somebody meant to replace.
	CheckPlaceholder Check = "placeholder"
)

// Misread is a letter that does not read back as it should: it is held back. It names
// the piece and never what stands there.
type Misread struct {
	PieceID string
	Checks  []Check
}

// lettered is a letter that was added, for reading it back.
type lettered struct {
	letter casebook.Letter
	piece  Piece
}

// ReadBack holds the written file against the letters that it should have: each page is
// read from the file's bytes, and compared with what follows from the letter's person,
// practices and incident anew, not with what was typeset. An error means that the file as
// a whole is not of these letters, and nothing of it may be mailed.
func (b *LetterBatch) ReadBack(file []byte) ([]Misread, error) {
	r, err := pdffile.Read(file)
	if err != nil {
		return nil, fmt.Errorf("reading the letters back: %w", err)
	}
	wants := map[bodyKey]*wanted{}
	var misread []Misread
	next := 1
	for i := range b.added {
		a := &b.added[i]
		if a.piece.FirstPage != next || a.piece.Pages < 1 {
			return nil, fmt.Errorf("reading the letters back: letter %s does not begin where the one before it ends", a.piece.PieceID)
		}
		next += a.piece.Pages
		pages, err := readPages(r, a.piece, b.form.FoldLine())
		if err != nil {
			return nil, fmt.Errorf("reading letter %s back: %w", a.piece.PieceID, err)
		}
		w, err := b.wantedOf(a, wants)
		if err != nil {
			return nil, fmt.Errorf("reading letter %s back: %w", a.piece.PieceID, err)
		}
		var before *lettered
		if i > 0 {
			before = &b.added[i-1]
		}
		if failed := b.check(a, before, w, pages); len(failed) > 0 {
			misread = append(misread, Misread{a.piece.PieceID, failed})
		}
	}
	if next != r.Pages()+1 {
		return nil, fmt.Errorf("reading the letters back: %d pages are of no letter", r.Pages()+1-next)
	}
	return misread, nil
}

// read is a page's text by where it stands, spaces left out: lines are broken anywhere.
type read struct {
	// top is above the fold of a first page, words is the letter's, foot its last line.
	top, words, foot string
	lines            []string
}

func readPages(r *pdffile.Reader, p Piece, fold float64) ([]read, error) {
	pages := make([]read, p.Pages)
	for i := range pages {
		texts, err := r.Page(p.FirstPage + i)
		if err != nil {
			return nil, err
		}
		var lines []string
		slices.SortStableFunc(texts, func(a, b pdffile.Text) int { return cmp.Or(cmp.Compare(a.FromTop, b.FromTop), cmp.Compare(a.X, b.X)) })
		var top, words, foot []byte
		for len(texts) > 0 {
			var line string
			at := texts[0].FromTop
			if line, texts = firstLine(texts); line == "" {
				continue
			}
			lines = append(lines, line)
			switch {
			case at > textBottom:
				foot = squeeze(foot, line)
			case i == 0 && at < fold:
				top = squeeze(top, line)
			default:
				words = squeeze(words, line)
			}
		}
		pages[i] = read{string(top), string(words), string(foot), lines}
	}
	return pages, nil
}

// firstLine takes the texts of the first line off, which stand from left to right, and
// returns them as they are read: a name may run leftwards.
func firstLine(texts []pdffile.Text) (line string, rest []pdffile.Text) {
	n := 1
	for n < len(texts) && texts[n].FromTop-texts[0].FromTop < sameLine {
		n++
	}
	if n == 1 {
		line = texts[0].Text
	} else {
		// The second face of a line, or a mark beside its letter.
		slices.SortStableFunc(texts[:n], func(a, b pdffile.Text) int { return cmp.Compare(a.X, b.X) })
		for _, t := range texts[:n] {
			line += t.Text
		}
	}
	if mayRunLeftward(line) {
		line = typeface.Read(line)
	}
	return line, texts[n:]
}

// sameLine is how far apart baselines of one line are at most, in points.
const sameLine = 0.05

// mayRunLeftward reports letters that may; nearly no line has one. The first script that
// runs leftwards begins behind those of Europe, with this byte; punctuation has its own.
func mayRunLeftward(line string) bool {
	const hebrew, punctuation = 0xD6, 0xE2
	for i := range len(line) {
		if line[i] >= hebrew && line[i] != punctuation {
			return true
		}
	}
	return false
}

// squeeze adds a text to another, without its spaces.
func squeeze(to []byte, text string) []byte {
	for i := 0; i < len(text); {
		next := strings.IndexAny(text[i:], " \n\t\u00a0")
		if next < 0 {
			return append(to, text[i:]...)
		}
		to = append(to, text[i:i+next]...)
		_, size := utf8.DecodeRuneInString(text[i+next:])
		i += next + size
	}
	return to
}

// squeezed is a text without spaces.
func squeezed(text string) string {
	if !strings.ContainsAny(text, " \n\t\u00a0") {
		return text
	}
	return string(squeeze(nil, text))
}

// spaced is the words of pages as they stand.
func spaced(pages []read) string {
	var b strings.Builder
	for _, p := range pages {
		b.WriteString(strings.Join(p.lines, " ") + " ")
	}
	return b.String()
}

// check is what of a letter does not read back as it should.
func (b *LetterBatch) check(a, before *lettered, w *wanted, pages []read) []Check {
	text := ""
	for _, p := range pages {
		text += p.words
	}
	var failed []Check
	fail := func(check Check, is bool) {
		if is && !slices.Contains(failed, check) {
			failed = append(failed, check)
		}
	}
	for i, p := range pages {
		// Nothing else at the foot: another letter's reference stands there too, if two were drawn on one page.
		want := squeezed(w.in.reference(a.piece.PieceID) + w.in.page(i+1, len(pages)))
		fail(CheckReference, p.foot != want)
	}
	p := &a.letter.Person
	block := squeezed(strings.Join(arranged(addressLines(p, p.ReaderOn(b.datedOn)), never, b.form.Capitals), ""))
	fail(CheckPerson, strings.Count(pages[0].top, block) != 1)
	fail(CheckPerson, strings.Count(text, squeezed(w.in.salutation(p, p.ReaderOn(b.datedOn)))) != 1)
	fail(CheckEnvelope, !w.neutral(strings.Replace(pages[0].top, block, "", 1)))
	w.check(text, fail)
	code := ""
	if w.coded {
		code = squeezed(oneLine(p.EnrollmentCode))
		fail(CheckOffer, strings.Count(text, code) != 1)
	}
	if before != nil {
		for _, other := range before.letter.Practices {
			name := squeezed(oneLine(other.Name()))
			fail(CheckPractice, !w.says(name) && strings.Contains(text, name))
		}
		theirs := squeezed(oneLine(before.letter.Person.EnrollmentCode))
		fail(CheckOffer, theirs != "" && theirs != code && !strings.Contains(code, theirs) && !w.says(theirs) && strings.Contains(text, theirs))
	}
	fail(CheckPlaceholder, mayHold(text) && w.placeholder(spaced(pages), a) != "")
	return failed
}

// neutral reports whether what stands above the fold beside an address is who sends it
// and when, and tells nothing of whom it goes to.
func (b *LetterBatch) neutral(in *lettering) func(top string) bool {
	var sender []string
	tells := false
	for _, line := range returnAddress(b.incident.Entity) {
		sender = append(sender, squeezed(line))
		tells = tells || breach.TellsSpecialty(line)
	}
	sender = append(sender, squeezed(in.date(b.datedOn)))
	return func(top string) bool {
		for _, line := range sender {
			top = strings.Replace(top, line, "", 1)
		}
		return top == "" && !tells
	}
}
