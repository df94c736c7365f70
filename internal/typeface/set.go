package typeface

import (
	"slices"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
)

// Part is a stretch of a line as it is set. Parts stand on paper one after another
// from left to right, whichever way they are read.
type Part struct {
	// Text is what is written, in the order in which it is read.
	Text string
	// Font is nil where Noto Sans prints the text letter by letter; else it sets Glyphs.
	Font   *Font
	Glyphs []Glyph
	// Embolden says that the font has one weight, and is to be drawn bolder.
	Embolden bool
	// Width is in thousandths of the font's size.
	Width float64
}

// IsPlain reports whether Noto Sans prints a line letter by letter, which is so of
// nearly every one.
func IsPlain(line string) bool {
	for _, r := range line {
		if !isPlainRune(r) {
			return false
		}
	}
	return true
}

// Set breaks a line, as Line returned it, into its parts. What no font prints is left
// out: whoever prints a line asks Lacks before, or prints what Marked returned.
func Set(line string, bold bool) []Part {
	runes := []rune(line)
	var parts []Part
	items := visual(itemize(runes, bold))
	for n, i := range items {
		if i.lacks != 0 {
			continue
		}
		part := Part{Text: string(runes[i.from:i.to])}
		leftmost := i.level > 0 && (n == 0 || items[n-1].level == 0)
		if part.Font = i.fontToSet(runes, bold, leftmost); part.Font == nil {
			part.Width = plainWidth(part.Text, bold)
		} else {
			i.font = part.Font
			part.Glyphs, _ = i.shape(runes)
			if leftmost {
				part.Glyphs = openLeftward(part.Glyphs)
			}
			part.Embolden = bold && !i.font.bold
			for _, g := range part.Glyphs {
				part.Width += g.Advance
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// openLeftward marks where words begin to run leftwards, at their left end, unless a
// letter that does stands there: a sign or a mark could be taken for what is left of it.
func openLeftward(glyphs []Glyph) []Glyph {
	if len(glyphs) == 0 || runsLeftward([]rune(glyphs[0].Text)) {
		return glyphs
	}
	return slices.Insert(glyphs, 0, Glyph{ID: Invisible, Text: rightToLeftMark})
}

// fontToSet is the font of an item. A sign of Noto Sans that runs leftwards is shaped:
// a bracket then opens to the other side. So is what stands leftmost among words that
// do, for openLeftward.
func (i item) fontToSet(line []rune, bold, leftmost bool) *Font {
	if i.font == nil && line[i.from] != ' ' && (i.level%2 != 0 || leftmost) {
		return markingIn(bold)
	}
	return i.font
}

// plainWidth is the width of a text that Noto Sans prints letter by letter, in
// thousandths of the font's size.
func plainWidth(text string, bold bool) float64 {
	f := faceIn(bold)
	sum := 0
	for _, r := range text {
		if isPlainRune(r) {
			sum += int(f.width[r])
		}
	}
	return float64(sum)
}

// setWidth is the width of a line in thousandths of the font's size, whatever is in it.
func setWidth(line string, bold bool) float64 {
	sum := 0.0
	for _, part := range Set(line, bold) {
		sum += part.Width
	}
	return sum
}

// missing are the letters of a line that cannot be printed where they stand, in the
// order in which they are read.
func missing(line []rune) []letter {
	var all []letter
	for _, i := range itemize(line, false) {
		if i.lacks != 0 {
			all = append(all, letter{i.from, i.to})
		} else if i.font != nil {
			_, broken := i.shape(line)
			slices.SortFunc(broken, func(a, b letter) int { return a.from - b.from })
			all = append(all, broken...)
		}
	}
	return all
}

// lacks is the first character of a line that cannot be printed where it stands.
func lacks(line []rune) (rune, bool) {
	for _, i := range itemize(line, false) {
		if i.lacks != 0 {
			return i.lacks, true
		}
		if i.font == nil {
			continue
		}
		if _, broken := i.shape(line); len(broken) > 0 {
			first := slices.MinFunc(broken, func(a, b letter) int { return a.from - b.from })
			return firstMark(line[first.from:first.to]), true
		}
	}
	return 0, false
}

// FirstLetter is how many bytes of a text its first letter has, with all its marks:
// where a word that is too long for its line may be broken.
func FirstLetter(text string) int {
	if text == "" {
		return 0
	}
	if text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf) {
		return 1
	}
	var graphemes segmenter.Segmenter
	graphemes.Init([]rune(text))
	each := graphemes.GraphemeIterator()
	each.Next()
	return len(string(each.Grapheme().Text))
}
