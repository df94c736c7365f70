package rehearsal

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// The chart's measures, in points.
const (
	chartWidth, chartHeight                      = 720, 460
	chartLeft, chartRight, chartTop, chartBottom = 70, 560, 20, 410
)

// dashes tell lines apart in print and to who does not see colours; the name at a line's
// end says which it is.
var dashes = []string{"", "6 3", "2 3", "8 3 2 3", "1 2", "12 4"}

// Chart draws the processor time of each part against the number of practices, both in
// decades, as SVG: what is linear rises as steeply as the thin lines behind.
func Chart(results []Result) string {
	type line struct {
		name string
		x, y []float64
	}
	var lines []line
	least, most := math.Inf(1), math.Inf(-1)
	left, right := math.Inf(1), math.Inf(-1)
	for _, name := range phaseNames(results) {
		l := line{name: name}
		for _, r := range results {
			if p, ok := r.Phase(name); ok && p.CPUSeconds() > 0 {
				x, y := math.Log10(float64(r.Practices)), math.Log10(p.CPUSeconds())
				l.x, l.y = append(l.x, x), append(l.y, y)
				least, most, left, right = min(least, y), max(most, y), min(left, x), max(right, x)
			}
		}
		if len(l.x) > 0 {
			lines = append(lines, l)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" font-family="sans-serif" font-size="12">`+"\n", chartWidth, chartHeight)
	b.WriteString("<title>Processor time of each part of a rehearsal, by the number of practices</title>\n")
	if len(lines) == 0 {
		return b.String() + "</svg>\n"
	}
	least, most, left, right = math.Floor(least), math.Ceil(most), math.Floor(left), math.Ceil(right)
	most, right = max(most, least+1), max(right, left+1)
	x := func(v float64) float64 { return chartLeft + (v-left)/(right-left)*(chartRight-chartLeft) }
	y := func(v float64) float64 { return chartBottom - (v-least)/(most-least)*(chartBottom-chartTop) }
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", chartWidth, chartHeight)
	fmt.Fprintf(&b, `<clipPath id="in"><rect x="%d" y="%d" width="%d" height="%d"/></clipPath>`+"\n", chartLeft, chartTop, chartRight-chartLeft, chartBottom-chartTop)
	for d := left; d <= right; d++ {
		fmt.Fprintf(&b, `<path d="M%.1f %d V%d" stroke="#bbb"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n", x(d), chartTop, chartBottom, x(d), chartBottom+18, number(int(math.Round(math.Pow(10, d)))))
	}
	for d := least; d <= most; d++ {
		fmt.Fprintf(&b, `<path d="M%d %.1f H%d" stroke="#bbb"/><text x="%d" y="%.1f" text-anchor="end">%g s</text>`+"\n", chartLeft, y(d), chartRight, chartLeft-6, y(d)+4, math.Pow(10, d))
	}
	for d := least - (right - left); d <= most; d++ {
		fmt.Fprintf(&b, `<path d="M%.1f %.1f L%.1f %.1f" stroke="#ddd" clip-path="url(#in)"/>`+"\n", x(left), y(d), x(right), y(d+right-left))
	}
	names := newLabels()
	for i, l := range lines {
		var path strings.Builder
		for j := range l.x {
			fmt.Fprintf(&path, "%c%.1f %.1f ", "ML"[min(j, 1)], x(l.x[j]), y(l.y[j]))
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="2.5"/>`, x(l.x[j]), y(l.y[j]))
		}
		end := len(l.x) - 1
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="#000" stroke-dasharray="%s"/>`+"\n", strings.TrimSpace(path.String()), dashes[i%len(dashes)])
		names.add(l.name, x(l.x[end]), y(l.y[end]))
	}
	names.write(&b)
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">practices</text>`+"\n</svg>\n", (chartLeft+chartRight)/2, chartBottom+40)
	return b.String()
}

// labels are the names of the lines, right of the chart, one below the other where
// several lines end at the same height.
type labels struct{ at []label }

type label struct {
	name string
	x, y float64
}

func newLabels() *labels { return &labels{} }

func (l *labels) add(name string, x, y float64) { l.at = append(l.at, label{name, x, y}) }

// write places each name at its line's end, or as far below as those above need.
func (l *labels) write(b *strings.Builder) {
	const tall = 14
	slices.SortStableFunc(l.at, func(p, q label) int { return cmp.Compare(p.y, q.y) })
	at := 0.0
	for _, n := range l.at {
		at = max(n.y, at+tall)
		fmt.Fprintf(b, `<path d="M%.1f %.1f L%d %.1f" stroke="#999" stroke-width="0.5"/><text x="%d" y="%.1f">%s</text>`+"\n",
			n.x, n.y, chartRight+12, at, chartRight+16, at+4, n.name)
	}
}
