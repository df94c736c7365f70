package envelope

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Problem is what is wrong with a form: the key it is at, and what to do.
type Problem struct{ Key, Message, Fix string }

// What an address takes at least: three lines of eight points, as the Postal Service
// asks for (DMM 202.1.3), and two and a half inches for a street.
const (
	leastHeight = 3 * 8 * 1.125
	leastWidth  = 2.5 * inch
)

// maxName bounds a form's name in characters.
const maxName = 64

// Check says everything that is wrong with a form.
func (f Form) Check() []Problem {
	var all []Problem
	say := func(key, fix, format string, args ...any) {
		all = append(all, Problem{key, fmt.Sprintf(format, args...), fix})
	}

	if f.Name == "" || utf8.RuneCountInString(f.Name) > maxName || strings.ContainsAny(f.Name, "\n\r\t") {
		say("name", "Give it one line of up to 64 characters.", "the form has no name that it can be called by")
	}
	if IsBuiltIn(f.Name) {
		say("name", "Give yours another name.", "%q is a form that the program has", f.Name)
	}
	for _, n := range []struct {
		key         string
		value, most float64
	}{
		{"width", f.Width, 24}, {"height", f.Height, 24}, {"fold", f.Fold, 11},
		{"window.width", f.Address.Width, 24}, {"window.height", f.Address.Height, 24},
	} {
		if !(n.value > 0 && n.value <= n.most) {
			say(n.key, "Write inches, such as 4.125.", "%s is not a length of up to %g inches", n.key, n.most)
		}
	}
	if !(f.Seam >= 0 && f.Seam <= 1) {
		say("seam", "Write inches; 0.05 where nobody knows.", "seam is not a length of up to 1 inch")
	}
	if !(f.Clear >= LeastClear && f.Clear <= 1) {
		say("clear", "Write 0.125 or more.", "clear is less than the 1/8 inch that the Postal Service requires (DMM 601.6.3), or more than 1")
	}
	if len(all) > 0 {
		return all // what follows rests on these
	}
	f.checkSheet(say)
	f.checkWindow("window", f.Address, say)
	if f.Return != (Window{}) {
		f.checkWindow("return_window", f.Return, say)
	}
	if len(all) == 0 {
		f.checkRoom(say)
	}
	return all
}

type sayProblem func(key, fix, format string, args ...any)

func (f Form) checkSheet(say sayProblem) {
	left, right, up, down := f.slide()
	if right < left {
		say("width", "Measure the envelope's width inside.", "a sheet of %g inches does not go into the envelope", sheetWidth)
	}
	if down < up {
		say("fold", "Measure from the page's top to its first fold.", "a sheet folded at %.3f inches does not go into the envelope", f.Fold)
	}
}

func (f Form) checkWindow(key string, w Window, say sayProblem) {
	// What is no number compares as false, and is not on the envelope either.
	on := w.Left >= 0 && w.Bottom >= 0 && w.Width > 0 && w.Height > 0 && w.Left+w.Width <= f.Width && w.Bottom+w.Height <= f.Height
	if !on {
		say(key, "Measure it from the envelope's left and bottom edge, with the flap at the top.", "%s is not on the envelope", key)
	}
}

func (f Form) checkRoom(say sayProblem) {
	if a := f.AddressArea(); a.Height() < leastHeight || a.Width() < leastWidth {
		say("window", "Take an envelope with a larger window, or one that the folded sheet fills better.",
			"the window always shows %.2f by %.2f inches, less its clear space, which is too little for an address", max(0, a.Width()/inch), max(0, a.Height()/inch))
	}
	if a := f.ReturnArea(); a.Height() < leastHeight/2 || a.Width() < leastWidth/2 {
		say("return_window", "Take an envelope with a larger window, or leave return_window out.",
			"the return window always shows too little for a return address")
	}
	if f.Return == (Window{}) && f.ever(f.Address).meets(headArea) {
		say("window", "Say where the envelope's return window is, or take one whose window is lower.",
			"the window can show the return address at the page's head")
	}
	if f.Return != (Window{}) && f.ever(f.Address).meets(f.ReturnArea()) {
		say("return_window", "Take an envelope whose windows lie further apart.", "the lower window can show the return address")
	}
	if f.BodyTop() > 6*inch {
		say("fold", "Fold the sheet nearer to its top.", "a fold at %.3f inches leaves too little of the first page to the letter", f.Fold)
	}
}
