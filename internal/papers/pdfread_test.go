package papers_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/pdffile"
	"duenotice/internal/typeface"
)

// printed is one stretch of text as a PDF shows it: where it begins, in points
// from the page's top left, and how large it is.
type printed struct {
	page    int
	x, y    float64
	size    float64
	text    string
	fromTop float64
	bold    bool
	// width is how much room it takes, by what the PDF says of its glyphs.
	width float64
	// shaped text is of a font of its own: the line that it is part of goes on behind it.
	shaped bool
}

// reader is a font as a page names it.
type reader struct {
	pdf.TextEncoding
	// widths are in thousandths of the font's size, by the codes.
	widths map[int]float64
}

func newReader(font pdf.Font) reader {
	r := reader{font.Encoder(), map[int]float64{}}
	all := font.V.Key("DescendantFonts").Index(0).Key("W")
	for i := 0; i+1 < all.Len(); i += 2 {
		first, widths := int(all.Index(i).Int64()), all.Index(i+1)
		for j := range widths.Len() {
			r.widths[first+j] = widths.Index(j).Float64()
		}
	}
	return r
}

// width is how much room codes take, in thousandths of the font's size.
func (r reader) width(raw string) float64 {
	sum := 0.0
	for i := 0; i+1 < len(raw); i += 2 {
		sum += r.widths[int(raw[i])<<8|int(raw[i+1])]
	}
	return sum
}

// readPDF reads back everything a PDF prints, in the order of pages, then lines, then columns.
func readPDF(t testing.TB, file []byte) []printed {
	t.Helper()
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	var all []printed
	// A document of ours has one font of each name on all its pages, and what a
	// font's characters stand for takes long to read.
	fonts := map[string]reader{}
	for n := 1; n <= doc.NumPage(); n++ {
		page := doc.Page(n)
		for _, name := range page.Fonts() {
			if _, known := fonts[name]; !known {
				fonts[name] = newReader(page.Font(name))
			}
		}
		var at printed
		var font string
		pdf.Interpret(page.V.Key("Contents"), func(stack *pdf.Stack, op string) {
			args := make([]pdf.Value, stack.Len())
			for i := len(args) - 1; i >= 0; i-- {
				args[i] = stack.Pop()
			}
			switch op {
			case "BDC", "BMC", "EMC":
				// What a text is of is read by structureOf.
			case "BT":
				at.x, at.y = 0, 0
			case "Tf":
				font, at.size = args[0].Name(), args[1].Float64()
			case "Td":
				at.x, at.y = at.x+args[0].Float64(), at.y+args[1].Float64()
			case "Tj":
				require.Contains(t, fonts, font)
				raw := args[0].RawString()
				text := fonts[font].Decode(raw)
				if text == "" {
					return // a mark that its letter speaks for
				}
				all = append(all, printed{
					page: n, x: at.x, y: at.y, size: at.size, fromTop: 792 - at.y, bold: font == pdffile.Bold, text: text,
					width: fonts[font].width(raw) * at.size / 1000, shaped: font != pdffile.Regular && font != pdffile.Bold,
				})
			case "Tm", "TJ", "'", "\"", "Do":
				require.Failf(t, "the test reader does not know an operator", "%s", op)
			}
		})
	}
	slices.SortStableFunc(all, func(a, b printed) int {
		switch {
		case a.page != b.page:
			return a.page - b.page
		case a.y != b.y && a.y > b.y, a.y == b.y && a.x < b.x:
			return -1
		case a.y == b.y && a.x == b.x:
			return 0
		}
		return 1
	})
	require.NotEmpty(t, all, "the PDF prints nothing")
	return joined(all)
}

// joined puts what stands beside shaped text, with less between than a space, together
// with it, in the order in which it is read.
func joined(all []printed) []printed {
	var lines []printed
	for _, p := range all {
		last := len(lines) - 1
		if last >= 0 && (p.shaped || lines[last].shaped) && lines[last].page == p.page && lines[last].y == p.y &&
			math.Abs(lines[last].x+lines[last].width-p.x) < p.size/6 {
			lines[last].text += p.text
			lines[last].width, lines[last].shaped = p.x+p.width-lines[last].x, true
			continue
		}
		lines = append(lines, p)
	}
	for i := range lines {
		lines[i].text = typeface.Read(lines[i].text)
	}
	return lines
}

// textOf is the PDF's text, one line for each of its lines, pages apart.
func textOf(t *testing.T, file []byte) string {
	t.Helper()
	var b strings.Builder
	last := printed{page: 1, y: -1}
	for _, p := range readPDF(t, file) {
		switch {
		case p.page != last.page:
			b.WriteString("\n\f\n")
		case last.y >= 0 && p.y != last.y:
			b.WriteString("\n")
		case last.y >= 0 && !strings.HasPrefix(p.text, " ") && !strings.HasSuffix(last.text, " "):
			b.WriteString(" ")
		}
		b.WriteString(p.text)
		last = p
	}
	// A line ends with a space where it is read on a screen.
	return strings.ReplaceAll(b.String()+"\n", " \n", "\n")
}

// flowed is text with its line breaks taken out, to look for sentences in.
func flowed(text string) string { return strings.Join(strings.Fields(text), " ") }
