package papers

import (
	"strings"

	"duenotice/internal/typeface"
)

// run is words of one style at a place on a line, in points from the text's left edge.
type run struct {
	text string
	bold bool
	x    float64
	// cell is the column of a table that it stands in, or listLabel.
	cell int
}

// line is one line as it will be printed. Lengths are points.
type line struct {
	runs []run
	size float64
	// before is the space above it, which is left out at the top of a page.
	before, height float64
	// keep holds it on the page of the line after it.
	keep bool
	// rule draws a hairline below it, shade a grey ground, tick a box at its left.
	rule, shade, tick bool
	// ticked is a box with its tick.
	ticked bool
	// framed lines share a ground and a bar at their left.
	framed bool
	// slot marks where a letter's salutation goes.
	slot bool
	// code marks where a person's own code goes, behind the line's words.
	code      bool
	breakPage bool
	// opens marks the first line of a section.
	opens bool
	// kind and block are what text it is of: blocks count from 1.
	kind  blockKind
	block int
	// columns is how many a table's row has.
	columns int
}

// style is how a kind of block is set, in points.
type style struct {
	size, leading, before, indent float64
	bold, keep                    bool
}

// bodySize is never below the 10 points California asks of a notice's text
// (Civil Code 1798.82(d)(1)(C)).
const bodySize = 10

var styles = map[blockKind]style{
	paragraph:    {size: bodySize, leading: 13, before: 5.5},
	title:        {size: 16, leading: 20, before: 8, bold: true, keep: true},
	heading:      {size: 11, leading: 14, before: 9, bold: true, keep: true},
	smallHeading: {size: 9, leading: 12, before: 4},
	bullet:       {size: bodySize, leading: 13, before: 2, indent: 12},
	numbered:     {size: bodySize, leading: 13, before: 3.5, indent: 17},
	tickBox:      {size: bodySize, leading: 13, before: 4.5, indent: 20},
	tickedBox:    {size: bodySize, leading: 13, before: 4.5, indent: 20},
	tableHead:    {size: 9, leading: 12, before: 4, bold: true, keep: true},
	tableRow:     {size: 9, leading: 12, before: 2.5},
	signRow:      {size: 9, leading: 12, before: 20},
	codeRow:      {size: bodySize, leading: 13, before: 2},
	letterhead:   {size: 19, leading: 23, bold: true, keep: true},
}

const (
	framePad = 8.0
	cellPad  = 4.0
)

// layOut breaks blocks into lines of the pages' width.
func layOut(blocks []block) []line {
	var lines []line
	for i, b := range blocks {
		var made []line
		switch b.kind {
		case newPage:
			lines = append(lines, line{breakPage: true})
			continue
		case tableHead, tableRow, signRow:
			made = layOutRow(b, textMeasure)
		default:
			made = layOutWords(b, textMeasure)
		}
		for j := range made {
			made[j].kind, made[j].block, made[j].columns = b.kind, i+1, len(b.cells)
		}
		// No page ends with a paragraph's first line or begins with its last.
		if n := len(made); n > 1 {
			made[0].keep, made[n-2].keep = true, true
		}
		if styles[b.kind].keep {
			for j := range made {
				made[j].keep = true
			}
		}
		// A frame stays in one piece; so does a sentence that ends in a colon with its list.
		listFollows := i+1 < len(blocks) && blocks[i+1].kind == bullet && b.kind == paragraph && strings.HasSuffix(b.text, ":")
		frameGoesOn := b.framed && i+1 < len(blocks) && blocks[i+1].framed
		wholeGoesOn := b.whole && i+1 < len(blocks) && blocks[i+1].whole
		if listFollows || frameGoesOn || wholeGoesOn {
			for j := range made {
				made[j].keep = true
			}
		} else if b.framed || b.whole {
			for j := range len(made) - 1 {
				made[j].keep = true
			}
		}
		// Space around a frame, beyond what its ground fills.
		if len(made) > 0 && b.framed != (i > 0 && blocks[i-1].framed) {
			made[0].before += framePad
		}
		lines = append(lines, made...)
	}
	return lines
}

func layOutWords(b block, measure float64) []line {
	s := styles[b.kind]
	left := s.indent
	if b.kind == letterhead {
		// A long name is set smaller rather than broken, as far as it is still the largest.
		for s.size > styles[title].size && typeface.Width(unmark(b.text), s.bold, s.size) > measure {
			s.size--
		}
	}
	if b.framed {
		left += framePad
		measure -= framePad
	}
	var lines []line
	for _, runs := range wrap(b.text, s.bold, s.size, measure-left) {
		for i := range runs {
			runs[i].x += left
		}
		lines = append(lines, line{runs: runs, size: s.size, height: s.leading, framed: b.framed})
	}
	if len(lines) == 0 {
		return nil
	}
	lines[0].before = s.before
	lines[0].opens = b.kind == heading && !b.framed
	switch b.kind {
	case bullet:
		lines[0].runs = append([]run{{text: "•", x: left - s.indent + 2}}, lines[0].runs...)
	case numbered:
		lines[0].runs = append([]run{{text: b.number + ".", bold: true, x: left - s.indent, cell: listLabel}}, lines[0].runs...)
	case codeRow:
		lines[len(lines)-1].code = true
	case letterhead:
		last := &lines[len(lines)-1]
		last.rule, last.height = true, last.height+4
	case tickBox, tickedBox:
		lines[0].tick, lines[0].ticked = true, b.kind == tickedBox
	}
	return lines
}

