package casefolder

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"duenotice/internal/breach"
)

// What spreadsheets, dataframes and changes of encoding do to a list. None of it
// can be repaired from the list alone, so that each is refused with what to do.

// decodedTwice reports text in UTF-8 that was read as if it were Windows-1252 or
// Mac Roman and written as UTF-8 again: Ã© for é, â€™ for an apostrophe, ≈Ç
// for ł. Read backwards, such letters are whole UTF-8, which what people write next to
// each other never is.
func decodedTwice(s string) bool {
	for at := 0; at < len(s); {
		if s[at] < utf8.RuneSelf {
			at++
			continue
		}
		end := at
		for end < len(s) && s[end] >= utf8.RuneSelf {
			end++
		}
		run := s[at:end]
		first, _ := utf8.DecodeRuneInString(run)
		if comesFrom(run, charmap.Windows1252) || comesFrom(run, charmap.ISO8859_1) || strings.ContainsRune(macLeads, first) && comesFrom(run, charmap.Macintosh) {
			return true
		}
		at = end
	}
	return false
}

// macLeads are what Mac Roman makes of the bytes that UTF-8's letters and marks
// of Europe begin with. Others, such as a quotation mark, stand before letters in
// whole text too.
const macLeads = "¬√ƒ≈∆‚"

// comesFrom reports a run of letters beyond ASCII whose bytes in an encoding are UTF-8.
func comesFrom(run string, encoding *charmap.Charmap) bool {
	bytes := make([]byte, 0, 256)
	for _, r := range run {
		b, ok := encoding.EncodeRune(r)
		if !ok || b < utf8.RuneSelf || len(bytes) == cap(bytes) {
			return false
		}
		bytes = append(bytes, b)
	}
	if len(bytes) < 2 || !utf8.Valid(bytes) {
		return false
	}
	// Two letters for one: É» at the end of a quotation would be ɻ, which nobody
	// means, and so is anything but a letter, a mark of writing or a space.
	for _, r := range string(bytes) {
		if !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common, unicode.Inherited) || r >= 0x250 && r <= 0x2af {
			return false
		}
	}
	return true
}

// lostLetters reports question marks in place of letters: Mu?oz, ?ukasz, ???.
// A name has none at all; the line of an address may be one question mark, which
// says that there is no address; a company may be called "Got Milk?".
func lostLetters(s string, holds content) bool {
	switch holds {
	case personName:
		return strings.IndexByte(s, '?') >= 0
	case placeName, businessName:
	default:
		return false
	}
	for at := 0; ; at++ {
		next := strings.IndexByte(s[at:], '?')
		if next < 0 {
			return false
		}
		at += next
		before, after := at > 0 && isWordByte(s[at-1]), at+1 < len(s) && isWordByte(s[at+1])
		if before && after || holds == placeName && (before || after) {
			return true
		}
	}
}

// damagedBySpreadsheet recognises what a spreadsheet or dataframe made of a
// value, and says what it is: #N/A and its like, ####, 1.23457E+08, 12345.0, NaN,
// 4-May for the flat 4-5.
func damagedBySpreadsheet(s string, col *column) string {
	switch s[0] {
	case '#':
		switch s {
		case "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!":
			return "a spreadsheet's error"
		}
		if strings.Trim(s, "#") == "" && len(s) > 1 {
			return "the signs of a column that was too narrow"
		}
	case '\'':
		if len(s) > 1 && isDigit(s[1]) && (col.holds == digits || col.holds == telephone || col.holds == opaqueKey || col.holds == ownKey) {
			return "the apostrophe that keeps a spreadsheet from changing a number"
		}
	}
	if col.holds != plainText && isMissingValue(s, col) {
		return "a program's word for a missing value"
	}
	if isDigit(s[0]) {
		if mantissa, exponent, ok := strings.Cut(s, "E+"); ok && isNumber(exponent) && isDecimal(mantissa) {
			return "a number in scientific notation"
		}
		if whole, part, ok := strings.Cut(s, "."); ok && isNumber(whole) && part != "" && strings.Trim(part, "0") == "" &&
			col.holds != plainText && col.holds != wordOrDate {
			return "a number with .0, as a dataframe writes it"
		}
	}
	if col.holds == placeName && isMonthAndNumber(s) {
		return "a date that a spreadsheet made of a number"
	}
	return ""
}

