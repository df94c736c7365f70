package papers

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"rsc.io/qr"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/typeface"
)

// qrSize is the edge of a QR code with its quiet zone, in points: some 0.4 mm for each
// of its modules, which any telephone reads from a hand's distance.
const qrSize = 1.6 * inch

// quietZone is the width in modules of the white around a QR code (ISO/IEC 18004).
const quietZone = 4

// PostInput is what goes to one practice by post.
type PostInput struct {
	NoticeInput
	PieceID string
	// Code opens its page (NoticeInput.Page), through CodeUntil; "" where there are no pages.
	Code      string
	CodeUntil civil.Date
	// Reminder: the practice has its notice, which therefore does not come with the letter.
	Reminder bool
}

// postView is what post.en.txt says.
type postView struct {
	noticeView
	Reminder, Opened bool
	Page, Told       string
	CodeUntil        string
	TollFree         string
}

// PostBatch typesets letters to practices into one print-ready PDF: a cover letter
// whose address stands where the window shows it (ADR 116), and the notice behind
// it. It is not safe for concurrent use.
type PostBatch struct {
	incident breach.Incident
	pdf      document
	datedOn  civil.Date
	form     envelope.Form
	from     fitted
	pieces   map[string]bool
	written  bool
}

// NewPostBatch opens a batch of letters dated datedOn.
func NewPostBatch(incident breach.Incident, datedOn civil.Date) (*PostBatch, error) {
	if err := requireElements(incident, datedOn); err != nil {
		return nil, err
	}
	form := incident.Letters.Envelope.OrStandard()
	from, _ := fit(returnAddress(incident.Entity), form.ReturnArea())
	return &PostBatch{
		incident: incident, pdf: newDocument("Notices of incident "+oneLine(incident.ID), datedOn),
		datedOn: datedOn, form: form, from: from, pieces: map[string]bool{},
	}, nil
}

// Add typesets the letter to one practice. A *HeldError means that this letter, and
// nothing else, cannot be made: it has no address, or one that does not fit the window.
func (b *PostBatch) Add(in PostInput) (Piece, error) {
	if b.written {
		return Piece{}, errors.New("the batch is already written")
	}
	if !breach.IsKey(in.PieceID) || b.pieces[in.PieceID] {
		return Piece{}, fmt.Errorf("piece ID %q is not a key or is already in the batch", in.PieceID)
	}
	lines, to, held := practiceAddress(in.Practice, b.form)
	if held != nil {
		return Piece{}, &HeldError{in.PieceID, *held}
	}
	var square *qr.Code
	if in.Page != "" {
		var err error
		if square, err = qr.Encode(in.Page, qr.M); err != nil {
			return Piece{}, errors.New("the address of a practice's page does not fit a QR code")
		}
	}
	cover, err := b.cover(in)
	if err != nil {
		return Piece{}, err
	}
	pages := [][]placed{cover}
	if !in.Reminder {
		notice, err := noticePages(in.NoticeInput)
		if err != nil {
			return Piece{}, err
		}
		pages = append(pages, notice...)
	}
	piece := Piece{PieceID: in.PieceID, FirstPage: b.pdf.Pages() + 1, Pages: len(pages), AddressBlock: lines, Window: to.lines, Mail: b.mail(in.Practice, lines, len(pages))}
	for i, page := range pages {
		ink := inked{above: b.form.FoldLine()}
		drawn, err := b.pdf.drawSeen(&ink, func(on *sheet) {
			paint(on, page)
			if i == 0 {
				b.envelope(on, to)
				if square != nil {
					way(on, in, square)
				}
			}
			on.font(false, 8)
			on.text(sideMargin, footerLine, "Reference "+in.PieceID)
			on.textRight(fmt.Sprintf("Page %d of %d", i+1, len(pages)), 8, footerLine)
		})
		if err != nil {
			return Piece{}, fmt.Errorf("letter %s: %w", in.PieceID, err)
		}
		if fault := b.form.Shows(ink.ink); i == 0 && fault != envelope.NoFault {
			return Piece{}, windowFault(in.PieceID, b.form, fault)
		}
		b.pdf.Page(drawn)
	}
	b.pieces[in.PieceID] = true
	return piece, nil
}

// mail is how a letter to a practice is addressed and mailed.
func (b *PostBatch) mail(p breach.Practice, lines []string, pages int) PieceMail {
	to := breach.Person{Address1: p.Address1, Address2: p.Address2, City: p.City, State: p.State, ZIP: p.ZIP}
	m, run := mailOf(&to, lines), b.incident.PrintRun
	m.Sheets, m.Class, m.Language, m.PracticeKeys = run.Sheets(pages), run.ClassTo(&to), breach.English, []string{p.Key}
	return m
}

// HoldsBackPost says beforehand whether a letter to a practice will be held back, and
// why: nil where it will be printed. form is the letters' envelope.
func HoldsBackPost(p breach.Practice, form envelope.Form) *HeldBack {
	_, _, held := practiceAddress(p, form)
	return held
}

