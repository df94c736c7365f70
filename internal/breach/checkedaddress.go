package breach

import (
	"slices"
	"strings"

	"duenotice/internal/civil"
)

// AddressDays is for how many days an address may be mailed to after it was compared with
// the Postal Service's changes of address (Move Update standard, Domestic Mail Manual
// 602.5.0). It binds mail at commercial rates; other mail is better for it.
const AddressDays = 95

// CheckedAddress is what a service that keeps addresses says of one that it was given. It
// is patient data.
type CheckedAddress struct {
	// Line is where it stands in the file.
	Line int `json:"-"`
	// Token says whose address it is (postgres.Store.AddressesToCheck).
	Token string `json:"-"`
	// FirstName and LastName are those that the service was given.
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	// The address as the service has it: the new one after a move, else the given one
	// as the Postal Service writes it.
	Address1 string `json:"address1"`
	Address2 string `json:"address2"`
	City     string `json:"city"`
	State    string `json:"state"`
	ZIP      string `json:"zip"`
	// DeliveryPoint is the last two digits of the Postal Service's code of the address.
	DeliveryPoint string `json:"delivery_point"`
	// DPV is the Delivery Point Validation's confirmation code of the address, one of DPVCodes.
	DPV string `json:"dpv"`
	// NCOA is NCOALink's return code, one of NCOACodes.
	NCOA string `json:"ncoa"`
	// MoveType is whose order it is: individual, family or business.
	MoveType string `json:"move_type"`
	// MovedOn is the first day of the month, or the day, from which the order holds.
	MovedOn civil.Date `json:"moved_on,omitzero"`
}

// PostalAddress is where somebody gets mail. It is patient data.
type PostalAddress struct {
	Address1 string `json:"address1"`
	Address2 string `json:"address2,omitempty"`
	City     string `json:"city"`
	State    string `json:"state"`
	ZIP      string `json:"zip"`
	Country  string `json:"country,omitempty"`
}

// PostalAddress is where the person gets mail.
func (p *Person) PostalAddress() PostalAddress {
	return PostalAddress{p.Address1, p.Address2, p.City, p.State, p.ZIP, p.Country}
}

// DPVCodes are what the Delivery Point Validation says of an address: Y it is one; D it is
// one whose apartment or suite is missing; S it is one whose apartment or suite is not
// known; N it is none; R it is one that the Postal Service does not deliver to.
var DPVCodes = []string{"y", "d", "s", "n", "r"}

// NCOACodes are what NCOALink says of a name and an address: A, 91 and 92 give an order to
// change the address and the new one, 00 no order; 01 an order that leads abroad, 02 one
// without a new address, 03 a box that was closed without an order. With any other there
// is an order that it does not give, as it is not certain whose it is or where it leads.
var NCOACodes = strings.Fields("a 91 92 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 66")

// The kinds of order to change an address (CheckedAddress.MoveType).
const (
	moveOfFamily   = "family"
	moveOfBusiness = "business"
)

// MoveTypes are the kinds of order to change an address.
var MoveTypes = []string{"individual", moveOfFamily, moveOfBusiness}

// Moves reports whether NCOALink gives a new address.
func (c *CheckedAddress) Moves() bool { return slices.Contains([]string{"a", "91", "92"}, c.NCOA) }

// gone reports whether NCOALink says that nobody of the name gets mail there any more, and
// knows no address within the country.
func (c *CheckedAddress) gone() bool { return slices.Contains([]string{"01", "02", "03"}, c.NCOA) }

// AddressOutcome is what became of an address that was checked.
type AddressOutcome string

// The outcomes.
const (
	// AddressStands: there is nothing better, and nothing speaks against it.
	AddressStands AddressOutcome = "stands"
	// AddressMoved: the person has the new address now.
	AddressMoved AddressOutcome = "moved"
	// AddressCorrected: the person has the address as the Postal Service writes it now.
	AddressCorrected AddressOutcome = "corrected"
	// AddressGone: nobody of the name gets mail there, and where they do is not known. The
	// contact information is out of date (45 CFR 164.404(d)(2)).
	AddressGone AddressOutcome = "gone"
	// AddressIncomplete: the apartment or suite is missing or not known. A letter may arrive.
	AddressIncomplete AddressOutcome = "incomplete"
	// AddressUnconfirmed: the Postal Service does not know the address, or does not deliver
	// there. It is the last one that is known, and gets its letter (45 CFR 164.404(d)(1)(i)).
	AddressUnconfirmed AddressOutcome = "unconfirmed"
	// AddressUnsettled: there is an order to change it that NCOALink does not give.
	AddressUnsettled AddressOutcome = "unsettled"
	// AddressLeft: what the service says was not taken, for a reason (Unmoved).
	AddressLeft AddressOutcome = "left"
)

