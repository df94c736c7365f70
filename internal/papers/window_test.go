package papers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
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

// TestOnlyTheAddressShowsThroughTheWindow holds the geometry of a #10 window
// envelope: the address inside the window's safe box, and nothing else where
// the window can be when the sheet has slid by half an inch.
func TestOnlyTheAddressShowsThroughTheWindow(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*breach.Person){
		"short":              func(*breach.Person) {},
		"long name":          func(p *breach.Person) { p.LastName = "Wolfeschlegelsteinhausenbergerdorff-Quisquiliarius-Montgomery" },
		"unbroken long name": func(p *breach.Person) { p.LastName = strings.Repeat("Wolfe", 16) },
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
			inBox := ""
			for _, text := range readPDF(t, file) {
				if text.page > 1 {
					continue
				}
				top, bottom := text.fromTop-text.size*0.8, text.fromTop+text.size*0.2
				if text.fromTop > 2.042*inch && text.fromTop <= (2.042+0.875)*inch {
					require.GreaterOrEqual(t, top, 2.042*inch-0.5, "%q rises out of the box", text.text)
					require.LessOrEqual(t, bottom, (2.042+0.875)*inch+0.5, "%q sinks out of the box", text.text)
					require.InDelta(t, 0.5*inch, text.x, 0.01)
					require.LessOrEqual(t, text.x+widthOf(t, text.text, text.size), 4*inch+0.5, "%q is wider than the box", text.text)
					require.GreaterOrEqual(t, text.size, 6.5)
					inBox += text.text
					continue
				}
				if text.x > 5.875*inch {
					continue // The date, right of anything a window reaches.
				}
				outside := bottom < (2.042-0.5)*inch || top > 11.0/3*inch
				require.True(t, outside, "%q could show through the window", text.text)
			}
			squeezed := func(s string) string { return strings.ReplaceAll(s, " ", "") }
			require.Equal(t, squeezed(strings.Join(pieces[0].AddressBlock, "")), squeezed(inBox))
		})
	}
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
		_, pieces := letters(t, exampleIncident(), papers.Letter{
			PieceID: "EX-1", Person: p, Practices: []breach.Practice{examplePractice()},
		})
		block := pieces[0].AddressBlock
		require.Equal(t, []string{"Somewhere H2X 1Y4", last}, block[len(block)-2:])
	}
}