// practiceAddress is a practice's lines in postal order, to its privacy officer, as
// they are and as the window shows them.
func practiceAddress(p breach.Practice, form envelope.Form) (lines []string, to fitted, held *HeldBack) {
	if breach.SaysNoPlace(p.Address1) || breach.SaysNoPlace(p.City) || p.State == "" || !breach.IsZIP(p.ZIP) {
		return nil, to, &HeldBack{Reason: breach.HeldNoAddress}
	}
	all := []addressLine{{text: oneLine(p.LegalName), name: true}}
	if officer := oneLine(p.PrivacyOfficer); officer != "" {
		all = append(all, addressLine{text: "Attn: " + officer + ", Privacy Officer", name: true})
	} else {
		all = append(all, addressLine{text: "Attn: Privacy Officer", name: true})
	}
	for _, street := range []string{p.Address1, p.Address2} {
		if street = oneLine(street); street != "" {
			all = append(all, addressLine{text: street})
		}
	}
	if last := len(all) - 1; p.Address2 != "" && last > 2 {
		all[last].joins = flat
	}
	all = append(all, addressLine{text: oneLine(p.City) + ", " + oneLine(p.State) + " " + hyphenated(oneLine(p.ZIP))})
	lines = texts(all)
	if r, lacks := typeface.Lacks(strings.Join(lines, "")); lacks {
		return nil, to, &HeldBack{Reason: breach.HeldScript, Character: r}
	}
	to, fits := fitAddress(all, form)
	if !fits {
		return nil, to, &HeldBack{Reason: breach.HeldAddressTooLong}
	}
	return lines, to, nil
}

// cover lays out the words of the first page, from below the fold on.
func (b *PostBatch) cover(in PostInput) ([]placed, error) {
	view := postView{
		noticeView: viewNotice(in.NoticeInput), Reminder: in.Reminder, Opened: in.Opened, Page: data(in.Page),
		Told: in.Told.Long(), CodeUntil: in.CodeUntil.Long(), TollFree: data(in.Incident.Entity.TollFree),
	}
	by := in.Practice.DefaultAfter(in.toldOn())
	if in.Delegation == "" && !by.IsZero() && in.Reminder {
		view.Silence, view.AnswerBy = silence(in.Practice, "by "+by.Long()), by.Long()
	}
	text, err := render(postText, view)
	if err != nil {
		return nil, err
	}
	if text, err = marked(text, false); err != nil {
		return nil, err
	}
	pages := paginate(layOut(parse(text)), b.form.BodyTop())
	if len(pages) != 1 || endsBelow(pages[0]) > wayTop {
		return nil, fmt.Errorf("the words of letter %s do not leave room for the way to the page", in.PieceID)
	}
	return pages[0], nil
}

// wayTop is where the way to the page begins: the QR code, the address, the code.
const wayTop = textBottom - qrSize - 10

func endsBelow(page []placed) float64 {
	if len(page) == 0 {
		return 0
	}
	last := page[len(page)-1]
	return last.y + last.height
}

// envelope sets what the window shows, the sender and the date.
func (b *PostBatch) envelope(on *sheet, to fitted) {
	setSender(on, b.from)
	on.textRight(b.datedOn.Long(), bodySize, b.from.firstLine())
	setAddress(on, to)
}

// way sets the address of the practice's page as a QR code and as text, and the code.
func way(on *sheet, in PostInput, square *qr.Code) {
	module := qrSize / float64(square.Size+2*quietZone)
	left, top := sideMargin-quietZone*module, wayTop
	for y := range square.Size {
		for x := 0; x < square.Size; x++ {
			run := 0
			for x+run < square.Size && square.Black(x+run, y) {
				run++
			}
			if run == 0 {
				continue
			}
			// A run of modules as one, so that no hairline shows between them.
			on.fill(left+(float64(x+quietZone))*module, top+(float64(y+quietZone))*module, float64(run)*module, module, black)
			x += run
		}
	}
	x, y := sideMargin+qrSize, top+22
	say := func(bold bool, size float64, text string) {
		on.font(bold, size)
		for _, runs := range wrap(escapeMarks(text), bold, size, pageWidth-sideMargin-x) {
			on.text(x, y, runs[0].text)
			y += size * 1.3
		}
	}
	say(false, bodySize, "Point a telephone’s camera at the square, or type this address:")
	say(true, 9, in.Page)
	y += 8
	say(false, bodySize, "Your code, for one use, through "+in.CodeUntil.Long()+":")
	y += 6
	say(true, 18, in.Code)
}

// WriteTo writes the PDF, once.
func (b *PostBatch) WriteTo(w io.Writer) (int64, error) {
	if b.written {
		return 0, errors.New("the batch is already written")
	}
	if len(b.pieces) == 0 {
		return 0, errors.New("the batch has no letters")
	}
	b.written = true
	n, err := b.pdf.WriteTo(w)
	if err != nil {
		return n, fmt.Errorf("writing the notices: %w", err)
	}
	return n, nil
}

// PostHeldCSV writes the held.csv of notices by post: practice_key and reason.
func PostHeldCSV(w io.Writer, held []casebook.HeldPost) error {
	rows := [][]string{{"practice_key", "reason"}}
	for _, h := range held {
		rows = append(rows, []string{h.PracticeKey, h.Why})
	}
	return writeRows(w, "held.csv", rows)
}
