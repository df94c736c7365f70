package breach

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// PersonNamed is the person of a name who acts: what all ways of typing one
// person's name have in common, and "" for what is no name. It is what is
// compared wherever two people are needed (four eyes), where a name has to be one's
// own, and where the same act may be asked for twice.
//
// It is the name's words as FoldText has them, in an order of their own and without
// what stands between them: "Rivera, Ada" is "Ada Rivera", and "Ann-Marie" is "Ann
// Marie". Letters that only look alike, such as a Latin and a Cyrillic a, are
// different; CheckPersonName keeps them out of one name.
func PersonNamed(name string) string {
	// Folded again: the apostrophe may have stood between a letter and its accent.
	words := strings.FieldsFunc(FoldText(strings.ReplaceAll(FoldText(name), "'", "")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r)
	})
	slices.Sort(words)
	return strings.Join(words, " ")
}

// SamePerson reports whether two names are one person's.
func SamePerson(a, b string) bool { return PersonNamed(a) == PersonNamed(b) }

// DifferentPeople counts the people behind names that were told apart by SamePerson
// when they were gathered. A decision that was taken rests on this count: it folds
// names as rulebooks always did, or a decision of years ago would come out otherwise.
func DifferentPeople(names []string) int {
	people := map[string]bool{}
	for _, name := range names {
		if person := FoldText(name); person != "" {
			people[person] = true
		}
	}
	return len(people)
}

// FoldText writes what somebody typed as people compare it: without case, with
// one space where there were several, accents composed or not, letters of full
// width and ligatures as their plain ones, dashes and apostrophes of every shape
// as those of a keyboard, and without what cannot be seen (Unicode, UAX #15 NFKC,
// UAX #44 Default_Ignorable_Code_Point, full case folding).
func FoldText(text string) string {
	if isKeyboard(text) {
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	}
	text = strings.Join(strings.Fields(foldOnce(text)), " ")
	// One pass may bring to light what another changes: a sign that was taken out
	// stood between a letter and its accent. Few texts need a second one.
	for range 8 {
		again := strings.Join(strings.Fields(foldOnce(text)), " ")
		if again == text {
			break
		}
		text = again
	}
	return text
}

// isKeyboard reports text of letters and signs that folding changes in nothing but their
// case: nearly every name and address.
func isKeyboard(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '`' {
			return false
		}
	}
	return true
}

func foldOnce(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = norm.NFKC.String(strings.Map(plain, text))
	// Upper case first: it makes one of some letters that folding leaves apart, or
	// only turns around, such as those of Cherokee.
	return norm.NFKC.String(strings.Map(plain, cases.Fold().String(strings.ToUpper(text))))
}

// plain is the letter of a keyboard for one of a word processor, and -1 for what
// cannot be seen.
func plain(r rune) rune {
	switch {
	case strings.ContainsRune("‘’‛′´`ʼʹ", r):
		return '\''
	case unicode.Is(unicode.Pd, r), r == '\u2212': // dashes, and the sign for minus
		return '-'
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Cf, unicode.Cc):
		return -1
	}
	return r
}
