package papers

import (
	"bytes"
	"fmt"
	"image/color"

	"github.com/boombuler/barcode/datamatrix"

	"duenotice/internal/breach"
	"duenotice/internal/envelope"
	"duenotice/internal/imb"
)

// The code for inserting machines, in points: a Data Matrix (ISO/IEC 16022) of 16 modules
// that are half a millimetre wide, in the left margin at the foot of each sheet. No fold
// brings that part of a sheet before the envelope's window, and nothing is printed within
// two modules of it.
const (
	sheetModule       = 0.02 * inch
	sheetX, sheetFoot = 0.28 * inch, 10.55 * inch
)

// SheetCode is what the code on a sheet says: the piece, which of its sheets it is, and
// how many it has. "R001-000123/1/2" is the first of two.
func SheetCode(pieceID string, sheet, of int) string {
	return fmt.Sprintf("%s/%d/%d", pieceID, sheet, of)
}

// paintSheetCode sets the code of a sheet.
func paintSheetCode(on *sheet, says string) error {
	code, err := datamatrix.Encode(says)
	if err != nil {
		return fmt.Errorf("the code of sheet %s: %w", says, err)
	}
	size := code.Bounds().Dx()
	on.squares(sheetX, sheetFoot-float64(size)*sheetModule, sheetModule, size, func(x, y int) bool { return code.At(x, y) == color.Black })
	return nil
}

// squares fills the modules of a square code whose top left is at x, y. A run of modules
// is one box, so that no hairline shows between them.
func (s *sheet) squares(x, y, module float64, size int, black func(x, y int) bool) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "q 0 g %.4g 0 0 -%.4g %.2f %.2f cm\n", module, module, x, pageHeight-y)
	for row := range size {
		for column := 0; column < size; column++ {
			run := 0
			for column+run < size && black(column+run, row) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "%d %d %d 1 re\n", column, row, run)
			}
			column += run
		}
	}
	b.WriteString("f Q\n")
	s.after = append(s.after, b.Bytes()...)
	s.mark(x, y, x+float64(size)*module, y+float64(size)*module)
}

// The Intelligent Mail barcode, in points: 22 bars to the inch, each 0.02 inch wide, 0.135
// inch high where it is full and 0.048 where it is none (USPS-B-3200, table 1: 20 to 24
// bars, 0.015 to 0.025, 0.125 to 0.165, 0.039 to 0.057). It stands over the address, with
// the white that the Postal Service wants: an eighth of an inch at its sides, a twenty-fifth
// above it and 0.028 below (Domestic Mail Manual 202.5.4, 708.4.3).
const (
	imbPitch, imbBar    = inch / 22, 0.02 * inch
	imbFull, imbTracker = 0.135 * inch, 0.048 * inch
	imbBelow            = 0.03 * inch
	imbWidth            = (imb.Bars-1)*imbPitch + imbBar
)

// mailCode is a letter's Intelligent Mail barcode.
type mailCode struct {
	bars imb.Barcode
	// digits are the tracking code and, behind it, the routing code; "" for no barcode.
	digits string
}

// mailCodeOf makes the barcode of a letter: none where no mailer is set, abroad, and where
// no serial number was given to the letter.
func mailCodeOf(run breach.PrintRun, serial int, p *breach.Person) (mailCode, error) {
	routing := breach.RoutingOf(p)
	if !run.HasBarcode() || serial == 0 || routing == "" {
		return mailCode{}, nil
	}
	tracking, err := run.Tracking(serial)
	if err != nil {
		return mailCode{}, err
	}
	bars, err := imb.Encode(tracking, routing)
	return mailCode{bars, tracking + routing}, err
}

// codedArea is the place of an address that stands under its barcode: the barcode keeps
// its own white from the window's upper edge (DMM 202.5.4), the address an eighth of an
// inch from the others.
func codedArea(form envelope.Form) envelope.Area {
	area := form.AddressArea()
	area.Top = form.BarcodeArea().Top + imbFull + imbBelow
	return area
}

// withRoom makes room over an address for the barcode. An address that would have to be
// set smaller than the Postal Service's machines read, or broken, has none: it is sorted
// by its words.
func withRoom(to fitted, lines []addressLine, form envelope.Form) (fitted, bool) {
	if form.BarcodeArea().Width() < imbWidth {
		return to, false
	}
	fits, ok := fitAddressInto(lines, codedArea(form), form.Capitals)
	if !ok || fits.size < smallestWhole {
		return to, false
	}
	return fits, true
}

// paintMailCode sets the bars, from x on and with their highest end at y.
func paintMailCode(on *sheet, x, y float64, bars imb.Barcode) {
	var b bytes.Buffer
	b.WriteString("q 0 g\n")
	middle := pageHeight - y - imbFull/2
	for i, bar := range bars {
		low, high := middle-imbTracker/2, middle+imbTracker/2
		if bar.Down() {
			low = middle - imbFull/2
		}
		if bar.Up() {
			high = middle + imbFull/2
		}
		fmt.Fprintf(&b, "%.2f %.2f %.2f %.2f re\n", x+float64(i)*imbPitch, low, imbBar, high-low)
	}
	b.WriteString("f Q\n")
	on.after = append(on.after, b.Bytes()...)
	on.mark(x, y, x+imbWidth, y+imbFull)
}

// setCodedAddress sets the barcode over the address, where there is one.
func setCodedAddress(on *sheet, to fitted, code mailCode, form envelope.Form) {
	if code.digits != "" {
		area := form.BarcodeArea()
		on.of = envelope.OfBarcode
		paintMailCode(on, area.Left, area.Top, code.bars)
		on.of = envelope.OfLetter
	}
	setAddress(on, to)
}
