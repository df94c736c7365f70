package papers

import (
	"fmt"
	"sync"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
	"duenotice/internal/typeface"
)

// HeldBack is why one letter is not printed, and waits for a person.
type HeldBack struct {
	Reason breach.HeldReason
	// Character is the first one that the fonts do not print, of breach.HeldScript.
	Character rune
}

// String names the reason and the character, never the person.
func (h HeldBack) String() string {
	if h.Reason == breach.HeldScript {
		return fmt.Sprintf("%s (%U)", h.Reason.Words(), h.Character)
	}
	return h.Reason.Words()
}

// HeldError says that one letter cannot be set and a person has to see to it.
// The batch is as it was; the other letters are not affected. It names the
// piece, never the person.
type HeldError struct {
	PieceID string
	HeldBack
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("letter %s is held for a person: %s", e.PieceID, e.HeldBack)
}

// HoldsBack says beforehand whether the letter to a person, dated on, will be held
// back, and why: nil where it will be printed. A person without a usable address
// gets no letter, so none is held back. form is the letters' envelope, languages those
// that the incident's letters can be in.
func HoldsBack(p *breach.Person, on civil.Date, form envelope.Form, languages breach.Languages) *HeldBack {
	missing := languages.Of(p).Reason == breach.LanguageMissing
	if !missing && simplyFits(p, on, form) || !p.HasUsableAddress() {
		return nil
	}
	_, held := address(p, on, form, english())
	if held == nil && missing {
		return &HeldBack{Reason: breach.HeldLanguage}
	}
	return held
}

// addressed is how a letter is addressed to its reader.
type addressed struct {
	reader       breach.Reader
	lines        []string
	block        fitted
	greeting     string
	greetingSize float64
}

// smallestGreeting is the size in points below which a salutation is not set.
const smallestGreeting = 6

// address sets the address and the salutation of the letter to a person, or says
// why it cannot be. The address is in English, as those read it who carry it (Publication
// 28 of the Postal Service), and the salutation in the letter's language.
func address(p *breach.Person, on civil.Date, form envelope.Form, in *lettering) (addressed, *HeldBack) {
	if !p.HasUsableAddress() {
		return addressed{}, &HeldBack{Reason: breach.HeldNoAddress}
	}
	a := addressed{reader: p.ReaderOn(on)}
	lines := addressLines(p, a.reader)
	a.lines, a.greeting = texts(lines), in.salutation(p, a.reader)
	for _, text := range append(a.lines[:len(a.lines):len(a.lines)], a.greeting, p.EnrollmentCode) {
		if r, lacks := typeface.Lacks(text); lacks {
			return a, &HeldBack{breach.HeldScript, r}
		}
	}
	for _, part := range []string{p.LastName, p.Address1, p.City} {
		if r, _ := utf8.DecodeRuneInString(part); part != "" && oneLine(part) == "" {
			return a, &HeldBack{breach.HeldScript, r} // all of it is pictures
		}
	}
	var fits bool
	a.block, fits = fitAddress(lines, form)
	sized := func(greeting string) float64 {
		return min(bodySize, bodySize*textMeasure/max(typeface.Width(greeting, false, bodySize), 1))
	}
	// Whether a name is too long for a letter is no question of the letter's language.
	if !fits || sized(english().salutation(p, a.reader)) < smallestGreeting {
		return a, &HeldBack{Reason: breach.HeldAddressTooLong}
	}
	a.greetingSize = sized(a.greeting)
	return a, nil
}

// widestASCII is the width of the widest ASCII letter in sizes.
var widestASCII = sync.OnceValue(func() float64 {
	widest := 0.0
	for c := ' '; c < 0x7F; c++ {
		widest = max(widest, typeface.Width(string(c), false, 1))
	}
	return widest
})

// simplyFits reports what is so of nearly everybody and quickly seen: an address in
// ASCII letters with few and short lines, which the window has room for whichever
// letters they are, at the smallest size that lines are not broken at.
func simplyFits(p *breach.Person, on civil.Date, form envelope.Form) bool {
	form = form.OrStandard()
	area := form.AddressArea()
	most := int(area.Width() / (widestASCII() * smallestWhole))
	short := func(parts ...string) bool {
		sum := len(parts) - 1 // and the spaces between
		for _, part := range parts {
			sum += len(part)
			for i := range len(part) {
				if part[i] < ' ' || part[i] >= 0x7F {
					return false
				}
			}
		}
		return sum <= most
	}
	lines := fitted{lines: make([]string, 3), size: smallestWhole, leading: smallestWhole * ratio(form.Capitals), rise: rise, sink: sink}
	if p.Address2 != "" {
		lines.lines = append(lines.lines, "")
	}
	if reader := p.ReaderOn(on); reader != breach.Adult {
		if lines.lines = append(lines.lines, ""); p.RepresentativeName != "" || !short(capacityFor(p, reader)) {
			return false
		}
	}
	return lines.height() <= area.Height() && p.InUnitedStates() && short(p.FirstName, p.MiddleName, p.LastName, p.Suffix) &&
		short(p.Address1) && short(p.Address2) && short(p.City, p.State, p.ZIP, " ")
}

// practicesHeld says why a letter for practices cannot be set: a name has a
// character that the fonts lack. A case folder with such a name is refused.
func practicesHeld(practices []breach.Practice) *HeldBack {
	for _, p := range practices {
		if r, lacks := typeface.Lacks(oneLine(p.Name())); lacks {
			return &HeldBack{breach.HeldScript, r}
		}
	}
	return nil
}

// neutralSender stands on an envelope for a name that would tell of whoever gets the
// letter for what they are treated.
const neutralSender = "Privacy Office"

// returnAddress is the sender's, at the letter's head.
func returnAddress(e breach.Entity) []string {
	sender := []string{oneLine(e.Name)}
	if breach.TellsSpecialty(e.Name) {
		sender[0] = neutralSender
	}
	for _, l := range e.Address {
		if l = oneLine(l); l != "" {
			sender = append(sender, l)
		}
	}
	return sender
}

// CheckIncident refuses an incident whose letters could not be made: a return
// address longer than its place, or a number of residents that a State forbids.
// It is for a case folder to be checked by before anything is started.
func CheckIncident(incident breach.Incident) error {
	if err := forbidCounts(incident); err != nil {
		return err
	}
	sender := returnAddress(incident.Entity)
	for _, l := range sender {
		if err := checkText("entity.name or entity.address", l); err != nil {
			return err
		}
	}
	if _, ok := fit(sender, incident.Letters.Envelope.OrStandard().ReturnArea()); !ok {
		return breach.Refuse("return_address_too_long", "Shorten entity.name or entity.address in incident.yaml.",
			"the return address does not fit its place on the letter")
	}
	return nil
}
