package typeface

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sync"

	"golang.org/x/image/font/sfnt"

	"duenotice/templates"
)

// Cut is a face cut down to some characters, as a document embeds it: a TrueType
// file with their glyphs and nothing else.
type Cut struct {
	// Name is the face's own name in PostScript, "NotoSans-Bold".
	Name string
	// File is the TrueType file. It has the tables that ISO 32000-1 section 9.9 asks
	// of a font whose glyphs are named by number, and no hints for coarse screens:
	// with them it is twice as long.
	File []byte
	// Runes are the characters, in order; Glyphs and Widths are each one's number in
	// File and its width in thousandths of the font's size.
	Runes  []rune
	Glyphs []uint16
	Widths []int
	// Ascent, Descent, CapHeight and Box are in thousandths of the font's size.
	Ascent, Descent, CapHeight int
	Box                        [4]int
	// Weight is 400 for the regular face, 700 for the bold one.
	Weight int
}

// source is an embedded font as it lies there, with what is looked up in it.
type source struct {
	name   string
	tables map[string][]byte
	glyph  func(rune) uint16
	// unit is how many units of the font are its size.
	unit int
	// start is where each glyph begins in the table glyf, and where the last one ends.
	start []uint32
	// metrics is how many glyphs have a width of their own; the others have the last one.
	metrics int
}

var sources = sync.OnceValue(func() [2]*source {
	return [2]*source{readSource(templates.Regular), readSource(templates.Bold)}
})

// readSource reads an embedded font. One that cannot be read is a broken build, hence
// the panics.
func readSource(ttf []byte) *source {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("typeface: an embedded font cannot be read: %v", err))
	}
	name, err := parsed.Name(nil, sfnt.NameIDPostScript)
	if err != nil {
		panic(fmt.Sprintf("typeface: an embedded font has no name: %v", err))
	}
	s := &source{name: name, tables: map[string][]byte{}, unit: int(parsed.UnitsPerEm())}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		entry := ttf[12+16*i:]
		from, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		s.tables[string(entry[:4])] = ttf[from : from+length : from+length]
	}
	s.glyph = func(r rune) uint16 {
		var buf sfnt.Buffer
		glyph, err := parsed.GlyphIndex(&buf, r)
		if err != nil {
			return 0
		}
		return uint16(glyph)
	}
	loca := s.tables["loca"]
	long := s.at("head", 50) == 1
	for i := range s.at("maxp", 4) + 1 {
		if long {
			s.start = append(s.start, binary.BigEndian.Uint32(loca[4*i:]))
		} else {
			s.start = append(s.start, 2*uint32(binary.BigEndian.Uint16(loca[2*i:])))
		}
	}
	s.metrics = s.at("hhea", 34)
	return s
}

// at is the two bytes of a table at a place, as a number.
func (s *source) at(table string, place int) int {
	return int(binary.BigEndian.Uint16(s.tables[table][place:]))
}

// signed is at for a number that can be below zero, in thousandths of the font's size.
func (s *source) signed(table string, place int) int {
	return int(math.Round(float64(int16(s.at(table, place))) * 1000 / float64(s.unit)))
}

// CutTo cuts the regular or the bold face down to characters; those it lacks are left
// out. The same characters in any order give the same bytes.
func CutTo(bold bool, runes []rune) Cut {
	s, face := sources()[0], faceIn(bold)
	if bold {
		s = sources()[1]
	}
	cut := s.cut(bold)
	runes = slices.Clone(runes)
	slices.Sort(runes)
	kept := newKept()
	for _, r := range slices.Compact(runes) {
		if r < 0 || r >= bmp || !face.has[r] {
			continue
		}
		cut.Runes = append(cut.Runes, r)
		cut.Glyphs = append(cut.Glyphs, kept.numberOf(s.glyph(r)))
		cut.Widths = append(cut.Widths, int(face.width[r]))
	}
	cut.File = s.cutTo(kept)
	return cut
}

// Cut cuts a font down to glyphs. Glyphs and Widths of what it returns are theirs, in
// their order; Runes is empty, since a glyph of a shaped text stands for whatever it
// was shaped from.
func (f *Font) Cut(glyphs []uint16) Cut {
	s := f.read().source
	cut := s.cut(f.bold)
	kept := newKept()
	for _, glyph := range glyphs {
		cut.Glyphs = append(cut.Glyphs, kept.numberOf(glyph))
		cut.Widths = append(cut.Widths, f.Advance(glyph))
	}
	cut.File = s.cutTo(kept)
	return cut
}

// Advance is the width of a glyph as the font has it, in thousandths of its size.
func (f *Font) Advance(glyph uint16) int {
	s := f.read().source
	units := int(binary.BigEndian.Uint16(s.metric(int(glyph))))
	return int(math.Round(float64(units) * 1000 / float64(s.unit)))
}

// cut is what a font says of itself, for a cut one to say too.
func (s *source) cut(bold bool) Cut {
	cut := Cut{
		Name: s.name, Weight: 400, Ascent: s.signed("hhea", 4), Descent: s.signed("hhea", 6), CapHeight: s.signed("OS/2", 88),
		Box: [4]int{s.signed("head", 36), s.signed("head", 38), s.signed("head", 40), s.signed("head", 42)},
	}
	if bold {
		cut.Weight = 700
	}
	return cut
}

// kept are the glyphs that stay, in the order of their new numbers.
type kept struct {
	glyphs []uint16
	number map[uint16]uint16
}

// newKept keeps glyph 0, which stands for what a font lacks; every font begins with it.
func newKept() *kept { return &kept{glyphs: []uint16{0}, number: map[uint16]uint16{0: 0}} }

func (k *kept) numberOf(glyph uint16) uint16 {
	if n, there := k.number[glyph]; there {
		return n
	}
	n := uint16(len(k.glyphs))
	k.glyphs = append(k.glyphs, glyph)
	k.number[glyph] = n
	return n
}

// cutTo makes the file. kept grows while it goes: a letter with an accent is made of
// two glyphs, which stay too.
func (s *source) cutTo(kept *kept) []byte {
	var glyf, hmtx []byte
	var start []uint32
	for len(start) < len(kept.glyphs) {
		glyph := kept.glyphs[len(start)]
		start = append(start, uint32(len(glyf)))
		glyf = append(glyf, s.outline(glyph, kept)...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		hmtx = append(hmtx, s.metric(int(glyph))...)
	}
	start = append(start, uint32(len(glyf)))
	var loca []byte
	for _, at := range start {
		loca = binary.BigEndian.AppendUint32(loca, at)
	}
	head, hhea, maxp := slices.Clone(s.tables["head"]), slices.Clone(s.tables["hhea"]), slices.Clone(s.tables["maxp"])
	binary.BigEndian.PutUint32(head[8:], 0) // the sum of the file, which fileOf puts in
	binary.BigEndian.PutUint16(head[50:], 1)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(kept.glyphs)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(kept.glyphs)))
	clear(maxp[16:28]) // what hints need of memory
	return fileOf([]table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}})
}

// metric is a glyph's width and left bearing.
func (s *source) metric(glyph int) []byte {
	if glyph == Invisible {
		return make([]byte, 4)
	}
	hmtx := s.tables["hmtx"]
	if glyph < s.metrics {
		return hmtx[4*glyph : 4*glyph+4]
	}
	bearing := 4*s.metrics + 2*(glyph-s.metrics)
	return append(slices.Clone(hmtx[4*s.metrics-4:4*s.metrics-2]), hmtx[bearing:bearing+2]...)
}
