package papers_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/envelope"
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

// forms are the envelopes that letters are tried in: those the program has, and a mail
// house's that leaves addresses as they are.
func forms(t *testing.T) []envelope.Form {
	t.Helper()
	var all []envelope.Form
	for _, name := range (envelope.Forms{}).Names() {
		form, _ := envelope.Forms{}.Named(name)
		all = append(all, form)
	}
	own := all[0]
	own.Name, own.Capitals, own.Fold, own.Address.Height = "house", false, 3.75, 1.25
	require.Empty(t, own.Check())
	return append(all, own)
}

// area is where a line's letters are, in points from the page's top left.
func areaOf(t *testing.T, line printed) envelope.Area {
	t.Helper()
	// Noto Sans: capitals with two accents rise to about the line's size, and
	// tails sink by a quarter of it.
	return envelope.Area{Left: line.x, Top: line.fromTop - line.size*0.95, Right: line.x + widthOf(t, line.text, line.size), Bottom: line.fromTop + line.size*0.25}
}

// windowPeople are people whose addresses are hard for a window.
var windowPeople = map[string]func(*breach.Person){
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
}

// TestOnlyTheAddressShowsThroughTheWindow slides the folded sheet over its whole
// range in each form of envelope: the whole address shows wherever it lies, with the
// clear space that the Postal Service requires, and nothing else does. The page is
// read back from the file.
func TestOnlyTheAddressShowsThroughTheWindow(t *testing.T) {
	t.Parallel()
	for _, form := range forms(t) {
		for name, change := range windowPeople {
			t.Run(form.Name+", "+name, func(t *testing.T) {
				t.Parallel()
				p := examplePerson()
				change(&p)
				incident := exampleIncident()
				incident.Letters.Envelope = form
				require.Nil(t, papers.HoldsBack(&p, may1, form, breach.Languages{}))
				file, pieces := letters(t, incident, letterTo(p))
				first := firstPanel(t, file, form)
				through(t, form, form.Address, form.Clear, first, pieces[0].Window)
				if form.Return != (envelope.Window{}) {
					through(t, form, form.Return, 0, first, []string{"Example Health Cloud, Inc.", "100 Example Way", "Somerset, NJ 08873"})
				}
			})
		}
	}
}

// firstPanel are the lines of the first page that the fold leaves behind the window.
func firstPanel(t *testing.T, file []byte, form envelope.Form) []printed {
	t.Helper()
	var panel []printed
	for _, line := range readPDF(t, file) {
		if line.page == 1 && line.fromTop-line.size < form.Fold*inch {
			panel = append(panel, line)
		}
	}
	return panel
}

func squeezed(s string) string { return strings.ReplaceAll(s, " ", "") }

// through requires that a window shows the lines wanted and nothing else, at every
// place the sheet can slide to.
func through(t *testing.T, form envelope.Form, w envelope.Window, space float64, lines []printed, want []string) {
	t.Helper()
	const steps = 8
	for i := range steps + 1 {
		for j := range steps + 1 {
			right := (form.Seam + (form.Width-8.5-2*form.Seam)*float64(i)/steps) * inch
			down := (form.Seam + (form.Height-form.Fold-2*form.Seam)*float64(j)/steps) * inch
			top := (form.Height - w.Bottom - w.Height) * inch
			seen := envelope.Area{Left: w.Left*inch - right, Top: top - down, Right: (w.Left+w.Width)*inch - right, Bottom: top + w.Height*inch - down}
			require.Equal(t, squeezed(strings.Join(want, "")), squeezed(shown(t, lines, seen, space*inch)), "the sheet lies %.1f to the right and %.1f down", right, down)
		}
	}
}

// shown is what a window shows of a page where it shows an area of it, and fails where
// it shows a part of a line, or one without its clear space.
func shown(t *testing.T, lines []printed, seen envelope.Area, space float64) string {
	t.Helper()
	var text string
	for _, line := range lines {
		at := areaOf(t, line)
		if at.Right <= seen.Left || at.Left >= seen.Right || at.Bottom <= seen.Top || at.Top >= seen.Bottom {
			continue
		}
		const hair = 0.5 // of a point
		whole := at.Left >= seen.Left+space-hair && at.Right <= seen.Right-space+hair && at.Top >= seen.Top+space-hair && at.Bottom <= seen.Bottom-space+hair
		require.True(t, whole, "%q is cut off", line.text)
		require.GreaterOrEqual(t, line.size, 6.5)
		text += line.text
	}
	return text
}

