package main

import (
	"math"

	"github.com/go-text/typesetting/font"
)

type complexPoint struct{ x, y float64 }

func pointOf(p font.SegmentPoint) complexPoint { return complexPoint{float64(p.X), float64(p.Y)} }

// cubic is a curve as the font has it: from the first point to the last.
type cubic [4]complexPoint

// tolerance is how far a curve may be from the font's own, in thousandths of its size:
// two thousandths of a millimetre on a letter that is set at 11 points.
const tolerance = 0.5

// quadratics are the curves of a TrueType font that are the cubic one within the
// tolerance: of each the point that it bends to, and its end.
func (c cubic) quadratics() [][2]complexPoint {
	// How far one curve would be off (Sederberg, Computer Aided Geometric Design); n
	// of them are off by the n-th part cubed.
	dx := c[3].x - 3*c[2].x + 3*c[1].x - c[0].x
	dy := c[3].y - 3*c[2].y + 3*c[1].y - c[0].y
	n := max(1, int(math.Ceil(math.Cbrt(math.Hypot(dx, dy)*math.Sqrt(3)/36/tolerance))))
	var all [][2]complexPoint
	for i := range n {
		s := c.part(float64(i)/float64(n), float64(i+1)/float64(n))
		bend := complexPoint{(3*(s[1].x+s[2].x) - s[0].x - s[3].x) / 4, (3*(s[1].y+s[2].y) - s[0].y - s[3].y) / 4}
		all = append(all, [2]complexPoint{bend, s[3]})
	}
	return all
}

// part is the curve between two places on it, from 0 to 1.
func (c cubic) part(from, to float64) cubic {
	a, b := c.at(from), c.at(to)
	third := (to - from) / 3
	da, db := c.slope(from), c.slope(to)
	return cubic{a, {a.x + da.x*third, a.y + da.y*third}, {b.x - db.x*third, b.y - db.y*third}, b}
}

func (c cubic) at(t float64) complexPoint {
	u := 1 - t
	mix := func(a, b, c, d float64) float64 { return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d }
	return complexPoint{mix(c[0].x, c[1].x, c[2].x, c[3].x), mix(c[0].y, c[1].y, c[2].y, c[3].y)}
}

func (c cubic) slope(t float64) complexPoint {
	u := 1 - t
	mix := func(a, b, c, d float64) float64 { return 3 * (u*u*(b-a) + 2*u*t*(c-b) + t*t*(d-c)) }
	return complexPoint{mix(c[0].x, c[1].x, c[2].x, c[3].x), mix(c[0].y, c[1].y, c[2].y, c[3].y)}
}
