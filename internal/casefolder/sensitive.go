package casefolder

import (
	"strings"
	"unicode/utf8"
)

// Shapes of numbers that must not be in the lists. A shape is looked for in
// the whole cell, since numbers hide in notes ("SSN 078-05-1120").
//
// A Social Security number is three, two and four digits parted by spaces,
// dots, or dashes of any kind, whatever the digits; or, in text and in person
// keys, nine digits alone that the Social Security Administration or the IRS
// could have issued. Nine digits alone are fine where they have another meaning
// (ZIP+4, telephone numbers, practices' keys, e-mail addresses), and so are
// digits that are part of a longer word such as PT000123456 or a UUID.
//
// A payment card number is 13 to 19 digits, each parted from the next by at
// most one space or dash, with a first digit an issuer of payment cards has (3
// to 6, or Mastercard's 2221 to 2720; ISO/IEC 7812) and a Luhn check digit.

// smuggled returns the rule a cell breaks by its digits, or "".
func smuggled(s string, holds content) string {
	if ascii, _, _ := survey(s); !ascii {
		s = strings.Map(plainDash, s)
	}
	if digitsIn(s) < 9 {
		return ""
	}
	abroad := holds == telephone && (strings.HasPrefix(s, "00") || (strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "+1")))
	if abroad && digitsIn(s) <= 17 { // E.164: 15 digits, after 00 at most
		return ""
	}
	bareNine := holds.isText() || holds == opaqueKey
	for at := 0; at < len(s); {
		if !isDigit(s[at]) {
			at++
			continue
		}
		if at == 0 || !isDigit(s[at-1]) {
			if partedSSN(s, at) || bareNine && bareSSN(s, at) {
				return ruleSSN
			}
		}
		at++
	}
	if hasCard(s) {
		return ruleCard
	}
	return ""
}

// digitsIn counts ASCII digits.
func digitsIn(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWordByte(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

// plainDash turns Unicode's dashes, spaces and digits that look like ASCII's into them.
func plainDash(r rune) rune {
	switch {
	case r >= '\u2010' && r <= '\u2015', r == '\u2212', r == '\u00ad', r == '\ufe58', r == '\ufe63', r == '\uff0d':
		return '-'
	case r == '\u00a0', r >= '\u2000' && r <= '\u200a', r == '\u202f', r == '\u3000':
		return ' '
	case r >= '\uff10' && r <= '\uff19':
		return r - '\uff10' + '0'
	}
	return r
}

// run returns the number of digits in a row at s[at:].
func run(s string, at int) int {
	n := 0
	for at+n < len(s) && isDigit(s[at+n]) {
		n++
	}
	return n
}

func isSSNSeparator(s string, at int) bool {
	return at < len(s) && (s[at] == '-' || s[at] == ' ' || s[at] == '.')
}

// partedSSN reports digits 3-2-4 at s[at:], where a group of digits begins.
func partedSSN(s string, at int) bool {
	return run(s, at) == 3 && isSSNSeparator(s, at+3) &&
		run(s, at+4) == 2 && isSSNSeparator(s, at+6) && run(s, at+7) == 4
}

// bareSSN reports nine digits at s[at:] that stand alone and could be a Social
// Security number (20 CFR 422.103: no area 000 or 666, no group 00, no serial
// 0000) or an individual taxpayer identification number (area 9xx).
func bareSSN(s string, at int) bool {
	if run(s, at) != 9 || at > 0 && isWordByte(s[at-1]) || at+9 < len(s) && isWordByte(s[at+9]) {
		return false
	}
	area, group, serial := s[at:at+3], s[at+3:at+5], s[at+5:at+9]
	if area[0] == '9' {
		return group >= "50"
	}
	return area != "000" && area != "666" && group != "00" && serial != "0000"
}

// hasCard looks for a card number among digits parted by single spaces and
// dashes. Such a chain must stand alone, with nothing touching it that could be
// part of a key (letters, a UUID's hyphens); inside it a number may begin and
// end at a space ("4111111111111111 12").
func hasCard(s string) bool {
	for at := 0; at < len(s); at++ {
		if !isDigit(s[at]) {
			continue
		}
		end := at
		for end < len(s) && (isDigit(s[end]) || (s[end] == ' ' || s[end] == '-') && end+1 < len(s) && isDigit(s[end+1])) {
			end++
		}
		if standsAlone(s, at, end) && cardInChain(s[at:end]) {
			return true
		}
		at = end
	}
	return false
}

func cardInChain(chain string) bool {
	for from := range len(chain) {
		if from > 0 && chain[from-1] != ' ' {
			continue
		}
		number := make([]byte, 0, 20)
		for to := from; to < len(chain) && len(number) < 20; to++ {
			if !isDigit(chain[to]) {
				continue
			}
			number = append(number, chain[to])
			ends := to+1 == len(chain) || chain[to+1] == ' '
			if ends && len(number) >= 13 && len(number) <= 19 && cardPrefix(number) && luhn(number) {
				return true
			}
		}
	}
	return false
}

func standsAlone(s string, from, to int) bool {
	touches := func(c byte) bool { return isWordByte(c) || c == '-' || c == '_' }
	return (from == 0 || !touches(s[from-1])) && (to == len(s) || !touches(s[to]))
}

func cardPrefix(number []byte) bool {
	if number[0] == '2' && len(number) == 16 {
		first := string(number[:4])
		return first >= "2221" && first <= "2720"
	}
	return number[0] >= '3' && number[0] <= '6'
}

// luhn checks the check digit of ISO/IEC 7812-1.
func luhn(number []byte) bool {
	sum := 0
	for i := range number {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
