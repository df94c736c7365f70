package repair

import (
	"regexp"
	"strings"

	"duenotice/internal/breach"
)

// Address is an address in its parts.
type Address struct{ Line1, Line2, City, State, ZIP string }

// wholeAddress is 1 Oak St, Apt 2, Springfield, IL 62701: a street, a place, a State and
// a ZIP, parted by commas.
var wholeAddress = regexp.MustCompile(`^([^,]+)(?:,\s*([^,]+))?,\s*([^,]+?),?\s+([A-Za-z]{2})\.?,?\s+(\d{5}(?:-\d{4})?)$`)

// SplitAddress takes a cell of several addresses, or of a whole one, apart. Of several
// the first is taken; more says how many others there were. ok is false for an ordinary
// line of an address.
func SplitAddress(cell string) (a Address, more int, ok bool) {
	if !strings.ContainsAny(cell, ",;|\r\n") { // nearly every line of an address
		return a, 0, false
	}
	var parts []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '|' || r == '\n' || r == '\r' }) {
		if part = strings.TrimSpace(plainSpaces(strings.ReplaceAll(part, "\t", " "))); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return a, 0, false
	}
	if m := wholeAddress.FindStringSubmatch(parts[0]); m != nil && breach.IsPostalCode(strings.ToUpper(m[4])) {
		return Address{Line1: m[1], Line2: m[2], City: m[3], State: strings.ToUpper(m[4]), ZIP: m[5]}, len(parts) - 1, true
	}
	if len(parts) == 1 {
		return Address{Line1: parts[0]}, 0, parts[0] != strings.TrimSpace(plainSpaces(cell))
	}
	// Lines of one address: a street, and a place with its ZIP at the end.
	if joined := strings.Join(parts, ", "); len(parts) <= 3 {
		if m := wholeAddress.FindStringSubmatch(joined); m != nil && breach.IsPostalCode(strings.ToUpper(m[4])) {
			return Address{Line1: m[1], Line2: m[2], City: m[3], State: strings.ToUpper(m[4]), ZIP: m[5]}, 0, true
		}
	}
	return Address{Line1: parts[0]}, len(parts) - 1, true
}
