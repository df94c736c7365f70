package breach

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Moved is what the Postal Service says of where the addressee of a letter that came
// back lives now. It is patient data.
type Moved struct {
	PieceID string
	// LastName and FirstName are whose order to change the address it is. Family says that
	// everybody of the name moved, Business that a firm did.
	LastName, FirstName string
	Family, Business    bool
	// The address, in the United States.
	Address1, Address2, City, State, ZIP string
}

// Unmoved is why a new address was not taken; "" where it was.
type Unmoved string

// Why a new address is not taken. Somebody has to look, and nothing is guessed: a letter
// to another person of the house would be another disclosure.
const (
	// UnmovedOtherName: the order is of somebody of another name.
	UnmovedOtherName Unmoved = "other_name"
	// UnmovedBusiness: a firm moved, of which nobody knows who went along.
	UnmovedBusiness Unmoved = "business"
	// UnmovedConfidential: the person asked for mail to this address and no other (45 CFR 164.522(b)).
	UnmovedConfidential Unmoved = "confidential"
	// UnmovedSame: it is the address the letter came back from.
	UnmovedSame Unmoved = "same"
	// UnmovedUnusable: the address is not whole.
	UnmovedUnusable Unmoved = "unusable"
	// UnmovedOtherState: of an address that was checked: nobody moved, and it is in another
	// State, which would change what law a person has.
	UnmovedOtherState Unmoved = "other_state"
	// UnmovedLater: of an address that was checked: the move is on a day still to come.
	UnmovedLater Unmoved = "later"
)

// Words says the reason in half a sentence.
func (u Unmoved) Words() string {
	return map[Unmoved]string{
		UnmovedOtherName:    "the order is of somebody of another name",
		UnmovedBusiness:     "a business moved, and whether the person went along is not known",
		UnmovedConfidential: "the person asked for mail to the old address and no other",
		UnmovedSame:         "the new address is the old one",
		UnmovedUnusable:     "the new address is not whole",
		UnmovedOtherState:   "nobody moved, and the address is in another State",
		UnmovedLater:        "the move is on a day still to come",
	}[u]
}

// Of returns the person at the new address, or why it is not taken. A letter to somebody
// who acts for the person went to that somebody, whose order it then has to be.
func (m *Moved) Of(p *Person) (Person, Unmoved) {
	moved := *p
	moved.Address1, moved.Address2, moved.City, moved.State, moved.ZIP, moved.Country = m.Address1, m.Address2, m.City, m.State, m.ZIP, ""
	switch {
	case p.ConfidentialAddress == Yes:
		return *p, UnmovedConfidential
	case m.Business:
		return *p, UnmovedBusiness
	case !m.isOf(p):
		return *p, UnmovedOtherName
	case m.Address1 == "" || m.City == "" || !IsPostalCode(m.State) || !IsZIP(m.ZIP) || !m.plain():
		return *p, UnmovedUnusable
	case moved.SameAddress(p):
		return *p, UnmovedSame
	}
	return moved, ""
}

// plain reports whether all of the address can be read by whoever sorts mail.
func (m *Moved) plain() bool {
	for _, part := range []string{m.Address1, m.Address2, m.City} {
		for i := range len(part) {
			if part[i] < ' ' || part[i] > '~' {
				return false
			}
		}
	}
	return true
}

// isOf compares names as MailKey does, without marks, dots and case, since an order is
// written in capitals. Of the first name it is the first word: the order may have an initial behind it.
func (m *Moved) isOf(p *Person) bool {
	first, last := p.AddresseeNames()
	if plainName(last) != plainName(m.LastName) || plainName(m.LastName) == "" {
		return false
	}
	return m.Family || firstWord(first) == firstWord(m.FirstName) && firstWord(first) != ""
}

// AddresseeNames are the first names and the last name of whoever mail to the person is
// addressed to: somebody who acts for the person, where there is one.
func (p *Person) AddresseeNames() (first, last string) {
	if name := strings.TrimSpace(p.RepresentativeName); name != "" {
		cut := strings.LastIndex(name, " ") + 1
		return strings.TrimSpace(name[:cut]), name[cut:]
	}
	return p.FirstName, p.LastName
}

func plainName(s string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return string(appendPlain(nil, 0, bare))
}

func firstWord(s string) string {
	first, _, _ := strings.Cut(plainName(s), " ")
	return first
}
