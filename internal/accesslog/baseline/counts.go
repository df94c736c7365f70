// Package baseline is the arithmetic by which an account's hours are held against what is
// usual: medians, the median of the differences from them, and two tests of rates. It is
// pure, and every number of it can be worked out again with paper and a table.
package baseline

import (
	"maps"
	"math"
	"slices"
)

// Counts says how often each number was met: 7 -> 3 is three hours with seven patients.
type Counts map[int]int

// Add adds what another has counted.
func (c Counts) Add(other Counts) {
	for value, n := range other {
		c[value] += n
	}
}

// N is how many numbers were met.
func (c Counts) N() int {
	n := 0
	for _, times := range c {
		n += times
	}
	return n
}

// Median is the number in the middle, or half way between the two in the middle; 0 of
// nothing.
func (c Counts) Median() float64 {
	n := c.N()
	if n == 0 {
		return 0
	}
	return (float64(c.at((n-1)/2)) + float64(c.at(n/2))) / 2
}

// MAD is the median of the differences from the median, without their sign.
func (c Counts) MAD() float64 {
	// Twice the difference is a whole number, also where the median is half of one.
	twice := int(math.Round(2 * c.Median()))
	differences := Counts{}
	for value, times := range c {
		d := 2*value - twice
		differences[max(d, -d)] += times
	}
	return differences.Median() / 2
}

// Quantile is the least number that a share of all is not above: the nearest rank.
func (c Counts) Quantile(share float64) int {
	n := c.N()
	if n == 0 {
		return 0
	}
	return c.at(max(int(math.Ceil(share*float64(n)))-1, 0))
}

// at is the number at a place of all in their order; the first place is 0.
func (c Counts) at(place int) int {
	last := 0
	for _, value := range slices.Sorted(maps.Keys(c)) {
		last = value
		if place -= c[value]; place < 0 {
			break
		}
	}
	return last
}
