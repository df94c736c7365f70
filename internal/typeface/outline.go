package typeface

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Flags of a glyph that is made of others (OpenType, table glyf).
const (
	wordArguments = 1 << 0
	oneScale      = 1 << 3
	moreFollow    = 1 << 5
	twoScales     = 1 << 6
	matrix        = 1 << 7
	hasHints      = 1 << 8
)

// outline is a glyph's drawing without its hints. The glyphs that it is made of are
// kept too, and are called by their new numbers.
func (s *source) outline(glyph uint16, kept *kept) []byte {
	if glyph == Invisible {
		return nil
	}
	drawn := s.tables["glyf"][s.start[glyph]:s.start[glyph+1]]
	if len(drawn) < 10 {
		return drawn // a space has none
	}
	if contours := int16(binary.BigEndian.Uint16(drawn)); contours >= 0 {
		hints := 10 + 2*int(contours)
		if contours == 0 || hints+2 > len(drawn) {
			return drawn
		}
		points := hints + 2 + int(binary.BigEndian.Uint16(drawn[hints:]))
		return append(append(slices.Clone(drawn[:hints]), 0, 0), drawn[points:]...)
	}
	made := slices.Clone(drawn)
	at := 10
	for more := true; more; {
		flags := binary.BigEndian.Uint16(made[at:])
		more = flags&moreFollow != 0
		binary.BigEndian.PutUint16(made[at:], flags&^hasHints)
		binary.BigEndian.PutUint16(made[at+2:], kept.numberOf(binary.BigEndian.Uint16(made[at+2:])))
		at += 4 + argumentBytes(flags)
	}
	return made[:at]
}

// argumentBytes is how long what follows a part's number is: where it stands, and how
// it is stretched.
func argumentBytes(flags uint16) int {
	n := 2
	if flags&wordArguments != 0 {
		n = 4
	}
	switch {
	case flags&oneScale != 0:
		n += 2
	case flags&twoScales != 0:
		n += 4
	case flags&matrix != 0:
		n += 8
	}
	return n
}

// table is a part of a TrueType file.
type table struct {
	name    string
	content []byte
}

// fileOf is a TrueType file of tables, which are in the order of their names.
func fileOf(tables []table) []byte {
	largest, power := 1, 0
	for 2*largest <= len(tables) {
		largest, power = 2*largest, power+1
	}
	file := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, n := range []int{len(tables), 16 * largest, power, 16 * (len(tables) - largest)} {
		file = binary.BigEndian.AppendUint16(file, uint16(n))
	}
	at, head := uint32(12+16*len(tables)), uint32(0)
	for _, t := range tables {
		if t.name == "head" {
			head = at
		}
		file = append(file, t.name...)
		file = binary.BigEndian.AppendUint32(file, sumOf(t.content))
		file = binary.BigEndian.AppendUint32(file, at)
		file = binary.BigEndian.AppendUint32(file, uint32(len(t.content)))
		at += uint32(len(t.content)+3) &^ 3
	}
	for _, t := range tables {
		file = append(file, t.content...)
		for len(file)%4 != 0 {
			file = append(file, 0)
		}
	}
	binary.BigEndian.PutUint32(file[head+8:], 0xB1B0AFBA-sumOf(file))
	return file
}

// withoutOutlines is the font's file without the tables that draw.
func (s *source) withoutOutlines() []byte {
	var tables []table
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		if name != "glyf" && name != "loca" {
			tables = append(tables, table{name, s.tables[name]})
		}
	}
	return fileOf(tables)
}

// sumOf is the sum of a table's words, by which a reader sees that a file is whole.
func sumOf(content []byte) uint32 {
	sum := uint32(0)
	for len(content) >= 4 {
		sum += binary.BigEndian.Uint32(content)
		content = content[4:]
	}
	if len(content) > 0 {
		var last [4]byte
		copy(last[:], content)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}
