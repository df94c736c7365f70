package breach

import (
	"slices"
	"strings"
)

// LetterLanguages are the languages there is a letter in, as the names of the
// templates have them: letter.en.txt.
var LetterLanguages = []string{"en"}

// HasLetterIn reports whether a person who reads the language of a BCP 47 tag
// gets the letter in it.
func HasLetterIn(tag string) bool {
	primary, _, _ := strings.Cut(tag, "-")
	return slices.Contains(LetterLanguages, strings.ToLower(primary))
}
