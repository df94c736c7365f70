package papers

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/pdffile"
	"duenotice/internal/spare"
	"duenotice/internal/typeface"
	"duenotice/templates"
)

const family = "sans"

// canvas is a gofpdf document that pages are drawn on, one after another, and that is
// never written: gofpdf reads both fonts through for each document that it makes, which
// takes longer than to set what most of ours say. It belongs to one page at a time.
type canvas struct {
	pdf *gofpdf.Fpdf
	// short gives the fonts the names that they have in our documents; gofpdf's are 40
	// letters long and stand before every change of style.
	short [2]renaming
}

type renaming struct{ from, to []byte }

var canvases = spare.New(newCanvas)

func newCanvas() *canvas {
	pdf := gofpdf.New("P", "pt", "Letter", "")
	pdf.SetMargins(0, 0, 0)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddUTF8FontFromBytes(family, "", templates.Regular)
	pdf.AddUTF8FontFromBytes(family, "B", templates.Bold)
	c := &canvas{pdf: pdf}
	for i, name := range []string{pdffile.Regular, pdffile.Bold} {
		pdf.SetFont(family, boldStyle(i == 1), bodySize)
		drawn := pdf.CreateTemplate(func(*gofpdf.Tpl) {}).(*gofpdf.FpdfTpl).Bytes()
		found := fontName.FindSubmatch(drawn)
		if found == nil || pdf.Error() != nil {
			panic(fmt.Sprintf("papers: gofpdf does not set a font: is it another version? (%v)", pdf.Error()))
		}
		c.short[i] = renaming{bytes.Clone(found[1]), []byte("/" + name)}
	}
	pdf.SetFont(family, "", bodySize)
	return c
}

var fontName = regexp.MustCompile(`BT (/F[0-9a-f]{40}) [0-9.]+ Tf ET`)

// document is a PDF being made.
type document struct{ *pdffile.Document }

// newDocument opens a PDF that depends on nothing but what is put in; stamp is the day
// that it says it was made.
func newDocument(name string, stamp civil.Date) document {
	return document{pdffile.New(name, stamp.Start(time.UTC), pageWidth, pageHeight)}
}

// newReadDocument is newDocument for what is read on a screen, or sent to be: its pages
// say what everything on them is.
func newReadDocument(name string, stamp civil.Date) document {
	return document{pdffile.NewRead(name, stamp.Start(time.UTC), pageWidth, pageHeight)}
}

// draw makes drawing for pages of the document.
func (d document) draw(do func(*sheet)) (pdffile.Content, error) {
	return d.drawSeen(nil, do)
}

// drawSeen is draw, and notes in ink where everything was drawn that an envelope's
// window could show.
func (d document) drawSeen(ink *inked, do func(*sheet)) (pdffile.Content, error) {
	c := canvases.Take()
	defer canvases.Put(c)
	var err error
	on := &sheet{document: d.Document, ink: ink, read: d.marking()}
	made := c.pdf.CreateTemplate(func(t *gofpdf.Tpl) {
		on.t = t
		do(on)
		err = t.Error()
	})
	if err != nil {
		return pdffile.Content{}, fmt.Errorf("drawing a page: %w", err)
	}
	drawn := made.(*gofpdf.FpdfTpl).Bytes()
	for _, short := range c.short {
		// No text looks like a font's name: it has two bytes for each character, and
		// the fonts have none that begins with a slash's byte.
		drawn = bytes.ReplaceAll(drawn, short.from, short.to)
	}
	if on.read != nil && len(on.after) > 0 {
		on.after = fmt.Appendf(nil, "/Artifact BMC\n%sEMC\n", on.after)
	}
	return d.Add(append(drawn, on.after...)), nil
}

// inked is what was drawn above a page's first fold, where a window could show it.
type inked struct {
	above float64
	ink   []envelope.Ink
}

// sheet is what is drawn on; lengths are points from the page's top left.
type sheet struct {
	t        *gofpdf.Tpl
	document *pdffile.Document
	bold     bool
	size     float64
	// after is drawing in a PDF's own operators, in points from the page's foot, which
	// comes after the rest: gofpdf has no way to say many boxes in few bytes.
	after []byte
	// ink is what was drawn, where somebody asked for it, and of is what it belongs to.
	ink *inked
	of  envelope.Part
	// read is what of the drawing a reader is told, where the document is for a screen.
	read *marking
}

// mark notes where ink is, in points from the page's top left.
func (s *sheet) mark(left, top, right, bottom float64) {
	if s.ink != nil && top < s.ink.above {
		s.ink.ink = append(s.ink.ink, envelope.Ink{Area: envelope.Area{Left: left, Top: top, Right: right, Bottom: bottom}, Of: s.of})
	}
}

func (s *sheet) font(bold bool, size float64) {
	s.bold, s.size = bold, size
	s.t.SetFont(family, boldStyle(bold), size)
}

// text sets a line whose baseline begins at x, y.
func (s *sheet) text(x, y float64, text string) {
	above, below := rise, sink
	if typeface.IsPlain(text) {
		s.plain(x, y, text)
	} else {
		s.set(x, y, text)
		if s.ink != nil {
			high, low := typeface.Reach(text, s.bold)
			above, below = max(above, high), max(below, low)
		}
	}
	if s.ink != nil && y-above*s.size < s.ink.above {
		// The space that ends a line for who hears it prints nothing.
		s.mark(x, y-above*s.size, x+typeface.Width(strings.TrimRight(text, " "), s.bold, s.size), y+below*s.size)
	}
}

// set sets a line in which something is not Noto Sans's.
func (s *sheet) set(x, y float64, text string) {
	for _, part := range typeface.Set(text, s.bold) {
		if part.Font == nil {
			s.plain(x, y, part.Text)
		} else {
			s.shaped(x, y, part)
		}
		x += part.Width * s.size / 1000
	}
}

// plain sets what Noto Sans prints letter by letter.
func (s *sheet) plain(x, y float64, text string) {
	s.document.Uses(s.bold, text)
	s.t.Text(x, y, text)
}

// textRight sets a line of the regular face that ends at the right margin.
func (s *sheet) textRight(text string, size, y float64) {
	s.font(false, size)
	s.text(pageWidth-sideMargin-typeface.Width(text, false, size), y, text)
}

// colour is red, green and blue up to 255.
type colour [3]int

var black colour

func (s *sheet) fill(x, y, width, height float64, in colour) {
	s.t.SetFillColor(in[0], in[1], in[2])
	s.t.Rect(x, y, width, height, "F")
	s.mark(x, y, x+width, y+height)
}

func (s *sheet) frame(x, y, width, height float64, in colour) {
	s.t.SetDrawColor(in[0], in[1], in[2])
	s.t.Rect(x, y, width, height, "D")
	s.mark(x, y, x+width, y+height)
}

func (s *sheet) line(x, y, toX, toY float64, in colour) {
	s.t.SetDrawColor(in[0], in[1], in[2])
	s.t.Line(x, y, toX, toY)
	s.mark(min(x, toX), min(y, toY), max(x, toX), max(y, toY))
}

func boldStyle(bold bool) string {
	if bold {
		return "B"
	}
	return ""
}
