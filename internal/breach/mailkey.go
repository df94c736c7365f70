package breach

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// MailKey returns what two rows of one person must have in common for one
// letter to serve both: the addressee and the address, written alike. Case,
// spaces, punctuation, composed or decomposed letters, the way an address is
// split over two lines and the last four digits of a ZIP make no difference.
//
// joinable is false when the row shares a letter with no other: an address
// asked for in confidence (45 CFR 164.522(b)) is used by the practice it was
// given to and by nobody else, a minor's own care is nothing to tell in the
// letter to a parent, and without a usable address there is no letter. Rows that
// ask for different languages get a letter each: one of them could not be read.
//
// The key is patient data: hash it before it is stored or compared across rows.
func (p Person) MailKey() (key string, joinable bool) {
	b, joinable := p.AppendMailKey(nil)
	return string(b), joinable
}

// AppendMailKey is MailKey for callers with millions of rows: it appends to b.
func (p *Person) AppendMailKey(b []byte) (key []byte, joinable bool) {
	if p.ConfidentialAddress == Yes || p.RepresentativeRelation == ActsForSelf || !p.HasUsableAddress() {
		return b, false
	}
	if p.EnrollmentCode != "" { // one letter has one code
		b = append(append(b, p.EnrollmentCode...), '\n', '\n')
	}
	if asked, _ := p.AskedLanguage(); asked != "" && !IsEnglish(asked) {
		b = append(append(b, strings.ToLower(asked)...), '\n', '\n', '\n')
	}
	b = appendFields(b, []string{p.FirstName, p.MiddleName, p.LastName, p.Suffix},
		[]string{p.RepresentativeName}) // letters to two parents of one child are two letters
	return p.appendAddress(b), true
}

// AppendAddress appends where mail to the person goes, as SameAddress compares it.
func (p *Person) AppendAddress(b []byte) []byte { return p.appendAddress(b) }

// appendAddress appends where mail to the person goes.
func (p *Person) appendAddress(b []byte) []byte {
	country, zip := p.Country, p.ZIP
	if p.InUnitedStates() {
		country, zip = "", zip[:min(len(zip), 5)] // a usable domestic address has at least five digits
	}
	return appendFields(b, []string{p.Address1, p.Address2}, []string{p.City}, []string{p.State}, []string{zip}, []string{country})
}

func appendFields(b []byte, fields ...[]string) []byte {
	for _, field := range fields {
		start := len(b)
		for _, part := range field {
			b = appendPlain(b, start, part)
		}
		b = append(b, '\n')
	}
	return b
}

// appendPlain appends a part of a field as words in lower case: letters and
// digits stay, apostrophes and full stops vanish, so that O'Brien is OBrien
// and P.O. is PO, and anything else parts words by one space. start is where
// the field begins in b.
func appendPlain(b []byte, start int, part string) []byte {
	space := len(b) > start
	if ascii(part) {
		for _, c := range []byte(part) {
			switch plain := plainASCII[c]; plain {
			case vanishes:
			case parts:
				space = len(b) > start
			default:
				if space {
					b = append(b, ' ')
					space = false
				}
				b = append(b, plain)
			}
		}
		return b
	}
	part = norm.NFC.String(cases.Fold().String(norm.NFC.String(part)))
	for _, r := range part {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case r == '\'', r == '.', r == '’', r == 'ʼ':
			continue
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)):
		default:
			space = len(b) > start
			continue
		}
		if space {
			b = append(b, ' ')
			space = false
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// What appendPlain makes of a character that is no letter and no digit.
const (
	parts    = 0
	vanishes = 1
)

// plainASCII is what appendPlain makes of ASCII, for the millions of names and streets
// that have nothing else.
var plainASCII = func() (plain [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			plain[c] = c
		case 'A' <= c && c <= 'Z':
			plain[c] = c + 'a' - 'A'
		case c == '\'', c == '.':
			plain[c] = vanishes
		}
	}
	return plain
}()
