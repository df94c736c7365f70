package papers

import (
	"fmt"
	"math"
	"strings"

	"duenotice/internal/pdffile"
	"duenotice/internal/typeface"
)

// boldness is how wide the line is that is drawn around letters of a font that is to
// be bold and has one weight, in sizes: what Noto Sans Bold's stems are wider.
const boldness = 0.03

// shaped draws glyphs on a line whose baseline begins at x, y. gofpdf sets letters by
// their characters; these have numbers of their own and places beside and above.
func (s *sheet) shaped(x, y float64, part typeface.Part) {
	var drawn strings.Builder
	// Whatever was filled or drawn before, letters are black.
	drawn.WriteString("q 0 g")
	if part.Embolden {
		fmt.Fprintf(&drawn, " 0 G 2 Tr %.3f w", s.size*boldness)
	}
	drawn.WriteString(" BT")
	font := ""
	// Where the last Td went, where the next letter stands by itself, and the line's way.
	var begun, at, pen [2]float64
	baseline := pageHeight - y
	open := false
	end := func() {
		if open {
			drawn.WriteString(">Tj")
		}
		open = false
	}
	pen[0] = x
	together := 0
	for i, glyph := range part.Glyphs {
		if glyph.Together > 0 {
			end()
			together = i + glyph.Together
			fmt.Fprintf(&drawn, " /Span <</ActualText %s>> BDC", pdffile.TextString(readTogether(part.Glyphs[i:together])))
		}
		name, code := s.document.Glyph(part.Font, glyph.ID, glyph.Text)
		to := [2]float64{pen[0] + glyph.X*s.size/1000, baseline + glyph.Y*s.size/1000}
		if moved := math.Abs(to[0]-at[0]) > s.size/1000 || math.Abs(to[1]-at[1]) > s.size/1000; !open || moved || name != font {
			end()
			if name != font {
				fmt.Fprintf(&drawn, " /%s %.2f Tf", name, s.size)
				font = name
			}
			// The next one is counted from where this one was written to be.
			by := [2]float64{hundredths(to[0] - begun[0]), hundredths(to[1] - begun[1])}
			begun = [2]float64{begun[0] + by[0], begun[1] + by[1]}
			at = begun
			fmt.Fprintf(&drawn, " %.2f %.2f Td <", by[0], by[1])
			open = true
		}
		fmt.Fprintf(&drawn, "%04X", code)
		at[0] += float64(part.Font.Advance(glyph.ID)) * s.size / 1000
		pen[0] += glyph.Advance * s.size / 1000
		if i == together-1 {
			end()
			drawn.WriteString(" EMC")
		}
	}
	end()
	drawn.WriteString(" ET Q")
	s.t.RawWriteStr(drawn.String())
	// gofpdf counts on the font that it set last, and so do programs that read text
	// without what q and Q keep.
	face := pdffile.Regular
	if s.bold {
		face = pdffile.Bold
	}
	s.t.RawWriteStr(fmt.Sprintf("BT /%s %.2f Tf ET", face, s.size))
}

// readTogether is what glyphs are read as.
func readTogether(glyphs []typeface.Glyph) string {
	text := ""
	for _, glyph := range glyphs {
		text += glyph.Text
	}
	return text
}

func hundredths(length float64) float64 { return math.Round(length*100) / 100 }
