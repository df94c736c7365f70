package breach

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

// CheckPersonName refuses a name, with code "unclear_name", that a reader could not
// tell from another by looking at it: one with a character that is not seen or is a
// form of another one, or with letters of two scripts. Nothing is guessed or put
// right. The refusal names the character and its place. option is where the name was
// given, such as "--by".
//
// The rules are those for names that people compare by eye: Unicode UAX #15 (NFKC),
// UAX #44 (general categories, Default_Ignorable_Code_Point) and UTS #39, section 5.2
// (restriction level Highly Restrictive). Whether a name is there at all is asked by
// PersonNamed.
func CheckPersonName(option, name string) error {
	if !utf8.ValidString(name) || strings.ContainsRune(name, utf8.RuneError) {
		return Refuse("unreadable_text", "Type it again in a terminal whose encoding is UTF-8 (see `locale`).",
			"what was given with %s has a letter that is not valid UTF-8", option)
	}
	at := 0
	var seen scripts
	for _, r := range name {
		at++
		why := unclear(r)
		if why == "" {
			why = seen.add(r)
		}
		if why != "" {
			return Refuse("unclear_name", "Type the name with plain letters of one script, as it stands in the person's papers.",
				"the name given with %s has %U (%s) as character %d, %s", option, r, runenames.Name(r), at, why)
		}
	}
	if before, r, at := markAlone(name); r != 0 {
		return Refuse("unclear_name", "Type the name with plain letters of one script, as it stands in the person's papers.",
			"the name given with %s has %U (%s) as character %d, %s", option, r, runenames.Name(r), at, before)
	}
	return nil
}

// unclear says what is wrong with a character wherever it stands, "" for nothing.
func unclear(r rune) string {
	switch {
	case r == ' ':
		return ""
	case unicode.IsSpace(r):
		return "which is no plain space"
	case r == brailleBlank, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return "which nobody sees"
	// Composed or not is the same letter to every reader; what only NFKC changes is
	// another letter's form, such as one of full width or a ligature.
	case norm.NFKC.String(string(r)) != norm.NFC.String(string(r)):
		return "which is a form of " + quoted(norm.NFKC.String(string(r)))
	case !unicode.IsGraphic(r): // a private one, or one that is not assigned
		return "which nobody can read"
	}
	return ""
}

// brailleBlank is the one symbol that is drawn as nothing.
const brailleBlank = '\u2800'

func quoted(s string) string {
	if strings.TrimSpace(s) == "" {
		return "a space"
	}
	return `"` + s + `"`
}

// markAlone finds an accent without a letter, or the same one twice on a letter: both
// look like less than they are.
func markAlone(name string) (why string, mark rune, at int) {
	before := ' '
	n := 0
	for _, r := range name {
		n++
		if unicode.Is(unicode.Mn, r) {
			if !unicode.IsLetter(before) && !unicode.IsMark(before) {
				return "an accent without a letter", r, n
			}
			if r == before {
				return "the same accent twice", r, n
			}
		}
		before = r
	}
	return "", 0, 0
}

// together are the scripts that one language writes together: Japanese, Chinese with
// Bopomofo, and Korean. Each also takes Latin (UTS #39, 5.2).
var together = [][]string{{"Latin", "Han", "Hiragana", "Katakana"}, {"Latin", "Han", "Bopomofo"}, {"Latin", "Han", "Hangul"}}

// scripts are those of a name's letters, in the order in which they came.
type scripts []string

// add takes in a character and says what is wrong with it here. What all scripts
// share, such as a space, a dash or an accent, is of none.
func (s *scripts) add(r rune) string {
	script := scriptOf(r)
	if script == "" || slices.Contains(*s, script) {
		return ""
	}
	*s = append(*s, script)
	if len(*s) == 1 || slices.ContainsFunc(together, func(group []string) bool {
		return !slices.ContainsFunc(*s, func(one string) bool { return !slices.Contains(group, one) })
	}) {
		return ""
	}
	return "which is " + script + " in a name that is " + strings.Join((*s)[:len(*s)-1], " and ")
}

// scriptOf is a character's script, "" for one that several share. A person types
// Latin: the first table looked at is its own.
func scriptOf(r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r):
		return "Latin"
	case unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "of no script"
}
