package papers

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"duenotice/internal/breach"
	"duenotice/internal/typeface"
)

// The address side of a letter's first page, in points from its top left. It is
// folded in three, 8½ by 3⅔ inches, and lies in a #10 envelope, 9½ by 4⅛ inches,
// with a window of 4½ by 1⅛ inches that begins ⅞ inch from the envelope's left and
// ends ½ inch above its foot. The sheet slides in it: its left edge lies 0.05 to
// 0.95 inch from the envelope's, its top 0.05 to 0.40 inch. The address's place is
// what the window shows wherever the sheet lies.
const (
	returnX, returnY, returnWidth, returnHeight     = 0.5 * inch, 0.5 * inch, 3.5 * inch, 0.792 * inch
	addressX, addressY, addressWidth, addressHeight = 0.83 * inch, 2.45 * inch, (4.42 - 0.83) * inch, (3.22 - 2.45) * inch
	// letterTop is where a letter's own words begin: below the first fold (11/3
	// inches), so that a sheet that slides in its envelope cannot show any of
	// them. Letters that showed "HIV" through the window cost their sender 17
	// million dollars in 2017.
	letterTop = 3.75 * inch
)

// addressBlock is the recipient's lines in postal order. For anybody but an
// adult they name whom the letter is for (45 CFR 164.404(d)(1), 164.502(g)).
func addressBlock(p *breach.Person, reader breach.Reader) []string {
	name, representative := oneLine(p.FullName()), oneLine(p.RepresentativeName)
	lines := make([]string, 0, 7)
	if reader != breach.Adult && representative != "" {
		lines = append(lines, representative)
	}
	switch reader {
	case breach.ForMinor:
		lines = append(lines, "To the Parent or Guardian of", name)
	case breach.NextOfKin:
		lines = append(lines, "Next of Kin or Personal Representative of", name)
	case breach.ForAnother:
		lines = append(lines, capacity(p)+" of", name)
	default:
		lines = append(lines, name)
	}
	for _, street := range []string{p.Address1, p.Address2} {
		if street = oneLine(street); street != "" {
			lines = append(lines, street)
		}
	}
	if p.InUnitedStates() {
		return append(lines, oneLine(p.City)+", "+oneLine(p.State)+" "+hyphenated(oneLine(p.ZIP)))
	}
	city := oneLine(p.City)
	for _, more := range []string{p.State, p.ZIP} {
		if more = oneLine(more); more != "" {
			city += " " + more
		}
	}
	return append(lines, city, country(oneLine(p.Country)))
}

// capacity is in what capacity a representative is written to.
func capacity(p *breach.Person) string {
	if p.RepresentativeRelation == "guardian" {
		return "Guardian"
	}
	return "Personal Representative"
}

// salutation names the person whom the letter is about, and whoever it speaks to.
func salutation(p *breach.Person, reader breach.Reader) string {
	name, representative := oneLine(p.FullName()), oneLine(p.RepresentativeName)
	if reader == breach.Adult {
		return "Dear " + name + ":"
	}
	as := map[breach.Reader]string{
		breach.ForMinor: "Parent or Guardian", breach.NextOfKin: "Next of Kin or Personal Representative",
		breach.ForAnother: capacity(p),
	}[reader]
	if representative == "" {
		return "To the " + as + " of " + name + ":"
	}
	return "Dear " + representative + ", " + as + " of " + name + ":"
}

// hyphenated writes a nine-digit ZIP code as ZIP+4.
func hyphenated(zip string) string {
	if len(zip) == 9 {
		return zip[:5] + "-" + zip[5:]
	}
	return zip
}

// country is the last line of mail abroad: the country's English name in
// capitals (USPS Publication 28, section 2 and International Mail Manual 122.1).
func country(s string) string {
	if len(s) == 2 || len(s) == 3 {
		if region, err := language.ParseRegion(s); err == nil {
			if name := display.English.Regions().Name(region); name != "" {
				return strings.ToUpper(name)
			}
		}
	}
	return strings.ToUpper(s)
}

// fitted is text set into a box, one size throughout.
type fitted struct {
	lines         []string
	size, leading float64
}

// leadingRatio is the distance of lines in a box, in sizes.
const leadingRatio = 1.125

// smallestWhole is the size in points below which lines are broken rather than
// set smaller.
const smallestWhole = 8.0

// fit sets lines into a box as large as they go between 11 and 8 points, then
// broken at spaces down to 6.5. False means they fit at none.
func fit(lines []string, boxWidth, boxHeight float64) (fitted, bool) {
	ratio := max(leadingRatio, typeface.Leading(lines))
	for size := 11.0; size >= smallestWhole; size -= 0.5 {
		f := fitted{lines: lines, size: size, leading: size * ratio}
		if f.height() <= boxHeight && widest(lines, size) <= boxWidth {
			return f, true
		}
	}
	for size := 9.0; size >= 6.5; size -= 0.5 {
		f := fitted{size: size, leading: size * ratio}
		for _, l := range lines {
			for _, runs := range wrap(escapeMarks(l), false, size, boxWidth) {
				f.lines = append(f.lines, runs[0].text)
			}
		}
		if f.height() <= boxHeight {
			return f, true
		}
	}
	return fitted{}, false
}

func (f fitted) height() float64 { return float64(len(f.lines)) * f.leading }

func widest(lines []string, size float64) float64 {
	most := 0.0
	for _, l := range lines {
		most = max(most, typeface.Width(l, false, size))
	}
	return most
}
