package papers

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// literal marks the character after it as data, not a layout mark. It is a
// Unicode noncharacter, so that no text of anybody's can hold it.
const literal = '\uFDD0'

// oneLine makes a cell fit to print on one line: composed characters (a font
// has a glyph for "ễ", not for e with two marks), single spaces, nothing invisible.
func oneLine(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Join(strings.Fields(visible(s)), " ")
}

// isPlain reports whether oneLine would return s as it is; nearly every cell is so.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7F {
			if c == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ' {
				continue
			}
			return false
		}
	}
	return true
}

// visible drops what cannot be seen on paper (control and formatting
// characters, noncharacters, which could also pose as our own mark) and
// composes what is left.
func visible(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Noncharacter_Code_Point):
			return -1
		}
		return r
	}, s))
}

// data makes a cell fit to stand in a template: on one line, its marks escaped.
func data(s string) string { return escapeMarks(oneLine(s)) }

// prose makes a text of several paragraphs fit to stand in a template: empty
// lines and list items keep their meaning, every other mark is escaped.
func prose(s string) string {
	lines := strings.Split(visible(strings.ReplaceAll(s, "\r\n", "\n")), "\n")
	for i, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		if item, ok := strings.CutPrefix(line, "- "); ok {
			lines[i] = "- " + escapeMarks(item)
			continue
		}
		lines[i] = escapeMarks(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// escapeMarks puts the literal mark before everything the layout could take
// for one of its own: line starts, table bars and bold.
func escapeMarks(s string) string {
	if s == "" {
		return ""
	}
	var b strings.Builder
	if strings.ContainsRune("#-[>=0123456789", rune(s[0])) {
		b.WriteRune(literal)
	}
	for _, r := range s {
		if r == '*' || r == '|' {
			b.WriteRune(literal)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unmark drops the literal marks: the text as printed.
func unmark(s string) string {
	if !strings.ContainsRune(s, literal) {
		return s
	}
	return strings.ReplaceAll(s, string(literal), "")
}

// enumerate lists words as prose does: "a, b, and c".
func enumerate(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	case 2:
		return words[0] + " and " + words[1]
	}
	return strings.Join(words[:len(words)-1], ", ") + ", and " + words[len(words)-1]
}
