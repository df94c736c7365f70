package papers_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/pdffile"
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
}

// readPDF reads back everything a PDF prints, in the order of pages, then lines, then columns.
func readPDF(t testing.TB, file []byte) []printed {
	t.Helper()
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	var all []printed
	// A document of ours has one font of each name on all its pages, and what a
	// font's characters stand for takes long to read.
	fonts := map[string]pdf.TextEncoding{}
	for n := 1; n <= doc.NumPage(); n++ {
		page := doc.Page(n)
		for _, name := range page.Fonts() {
			if fonts[name] == nil {
				font := page.Font(name)
				fonts[name] = font.Encoder()
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
				all = append(all, printed{
					page: n, x: at.x, y: at.y, size: at.size, fromTop: 792 - at.y, bold: font == pdffile.Bold, text: strings.TrimRight(fonts[font].Decode(args[0].RawString()), " "),
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
	return all
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
		case last.y >= 0 && !strings.HasPrefix(p.text, " "):
			b.WriteString(" ")
		}
		b.WriteString(p.text)
		last = p
	}
	return b.String() + "\n"
}

// flowed is text with its line breaks taken out, to look for sentences in.
func flowed(text string) string { return strings.Join(strings.Fields(text), " ") }