// isDecimal reports 1 and 1.5.
func isDecimal(s string) bool {
	whole, part, hasPart := strings.Cut(s, ".")
	return isNumber(whole) && (!hasPart || isNumber(part))
}

// isMissingValue reports what pandas, R, Java and SQL write for no value. Null and
// None are names of people too, in whose last name they stay.
func isMissingValue(s string, col *column) bool {
	switch s {
	case "NaN", "nan", "NaT", "<NA>", "(null)", `\N`:
		return true
	case "NULL", "null", "None":
		switch col.holds {
		case opaqueKey, ownKey, telephone, mailbox, digits:
			return true
		case personName:
			return col.name != "last_name"
		}
	}
	return false
}

// isMonthAndNumber reports 4-May and May-04, which a spreadsheet makes of 5-4.
func isMonthAndNumber(s string) bool {
	first, second, ok := strings.Cut(s, "-")
	if !ok || len(s) > 6 {
		return false
	}
	return isNumber(first) && isShortMonth(second) || isShortMonth(first) && isNumber(second)
}

func isShortMonth(s string) bool {
	return len(s) == 3 && strings.Contains("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", s)
}

// damagedZIP says what is wrong with a text that was a ZIP once; "" when it is
// one, or never was.
func damagedZIP(zip string) string {
	switch {
	case len(zip) == 6 && zip[5] == '-' && isNumber(zip[:5]):
		return "ends with the hyphen of a ZIP+4 that lost its last digits"
	case len(zip) == 10 && zip[5] == ' ' && isNumber(zip[:5]) && isNumber(zip[6:]):
		return "has a space in place of its hyphen"
	case isWithLetters(zip):
		return "has a letter that looks like a digit"
	}
	return ""
}

// isWithLetters reports a ZIP in which O, I or l stands for 0 or 1.
func isWithLetters(zip string) bool {
	if isNumber(zip) || len(zip) != 5 && len(zip) != 10 {
		return false
	}
	mended := strings.NewReplacer("O", "0", "o", "0", "I", "1", "l", "1").Replace(zip)
	return mended != zip && isNumber(mended[:5]) && (len(zip) == 5 || mended[5] == '-' && isNumber(mended[6:]))
}

// lostZero reports a ZIP that a spreadsheet took for a number: 1013 for 01013,
// 907 for 00907, 10131234 or 1013-1234 for 01013-1234.
func lostZero(zip string) bool {
	first, last, plus := strings.Cut(zip, "-")
	if plus {
		return (len(first) == 3 || len(first) == 4) && isNumber(first) && len(last) == 4 && isNumber(last)
	}
	switch len(zip) {
	case 3, 4, 7, 8:
		return isNumber(zip)
	}
	return false
}

// withoutZeros is a ZIP without the four zeros that stand for a missing ZIP+4.
func withoutZeros(zip string) string {
	if breach.IsZIP(zip) && len(zip) > 5 && zip[len(zip)-4:] == "0000" {
		return zip[:5]
	}
	return zip
}

// saysNothing reports a word where a name, a number or a web site would be
// printed: N/A, unknown, none, 0000. One letter may be an initial.
func saysNothing(s string) bool { return len(s) > 1 && breach.SaysNoPlace(s) }

// isNoName reports what stands in a part of a name for there being none: NMN and
// NMI (no middle name, no middle initial) beside the other words.
func isNoName(s string) bool {
	return saysNothing(s) || strings.EqualFold(s, "NMN") || strings.EqualFold(s, "NMI")
}
