package envelope

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Machine is a line of an address as sorting machines read it best: in capitals,
// without punctuation but the hyphens and slashes that tell numbers apart (DMM
// 202.1.3; Publication 28, sections 211 and 354 and appendix H). Who it is for keeps the marks of
// their name; a street or a place loses them, because the Postal Service's own lists
// have none. What is printed is made from it; what is stored is not changed.
func Machine(line string, name bool) string {
	if plain, done := machineASCII(line); done {
		return plain
	}
	if !name {
		line = withoutMarks(line)
	}
	var b strings.Builder
	letters := []rune(capitals(line))
	for i, r := range letters {
		if kept := machineRune(letters, i, r); kept != 0 {
			b.WriteRune(kept)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// capitals are a line's Latin, Greek and Cyrillic letters as capitals. The capitals of
// other scripts are not used as ours are, and fonts lack some. Greeks write theirs
// without accents and breathings, and with the diaeresis; with both above it a letter
// would be so tall that the lines of a minor's address had no room.
func capitals(line string) string {
	upper := cases.Upper(language.Und)
	var b strings.Builder
	greek := false
	for _, r := range norm.NFD.String(line) {
		mark := unicode.Is(unicode.Mn, r)
		if mark && greek && r != diaeresis {
			continue
		}
		if !mark {
			greek = unicode.Is(unicode.Greek, r)
		}
		if unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			b.WriteString(upper.String(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

const diaeresis = '\u0308'

// machineASCII is Machine for nearly every line there is.
func machineASCII(line string) (string, bool) {
	out := make([]byte, 0, len(line))
	for i := range len(line) {
		c := line[i]
		switch {
		case c >= 0x80:
			return "", false
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == ' ', c == '#':
		case c == '-' || c == '/' || c == '&':
		case c == '.' && between(line, i, isDigit):
			// A street number such as 39.2 has its point (Publication 28, appendix D).
		case c == '\'' || c == '.':
			continue
		default:
			c = ' '
		}
		if c == ' ' && (len(out) == 0 || out[len(out)-1] == ' ') {
			continue
		}
		out = append(out, c)
	}
	return strings.TrimRight(string(out), " "), true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func between(line string, i int, is func(byte) bool) bool {
	return i > 0 && i+1 < len(line) && is(line[i-1]) && is(line[i+1])
}

// machineRune is what stands for a character in the line; 0 is nothing.
func machineRune(all []rune, i int, r rune) rune {
	digit := func(at int) bool { return at >= 0 && at < len(all) && unicode.IsDigit(all[at]) }
	switch {
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), unicode.Is(unicode.Cf, r), strings.ContainsRune("#-/&", r):
		return r
	case !unicode.In(r, unicode.Common, unicode.Inherited):
		return r // a mark of another script is part of its words
	case r == '.' && digit(i-1) && digit(i+1):
		return r
	case r == '.', r == '\'', r == '’', r == '‘', r == 'ʼ', r == 'ʻ':
		return 0
	case unicode.Is(unicode.Pd, r):
		return '-'
	}
	return ' '
}

// withoutMarks takes the marks from Latin letters: those of other scripts are part
// of the letter.
func withoutMarks(line string) string {
	var b strings.Builder
	latin := false
	for _, r := range norm.NFD.String(line) {
		if unicode.Is(unicode.Mn, r) && latin {
			continue
		}
		latin = unicode.Is(unicode.Latin, r)
		if to, there := plainLatin[r]; there {
			b.WriteString(to)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// plainLatin are the Latin letters that are no letter with a mark to Unicode.
var plainLatin = map[rune]string{
	'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'ħ': "h", 'Ħ': "H", 'ı': "i",
	'ø': "o", 'Ø': "O", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE", 'þ': "th", 'Þ': "TH", 'ß': "ss",
}
