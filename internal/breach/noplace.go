package breach

import "strings"

// What people type where an address is asked for and there is none. The words
// are those of public reports of patient lists: a fixed phrase for people
// without a home, notes of the post room, and what programs write for a missing
// value. "General delivery" is not among them: mail reaches it (USPS Domestic
// Mail Manual 508.6).
//
// A text says no place when it is made of these words alone and at least one of
// them is enough by itself, or a denial stands beside another. So "Bad Axe",
// "Given" (West Virginia) and "1 Unknown Road" stay what they are.
var noPlaceWords = map[string]noPlaceWord{}

type noPlaceWord uint8

const (
	// enough says by itself that there is no place.
	enough noPlaceWord = iota + 1
	// denial says it together with another word.
	denial
	// besides may stand beside them.
	besides
)

func init() {
	for meaning, words := range map[noPlaceWord]string{
		enough: `unknown unk unkn unkwn uknown unknow undetermined unspecified unavailable unlisted unable
			homeless houseless unhoused undomiciled nfa transient vagrant
			na nil null nan none blank empty missing pending tbd tba invalid incorrect bogus
			bad wrong undeliverable unclaimed return returned sender rts uaa deceased refused declined desconocido`,
		denial: "no not without never cannot do dont",
		besides: `address addresses addr adr street city town zip place abode residence home known given fixed stated
			provided supplied available applicable on file record of the a an as addressed to mail post postal
			send forwarding forward left moved current permanent valid by patient pt is was at this time found obtained obtain
			listed specified entered housing see notes usps per`,
	} {
		for _, w := range strings.Fields(words) {
			noPlaceWords[w] = meaning
			noPlaceLengths[w[0]] |= 1 << len(w)
		}
	}
}

// noPlaceLengths has a bit for the length of each of the words that begin with a letter:
// nearly every word of an address is told from all of them by that.
var noPlaceLengths [128]uint32

// saidBy is what a word in small letters says, 0 for a word of a real place.
func saidBy(word []byte) noPlaceWord {
	if noPlaceLengths[word[0]]&(1<<len(word)) == 0 {
		return 0
	}
	return noPlaceWords[string(word)]
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// longestWord bounds a word that can be one of them.
const longestWord = 16

// SaysNoPlace reports a street or city that names no place mail could go to:
// UNKNOWN, HOMELESS, N/A, RETURNED MAIL, ** Address Not Given **, x, ?, 0000.
// An empty text says nothing either.
func SaysNoPlace(s string) bool {
	var word [longestWord]byte
	words, strong, denied, filler := 0, false, false, true
	for at := 0; at < len(s); {
		c := s[at]
		if !isPlaceByte(c) {
			if c >= 0x80 { // a letter of a real name, or a lost one
				return false
			}
			at++
			continue
		}
		size := 0
		for ; at < len(s) && (isPlaceByte(s[at]) || s[at] == '\''); at++ {
			c = s[at]
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c == '\'' {
				continue
			}
			if size == longestWord {
				return false
			}
			word[size] = c
			size++
		}
		// N/A and N.A. are one word.
		if size == 1 && word[0] == 'n' && at+1 < len(s) && (s[at] == '/' || s[at] == '.') && s[at+1]|0x20 == 'a' && (at+2 == len(s) || !isPlaceByte(s[at+2])) {
			word[1], size, at = 'a', 2, at+2
		}
		words++
		if isFiller(word[:size]) {
			continue
		}
		filler = false
		switch saidBy(word[:size]) {
		case enough:
			strong = true
		case denial:
			denied = true
		case besides:
		default:
			return false
		}
	}
	return words == 0 || filler || strong || denied
}

// isPlaceByte is part of a word or number.
func isPlaceByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// isFiller reports x, xx, 0, 000, 9999: what fills a field that may not be empty.
func isFiller(word []byte) bool {
	switch word[0] {
	case 'x', '0':
	case '9':
		if len(word) < 4 { // 9 and 99 may be a house number
			return false
		}
	default:
		return false
	}
	for _, c := range word[1:] {
		if c != word[0] {
			return false
		}
	}
	return true
}

// SaysReturned reports an address line that says of the lines around it that
// mail does not arrive there, as a second line RETURNED MAIL does. Nothing,
// N/A and such say only that there is no second line.
func SaysReturned(s string) bool {
	if s == "" || !SaysNoPlace(s) {
		return false
	}
	lower := strings.ToLower(s)
	for _, w := range []string{"return", "bad", "wrong", "invalid", "incorrect", "bogus", "undeliver", "unclaimed", "homeless", "moved", "do not", "forward", "nfa", "no fixed"} {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}
