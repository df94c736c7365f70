package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/go-text/typesetting/font"
	ot "github.com/go-text/typesetting/font/opentype"
)

// weight is what the papers' other fonts have: 400, regular.
const weight = 400

// blocks are the characters that names are written in. What Noto Sans prints is not
// among them, nor are wide and narrow forms, for which the papers print the ordinary
// ones, nor letters of Hangul by themselves, which become syllables (Unicode NFC).
var blocks = []struct{ from, to rune }{
	{0x2E80, 0x2FDF}, // radicals
	{0x3001, 0x303F}, // signs
	{0x3041, 0x30FF}, // Kana
	{0x3105, 0x312F}, // Bopomofo
	{0x31A0, 0x31BF}, {0x31F0, 0x31FF},
	{0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, // Han
	{0xAC00, 0xD7A3},                     // Hangul
	{0xF900, 0xFAFF}, {0x20000, 0x323AF}, // more Han
}

// glyph is one character's: its outline as a TrueType font has it, and its width.
type glyph struct {
	r              rune
	outline        []byte
	advance        uint16
	left           int16
	points, curves int
	box            box
}

// cut makes a TrueType font of the characters in blocks that a font has.
func cut(whole []byte) ([]byte, error) {
	face, err := font.ParseTTF(bytes.NewReader(whole))
	if err != nil {
		return nil, fmt.Errorf("the font cannot be read: %w", err)
	}
	if face.Upem() != unitsPerEm {
		return nil, fmt.Errorf("the font has %d units to its size, not %d", face.Upem(), unitsPerEm)
	}
	face.SetVariations([]font.Variation{{Tag: ot.MustNewTag("wght"), Value: weight}})
	glyphs := []glyph{{advance: unitsPerEm}} // the first stands for what is lacking
	for _, block := range blocks {
		for r := block.from; r <= block.to; r++ {
			id, has := face.NominalGlyph(r)
			if !has || id == 0 {
				continue
			}
			drawn, has := face.GlyphDataOutline(id)
			if !has {
				return nil, fmt.Errorf("%U has no outline", r)
			}
			g := glyph{r: r, advance: uint16(math.Round(float64(face.HorizontalAdvance(id))))}
			g.draw(contoursOf(drawn.Segments))
			glyphs = append(glyphs, g)
		}
	}
	if len(glyphs) < 30_000 || len(glyphs) > math.MaxUint16 {
		return nil, fmt.Errorf("the font has %d of the characters, which is not what it had", len(glyphs)-1)
	}
	return fileOf(glyphs), nil
}

// contoursOf are the closed lines of an outline, in whole units, each without its
// first point at its end.
func contoursOf(segments []font.Segment) [][]point {
	var contours [][]point
	var at complexPoint
	add := func(p complexPoint, on bool) {
		last := len(contours) - 1
		contours[last] = append(contours[last], point{int(math.Round(p.x)), int(math.Round(p.y)), on})
	}
	for _, s := range segments {
		switch s.Op {
		case ot.SegmentOpMoveTo:
			contours = append(contours, nil)
			at = pointOf(s.Args[0])
			add(at, true)
		case ot.SegmentOpLineTo:
			at = pointOf(s.Args[0])
			add(at, true)
		case ot.SegmentOpQuadTo:
			add(pointOf(s.Args[0]), false)
			at = pointOf(s.Args[1])
			add(at, true)
		case ot.SegmentOpCubeTo:
			c := cubic{at, pointOf(s.Args[0]), pointOf(s.Args[1]), pointOf(s.Args[2])}
			for _, q := range c.quadratics() {
				add(q[0], false)
				add(q[1], true)
			}
			at = c[3]
		}
	}
	for i, c := range contours {
		// A point where the one before it is says nothing.
		c = slices.CompactFunc(c, func(a, b point) bool { return a == b })
		for len(c) > 1 && c[0].on && c[len(c)-1] == c[0] {
			c = c[:len(c)-1]
		}
		contours[i] = c
	}
	return slices.DeleteFunc(contours, func(c []point) bool { return len(c) < 2 })
}
