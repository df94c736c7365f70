package pdffile

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"duenotice/internal/typeface"
)

// shapedFont is a font of shaped text within a document. A code stands for a glyph and
// for what it is read as there: the same glyph can be read in several ways.
type shapedFont struct {
	name  string
	of    *typeface.Font
	codes map[readGlyph]uint16
	// glyphs are those of the codes, in their order from 1 on.
	glyphs []readGlyph
}

type readGlyph struct {
	id   uint16
	text string
}

// mostCodes is how many codes a font has: they are two bytes.
const mostCodes = 0xFFFF

// Glyph says that a glyph of a font is printed, which embeds it, and returns the name
// of the font in what is drawn and the glyph's code. text is what the glyph is read as.
func (d *Document) Glyph(of *typeface.Font, id uint16, text string) (name string, code uint16) {
	glyph := readGlyph{id, text}
	for _, f := range d.shaped {
		if f.of != of {
			continue
		}
		if code, there := f.codes[glyph]; there {
			return f.name, code
		}
		if len(f.glyphs) < mostCodes {
			return f.name, f.add(glyph)
		}
	}
	f := &shapedFont{name: fmt.Sprintf("S%d", len(d.shaped)+1), of: of, codes: map[readGlyph]uint16{}}
	d.shaped = append(d.shaped, f)
	return f.name, f.add(glyph)
}

func (f *shapedFont) add(glyph readGlyph) uint16 {
	f.glyphs = append(f.glyphs, glyph)
	code := uint16(len(f.glyphs))
	f.codes[glyph] = code
	return code
}

// font is the font cut down to its glyphs.
func (f *shapedFont) font() *font {
	ids := make([]uint16, len(f.glyphs))
	for i, glyph := range f.glyphs {
		ids[i] = glyph.id
	}
	cut := f.of.Cut(ids)
	glyphs := make([]byte, 2, 2+2*len(ids)) // code 0 is no glyph's
	var widths strings.Builder
	widths.WriteString("1 [")
	for i := range ids {
		glyphs = binary.BigEndian.AppendUint16(glyphs, cut.Glyphs[i])
		if i > 0 {
			widths.WriteByte(' ')
		}
		fmt.Fprint(&widths, cut.Widths[i])
	}
	widths.WriteByte(']')
	return &font{
		cut: cut, name: tagged(cut), file: deflated(cut.File), glyphs: deflated(glyphs),
		toUnicode: deflated([]byte(f.toUnicode())), widths: widths.String(),
	}
}

// toUnicode says what each code is read as. Marks that share a letter's place are read
// as nothing, since their letter says all of it; without that, programs read them as a
// character that was lost.
func (f *shapedFont) toUnicode() string {
	var lines []string
	for i, glyph := range f.glyphs {
		coded := ""
		for _, unit := range utf16.Encode([]rune(glyph.text)) {
			coded += fmt.Sprintf("%04X", unit)
		}
		lines = append(lines, fmt.Sprintf("<%04X> <%s>\n", i+1, coded))
	}
	var b strings.Builder
	b.WriteString(mapBegins)
	for len(lines) > 0 {
		n := min(len(lines), 100) // at most so many in a list
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(lines[:n], ""))
		lines = lines[n:]
	}
	b.WriteString(mapEnds)
	return b.String()
}
