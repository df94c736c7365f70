package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-text/typesetting/font"
)

// Each curve of the font that is made is the cubic one within the tolerance.
func TestQuadraticsFollowTheCubic(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	somewhere := func() complexPoint { return complexPoint{float64(r.IntN(1000)), float64(r.IntN(1000))} }
	for range 500 {
		c := cubic{somewhere(), somewhere(), somewhere(), somewhere()}
		all := c.quadratics()
		from := c[0]
		for i, q := range all {
			for step := range 11 {
				u := float64(step) / 10
				x := (1-u)*(1-u)*from.x + 2*u*(1-u)*q[0].x + u*u*q[1].x
				y := (1-u)*(1-u)*from.y + 2*u*(1-u)*q[0].y + u*u*q[1].y
				at := c.at((float64(i) + u) / float64(len(all)))
				if off := math.Hypot(x-at.x, y-at.y); off > tolerance+1e-6 {
					t.Fatalf("curve %d of %v is %.2f off", i, c, off)
				}
			}
			from = q[1]
		}
		if from != c[3] {
			t.Fatalf("the curves of %v end at %v", c, from)
		}
	}
}

// The font that is made has each character of the font it is made of, as wide and with
// an outline in the same place, to the rounding of whole units.
func TestTheFontDrawsAsTheOneItIsMadeOf(t *testing.T) {
	t.Parallel()
	folder, err := fetched()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(place)))
	if err != nil {
		t.Fatal(err)
	}
	made, err := cut(whole)
	if err != nil {
		t.Fatal(err)
	}
	was, now := parsed(t, whole), parsed(t, made)
	was.SetVariations([]font.Variation{{Tag: font.Tag(0x77676874), Value: weight}})
	compared := 0
	for _, block := range blocks {
		for r := block.from; r <= block.to; r++ {
			before, has := was.NominalGlyph(r)
			after, there := now.NominalGlyph(r)
			if has != there {
				t.Fatalf("%U is in one of them", r)
			}
			if !has || r%7 != 0 {
				continue
			}
			compared++
			if a, b := was.HorizontalAdvance(before), now.HorizontalAdvance(after); math.Abs(float64(a-b)) > 0.5 {
				t.Fatalf("%U is %v wide, and was %v", r, b, a)
			}
			a, b := bounds(t, was, before), bounds(t, now, after)
			for i := range a {
				if math.Abs(a[i]-b[i]) > 2 {
					t.Fatalf("%U lies in %v, and lay in %v", r, b, a)
				}
			}
		}
	}
	if compared < 5000 {
		t.Fatalf("only %d characters were compared", compared)
	}
	again, err := cut(whole)
	if err != nil || !bytes.Equal(made, again) {
		t.Fatalf("the same font is not made twice: %v", err)
	}
}

func parsed(t *testing.T, file []byte) *font.Face {
	t.Helper()
	face, err := font.ParseTTF(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return face
}

// bounds are the outermost places of an outline: left, bottom, right, top. Curves count
// by points on them.
func bounds(t *testing.T, face *font.Face, id font.GID) []float64 {
	t.Helper()
	outline, has := face.GlyphDataOutline(id)
	if !has {
		t.Fatal("a glyph has no outline")
	}
	var xs, ys []float64
	var at complexPoint
	for _, s := range outline.Segments {
		args := s.ArgsSlice()
		end := pointOf(args[len(args)-1])
		for step := range 9 {
			u := float64(step) / 8
			p := end
			switch len(args) {
			case 2:
				bend := pointOf(args[0])
				p = complexPoint{(1-u)*(1-u)*at.x + 2*u*(1-u)*bend.x + u*u*end.x, (1-u)*(1-u)*at.y + 2*u*(1-u)*bend.y + u*u*end.y}
			case 3:
				p = cubic{at, pointOf(args[0]), pointOf(args[1]), end}.at(u)
			}
			xs, ys = append(xs, p.x), append(ys, p.y)
		}
		at = end
	}
	if len(xs) == 0 {
		return make([]float64, 4)
	}
	return []float64{slices.Min(xs), slices.Min(ys), slices.Max(xs), slices.Max(ys)}
}
