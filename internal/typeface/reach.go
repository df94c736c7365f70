package typeface

import "encoding/binary"

// Reach is how far the ink of a line's shaped letters goes above and below the line, in
// sizes; it is 0 for what Noto Sans prints letter by letter. Some writing systems put
// letters below letters and marks above marks.
func Reach(line string, bold bool) (above, below float64) {
	if IsPlain(line) {
		return 0, 0
	}
	for _, part := range Set(line, bold) {
		for _, g := range part.Glyphs {
			bottom, top := part.Font.ink(g.ID)
			above, below = max(above, (top+g.Y)/1000), max(below, -(bottom+g.Y)/1000)
		}
	}
	return above, below
}

// ink is how far a glyph's outline goes, in thousandths of the font's size.
func (f *Font) ink(glyph uint16) (bottom, top float64) {
	s := f.read().source
	if glyph == Invisible {
		return 0, 0
	}
	drawn := s.tables["glyf"][s.start[glyph]:s.start[glyph+1]]
	if len(drawn) < 10 {
		return 0, 0 // a space has none
	}
	at := func(place int) float64 {
		return float64(int16(binary.BigEndian.Uint16(drawn[place:]))) * 1000 / float64(s.unit)
	}
	return at(4), at(8)
}

// What a line of Noto Sans takes above and below, in sizes: its tall letters and tails;
// and what is left between the ink of two lines.
const tall, tail, between = 0.78, 0.24, 0.08

// Leading is the distance in sizes that lines below each other need so that the ink of
// none touches the next one's, 0 where all of them are Noto Sans's.
func Leading(lines []string) float64 {
	leading, below := 0.0, 0.0
	for i, line := range lines {
		above, sinks := Reach(line, false)
		if i > 0 && (above > 0 || below > tail) {
			leading = max(leading, below+max(above, tall)+between)
		}
		below = max(sinks, tail)
	}
	return leading
}
