package papers

import (
	"duenotice/internal/envelope"
	"duenotice/internal/typeface"
)

// How far the letters of the papers' fonts rise above a line and sink below it, in
// sizes: their ascender and descender, which nothing they have goes beyond.
const rise, sink = 1.069, 0.293

// fitted is text set into an area of a page, one size throughout.
type fitted struct {
	lines         []string
	size, leading float64
	area          envelope.Area
	// rise and sink are how far the ink of the first line goes above it and of the last
	// below it, in sizes.
	rise, sink float64
}

// setting is lines of a size in an area. Letters of some scripts go further up and down
// than Noto Sans's, and keep the lines apart.
func setting(lines []string, size, ratio float64, area envelope.Area) fitted {
	f := fitted{lines: lines, size: size, leading: size * max(ratio, typeface.Leading(lines)), area: area, rise: rise, sink: sink}
	if len(lines) > 0 {
		above, _ := typeface.Reach(lines[0], false)
		_, below := typeface.Reach(lines[len(lines)-1], false)
		f.rise, f.sink = max(rise, above), max(sink, below)
	}
	return f
}

// The distance of lines in an area, in sizes. Capitals have nothing below the line.
const leadingRatio, capitalLeading = 1.125, 1.05

// Sizes in points. The Postal Service asks for at least eight (DMM 202.1.3); lines
// that have no room at that are broken at spaces, and may then be smaller.
const (
	largestAddress  = 11.0
	easyAddress     = 10.0 // what mail rooms are recommended at least
	smallestWhole   = 8.0
	largestBroken   = 9.0
	smallestAddress = 6.5
)

func ratio(capitals bool) float64 {
	if capitals {
		return capitalLeading
	}
	return leadingRatio
}

// fitAddress sets an address into its place of a form: line by line where that is easy
// to read, else with the flat behind its street or whom it is for on one line, whichever
// is larger, else broken at spaces. False means that it fits at none.
func fitAddress(lines []addressLine, form envelope.Form) (fitted, bool) {
	form = form.OrStandard()
	if f, ok := fitAddressInto(lines, form.AddressArea(), form.Capitals); ok {
		return f, true
	}
	return fitBroken(arranged(lines, whom, form.Capitals), form.AddressArea(), ratio(form.Capitals))
}

// fitAddressInto is fitAddress for an area, without breaking lines.
func fitAddressInto(lines []addressLine, area envelope.Area, capitals bool) (fitted, bool) {
	var best fitted
	var joined []string
	for _, most := range []joining{never, flat, whom} {
		next := arranged(lines, most, capitals)
		if most > never && len(next) == len(joined) {
			continue
		}
		joined = next
		if f, ok := fitWhole(joined, area, ratio(capitals)); ok && f.size > best.size {
			best = f
		}
		if best.size >= easyAddress {
			break
		}
	}
	return best, best.size > 0
}

// arranged are the lines as the window shows them, those joined that may be.
func arranged(lines []addressLine, most joining, capitals bool) []string {
	shown := make([]string, 0, len(lines))
	for _, l := range lines {
		text := l.text
		if capitals {
			text = envelope.Machine(text, l.name)
		}
		if n := len(shown); l.joins != never && l.joins <= most && n > 0 {
			shown[n-1] += " " + text
			continue
		}
		shown = append(shown, text)
	}
	return shown
}

// fit sets lines into an area as large as they go, whole or else broken.
func fit(lines []string, area envelope.Area) (fitted, bool) {
	if f, ok := fitWhole(lines, area, leadingRatio); ok {
		return f, true
	}
	return fitBroken(lines, area, leadingRatio)
}

func fitWhole(lines []string, area envelope.Area, ratio float64) (fitted, bool) {
	for size := largestAddress; size >= smallestWhole; size -= 0.5 {
		f := setting(lines, size, ratio, area)
		if f.height() <= area.Height() && widest(lines, size) <= area.Width() {
			return f, true
		}
	}
	return fitted{}, false
}

func fitBroken(lines []string, area envelope.Area, ratio float64) (fitted, bool) {
	for size := largestBroken; size >= smallestAddress; size -= 0.5 {
		var broken []string
		for _, l := range lines {
			for _, runs := range wrap(escapeMarks(l), false, size, area.Width()) {
				broken = append(broken, runs[0].text)
			}
		}
		if f := setting(broken, size, ratio, area); f.height() <= area.Height() {
			return f, true
		}
	}
	return fitted{}, false
}

// height is that of all the ink.
func (f fitted) height() float64 {
	return float64(len(f.lines)-1)*f.leading + (f.rise+f.sink)*f.size
}

// firstLine is the baseline of the first line of what begins at its area's top.
func (f fitted) firstLine() float64 { return f.area.Top + f.rise*f.size }

// set draws the text from top on.
func (f fitted) set(on *sheet, top float64) {
	on.font(false, f.size)
	for i, text := range f.lines {
		on.text(f.area.Left, top+f.rise*f.size+float64(i)*f.leading, on.ended(text, i < len(f.lines)-1))
	}
}

// setAddress sets what the envelope's window shows, in the middle of its place.
func setAddress(on *sheet, to fitted) {
	on.of = envelope.OfAddress
	to.set(on, to.area.Top+(to.area.Height()-to.height())/2)
	on.of = envelope.OfLetter
}

// setSender sets the return address.
func setSender(on *sheet, from fitted) {
	on.of = envelope.OfReturn
	from.set(on, from.area.Top)
	on.of = envelope.OfLetter
}

func widest(lines []string, size float64) float64 {
	most := 0.0
	for _, l := range lines {
		most = max(most, typeface.Width(l, false, size))
	}
	return most
}
