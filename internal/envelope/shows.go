package envelope

// Area is a rectangle of a page in points from its top left.
type Area struct{ Left, Top, Right, Bottom float64 }

// Width of an area.
func (a Area) Width() float64 { return a.Right - a.Left }

// Height of an area.
func (a Area) Height() float64 { return a.Bottom - a.Top }

func (a Area) meets(b Area) bool {
	return a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom
}

// hair is how far ink may lie outside an area in points before it counts: less than
// a printer's own play.
const hair = 0.05

func (a Area) holds(b Area) bool {
	return b.Left >= a.Left-hair && b.Right <= a.Right+hair && b.Top >= a.Top-hair && b.Bottom <= a.Bottom+hair
}

func (a Area) without(margin float64) Area {
	return Area{a.Left + margin, a.Top + margin, a.Right - margin, a.Bottom - margin}
}

// slide is how far from the envelope's left and top edge the folded sheet's can lie,
// in inches: it fills the room between the seams, and moves in what is left.
func (f Form) slide() (left, right, up, down float64) {
	return f.Seam, f.Width - sheetWidth - f.Seam, f.Seam, f.Height - f.Fold - f.Seam
}

// ever is the area of the page that a window shows for some place of the sheet, and
// always is the one that it shows for every place. Window and play are rectangles
// along the same edges, so that both are exact: no place has to be tried.
func (f Form) ever(w Window) Area {
	left, right, up, down := f.slide()
	top := f.Height - w.Bottom - w.Height
	return Area{(w.Left - right) * inch, (top - down) * inch, (w.Left + w.Width - left) * inch, (top + w.Height - up) * inch}
}

func (f Form) always(w Window) Area {
	left, right, up, down := f.slide()
	top := f.Height - w.Bottom - w.Height
	return Area{(w.Left - left) * inch, (top - up) * inch, (w.Left + w.Width - right) * inch, (top + w.Height - down) * inch}
}

// AddressArea is where the recipient's address has to lie, all its ink: with its
// clear space it shows wherever the sheet lies.
func (f Form) AddressArea() Area { return f.always(f.Address).without(f.Clear * inch) }

// barcodeAbove is the white in inches that the Postal Service wants between a barcode and
// the upper and lower edge of a window (DMM 202.5.4).
const barcodeAbove = 0.04

// BarcodeArea is where a barcode of the mail has to lie, over its address: it keeps the
// clear space from the window's sides, and less from its upper edge.
func (f Form) BarcodeArea() Area {
	a, address := f.always(f.Address), f.AddressArea()
	return Area{address.Left, a.Top + barcodeAbove*inch, address.Right, a.Bottom - barcodeAbove*inch}
}

// headArea is where the sender stands on a page whose envelope has no window for
// it: at the page's head, which no window shows.
var headArea = Area{0.5 * inch, 0.5 * inch, 4 * inch, 1.292 * inch}

// returnClear is the space in points that a sender's address keeps from its window:
// the 1/8 inch is for the delivery address alone.
const returnClear = 2.0

// ReturnArea is where the sender's address has to lie.
func (f Form) ReturnArea() Area {
	if f.Return == (Window{}) {
		return headArea
	}
	a := f.always(f.Return).without(returnClear)
	// As far right as elsewhere where the window lets it, so that pages look alike.
	a.Left = max(a.Left, headArea.Left)
	return a
}

// foldSpace is how far below the first fold a letter's words begin, in inches: a
// fold is not always where it should be.
const foldSpace = 1.0 / 12

// BodyTop is where a letter's own words begin, in points from the page's top: below
// the fold, on a panel that no window shows. Letters that showed "HIV" through
// theirs cost their sender 17 million dollars in 2017.
func (f Form) BodyTop() float64 { return (f.Fold + foldSpace) * inch }

// FoldLine is how far below the page's top the first fold lies, in points: what is
// drawn below it no window shows.
func (f Form) FoldLine() float64 { return f.Fold * inch }

// Part is what of a page ink belongs to.
type Part int

// Ink is of the letter unless it is of one of the addresses.
const (
	OfLetter Part = iota
	OfAddress
	OfReturn
	OfBarcode
)

// Ink is what was drawn on the first page of a letter: where, and what of.
type Ink struct {
	Area
	Of Part
}

// Fault is what is wrong with a page. It names no text: that may be a patient's.
type Fault string

// Faults of a page.
const (
	NoFault       Fault = ""
	AddressHidden Fault = "the envelope's window does not show all of the address wherever the sheet lies"
	ReturnHidden  Fault = "the envelope's window does not show all of the return address wherever the sheet lies"
	LetterShows   Fault = "the envelope's window can show something else than the address"
	NothingShows  Fault = "the envelope's window shows no address"
)

// Shows checks the first page of a letter by all that was drawn on it: with the sheet
// at every place it can slide to, the windows show the whole addresses and nothing
// else. ink may come in parts, such as a batch's words and one letter's own.
func (f Form) Shows(ink ...[]Ink) Fault {
	address, barcode, sender := f.AddressArea(), f.BarcodeArea(), f.ReturnArea()
	shown, shownTop, single := f.ever(f.Address), f.ever(f.Return), f.Return == (Window{})
	there := false
	for _, part := range ink {
		for _, i := range part {
			switch {
			case i.Of == OfAddress:
				there = true
				if !address.holds(i.Area) {
					return AddressHidden
				}
			case i.Of == OfBarcode:
				if !barcode.holds(i.Area) {
					return AddressHidden
				}
			case i.Of == OfReturn && !single:
				if !sender.holds(i.Area) {
					return ReturnHidden
				}
				if i.meets(shown) {
					return LetterShows
				}
			default:
				// The panels below the fold are turned away from the windows.
				onPanel := i.Top < f.FoldLine()
				if onPanel && (i.meets(shown) || !single && i.meets(shownTop)) {
					return LetterShows
				}
			}
		}
	}
	if !there {
		return NothingShows
	}
	return NoFault
}
