package papers

import (
	"bytes"
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/pdffile"
	"duenotice/internal/typeface"
)

// US Letter in points, with the margins of every page but a letter's first.
const (
	inch        = 72.0
	pageWidth   = 8.5 * inch
	pageHeight  = 11 * inch
	sideMargin  = 0.75 * inch
	topMargin   = 0.75 * inch
	textBottom  = 10.3 * inch
	footerLine  = 10.55 * inch
	textMeasure = pageWidth - 2*sideMargin
)

// placed is a line at its place: y is the top of its height, points from the page's top.
type placed struct {
	line
	y float64
}

// paginate puts lines on pages. The first begins at firstTop, the others at
// topMargin; none goes beyond textBottom.
func paginate(lines []line, firstTop float64) [][]placed {
	return paginateTo(lines, firstTop, textBottom)
}

// paginateTo is paginate for pages that end at bottom.
func paginateTo(lines []line, firstTop, bottom float64) [][]placed {
	pages := [][]placed{nil}
	y, top := firstTop, true
	turn := func() {
		pages = append(pages, nil)
		y, top = topMargin, true
	}
	for i := 0; i < len(lines); {
		if lines[i].breakPage {
			turn()
			i++
			continue
		}
		// A group ends with the first line that need not stay with the next.
		end := i
		for end < len(lines)-1 && lines[end].keep && !lines[end+1].breakPage {
			end++
		}
		if !top && y+heightOf(lines[i:end+1]) > bottom && heightOf(lines[i:end+1]) <= bottom-topMargin {
			turn()
		}
		for ; i <= end; i++ {
			l := lines[i]
			if top {
				l.before = 0
			}
			if y+l.before+l.height > bottom {
				turn()
				l.before = 0
			}
			y += l.before
			pages[len(pages)-1] = append(pages[len(pages)-1], placed{line: l, y: y})
			y += l.height
			top = false
		}
	}
	return pages
}

func heightOf(lines []line) float64 {
	sum := 0.0
	for _, l := range lines {
		sum += l.before + l.height
	}
	return sum
}

// paint draws the lines of one page.
func paint(on *sheet, lines []placed) {
	on.t.SetLineWidth(0.5)
	on.artifact(func() { paintGrounds(on, lines) })
	bold, size := false, 0.0
	for _, l := range lines {
		if l.slot {
			on.leave(salutationSlot)
		}
		for i, r := range l.runs {
			on.begin(part{l.kind, l.block, r.cell, l.columns})
			if size != l.size || bold != r.bold {
				bold, size = r.bold, l.size
				on.font(bold, size)
			}
			on.text(sideMargin+r.x, l.y+l.size*1.05, on.ended(r.text, i == len(l.runs)-1 || l.runs[i+1].cell != r.cell || r.text == "•"))
		}
		if l.code {
			on.leave(codeSlot)
		}
	}
	on.end()
}

// paintGrounds draws what lies behind the words, and lines and boxes.
func paintGrounds(on *sheet, lines []placed) {
	for i, l := range lines {
		paintGround(on, lines, i)
		if l.tick {
			on.frame(sideMargin+3, l.y+2, 9, 9, black)
		}
		if l.ticked {
			on.line(sideMargin+3, l.y+2, sideMargin+12, l.y+11, black)
			on.line(sideMargin+3, l.y+11, sideMargin+12, l.y+2, black)
		}
		if l.rule {
			on.line(sideMargin, l.y+l.height, sideMargin+textMeasure, l.y+l.height, colour{170, 170, 170})
		}
	}
}

// paintGround draws what lies behind a line: a table head's shade or a frame.
func paintGround(on *sheet, lines []placed, i int) {
	l := lines[i]
	switch {
	case l.shade:
		on.fill(sideMargin, l.y-l.before/2, textMeasure, l.height+l.before/2, colour{230, 234, 238})
	case l.framed:
		if i > 0 && lines[i-1].framed {
			return // the ground of a frame is one
		}
		end := i
		for end+1 < len(lines) && lines[end+1].framed {
			end++
		}
		from, to := l.y-framePad/2, lines[end].y+lines[end].height+framePad/2
		on.fill(sideMargin, from, textMeasure, to-from, colour{238, 242, 246})
		on.fill(sideMargin, from, 3, to-from, colour{40, 80, 120})
	}
}

// typeset turns a rendered text into a PDF of its own, every page with a
// footer: what it is at the left, its page number at the right. A character that
// the fonts lack is printed as its number: a paper that says what somebody typed
// is made whatever they typed.
func typeset(name, text string, stamp civil.Date) ([]byte, error) {
	name, _ = typeface.Marked(name)
	pdf := newReadDocument(name, stamp)
	if err := pdf.addText(pdf.Structure(), name, text); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := pdf.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("typesetting %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// addText adds the pages of a rendered text to a document, each with a footer, as the
// part of it that root is.
func (d document) addText(root *pdffile.Node, name, text string) error {
	text, err := marked(text, false)
	if err != nil {
		return err
	}
	reading := newReading(root)
	pages := paginate(layOut(parse(text)), topMargin)
	for i, lines := range pages {
		var read *marking
		page, err := d.draw(func(on *sheet) {
			paint(on, lines)
			on.artifact(func() {
				on.font(false, 8)
				number := fmt.Sprintf("Page %d of %d", i+1, len(pages))
				room := textMeasure - typeface.Width(number, false, 8) - 10
				on.text(sideMargin, footerLine, shortened(name, 8, room))
				on.textRight(number, 8, footerLine)
			})
			read = on.read
		})
		if err != nil {
			return fmt.Errorf("typesetting %s: %w", name, err)
		}
		d.MarkedPage(reading.page(read, nil), page)
	}
	return nil
}

// marked prints the number of each character that the fonts lack in its place,
// and says so at the text's end; for a binder also where the text itself is.
func marked(text string, binder bool) (string, error) {
	parts := strings.Split(text, string(literal))
	lacked := false
	for i, part := range parts {
		var here bool
		parts[i], here = typeface.Marked(part)
		lacked = lacked || here
	}
	if !lacked {
		return text, nil
	}
	note, err := render(numbersText, map[string]bool{"Binder": binder})
	return strings.Join(parts, string(literal)) + "\n\n" + note, err
}

// shortened is as much of a line as has room, with an ellipsis for the rest.
func shortened(line string, size, room float64) string {
	if typeface.Width(line, false, size) <= room {
		return line
	}
	letters := []rune(line)
	for len(letters) > 0 && typeface.Width(string(letters)+"…", false, size) > room {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// checkText refuses a letter's text that would not print as written: a character
// the fonts lack would be an empty box. Texts hold no patient data, so the message
// may name the character.
func checkText(name, text string) error {
	if r, lacks := typeface.Lacks(unmark(text)); lacks {
		return breach.Refuse("unprintable_text", "Write it in letters that print, such as Latin ones in the case folder.",
			"%s holds the character %U, which the letters' font cannot print", name, r)
	}
	return nil
}
