// Package typeface decides what the papers can print: which characters their two
// fonts have, how wide they are, and what stands for a character that they lack.
// Whoever prints a text, or says beforehand that it can be printed, asks here.
package typeface

import (
	"fmt"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/templates"
)

// bmp is the number of characters of the Basic Multilingual Plane. The library
// that draws the papers fails on any character beyond it.
const bmp = 0x10000

// face knows which characters a font can print and how wide they are.
type face struct {
	// width is in thousandths of the font's size.
	width [bmp]uint16
	// has marks the characters that print rightly.
	has [bmp]bool
}

// scripts are the writing systems that print rightly letter by letter, which
// is all that the papers' library can do. Others need shaping or right-to-left
// order: their letters in wrong forms would be worse than a letter held for a
// person, so they count as not printable even where the font has glyphs.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common}

// printed are the categories of characters that print rightly. Combining marks
// are not among them: one that did not join its letter into one character would
// stand beside the letter or in it, and not over it.
var printed = []*unicode.RangeTable{unicode.L, unicode.N, unicode.P, unicode.S, unicode.Zs}

// faces are the regular and the bold face, read once.
var faces = sync.OnceValue(func() [2]*face {
	return [2]*face{readFace(templates.Regular), readFace(templates.Bold)}
})

// readFace reads the character map of an embedded font. A font that cannot be
// read is a broken build, hence the panics.
func readFace(ttf []byte) *face {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("typeface: an embedded font cannot be read: %v", err))
	}
	f := new(face)
	var buf sfnt.Buffer
	for _, script := range scripts {
		for _, r := range script.R16 {
			for c := int(r.Lo); c <= int(r.Hi); c += int(r.Stride) {
				glyph, err := parsed.GlyphIndex(&buf, rune(c))
				// U+FFFD is what stands for a character somebody lost: never what was meant.
				if err != nil || glyph == 0 || c == unicode.ReplacementChar || !unicode.In(rune(c), printed...) {
					continue
				}
				// At a size of 1000 units the advance is the width in thousandths.
				advance, err := parsed.GlyphAdvance(&buf, glyph, fixed.I(1000), font.HintingNone)
				if err != nil {
					continue
				}
				f.has[c], f.width[c] = true, uint16(advance.Round())
			}
		}
	}
	return f
}

// Width is the width of text in points when set at size.
func Width(text string, bold bool, size float64) float64 {
	f := faces()[0]
	if bold {
		f = faces()[1]
	}
	sum := 0
	for _, r := range text {
		if r < bmp {
			sum += int(f.width[r])
		}
	}
	return float64(sum) * size / 1000
}

// Has reports whether both fonts print the character rightly.
func Has(r rune) bool {
	pair := faces()
	return r >= 0 && r < bmp && pair[0].has[r] && pair[1].has[r]
}

// Lacks returns the first character of text that the fonts do not print. The
// text is one that Line or Lines returned; its line ends are no characters.
func Lacks(text string) (rune, bool) {
	pair := faces()
	for _, r := range text {
		if r != '\n' && (r >= bmp || !pair[0].has[r] || !pair[1].has[r]) {
			return r, true
		}
	}
	return 0, false
}
