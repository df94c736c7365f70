package temporalx

import (
	"slices"
	"strings"
	"unicode"
)

// Temporal's UI takes what a workflow says of itself for Markdown, and makes links,
// headings and pictures of it. What a person wrote, such as the name of an agency,
// is shown as they wrote it and is never one of those.

// Text writes text into Markdown, such as a workflow's current details, so that
// the reader sees that text and nothing is made of it: what Markdown would read as
// more has a backslash before it. White space and control characters become one
// space; characters that cannot be seen, as those that turn the direction of
// writing, are left out.
func Text(text string) string {
	return literal(text, func(r rune) string { return `\` + string(r) })
}

// Line is Text for a summary, which the UI shows as Markdown in one place and as
// it is in another: what Markdown would read as more is replaced by a character
// that looks alike.
func Line(text string) string {
	return literal(text, func(r rune) string {
		if alike, ok := lookAlike[r]; ok {
			return alike
		}
		return string(r)
	})
}

var lookAlike = map[rune]string{
	'\\': "∖", '`': "ˋ", '*': "∗", '_': "ˍ", '[': "❲", ']': "❳", '{': "❴", '}': "❵", '<': "‹", '>': "›",
	'~': "∼", '|': "∣", '^': "ˆ", '$': "＄", '&': "＆", '#': "♯", '-': "‐", '+': "＋", ':': "∶", '.': "․", ')': "❩",
}

// literal has each character that Markdown would read as more replaced.
func literal(text string, replaced func(rune) string) string {
	words := strings.Fields(strings.Map(visible, text))
	for i, word := range words {
		var out strings.Builder
		runes := []rune(word)
		link := linkLike(word)
		for at, r := range runes {
			if (i == 0 && begins(runes, at)) || (link && strings.ContainsRune(".:", r)) || meansMore(runes, at) {
				out.WriteString(replaced(r))
				continue
			}
			out.WriteRune(r)
		}
		words[i] = out.String()
	}
	return strings.Join(words, " ")
}

func visible(r rune) rune {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// begins reports whether a character makes a heading or a list of a text that
// starts with these.
func begins(runes []rune, at int) bool {
	if at == 0 {
		return strings.ContainsRune("#-+:", runes[0])
	}
	number := !slices.ContainsFunc(runes[:at], func(r rune) bool { return r < '0' || r > '9' })
	return number && (runes[at] == '.' || runes[at] == ')')
}

// linkLike is what a reader of Markdown makes a link of without being asked.
func linkLike(word string) bool {
	lower := strings.ToLower(word)
	return strings.Contains(lower, "://") || strings.Contains(lower, "www.") || strings.Contains(lower, "@") || strings.Contains(lower, "mailto:")
}

// meansMore reports whether a character is read as more wherever it stands. The
// bracket keeps the "(c)" of 45 CFR 164.408(c) from becoming a copyright sign.
func meansMore(runes []rune, at int) bool {
	word := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	switch r := runes[at]; r {
	case '_':
		return !word(at-1) || !word(at+1) // within a word, such as a practice's key, it is nothing else
	case '&':
		return word(at+1) || (at+1 < len(runes) && runes[at+1] == '#')
	default:
		return strings.ContainsRune("\\`*[]{}<>~|^$(", r)
	}
}
