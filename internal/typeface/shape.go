package typeface

import (
	"slices"
	"unicode"

	"github.com/go-text/typesetting/harfbuzz"
)

// Glyph is a glyph at its place. Lengths are thousandths of the font's size.
type Glyph struct {
	// ID is its number in the font.
	ID uint16
	// Text is its part of what is read, "" for a mark that its letter speaks for. The
	// texts of a line's glyphs, in the order in which they are read, are the line.
	Text string
	// Together is how many glyphs, from this one on, are read as one letter where a
	// reader would take the last of them for a gap: none of them has a text left.
	Together int
	// Advance is how far the next one is from it; X and Y are how far it is moved to
	// the right and up.
	Advance, X, Y float64
}

// Invisible is the number of a glyph that every font has when it is cut: it has no
// outline and takes no room.
const Invisible = 0xFFFF

// letter is a place in a line: the first of its characters and the one behind its last.
type letter struct{ from, to int }

// shape sets the text of an item: glyphs as they stand on paper, from left to right.
// broken are the letters that did not find their glyphs or the place of their marks.
func (i item) shape(line []rune) (glyphs []Glyph, broken []letter) {
	s := i.font.read()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	b := s.buffer
	b.Clear()
	leftward := i.level%2 != 0
	b.ClusterLevel = harfbuzz.MonotoneGraphemes
	// With the whole line: what stands around decides how letters join.
	b.AddRunes(line, i.from, i.to-i.from)
	b.Props = harfbuzz.SegmentProperties{Script: scriptOf(line[i.from:i.to]), Direction: harfbuzz.LeftToRight}
	if leftward {
		b.Props.Direction = harfbuzz.RightToLeft
	}
	b.Shape(s.shaper, nil)

	scale := 1000 / float64(s.source.unit)
	ends := clusterEnds(b.Info, i.to)
	for from := 0; from < len(b.Info); {
		cluster, first := b.Info[from].Cluster, len(glyphs)
		for ; from < len(b.Info) && b.Info[from].Cluster == cluster; from++ {
			p := b.Pos[from]
			glyphs = append(glyphs, Glyph{
				ID: uint16(b.Info[from].Glyph), Advance: float64(p.XAdvance) * scale, X: float64(p.XOffset) * scale, Y: float64(p.YOffset) * scale,
			})
		}
		written := line[cluster:ends[cluster]]
		if len(written) == 1 && isJoiner(written[0]) {
			glyphs[first].ID = Invisible // the font has a space for it
		}
		if !s.stands(glyphs[first:], written) {
			broken = append(broken, letter{cluster, ends[cluster]})
		}
		if leftward {
			glyphs = slices.Insert(glyphs, first, readLeftward(glyphs[first:], written)...)
		} else {
			read(glyphs[first:], written)
		}
	}
	return glyphs, broken
}

// read tells the glyphs of a letter what they are read as. Each that takes room on the
// line has a part of the letter's characters: programs that show a PDF take room that
// nothing is read for to be a space between words.
func read(glyphs []Glyph, written []rune) {
	var wide []int
	for i, g := range glyphs {
		if g.Advance > 0 {
			wide = append(wide, i)
		}
	}
	if len(wide) == 0 {
		glyphs[0].Text = string(written)
		return
	}
	if len(wide) > len(written) {
		glyphs[0].Together = len(glyphs)
	}
	for n, at := range wide {
		if n == len(wide)-1 {
			glyphs[at].Text = string(written)
			return
		}
		if len(written) > 0 {
			glyphs[at].Text, written = string(written[:1]), written[1:]
		}
	}
}

// readLeftward is read for a letter that runs leftwards. Programs that show a PDF turn
// such a line around, character for character and as they stand on the line, so that
// every glyph is read as one character: the one that takes room as the letter. What is
// part of it and its marks are read from invisible glyphs before it, which are returned;
// several marks from one, since their order says nothing.
func readLeftward(glyphs []Glyph, written []rune) (before []Glyph) {
	at := 0
	for i, g := range glyphs {
		if g.Advance > 0 {
			at = i
		}
	}
	glyphs[at].Text = string(written[:1])
	for end := len(written); end > 1; {
		from := end - 1
		for from > 1 && unicode.Is(unicode.M, written[from]) && unicode.Is(unicode.M, written[from-1]) {
			from--
		}
		before = append(before, Glyph{ID: Invisible, Text: string(written[from:end])})
		end = from
	}
	return before
}

// clusterEnds is where each letter ends, by where it begins, in a text that ends at end.
func clusterEnds(infos []harfbuzz.GlyphInfo, end int) map[int]int {
	begins := make([]int, len(infos))
	for i, info := range infos {
		begins[i] = info.Cluster
	}
	slices.Sort(begins)
	begins = append(slices.Compact(begins), end)
	ends := map[int]int{}
	for i, begin := range begins[:len(begins)-1] {
		ends[begin] = begins[i+1]
	}
	return ends
}

// stands reports whether the glyphs of a letter are what was written: each there, and
// no circle for a letter that a mark lacks. Where Noto Sans puts marks on letters, each
// mark has its place, too: one that it knows no place for would stand beside its letter
// or in it.
func (s *shaped) stands(glyphs []Glyph, written []rune) bool {
	for i, g := range glyphs {
		switch {
		case g.ID == 0, g.ID == s.dotted && !slices.Contains(written, dottedCircle):
			return false
		case s.placesMarks && i > 0 && (g.Advance != 0 || g.X == 0 && g.Y == 0):
			return false
		}
	}
	return true
}

// firstMark is what of a letter did not find its place: its first mark, or the letter
// where it has none.
func firstMark(written []rune) rune {
	for _, r := range written {
		if unicode.Is(unicode.M, r) {
			return r
		}
	}
	return written[0]
}