// TestAddressesArePrintedAsMachinesReadThem where the form says so: the address as it
// is stored stays what it is.
func TestAddressesArePrintedAsMachinesReadThem(t *testing.T) {
	t.Parallel()
	for _, form := range forms(t) {
		incident := exampleIncident()
		incident.Letters.Envelope = form
		file, pieces := letters(t, incident, letterTo(examplePerson()))
		require.Equal(t, []string{"Łukasz Nguyễn", "45 Maple Court", "Apt 7B", "Richmond, VA 23220-1234"}, pieces[0].AddressBlock)
		text := textOf(t, file)
		require.Contains(t, text, "Dear Łukasz Nguyễn:", "the salutation is a person's")
		if !form.Capitals {
			require.Contains(t, text, "Apt 7B\nRichmond, VA 23220-1234\n")
			continue
		}
		require.Equal(t, "ŁUKASZ NGUYỄN", pieces[0].Window[0])
		require.Equal(t, "RICHMOND VA 23220-1234", pieces[0].Window[len(pieces[0].Window)-1])
		for _, line := range pieces[0].Window {
			require.Contains(t, text, "\n"+line+"\n")
		}
	}
}

// TestWhatIsForeseenIsWhatIsPrinted holds the quick look at an address against its
// setting, for addresses of all lengths in every form.
func TestWhatIsForeseenIsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	heldBack := 0
	for _, form := range forms(t) {
		incident := exampleIncident()
		incident.Letters.Envelope = form
		batch, err := papers.NewLetterBatch(incident, may1, nil)
		require.NoError(t, err)
		for n := range 240 {
			p := examplePerson()
			p.FirstName, p.LastName, p.Address1 = "W", strings.Repeat("W", 1+n%40), strings.Repeat("MW ", 1+n/12)
			if n%3 == 0 {
				p.Address2 = ""
			}
			if n%5 == 0 {
				p.BirthDate = may1.AddYears(-3)
			}
			l := letterTo(p)
			l.PieceID = fmt.Sprintf("EX-%d", n)
			foreseen := papers.HoldsBack(&p, may1, form, breach.Languages{})
			_, err := batch.Add(l)
			var held *papers.HeldError
			if errors.As(err, &held) {
				heldBack++
				require.NotNil(t, foreseen, "%s %d", form.Name, n)
				require.Equal(t, held.HeldBack, *foreseen)
				continue
			}
			require.NoError(t, err)
			require.Nil(t, foreseen, "%s %d", form.Name, n)
		}
	}
	require.Positive(t, heldBack)
}

// TestAPageThatWouldShowMoreIsNotPrinted: a form over whose window the sender stands
// stops the letter, whoever let it into the incident.
func TestAPageThatWouldShowMoreIsNotPrinted(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	form := envelope.Form{}.OrStandard()
	form.Name, form.Address.Bottom = "too high", 2
	require.NotEmpty(t, form.Check(), "who reads a file of forms refuses it")
	incident.Letters.Envelope = form
	batch, err := papers.NewLetterBatch(incident, may1, nil)
	require.NoError(t, err)
	_, err = batch.Add(letterTo(examplePerson()))
	require.ErrorContains(t, err, "letter EX-00001 is not printed")
	require.ErrorContains(t, err, "can show something else than the address")
	require.NotContains(t, err.Error(), "Nguy")
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
		"ŁUKASZ NGUYỄN", "45 MAPLE COURT APT 7B", "RICHMOND VA 23220-1234",
	}, folded, "the address side says more than who sends to whom")
}

func TestBodyIsNotSmallerThanCaliforniaAsks(t *testing.T) {
	t.Parallel()
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson()))
	seen := 0
	for _, text := range readPDF(t, file) {
		if text.fromTop > 10.5*inch || text.page == 1 && text.fromTop < 11.0/3*inch {
			continue // Neither the footer nor an address is the notice's text.
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
