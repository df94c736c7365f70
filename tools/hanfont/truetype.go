package main

import (
	"encoding/binary"
	"unicode/utf16"
)

const unitsPerEm = 1000

type point struct {
	x, y int
	// on is whether the line goes through it; else it bends to it.
	on bool
}

type box struct{ left, bottom, right, top int }

// Flags of a point (OpenType, table glyf).
const (
	onCurve  = 1 << 0
	xByte    = 1 << 1
	yByte    = 1 << 2
	repeated = 1 << 3
	xSame    = 1 << 4 // or, of a byte, above zero
	ySame    = 1 << 5
)

// draw writes a glyph's outline.
func (g *glyph) draw(contours [][]point) {
	if len(contours) == 0 {
		return
	}
	first := contours[0][0]
	g.box = box{first.x, first.y, first.x, first.y}
	var ends, flags, xs, ys []byte
	var last point
	for _, c := range contours {
		for _, p := range c {
			g.box = box{min(g.box.left, p.x), min(g.box.bottom, p.y), max(g.box.right, p.x), max(g.box.top, p.y)}
			flag := byte(0)
			if p.on {
				flag |= onCurve
			}
			flag |= coordinate(&xs, p.x-last.x, xByte, xSame) | coordinate(&ys, p.y-last.y, yByte, ySame)
			flags = append(flags, flag)
			last = p
			g.points++
		}
		ends = binary.BigEndian.AppendUint16(ends, uint16(g.points-1))
	}
	g.curves, g.left = len(contours), int16(g.box.left)
	for _, n := range []int{len(contours), g.box.left, g.box.bottom, g.box.right, g.box.top} {
		g.outline = binary.BigEndian.AppendUint16(g.outline, uint16(n))
	}
	g.outline = append(g.outline, ends...)
	g.outline = append(g.outline, 0, 0) // no hints
	for i := 0; i < len(flags); {
		n := 1
		for i+n < len(flags) && flags[i+n] == flags[i] && n < 256 {
			n++
		}
		if n > 2 {
			g.outline = append(g.outline, flags[i]|repeated, byte(n-1))
		} else {
			n = 1
			g.outline = append(g.outline, flags[i])
		}
		i += n
	}
	g.outline = append(append(g.outline, xs...), ys...)
	for len(g.outline)%4 != 0 {
		g.outline = append(g.outline, 0)
	}
}

// coordinate writes how far a point is from the last one, and returns its flags.
func coordinate(to *[]byte, by int, short, same byte) byte {
	switch {
	case by == 0:
		return same
	case by > 0 && by < 256:
		*to = append(*to, byte(by))
		return short | same
	case by < 0 && by > -256:
		*to = append(*to, byte(-by))
		return short
	}
	*to = binary.BigEndian.AppendUint16(*to, uint16(by))
	return 0
}

// numbers are 16-bit numbers as a table has them.
func numbers(all ...int) []byte {
	var b []byte
	for _, n := range all {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	return b
}

// How far the font's letters go above and below the line, by its own tables.
const ascent, descent, capHeight = 880, -120, 733

// fileOf is the TrueType file of glyphs.
func fileOf(glyphs []glyph) []byte {
	var glyf, loca, hmtx []byte
	all, points, curves := box{}, 0, 0
	for _, g := range glyphs {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, g.outline...)
		hmtx = append(hmtx, numbers(int(g.advance), int(g.left))...)
		all = box{min(all.left, g.box.left), min(all.bottom, g.box.bottom), max(all.right, g.box.right), max(all.top, g.box.top)}
		points, curves = max(points, g.points), max(curves, g.curves)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	head := append(numbers(1, 0, 1, 0, 0, 0, 0x5F0F, 0x3CF5, 3, unitsPerEm), make([]byte, 16)...) // no dates
	head = append(head, numbers(all.left, all.bottom, all.right, all.top, 0, 8, 2, 1, 0)...)
	hhea := numbers(1, 0, ascent, descent, 0, unitsPerEm, all.left, 0, all.right, 1, 0, 0, 0, 0, 0, 0, 0, len(glyphs))
	maxp := numbers(1, 0, len(glyphs), points, curves, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0)
	os2 := numbers(4, unitsPerEm, weight, 5, 0)
	os2 = append(os2, make([]byte, 86)...)
	binary.BigEndian.PutUint16(os2[86:], 500)
	binary.BigEndian.PutUint16(os2[88:], capHeight)
	post := append(numbers(3, 0), make([]byte, 28)...)
	return sfnt([]table{
		{"OS/2", os2}, {"cmap", cmap(glyphs)}, {"glyf", glyf}, {"head", head}, {"hhea", hhea},
		{"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}, {"name", names()}, {"post", post},
	})
}

// cmap says which glyph each character has: stretches of both that count on.
func cmap(glyphs []glyph) []byte {
	var groups []byte
	count := uint32(0)
	for i := 1; i < len(glyphs); {
		n := 1
		for i+n < len(glyphs) && glyphs[i+n].r == glyphs[i].r+rune(n) {
			n++
		}
		for _, v := range []uint32{uint32(glyphs[i].r), uint32(glyphs[i].r) + uint32(n) - 1, uint32(i)} {
			groups = binary.BigEndian.AppendUint32(groups, v)
		}
		count++
		i += n
	}
	b := numbers(0, 1, 3, 10, 0, 12, 12, 0)
	b = binary.BigEndian.AppendUint32(b, 16+uint32(len(groups)))
	b = binary.BigEndian.AppendUint32(b, 0)
	b = binary.BigEndian.AppendUint32(b, count)
	return append(b, groups...)
}

// names are what the font says of itself: whose it is and under which licence, too.
func names() []byte {
	texts := []struct {
		id   int
		text string
	}{
		{0, "© 2014-2021 Adobe (http://www.adobe.com/)."}, {1, "Noto Sans CJK JP"}, {2, "Regular"}, {4, "Noto Sans CJK JP Regular"}, {6, "NotoSansCJKjp-Regular"},
		{13, "This Font Software is licensed under the SIL Open Font License, Version 1.1."}, {14, "http://scripts.sil.org/OFL"},
	}
	table := numbers(0, len(texts), 6+12*len(texts))
	var strings []byte
	for _, t := range texts {
		from := len(strings)
		for _, unit := range utf16.Encode([]rune(t.text)) {
			strings = binary.BigEndian.AppendUint16(strings, unit)
		}
		table = append(table, numbers(3, 1, 0x409, t.id, len(strings)-from, from)...)
	}
	return append(table, strings...)
}

type table struct {
	name    string
	content []byte
}

// sfnt is a font file of tables, which are in the order of their names.
func sfnt(tables []table) []byte {
	largest, power := 1, 0
	for 2*largest <= len(tables) {
		largest, power = 2*largest, power+1
	}
	file := append([]byte{0, 1, 0, 0}, numbers(len(tables), 16*largest, power, 16*(len(tables)-largest))...)
	at := uint32(12 + 16*len(tables))
	for _, t := range tables {
		file = append(file, t.name...)
		for _, n := range []uint32{sumOf(t.content), at, uint32(len(t.content))} {
			file = binary.BigEndian.AppendUint32(file, n)
		}
		at += uint32(len(t.content)+3) &^ 3
	}
	for _, t := range tables {
		file = append(file, t.content...)
		for len(file)%4 != 0 {
			file = append(file, 0)
		}
	}
	return file
}

func sumOf(content []byte) uint32 {
	sum := uint32(0)
	for i := range content {
		sum += uint32(content[i]) << (24 - 8*(i%4))
	}
	return sum
}
