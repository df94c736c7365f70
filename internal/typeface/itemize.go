package typeface

import (
	"unicode"

	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
)

// item is a stretch of a line that is set in one font and runs one way, in the order
// in which it is read.
type item struct {
	// from and to are the first of its characters and the one behind its last.
	from, to int
	// font is nil where Noto Sans prints it letter by letter.
	font *Font
	// level is odd where it runs from right to left (UAX #9).
	level int
	// lacks is the character of it that no font prints, 0 for none.
	lacks rune
}

// itemize breaks a line into items, in the order in which they are read. Letters stay
// together with their marks.
func itemize(line []rune, bold bool) []item {
	var items []item
	var graphemes segmenter.Segmenter
	graphemes.Init(line)
	var before *Font
	for each := graphemes.GraphemeIterator(); each.Next(); {
		g := each.Grapheme()
		made := item{from: g.Offset, to: g.Offset + len(g.Text)}
		made.font, made.lacks = fontOfAll(g.Text, before, bold)
		before = made.font
		items = append(items, made)
	}
	if runsLeftward(line) {
		items = levelled(line, items)
	}
	return joined(items)
}

// fontOfAll is the font of a letter with its marks, and what of it cannot be printed.
func fontOfAll(grapheme []rune, before *Font, bold bool) (f *Font, lacks rune) {
	plain := true
	for _, r := range grapheme {
		plain = plain && isPlainRune(r)
	}
	if plain {
		return nil, 0
	}
	base := grapheme[0]
	switch {
	case unicode.IsSpace(base):
		return nil, firstMark(grapheme)
	case isPlainRune(base):
		f = markingIn(bold)
	default:
		f = fontOf(base, before, bold)
	}
	// A mark without its letter would hang on whatever stands before it. Within a word
	// of a writing system, shaping says whether a mark has its letter.
	if f == nil || unicode.Is(unicode.M, base) && f != before {
		return nil, base
	}
	for _, r := range grapheme[1:] {
		if !f.has(r) && !isJoiner(r) {
			return nil, r
		}
	}
	return f, 0
}

// joined makes one item of neighbours that are set alike. A sign of Noto Sans that runs
// leftwards stays alone: it may have to be mirrored.
func joined(items []item) []item {
	var all []item
	for _, next := range items {
		last := len(all) - 1
		if last >= 0 && all[last].font == next.font && all[last].level == next.level && all[last].lacks == 0 && next.lacks == 0 &&
			(next.font != nil || next.level%2 == 0) {
			all[last].to = next.to
			continue
		}
		all = append(all, next)
	}
	return all
}

// scriptOf is the writing system that an item is shaped by.
func scriptOf(text []rune) language.Script {
	for _, r := range text {
		if script := language.LookupScript(r); script.Strong() && script != language.Unknown {
			return script
		}
	}
	return language.Common
}