// layOutRow sets a table row: as many lines as its longest cell, kept together.
func layOutRow(b block, measure float64) []line {
	s := styles[b.kind]
	var rows []line
	left := 0.0
	for i, cell := range b.cells {
		share := 100 / float64(len(b.cells))
		if i < len(b.columns) {
			share = b.columns[i]
		}
		columnWidth := measure * share / 100
		for j, runs := range wrap(cell, s.bold, s.size, columnWidth-2*cellPad) {
			if j == len(rows) {
				rows = append(rows, line{size: s.size, height: s.leading, keep: true})
			}
			for _, r := range runs {
				r.x += left + cellPad
				r.cell = i
				rows[j].runs = append(rows[j].runs, r)
			}
		}
		left += columnWidth
	}
	if len(rows) == 0 {
		rows = []line{{size: s.size, height: s.leading}}
	}
	rows[0].before = s.before
	last := &rows[len(rows)-1]
	last.keep = false
	last.rule = true
	last.height += 3
	for i := range rows {
		rows[i].shade = b.kind == tableHead
	}
	return rows
}

// word is what stands between two spaces; its parts differ in style.
type word struct {
	parts []run
	width float64
}

// wrap breaks words into lines no wider than measure, first fit.
func wrap(text string, bold bool, size, measure float64) [][]run {
	space := typeface.Width(" ", bold, size)
	var lines [][]run
	var current lineOfRuns
	x := 0.0
	for _, w := range words(text, bold, size) {
		for w.width > measure {
			// An address of a web page, say, that is wider than the column.
			var head word
			head, w = cut(w, size, measure)
			if !current.empty() {
				lines, x = append(lines, current.end()), 0
			}
			current.place(head, 0, size)
			lines = append(lines, current.end())
		}
		if len(w.parts) == 0 {
			continue
		}
		if !current.empty() && x+space+w.width > measure {
			lines, x = append(lines, current.end()), 0
		}
		if !current.empty() {
			x += space
		}
		current.place(w, x, size)
		x += w.width
	}
	if !current.empty() {
		lines = append(lines, current.end())
	}
	return lines
}

// lineOfRuns is a line being filled.
type lineOfRuns struct {
	runs []run
	// open is the text of the last run, which may go on.
	open []byte
}

func (l *lineOfRuns) empty() bool { return len(l.runs) == 0 }

// place puts a word on the line at x, as one run with its neighbour where the style is
// the same, so that a line read back has its spaces.
func (l *lineOfRuns) place(w word, x, size float64) {
	for i, part := range w.parts {
		last := len(l.runs) - 1
		switch {
		case last >= 0 && l.runs[last].bold == part.bold:
			if i == 0 {
				l.open = append(l.open, ' ')
			}
		case last >= 0:
			l.close()
			at := x
			if i == 0 {
				l.open = append(l.open, ' ')
				at -= typeface.Width(" ", part.bold, size)
			}
			l.runs = append(l.runs, run{bold: part.bold, x: at})
		default:
			l.runs = append(l.runs, run{bold: part.bold, x: x})
		}
		l.open = append(l.open, part.text...)
		x += typeface.Width(part.text, part.bold, size)
	}
}

// close ends the last run's text.
func (l *lineOfRuns) close() {
	l.runs[len(l.runs)-1].text = string(l.open)
	l.open = l.open[:0]
}

// end returns the line and begins the next.
func (l *lineOfRuns) end() []run {
	l.close()
	runs := l.runs
	l.runs = nil
	return runs
}

// cut splits a word that is wider than measure after as many characters as fit.
func cut(w word, size, measure float64) (head, tail word) {
	for i, part := range w.parts {
		if head.width+typeface.Width(part.text, part.bold, size) <= measure {
			head.parts = append(head.parts, part)
			head.width += typeface.Width(part.text, part.bold, size)
			continue
		}
		at := 0
		for at < len(part.text) {
			n := typeface.FirstLetter(part.text[at:])
			more := typeface.Width(part.text[at:at+n], part.bold, size)
			if head.width+more > measure && (at > 0 || len(head.parts) > 0) {
				break
			}
			head.width += more
			at += n
		}
		if at > 0 {
			head.parts = append(head.parts, run{text: part.text[:at], bold: part.bold})
		}
		rest := append([]run{}, w.parts[i:]...)
		if rest[0].text = part.text[at:]; rest[0].text == "" {
			rest = rest[1:]
		}
		tail.parts = rest
		for _, r := range rest {
			tail.width += typeface.Width(r.text, r.bold, size)
		}
		return head, tail
	}
	return head, tail
}

// words splits a text at spaces and at changes between regular and **bold**.
func words(text string, bold bool, size float64) []word {
	count := strings.Count(text, " ") + 1
	// Nearly every word is one part, and a text's parts lie together.
	all, parts := make([]word, 0, count), make([]run, 0, count)
	inBold := bold
	for field := range strings.FieldsSeq(text) {
		first, width := len(parts), 0.0
		for i, part := range strings.Split(field, "**") {
			if i > 0 {
				inBold = !inBold
			}
			if part = unmark(part); part != "" {
				parts = append(parts, run{text: part, bold: inBold || bold})
				width += typeface.Width(part, inBold || bold, size)
			}
		}
		if len(parts) > first {
			all = append(all, word{parts[first:len(parts):len(parts)], width})
		}
	}
	return all
}
