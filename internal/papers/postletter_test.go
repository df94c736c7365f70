package papers_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"
	"rsc.io/qr"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

const examplePage = "https://notice.example.com/p/dGhlIGxpbmsgb2YgYSBwcmFjdGljZSB0aGF0IGlzIGludmVudGVk"

func examplePost() papers.PostInput {
	in := papers.PostInput{NoticeInput: exampleNotice(), PieceID: "N001-0001", Code: "7KMP4-9QXRT", CodeUntil: civil.MustParse("2026-05-12")}
	in.Page = examplePage
	return in
}

func post(t *testing.T, letters ...papers.PostInput) ([]byte, []papers.Piece) {
	t.Helper()
	batch, err := papers.NewPostBatch(exampleIncident(), civil.MustParse("2026-04-12"))
	require.NoError(t, err)
	var pieces []papers.Piece
	for _, in := range letters {
		piece, err := batch.Add(in)
		require.NoError(t, err)
		pieces = append(pieces, piece)
	}
	var out bytes.Buffer
	_, err = batch.WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes(), pieces
}

// TestANoticeByPostHasItsWayToThePage: address, code and how long it is good stand on
// the letter, and the notice lies behind it.
func TestANoticeByPostHasItsWayToThePage(t *testing.T) {
	t.Parallel()
	second := examplePost()
	second.PieceID, second.Reminder, second.Told = "N001-0002", true, civil.MustParse("2026-04-01")
	file, pieces := post(t, examplePost(), second)
	pages := pagesOf(t, file)
	require.Equal(t, 1, pieces[0].FirstPage)
	require.Greater(t, pieces[0].Pages, 2, "the notice lies behind its letter")
	require.Equal(t, pieces[0].Pages+1, pieces[1].FirstPage)
	require.Equal(t, 1, pieces[1].Pages, "a reminder does without")
	require.Len(t, pages, pieces[0].Pages+1)
	for _, n := range []int{0, pieces[0].Pages} {
		text := flowed(pages[n])
		require.Contains(t, strings.ReplaceAll(text, " ", ""), examplePage)
		require.Contains(t, text, "7KMP4-9QXRT")
		require.Contains(t, text, "through May 12, 2026")
		require.Contains(t, text, "Oak Street Family Medicine")
	}
	for n := 1; n < pieces[0].Pages; n++ {
		require.NotContains(t, strings.ReplaceAll(flowed(pages[n]), " ", ""), "notice.example.com", "the notice itself has no way to the page")
	}
	require.Contains(t, flowed(pages[pieces[0].Pages]), "On April 1, 2026 we sent")
}

// TestWithoutPagesANoticeByPostHasNoWayToOne: as before there were pages.
func TestWithoutPagesANoticeByPostHasNoWayToOne(t *testing.T) {
	t.Parallel()
	in := examplePost()
	in.Page, in.Code, in.CodeUntil = "", "", civil.Date{}
	file, _ := post(t, in)
	first := flowed(pagesOf(t, file)[0])
	require.NotContains(t, first, "code")
	require.NotContains(t, first, "Open your page")
	require.Contains(t, first, "Reach us")
}

// TestTheSquareIsThePagesAddress reads the drawn squares back and compares them with
// what stands for the address.
func TestTheSquareIsThePagesAddress(t *testing.T) {
	t.Parallel()
	file, _ := post(t, examplePost())
	want, err := qr.Encode(examplePage, qr.M)
	require.NoError(t, err)
	black := squaresOf(t, file, want.Size)
	for y := range want.Size {
		for x := range want.Size {
			require.Equal(t, want.Black(x, y), black[[2]int{x, y}], "module %d, %d", x, y)
		}
	}
}

// TestALetterToAPracticeWithoutAnAddressIsHeld: nothing is printed for a window that
// would show nothing.
func TestALetterToAPracticeWithoutAnAddressIsHeld(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*breach.Practice)
		want  breach.HeldReason
	}{
		"no street":           {func(p *breach.Practice) { p.Address1 = "" }, breach.HeldNoAddress},
		"no ZIP":              {func(p *breach.Practice) { p.ZIP = "" }, breach.HeldNoAddress},
		"another script":      {func(p *breach.Practice) { p.Address1 = "1 ᠪᠠᠲᠤ Street" }, breach.HeldScript},
		"more than fits":      {func(p *breach.Practice) { p.LegalName = strings.Repeat("Example Associates of the County ", 12) }, breach.HeldAddressTooLong},
		"an officer's letter": {func(p *breach.Practice) { p.PrivacyOfficer = "" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			batch, err := papers.NewPostBatch(exampleIncident(), civil.MustParse("2026-04-12"))
			require.NoError(t, err)
			in := examplePost()
			c.spoil(&in.Practice)
			_, err = batch.Add(in)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			var held *papers.HeldError
			require.ErrorAs(t, err, &held)
			require.Equal(t, c.want, held.Reason)
		})
	}
}

// TestALetterToAPracticeShowsItsAddressAlone in each form of envelope.
func TestALetterToAPracticeShowsItsAddressAlone(t *testing.T) {
	t.Parallel()
	for _, form := range forms(t) {
		incident := exampleIncident()
		incident.Letters.Envelope = form
		batch, err := papers.NewPostBatch(incident, civil.MustParse("2026-04-12"))
		require.NoError(t, err)
		piece, err := batch.Add(examplePost())
		require.NoError(t, err)
		var out bytes.Buffer
		_, err = batch.WriteTo(&out)
		require.NoError(t, err)
		through(t, form, form.Address, form.Clear, firstPanel(t, out.Bytes(), form), piece.Window)
	}
}

// squaresOf reads the black modules of the QR code on the first page of a PDF.
func squaresOf(t *testing.T, file []byte, size int) map[[2]int]bool {
	t.Helper()
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	module := 1.6 * 72 / float64(size+8)
	type bar struct{ x, y, width float64 }
	var bars []bar
	pdf.Interpret(doc.Page(1).V.Key("Contents"), func(stack *pdf.Stack, op string) {
		args := make([]float64, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop().Float64()
		}
		if op != "re" || math.Abs(math.Abs(args[3])-module) > 0.02 {
			return
		}
		bars = append(bars, bar{args[0], args[1], args[2]})
	})
	require.NotEmpty(t, bars)
	left, top := bars[0].x, bars[0].y // the corner of the first finder pattern
	black := map[[2]int]bool{}
	for _, b := range bars {
		x, y := int(math.Round((b.x-left)/module)), int(math.Round((top-b.y)/module))
		for n := range int(math.Round(b.width / module)) {
			black[[2]int{x + n, y}] = true
		}
	}
	return black
}
