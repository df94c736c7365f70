package papers

import "slices"

// tighter is how much of the space between blocks is left, and of the distance of
// lines, where a letter keeps to fewer sheets by it.
var tighter = []struct{ space, leading float64 }{{0.8, 1}, {0.55, 1}, {0.55, 0.96}}

// mostOpen is how much of a page may stay empty so that a section is not split, and
// leastPage how much stands on a letter's last page at least: less looks as if it had
// been forgotten. In points.
const mostOpen, leastPage = 1.6 * inch, 1.8 * inch

// letterPages puts a letter on pages: on as few sheets as it goes, two pages each, a
// little closer where that saves one; without a section split that the next page has
// room for; and without a last page that has next to nothing.
func letterPages(lines []line, top float64) [][]placed {
	pages := paginate(lines, top)
	for _, by := range tighter {
		if sheets(pages) == 1 && !isScant(pages) {
			break
		}
		closer := tightened(lines, by.space, by.leading)
		if fewer := paginate(closer, top); sheets(fewer) < sheets(pages) || len(fewer) < len(pages) && isScant(pages) {
			lines, pages = closer, fewer
			break
		}
	}
	lines, pages = turnedBefore(lines, pages, top)
	for bottom := textBottom - 2*13.0; isScant(pages) && bottom > textBottom-mostOpen; bottom -= 2 * 13.0 {
		// Pages that end earlier leave more to the last one.
		if even := paginateTo(lines, top, bottom); len(even) == len(pages) {
			pages = even
		}
	}
	return pages
}

// sheets is how many sheets of paper pages take, printed on both sides.
func sheets(pages [][]placed) int { return (len(pages) + 1) / 2 }

// isScant reports a last page with next to nothing on it.
func isScant(pages [][]placed) bool {
	return len(pages) > 1 && endsBelow(pages[len(pages)-1])-topMargin < leastPage
}

func tightened(lines []line, space, leading float64) []line {
	closer := slices.Clone(lines)
	for i := range closer {
		closer[i].before *= space
		closer[i].height *= leading
	}
	return closer
}

// turnedBefore has pages end before sections that would be split, where they begin near
// the page's foot and no further page is needed for that.
func turnedBefore(lines []line, pages [][]placed, top float64) ([]line, [][]placed) {
	for range pages {
		at := splitSection(pages)
		if at < 0 {
			break
		}
		begins := 0
		for at >= 0 {
			if lines[begins].opens {
				at--
			}
			begins++
		}
		next := slices.Insert(slices.Clone(lines), begins-1, line{breakPage: true})
		turned := paginate(next, top)
		if len(turned) > len(pages) {
			break
		}
		lines, pages = next, turned
	}
	return lines, pages
}

// splitSection is the number, from 0, of the first section that begins near a page's
// foot and goes on over it; -1 where there is none.
func splitSection(pages [][]placed) int {
	section := -1
	for n, page := range pages {
		start := 0.0
		for i, l := range page {
			if l.opens {
				section++
				if start = l.y; i == 0 {
					start = 0 // a page of its own does not help it
				}
			}
		}
		goesOn := n+1 < len(pages) && len(pages[n+1]) > 0 && !pages[n+1][0].opens
		if goesOn && start > textBottom-mostOpen {
			return section
		}
	}
	return -1
}