// AddressOutcomes are all of them, as they are shown.
var AddressOutcomes = []AddressOutcome{
	AddressStands, AddressMoved, AddressCorrected, AddressGone, AddressIncomplete, AddressUnconfirmed, AddressUnsettled, AddressLeft,
}

// Changes reports whether the person has another address by it.
func (o AddressOutcome) Changes() bool {
	return o == AddressMoved || o == AddressCorrected || o == AddressGone
}

// Words says the outcome in half a sentence.
func (o AddressOutcome) Words() string {
	return map[AddressOutcome]string{
		AddressStands: "as they are", AddressMoved: "moved, new address taken", AddressCorrected: "written as the Postal Service does",
		AddressGone: "moved and left no address: without a usable one now", AddressIncomplete: "apartment or suite missing or not known",
		AddressUnconfirmed: "not known to the Postal Service", AddressUnsettled: "an order to change it that is not given", AddressLeft: "left aside",
	}[o]
}

// undeliverableMark is the second line of an address from which somebody moved and left
// none: SaysReturned reads it, so that no letter goes there.
const undeliverableMark = "UNDELIVERABLE"

// Of returns the person with the address that is mailed to after the check, and what became
// of it; why is the reason of AddressLeft. A new address is taken as Moved takes one. The
// names have to be the person's: of a file that was sorted column by column nothing is taken.
func (c *CheckedAddress) Of(p *Person, today civil.Date) (is Person, outcome AddressOutcome, why Unmoved) {
	m := Moved{
		LastName: c.LastName, FirstName: c.FirstName, Address1: c.Address1, Address2: c.Address2, City: c.City, State: c.State, ZIP: c.ZIP,
	}
	if !m.isOf(p) {
		return *p, AddressLeft, UnmovedOtherName
	}
	switch {
	case p.ConfidentialAddress == Yes:
		return *p, AddressLeft, UnmovedConfidential
	case c.Moves() && c.MovedOn.After(today):
		return *p, AddressLeft, UnmovedLater
	case c.Moves():
		m.Family, m.Business = c.MoveType == moveOfFamily, c.MoveType == moveOfBusiness
		to, why := m.Of(p)
		switch why {
		case "":
			return to, AddressMoved, ""
		case UnmovedSame:
			return *p, AddressStands, ""
		}
		return *p, AddressLeft, why
	case c.gone():
		gone := *p
		gone.Address2 = undeliverableMark
		return gone, AddressGone, ""
	case c.NCOA != "" && c.NCOA != "00":
		return *p, AddressUnsettled, ""
	case c.DPV == "d", c.DPV == "s":
		return *p, AddressIncomplete, ""
	case c.DPV == "n", c.DPV == "r":
		return *p, AddressUnconfirmed, ""
	case c.DPV != "y" || c.Address1 == "":
		return *p, AddressStands, ""
	case c.State != p.State:
		return *p, AddressLeft, UnmovedOtherState
	}
	to, why := m.Of(p)
	switch {
	case why == "":
		return to, AddressCorrected, ""
	case why != UnmovedSame:
		return *p, AddressLeft, why
	case len(c.ZIP) > len(p.ZIP):
		// The four digits more are what the barcode sorts by.
		same := *p
		same.ZIP = c.ZIP
		return same, AddressCorrected, ""
	}
	return *p, AddressStands, ""
}

// AddressCheck is when the addresses of an incident were checked.
type AddressCheck struct {
	// On is the day of the latest check; zero for none.
	On civil.Date
	// ListsSince are the lists of people that came after it.
	ListsSince int
}

// Worry says why letters mailed on a day would go to addresses that were checked too long
// ago, or never; "" where there is nothing to say. Of an incident whose addresses were
// never checked nothing is said: no law asks for it, and who mails at commercial rates knows.
func (c AddressCheck) Worry(mailOn civil.Date) string {
	switch {
	case c.On.IsZero():
		return ""
	case mailOn.After(c.On.AddDays(AddressDays)):
		return "addresses were checked on " + c.On.String() + ", more than 95 days before letters are mailed: have them checked again, or pay single-piece postage"
	case c.ListsSince > 0:
		return "people came with a list after the addresses were checked on " + c.On.String() + ": have those addresses checked too"
	}
	return ""
}
