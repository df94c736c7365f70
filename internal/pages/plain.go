package pages

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// plain is a text as it is looked for: in small letters, without the accents that a
// clerk's keyboard may lack, and with a keyboard's apostrophe and dash.
func plain(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	for _, r := range text {
		switch {
		case int(r) >= len(letters):
			out.WriteString(letter(r))
		case r >= unicode.MaxASCII:
			out.WriteString(letters[r])
		case 'A' <= r && r <= 'Z':
			out.WriteByte(byte(r) + 'a' - 'A')
		default:
			out.WriteByte(byte(r))
		}
	}
	return out.String()
}

// letters are those of Europe's names, worked out once: a list can be long.
var letters = func() (all [0x250]string) {
	for r := range all {
		all[r] = letter(rune(r))
	}
	return all
}()

// letter is one letter as it is looked for.
func letter(r rune) string {
	switch r {
	case '\u2018', '\u2019', '\u02bc', '\u00b4':
		return "'"
	case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014':
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(string(r)))
}
