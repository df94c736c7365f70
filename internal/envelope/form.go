// Package envelope has the forms of envelope that letters are put into: where
// their windows lie, how far the folded sheet can slide behind them, and so what
// of a page they can show. It is geometry and nothing else, and does no I/O.
//
// Forms are measured in inches, as their makers do, each window from the
// envelope's left and bottom edge with the flap at the top. What of a page shows is
// in points from the page's top left, as pages are drawn.
package envelope

import "cmp"

// inch is an inch in points.
const inch = 72.0

// sheetWidth is the width of the paper in inches: US Letter, folded across.
const sheetWidth = 8.5

// LeastClear is the clear space in inches that the Postal Service requires between
// the delivery address and each edge of the window, wherever the sheet lies (DMM
// 601.6.3b; Publication 25, section 3-9).
const LeastClear = 0.125

// Window is a window's place on the envelope in inches.
type Window struct {
	Left   float64 `json:"left" yaml:"left"`
	Bottom float64 `json:"bottom" yaml:"bottom"`
	Width  float64 `json:"width" yaml:"width"`
	Height float64 `json:"height" yaml:"height"`
}

// Form is a form of envelope. The zero value stands for Standard.
type Form struct {
	// Name is what people call it.
	Name string `json:"name,omitempty" yaml:"name"`
	// Width and Height are the envelope's.
	Width  float64 `json:"width,omitempty" yaml:"width"`
	Height float64 `json:"height,omitempty" yaml:"height"`
	// Fold is how far below the page's top the first fold lies: the height of the
	// panel that is behind the window.
	Fold float64 `json:"fold,omitempty" yaml:"fold"`
	// Seam is what the envelope's glued edges keep from the sheet on each side.
	Seam float64 `json:"seam,omitempty" yaml:"seam"`
	// Clear is the space that the address keeps from the window's edges; never less
	// than LeastClear.
	Clear float64 `json:"clear,omitempty" yaml:"clear"`
	// Address is the window of the recipient, Return that of the sender; the latter
	// is zero where the envelope has its return address printed on it.
	Address Window `json:"window,omitzero" yaml:"window"`
	Return  Window `json:"return_window,omitzero" yaml:"return_window"`
	// Capitals: addresses are printed as sorting machines read them best (Machine).
	Capitals bool `json:"capitals,omitempty" yaml:"capitals"`
}

// Standard is the form that is taken where nobody chose one.
const Standard = "#10"

// builtIn are the forms that need no file. The single window of a #10 is the same at
// nearly every maker. The other two differ from maker to maker: who buys them
// measures theirs, and writes a form of their own where it is another.
var builtIn = []Form{
	{
		Name: Standard, Width: 9.5, Height: 4.125, Fold: 11.0 / 3, Seam: 0.05, Clear: LeastClear, Capitals: true,
		Address: Window{Left: 0.875, Bottom: 0.5, Width: 4.5, Height: 1.125},
	},
	{
		Name: "#10 double window", Width: 9.5, Height: 4.125, Fold: 11.0 / 3, Seam: 0.05, Clear: LeastClear, Capitals: true,
		Address: Window{Left: 0.625, Bottom: 0.5, Width: 4.25, Height: 1.125},
		Return:  Window{Left: 0.625, Bottom: 2.5, Width: 3.5, Height: 1},
	},
	{
		// Folded in half, so that the whole upper half of the page is behind the window.
		Name: "6x9", Width: 9, Height: 6, Fold: 5.5, Seam: 0.05, Clear: LeastClear, Capitals: true,
		Address: Window{Left: 0.875, Bottom: 0.625, Width: 4.5, Height: 1.25},
	},
}

// Forms are the forms that can be chosen by name: the built-in ones and an
// operator's own. Default is the name of the one that is taken where a case names
// none; "" is Standard. The zero value has the built-in ones.
type Forms struct {
	Own     []Form
	Default string
}

// Named is the form of a name; "" is the default one.
func (f Forms) Named(name string) (Form, bool) {
	name = cmp.Or(name, f.Default, Standard)
	for _, all := range [][]Form{f.Own, builtIn} {
		for _, form := range all {
			if form.Name == name {
				return form, true
			}
		}
	}
	return Form{}, false
}

// Names are those of all forms, the built-in ones first.
func (f Forms) Names() []string {
	var names []string
	for _, form := range append(builtIn[:len(builtIn):len(builtIn)], f.Own...) {
		names = append(names, form.Name)
	}
	return names
}

// IsBuiltIn reports whether a name is that of a form which needs no file.
func IsBuiltIn(name string) bool {
	_, there := Forms{}.Named(name)
	return name != "" && there
}

// OrStandard is the form itself, or Standard for the zero value.
func (f Form) OrStandard() Form {
	if f == (Form{}) {
		return builtIn[0]
	}
	return f
}
