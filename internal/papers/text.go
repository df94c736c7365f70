package papers

import (
	"strings"

	"duenotice/internal/typeface"
)

// literal marks the character after it as data, not a layout mark. It is a
// Unicode noncharacter, so that no text of anybody's can hold it.
const literal = '\uFDD0'

// oneLine makes a cell fit to print on one line.
func oneLine(s string) string { return typeface.Line(s) }

// data makes a cell fit to stand in a template: on one line, its marks escaped.
func data(s string) string { return escapeMarks(oneLine(s)) }

// prose makes a text of several paragraphs fit to stand in a template: empty
// lines and list items keep their meaning, every other mark is escaped. A line
// that begins with a bullet is a list item, as word processors write them.
func prose(s string) string {
	lines := strings.Split(typeface.Lines(s), "\n")
	for i, line := range lines {
		item, ok := strings.CutPrefix(line, "- ")
		if !ok {
			item, ok = strings.CutPrefix(line, "• ")
		}
		if ok {
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
