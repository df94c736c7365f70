package papers_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/datamatrix"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/envelope"
	"duenotice/internal/imb"
	"duenotice/internal/papers"
)

// box is a filled box on a page, in points from its top left.
type box struct{ left, top, right, bottom float64 }

// boxesOf reads the boxes that a page is drawn with: the modules and bars of its codes.
func boxesOf(t *testing.T, file []byte, page int) []box {
	t.Helper()
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	var boxes []box
	type matrix struct{ a, d, e, f float64 }
	at, kept := matrix{1, 1, 0, 0}, []matrix{}
	pdf.Interpret(doc.Page(page).V.Key("Contents"), func(stack *pdf.Stack, op string) {
		args := make([]float64, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop().Float64()
		}
		switch op {
		case "q":
			kept = append(kept, at)
		case "Q":
			at, kept = kept[len(kept)-1], kept[:len(kept)-1]
		case "cm":
			at = matrix{at.a * args[0], at.d * args[3], at.e + at.a*args[4], at.f + at.d*args[5]}
		case "re":
			x, y := at.e+at.a*args[0], at.f+at.d*args[1]
			width, height := at.a*args[2], at.d*args[3]
			low, high := min(y, y+height), max(y, y+height)
			boxes = append(boxes, box{x, 792 - high, x + width, 792 - low})
		}
	})
	return boxes
}

