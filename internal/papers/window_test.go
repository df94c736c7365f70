package papers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/templates"
)

const inch = 72.0

// widthOf measures text as printed, by the font itself.
func widthOf(t *testing.T, text string, size float64) float64 {
	t.Helper()
	f, err := sfnt.Parse(templates.Regular)
	require.NoError(t, err)
	var buf sfnt.Buffer
	sum := 0.0
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buf, r)
		require.NoError(t, err)
		advance, err := f.GlyphAdvance(&buf, glyph, fixed.I(1000), font.HintingNone)
		require.NoError(t, err)
		sum += float64(advance) / 64
	}
	return sum * size / 1000
}

// envelope is a #10 window envelope, in points from its top left, and how far the
// folded sheet's left top can lie from it.
var envelope = struct{ left, top, right, bottom, slideLeft, slideRight, slideUp, slideDown float64 }{
	left: 0.875 * inch, right: (0.875 + 4.5) * inch, top: (4.125 - 0.5 - 1.125) * inch, bottom: (4.125 - 0.5) * inch,
	slideLeft: 0.05 * inch, slideRight: 0.95 * inch, slideUp: 0.05 * inch, slideDown: 0.40 * inch,
}

// ink is where a line's letters are, in points from the page's top left.
type ink struct{ left, top, right, bottom float64 }

func inkOf(t *testing.T, line printed) ink {
	t.Helper()
	// Noto Sans: capitals with two accents rise to about the line's size, and
	// tails sink by a quarter of it.
	return ink{line.x, line.fromTop - line.size*0.95, line.x + widthOf(t, line.text, line.size), line.fromTop + line.size*0.25}
}

// TestOnlyTheAddressShowsThroughTheWindow slides the folded sheet over its whole
// range in the envelope: the whole address shows wherever it lies, and nothing
// else does.
func TestOnlyTheAddressShowsThroughTheWindow(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*breach.Person){
		"short":              func(*breach.Person) {},
		"long name":          func(p *breach.Person) { p.LastName = "Wolfeschlegelsteinhausenbergerdorff-Quisquiliarius-Montgomery" },
		"unbroken long name": func(p *breach.Person) { p.LastName = strings.Repeat("Wolfe", 16) },
		"accents above":      func(p *breach.Person) { p.FirstName, p.LastName = "Ễva", "Ầng" },
		"long street": func(p *breach.Person) {
			p.Address1 = "123456 North Martin Luther King Junior Memorial Boulevard Extension Southwest"
		},
		"five lines": func(p *breach.Person) { p.BirthDate = may1.AddYears(-5) },
		"six lines":  func(p *breach.Person) { p.DeceasedDate, p.RepresentativeName = may1, "Ann Executor" },
		"abroad, seven lines": func(p *breach.Person) {
			p.DeceasedDate, p.RepresentativeName = may1, "Ann Executor"
			p.Country, p.City, p.State, p.ZIP = "CA", "Montréal", "QC", "H2X 1Y4"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := examplePerson()
			change(&p)
			file, pieces := letters(t, exampleIncident(), letterTo(p))
			squeezed := func(s string) string { return strings.ReplaceAll(s, " ", "") }
			address := squeezed(strings.Join(pieces[0].AddressBlock, ""))
			var first []printed
			for _, line := range readPDF(t, file) {
				if line.page == 1 {
					first = append(first, line)
				}
			}
			const steps = 10
			for i := range steps + 1 {
				for j := range steps + 1 {
					right := envelope.slideLeft + (envelope.slideRight-envelope.slideLeft)*float64(i)/steps
					down := envelope.slideUp + (envelope.slideDown-envelope.slideUp)*float64(j)/steps
					require.Equal(t, address, squeezed(shown(t, first, right, down)), "the sheet lies %.1f to the right and %.1f down", right, down)
				}
			}
		})
	}
}

// shown is what the window shows of a sheet that lies at a place, and fails where
// it shows a part of a line.
func shown(t *testing.T, lines []printed, right, down float64) string {
	t.Helper()
	var text string
	for _, line := range lines {
		at := inkOf(t, line)
		at = ink{at.left + right, at.top + down, at.right + right, at.bottom + down}
		outside := at.right <= envelope.left || at.left >= envelope.right || at.bottom <= envelope.top || at.top >= envelope.bottom
		if outside {
			continue
		}
		const hair = 0.5 // of a point
		whole := at.left >= envelope.left-hair && at.right <= envelope.right+hair && at.top >= envelope.top-hair && at.bottom <= envelope.bottom+hair
		require.True(t, whole, "%q is cut off", line.text)
		require.GreaterOrEqual(t, line.size, 6.5)
		text += line.text
	}
	return text
}

func TestReturnAddressIsNeutral(t *testing.T) {
	t.Parallel()
	practice := examplePractice()
	practice.LegalName, practice.DBA = "Riverside Behavioral Health LLC", ""
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson(), practice))
	var folded []string
	for _, text := range readPDF(t, file) {
		if text.page == 1 && text.fromTop < 11.0/3*inch {
			folded = append(folded, text.text)
		}
	}
	require.Equal(t, []string{
		"Example Health Cloud, Inc.", "May 1, 2026", "100 Example Way", "Somerset, NJ 08873",
		"Łukasz Nguyễn", "45 Maple Court", "Apt 7B", "Richmond, VA 23220-1234",
	}, folded, "the address side says more than who sends to whom")
}

func TestBodyIsNotSmallerThanCaliforniaAsks(t *testing.T) {
	t.Parallel()
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson()))
	seen := 0
	for _, text := range readPDF(t, file) {
		if text.fromTop > 10.5*inch {
			continue // The footer is not the notice's text.
		}
		seen++
		require.GreaterOrEqual(t, text.size, 10.0, "%q", text.text)
	}
	require.Greater(t, seen, 40)
}

func TestMailAbroadEndsWithItsCountry(t *testing.T) {
	t.Parallel()
	for country, last := range map[string]string{"CA": "CANADA", "DEU": "GERMANY", "Mexico": "MEXICO"} {
		p := examplePerson()
		p.Country, p.City, p.State, p.ZIP = country, "Somewhere", "", "H2X 1Y4"
		_, pieces := letters(t, exampleIncident(), casebook.Letter{
			PieceID: "EX-1", Person: p, Practices: []breach.Practice{examplePractice()},
		})
		block := pieces[0].AddressBlock
		require.Equal(t, []string{"Somewhere H2X 1Y4", last}, block[len(block)-2:])
	}
}
