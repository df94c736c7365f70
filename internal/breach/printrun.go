package breach

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/civil"
)

// PrintRun is how letters are printed and mailed: what a mail house is told, what stands
// on the sheets for its machines, and when printing pauses. It changes no word of a letter.
type PrintRun struct {
	// Sides is 1 or 2: whether the back of a sheet is printed. 0 means 2.
	Sides int `json:"sides,omitempty" yaml:"sides"`
	// Class is how letters within the United States are mailed, of MailClasses; empty means the first.
	Class string `json:"class,omitempty" yaml:"class"`
	// Contact is whom the mail house asks: name, telephone, e-mail.
	Contact string `json:"contact,omitempty" yaml:"contact"`

	// MailerID, of 6 or 9 digits, is whom the Postal Service knows the mail by. With it each
	// letter has an Intelligent Mail barcode.
	MailerID string `json:"mailer_id,omitempty" yaml:"mailer_id"`
	// ServiceType, 3 digits, says which class and which services the mailer asks for.
	ServiceType string `json:"service_type,omitempty" yaml:"service_type"`
	// BarcodeID, 2 digits, is the presort identifier; empty means 00.
	BarcodeID string `json:"barcode_id,omitempty" yaml:"barcode_id"`
	// FirstSerial is the serial number before the incident's first letter's: no two letters
	// of a mailer have one within 45 days (Domestic Mail Manual 708.4.3).
	FirstSerial int `json:"first_serial,omitempty" yaml:"first_serial"`

	// AddressesCheckedOn is the day on which the addresses of findings.csv were compared with
	// the Postal Service's changes of address, before the incident began; zero for never.
	AddressesCheckedOn civil.Date `json:"addresses_checked_on,omitzero" yaml:"addresses_checked_on"`

	Halt HaltLine `json:"halt,omitzero" yaml:"halt"`
}

// The classes of mail.
const (
	// FirstClass is a single piece at the metered rate.
	FirstClass = "first_class"
	// FirstClassPresorted is sorted for the Postal Service, at commercial rates.
	FirstClassPresorted = "first_class_presorted"
	// International is mail to another country, whatever is chosen for the others.
	International = "first_class_international"
)

// MailClasses are the classes that can be chosen: notices go by first-class mail (45 CFR
// 164.404(d)(1)(i)).
var MailClasses = []string{FirstClass, FirstClassPresorted}

// ClassTo is the class of the letter to a person.
func (r PrintRun) ClassTo(p *Person) string {
	switch {
	case !p.InUnitedStates():
		return International
	case r.Class == "":
		return MailClasses[0]
	}
	return r.Class
}

// OneSided reports that the backs of sheets stay white.
func (r PrintRun) OneSided() bool { return r.Sides == 1 }

// Sheets is how many sheets a letter of some pages has.
func (r PrintRun) Sheets(pages int) int {
	if r.OneSided() {
		return pages
	}
	return (pages + 1) / 2
}

// SheetOf returns the number of the sheet, from 1, of which a page of a letter, from 1,
// is the front: 0 for a back.
func (r PrintRun) SheetOf(page int) int {
	switch {
	case r.OneSided():
		return page
	case page%2 == 1:
		return (page + 1) / 2
	}
	return 0
}

// HasBarcode reports whether letters have an Intelligent Mail barcode.
func (r PrintRun) HasBarcode() bool { return r.MailerID != "" }

// Tracking is the tracking code of the incident's letter of a number, from 1: 20 digits
// (USPS-B-3200, table 2). It refuses, with code "serials_used_up", a number for which the
// mailer has no serial number.
func (r PrintRun) Tracking(letter int) (string, error) {
	width := 15 - len(r.MailerID)
	serial := fmt.Sprintf("%0*d", width, r.FirstSerial+letter)
	if len(serial) > width {
		return "", Refuse("serials_used_up", "Set print_run.first_serial lower where lower numbers are free, use a mailer ID of 6 digits, or leave mailer_id out.",
			"letter %d of the incident has no serial number of %d digits for the Intelligent Mail barcode", letter, width)
	}
	id := r.BarcodeID
	if id == "" {
		id = "00"
	}
	return id + r.ServiceType + r.MailerID + serial, nil
}

// RoutingOf is the routing code of an address in the United States: its ZIP of 5 or 9
// digits, "" for any other.
func RoutingOf(p *Person) string {
	if !p.InUnitedStates() || !IsZIP(p.ZIP) {
		return ""
	}
	return strings.ReplaceAll(p.ZIP, "-", "")
}