// sheetCode decodes the code in a page's left margin, and returns where it is; "" for none.
func sheetCode(t *testing.T, file []byte, page int) (says string, where box) {
	t.Helper()
	where = box{math.Inf(1), math.Inf(1), 0, 0}
	var modules []box
	for _, b := range boxesOf(t, file, page) {
		if b.right < 0.75*inch && b.top > 9*inch {
			modules = append(modules, b)
			where = box{min(where.left, b.left), min(where.top, b.top), max(where.right, b.right), max(where.bottom, b.bottom)}
		}
	}
	if len(modules) == 0 {
		return "", box{}
	}
	const dots = 8 // for each module, and two of white around
	module := 0.02 * inch
	side := int(math.Round((where.right-where.left)/module)+4) * dots
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for _, m := range modules {
		place := func(v, from float64) int { return int(math.Round((v-from)/module*dots)) + 2*dots }
		for y := place(m.top, where.top); y < place(m.bottom, where.top); y++ {
			for x := place(m.left, where.left); x < place(m.right, where.left); x++ {
				picture.SetGray(x, y, color.Gray{})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	require.NoError(t, err)
	result, err := datamatrix.NewDataMatrixReader().Decode(bitmap, nil)
	require.NoError(t, err)
	return result.GetText(), where
}

// A machine that reads a sheet knows whose it is, which one and of how many.
func TestEverySheetHasItsCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sides int
		want  []string
	}{
		"on both sides": {0, []string{"R001-000123/1/1", ""}},
		"on one":        {1, []string{"R001-000123/1/2", "R001-000123/2/2"}},
	} {
		incident := exampleIncident()
		incident.PrintRun.Sides = c.sides
		l := letterTo(examplePerson())
		l.PieceID = "R001-000123"
		file, pieces := letters(t, incident, l)
		var got []string
		for page := 1; page <= pieces[0].Pages; page++ {
			says, where := sheetCode(t, file, page)
			got = append(got, says)
			if says == "" {
				continue
			}
			// Below the last fold, which no window shows, and clear of everything else.
			require.Greater(t, where.top, 2*11.0/3*inch)
			require.GreaterOrEqual(t, where.left, 0.25*inch)
			for _, text := range readPDF(t, file) {
				if at := areaOf(t, text); text.page == page && at.Bottom > where.top-2*0.02*inch {
					require.GreaterOrEqual(t, at.Left-where.right, 2*0.02*inch, "%q is too near", text.text)
				}
			}
		}
		require.Equal(t, c.want, got, name)
	}
}

// mailed is an incident whose mailer has numbers at the Postal Service.
func mailed() breach.Incident {
	incident := exampleIncident()
	incident.PrintRun = breach.PrintRun{MailerID: "123456", ServiceType: "270", FirstSerial: 1000}
	return incident
}

// barsOf reads the bars over the address, from left to right.
func barsOf(t *testing.T, file []byte) (code string, where box) {
	t.Helper()
	where = box{math.Inf(1), math.Inf(1), 0, 0}
	var bars []box
	for _, b := range boxesOf(t, file, 1) {
		if b.bottom < 11.0/3*inch {
			bars = append(bars, b)
			where = box{min(where.left, b.left), min(where.top, b.top), max(where.right, b.right), max(where.bottom, b.bottom)}
		}
	}
	for _, b := range bars {
		up, down := b.top < where.top+1, b.bottom > where.bottom-1
		code += string(map[[2]bool]imb.Bar{{true, true}: imb.Full, {true, false}: imb.Ascender, {false, true}: imb.Descender, {false, false}: imb.Tracker}[[2]bool{up, down}])
		require.InDelta(t, 0.02*inch, b.right-b.left, 0.005*inch, "the width of a bar")
	}
	return code, where
}

// The barcode is the letter's own, as large as the Postal Service wants it, and stands in
// the window wherever the sheet lies, with its white around it.
func TestTheMailsBarcodeStandsOverTheAddress(t *testing.T) {
	t.Parallel()
	l := letterTo(examplePerson())
	l.Serial = 23
	file, pieces := letters(t, mailed(), l)
	require.Equal(t, "00270123456000001023"+"232201234", pieces[0].Mail.IMb)
	want, err := imb.Encode("00270123456000001023", "232201234")
	require.NoError(t, err)
	code, where := barsOf(t, file)
	require.Equal(t, want.String(), code)
	require.InDelta(t, 0.145*inch, where.bottom-where.top, 0.020*inch, "0.125 to 0.165 inch high")
	pitch := (where.right - where.left - 0.02*inch) / (imb.Bars - 1)
	require.InDelta(t, inch/22, pitch, inch/20-inch/22, "20 to 24 bars to the inch")
	// What the window shows wherever the sheet lies.
	const tenth = 0.1 // of a point, for rounding
	area := envelope.Form{}.OrStandard().BarcodeArea()
	require.GreaterOrEqual(t, where.left, area.Left-tenth)
	require.LessOrEqual(t, where.right, area.Right+tenth)
	require.GreaterOrEqual(t, where.top, area.Top-tenth)
	for _, text := range readPDF(t, file) {
		at := areaOf(t, text)
		if text.page == 1 && text.fromTop > where.bottom && text.fromTop < 11.0/3*inch {
			require.GreaterOrEqual(t, at.Top-where.bottom, 0.028*inch-tenth, "%q is too near below it", text.text)
			require.GreaterOrEqual(t, text.size, 8.0, "%q is too small for the machines", text.text)
		}
		require.False(t, text.page == 1 && at.Bottom > where.top && at.Top < where.bottom && at.Right > where.left, "%q stands in it", text.text)
	}
}

// No letter has a barcode that does not say where it goes, or for which its address would
// have to shrink.
func TestWhichLettersHaveNoBarcode(t *testing.T) {
	t.Parallel()
	kin := func(l *casebook.Letter) {
		l.Person.DeceasedDate, l.Person.RepresentativeName = may1.AddYears(-1), "Ann Executor"
	}
	for name, c := range map[string]struct {
		incident breach.Incident
		change   func(*casebook.Letter)
	}{
		"no mailer":          {exampleIncident(), func(*casebook.Letter) {}},
		"no serial number":   {mailed(), func(l *casebook.Letter) { l.Serial = 0 }},
		"abroad":             {mailed(), func(l *casebook.Letter) { l.Person.Country, l.Person.ZIP = "CA", "H2X 1Y4" }},
		"six lines to write": {mailed(), kin},
	} {
		l := letterTo(examplePerson())
		l.Serial = 7
		c.change(&l)
		file, pieces := letters(t, c.incident, l)
		require.Empty(t, pieces[0].Mail.IMb, name)
		code, _ := barsOf(t, file)
		require.Empty(t, code, name)
	}
}

// Nobody gets a barcode that another letter has.
func TestSerialNumbersThatAreUsedUpStopTheRun(t *testing.T) {
	t.Parallel()
	incident := mailed()
	incident.PrintRun.FirstSerial = 999_999_999
	batch, err := papers.NewLetterBatch(incident, may1, nil)
	require.NoError(t, err)
	l := letterTo(examplePerson())
	l.Serial = 1
	_, err = batch.Add(l)
	refusal, is := breach.AsRefusal(err)
	require.True(t, is, "%v", err)
	require.Equal(t, "serials_used_up", refusal.Code)
}
