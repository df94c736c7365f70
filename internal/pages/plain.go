package pages

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"duenotice/internal/breach"
)

// plain is a text as it is looked for: as people compare it, and without accents,
// which a clerk's keyboard may lack.
func plain(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // most lists are long and plain
	}
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(breach.FoldText(text))))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