// HaltLine is from when on printing pauses until a person says that it goes on. Zero
// values stand for those of DefaultHaltLine.
type HaltLine struct {
	// ReturnedPercent is how many of a hundred printed letters may come back.
	ReturnedPercent int `json:"returned_percent,omitempty" yaml:"returned_percent"`
	// FailedChecks is at how many letters that did not read back as they should printing pauses.
	FailedChecks int `json:"failed_checks,omitempty" yaml:"failed_checks"`
	// Disputed is at how many people printing pauses of whom practices say that they are not theirs.
	Disputed int `json:"disputed,omitempty" yaml:"disputed"`
}

// DefaultHaltLine is the product's own line where incident.yaml says nothing. One letter
// in ten that comes back is several times what lists of patients have, and a letter that
// does not read back is never right.
var DefaultHaltLine = HaltLine{ReturnedPercent: 10, FailedChecks: 10, Disputed: 100}

// fewReturns is how many letters may always come back: of few letters a percentage says
// nothing.
const fewReturns = 10

// HaltCounts are what a halt line is held against.
type HaltCounts struct {
	// Printed letters, and those that came back.
	Printed, Returned int
	// FailedChecks are letters held back because they did not read back as they should.
	FailedChecks int
	// Disputed are people of whom a practice says that they are not its patients, and of
	// whom nobody has decided it.
	Disputed int
}

// HaltReason is one limit that was reached.
type HaltReason struct {
	// Kind is HaltReturned, HaltFailed or HaltDisputed.
	Kind string `json:"kind"`
	// Count has reached Limit.
	Count int `json:"count"`
	Limit int `json:"limit"`
}

// Kinds of HaltReason.
const (
	HaltReturned = "returned"
	HaltFailed   = "failed_checks"
	HaltDisputed = "disputed"
)

// Words says the reason in half a sentence.
func (r HaltReason) Words() string {
	of := map[string]string{
		HaltReturned: "letters came back", HaltFailed: "letters did not read back as they should and were held back",
		HaltDisputed: "people are disputed by practices",
	}[r.Kind]
	return fmt.Sprintf("%d %s (the line is %d)", r.Count, of, r.Limit)
}

// HaltWords says all reasons in one line.
func HaltWords(reasons []HaltReason) string {
	words := make([]string, len(reasons))
	for i, r := range reasons {
		words[i] = r.Words()
	}
	return strings.Join(words, "; ")
}

// Halted is why printing pauses, nothing where it goes on. accepted is what a person saw
// who last said that it goes on: the lines begin anew from there.
func (h HaltLine) Halted(now, accepted HaltCounts) []HaltReason {
	line := func(own, usual int) int {
		if own > 0 {
			return own
		}
		return usual
	}
	percent := line(h.ReturnedPercent, DefaultHaltLine.ReturnedPercent)
	reasons := []HaltReason{
		{HaltReturned, now.Returned, accepted.Returned + max(fewReturns, (now.Printed*percent+99)/100)},
		{HaltFailed, now.FailedChecks, accepted.FailedChecks + line(h.FailedChecks, DefaultHaltLine.FailedChecks)},
		{HaltDisputed, now.Disputed, accepted.Disputed + line(h.Disputed, DefaultHaltLine.Disputed)},
	}
	return slices.DeleteFunc(reasons, func(r HaltReason) bool { return r.Count < r.Limit })
}

// LetterOf is the number of the letter, from 1, that Tracking gave the code to; 0 where it
// is of other mail.
func (r PrintRun) LetterOf(tracking string) int {
	const beforeMailer = 5 // barcode identifier and service type
	from := beforeMailer + len(r.MailerID)
	if !r.HasBarcode() || len(tracking) <= from {
		return 0
	}
	serial, err := strconv.Atoi(tracking[from:])
	if err != nil || serial <= r.FirstSerial {
		return 0
	}
	if code, err := r.Tracking(serial - r.FirstSerial); err != nil || code != tracking {
		return 0
	}
	return serial - r.FirstSerial
}

// SameTracking reports whether two give every letter the same code.
func (r PrintRun) SameTracking(o PrintRun) bool {
	a, _ := r.Tracking(1)
	b, _ := o.Tracking(1)
	return r.HasBarcode() == o.HasBarcode() && (!r.HasBarcode() || a == b)
}
