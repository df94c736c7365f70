// Package typeface decides what the papers can print: which characters their fonts
// have, how text is set in them and how wide it is, and what stands for a character
// that they lack. Whoever prints a text, or says beforehand that it can be printed,
// asks here.
//
// Nearly everything is printed letter by letter in Noto Sans. What is not is broken
// into items of one font and direction, and shaped (Set).
package typeface

import (
	"fmt"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/templates"
)

// bmp is the number of characters of the Basic Multilingual Plane. The library
// that draws the papers letter by letter fails on any character beyond it.
const bmp = 0x10000

// face knows which characters a font can print and how wide they are.
type face struct {
	// width is in thousandths of the font's size.
	width [bmp]uint16
	// has marks the characters that print rightly.
	has [bmp]bool
}

// scripts are the writing systems that print rightly letter by letter, which is how
// nearly all text is set. Others need shaping or right-to-left order, also where this
// font has glyphs for them.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common}

// printed are the categories of characters that print rightly letter by letter.
// Combining marks are not among them: one that did not join its letter into one
// character would stand beside the letter or in it, and not over it.
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

// Width is the width of a line in points when set at size.
func Width(line string, bold bool, size float64) float64 {
	f := faceIn(bold)
	sum := 0
	for _, r := range line {
		if !isPlainRune(r) {
			return setWidth(line, bold) * size / 1000
		}
		sum += int(f.width[r])
	}
	return float64(sum) * size / 1000
}

// faceIn is the regular or the bold face.
func faceIn(bold bool) *face {
	if bold {
		return faces()[1]
	}
	return faces()[0]
}

// isPlainRune reports whether both faces of Noto Sans print the character by itself.
func isPlainRune(r rune) bool {
	pair := faces()
	return r >= 0 && r < bmp && pair[0].has[r] && pair[1].has[r]
}

// Has reports whether a font has the character. Whether it prints rightly where it
// stands, a mark on its letter, is for Lacks to say.
func Has(r rune) bool {
	return isPlainRune(r) || fontOf(r, nil, false) != nil
}

// Lacks returns the first character of text that cannot be printed where it stands:
// no font has it, or it is a mark without a letter that it belongs to. The text is one
// that Line or Lines returned; its line ends are no characters.
func Lacks(text string) (rune, bool) {
	if IsPlain(text) {
		return 0, false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if IsPlain(line) {
			continue
		}
		if r, lacks := lacks([]rune(line)); lacks {
			return r, true
		}
	}
	return 0, false
}
