package typeface

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/language"
	"golang.org/x/text/unicode/norm"
)

// Line is s as one line of a paper prints it: composed characters (a font has a
// glyph for "ễ", not for e with two marks), single spaces, nothing invisible, and
// for a character that the fonts lack what stands for it. What nothing can stand
// for is left as it is, for Lacks to find and for Marked to print.
func Line(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Join(strings.Fields(substituted(s)), " ")
}

// Lines is Line for a text of several lines. A line separator ends a line, and a
// paragraph separator a paragraph.
func Lines(s string) string {
	s = lineEnds.Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Line(line)
	}
	return strings.Join(lines, "\n")
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n")

// isPlain reports whether Line would return s as it is; nearly every cell is so.
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

// Marked returns text with the Unicode number, "[U+13080]", in place of each
// character that cannot be printed, and whether there was one. It is for papers that
// must never fail over what somebody typed.
func Marked(text string) (marked string, lacked bool) {
	if _, lacks := Lacks(text); !lacks {
		return text, false
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		// What is left stands beside other characters than before. Each time something
		// is marked that was not, so that it ends.
		for {
			runes := []rune(line)
			all := missing(runes)
			if len(all) == 0 {
				break
			}
			line = numbered(runes, all)
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n"), true
}

// numbered is a line with the numbers of some of its letters in their place; those
// that stand beside each other share a pair of brackets.
func numbered(line []rune, letters []letter) string {
	var b strings.Builder
	at := 0
	for i, l := range letters {
		b.WriteString(string(line[at:l.from]))
		sign := "["
		if i > 0 && letters[i-1].to == l.from {
			sign = " "
		}
		for _, r := range line[l.from:l.to] {
			fmt.Fprintf(&b, "%s%U", sign, r)
			sign = " "
		}
		if at = l.to; i == len(letters)-1 || letters[i+1].from != at {
			b.WriteByte(']')
		}
	}
	b.WriteString(string(line[at:]))
	return b.String()
}

// substituted composes the text, drops what cannot be seen and replaces what the
// fonts lack.
func substituted(s string) string {
	s = norm.NFC.String(seen(s))
	if _, lacks := Lacks(s); !lacks {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if Has(r) {
			b.WriteRune(r)
			continue
		}
		by, known := standIn(r)
		if !known {
			b.WriteRune(r)
			continue
		}
		if by == "" && endsClause(s[i+utf8.RuneLen(r):]) {
			// A picture between a word and its full stop leaves no space there.
			kept := strings.TrimRight(b.String(), " ")
			b.Reset()
			b.WriteString(kept)
		}
		b.WriteString(by)
	}
	// What stands for a character may join the one before it.
	return norm.NFC.String(b.String())
}

func endsClause(rest string) bool {
	return rest != "" && strings.IndexByte(".,;:!?", rest[0]) >= 0
}

// seen drops what cannot be seen, but for characters that say how letters beside them
// join, between letters of a writing system in which that is seen.
func seen(s string) string {
	if !strings.ContainsRune(s, zeroWidthNonJoiner) && !strings.ContainsRune(s, zeroWidthJoiner) {
		return strings.Map(visible, s)
	}
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		joins := isJoiner(r) && i > 0 && i < len(runes)-1 && isShaped(runes[i-1]) && isShaped(runes[i+1])
		if joins {
			b.WriteRune(r)
		} else if r = visible(r); r >= 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

const zeroWidthNonJoiner, zeroWidthJoiner = '\u200C', '\u200D'

// isJoiner reports whether the character says only how its neighbours join: it is seen
// in them and has no glyph.
func isJoiner(r rune) bool { return r == zeroWidthNonJoiner || r == zeroWidthJoiner }

// isShaped reports whether the character is of a writing system with a font of its own.
func isShaped(r rune) bool { return systems[language.LookupScript(r)] != nil }

// visible drops what cannot be seen on paper: control and formatting characters,
// noncharacters, and what says only how the character before it looks. Spaces of
// every width are spaces.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Noncharacter_Code_Point, unicode.Variation_Selector), r == keycap:
		return -1
	}
	return r
}

// keycap draws a key around the digit before it.
const keycap = '\u20E3'

// standIn is what is printed for a character that the fonts lack, where its
// meaning stays: nothing, for a picture. known is false where nothing can stand
// for it.
func standIn(r rune) (by string, known bool) {
	if by, known = words[r]; known {
		return by, true
	}
	for _, group := range groups {
		if r >= group.from && r <= group.to {
			return group.by, true
		}
	}
	if n := circled(r); n > 0 {
		return fmt.Sprintf("(%d)", n), true
	}
	return compatible(r)
}

// compatible is the character written with those of its compatibility
// decomposition: a mathematical or wide letter as the letter. Small raised and
// lowered digits and fractions are not, since 10⁵ is not 105.
func compatible(r rune) (by string, known bool) {
	if r >= '\u2070' && r <= '\u209F' || r >= '\u2150' && r <= '\u215F' {
		return "", false
	}
	by = norm.NFKC.String(string(r))
	if by == string(r) {
		return "", false
	}
	if mark, n := utf8.DecodeRuneInString(by); n == len(by) && unicode.Is(unicode.M, mark) {
		return by, Has(mark) // a sound mark of narrow Kana: the letter is what stood before
	}
	_, lacks := Lacks(by)
	return by, !lacks
}

// circled is the number in a ring, 1 to 20, or 0.
func circled(r rune) int {
	for _, first := range []rune{'\u2460', '\u2776', '\u2780', '\u278A'} {
		last := first + 9
		if first == '\u2460' {
			last = first + 19
		}
		if r >= first && r <= last {
			return int(r-first) + 1
		}
	}
	return 0
}

// words stand for single characters. Those from U+F000 on are how word
// processors write the bullets of the fonts Symbol and Wingdings.
var words = map[rune]string{
	'←': "<-", '→': "->", '↔': "<->", '⇐': "<=", '⇒': "=>", '⇔': "<=>", '↑': "up", '↓': "down", '⟶': "->", '⟵': "<-",
	'➔': "->", '➙': "->", '➜': "->", '➝': "->", '➞': "->", '➡': "->", '➤': "->", '➢': "->", '➧': "->", '➨': "->", '⮕': "->", '⬅': "<-",
	'\uF0E0': "->", '\uF0E8': "->", '\uF0D8': "•", '\uF0DF': "<-",

	'◦': "•", '‣': "•", '⁃': "•", '∙': "•", '❖': "•", '❑': "[ ]", '❏': "[ ]", '❒': "[ ]", '❐': "[ ]", '●': "•",
	'\uF0B7': "•", '\uF0A7': "•", '\uF06E': "•", '\uF06C': "•", '\uF076': "•", '\uF09F': "•", '\uF077': "•", '\uF02D': "-", '\uF0BE': "-",

	'☐': "[ ]", '☑': "[x]", '☒': "[x]", '✓': "[x]", '✔': "[x]", '✅': "[x]", '✗': "(no)", '✘': "(no)", '❌': "(no)", '❎': "(no)",
	'□': "[ ]", '◻': "[ ]", '▢': "[ ]", '🗸': "[x]", '🗹': "[x]",
	'\uF0FC': "[x]", '\uF0FE': "[x]", '\uF0FD': "[x]", '\uF0FB': "(no)", '\uF0A8': "[ ]", '\uF06F': "[ ]", '\uF071': "[ ]", '\uF072': "[ ]",

	'−': "-", '∼': "~", '≤': "<=", '≥': ">=", '≈': "about", '≠': "not equal to",
	'☎': "Telephone", '☏': "Telephone", '✆': "Telephone", '📞': "Telephone", '📱': "Telephone",
	'✉': "Mail", '📧': "E-mail", '📨': "Mail", '📩': "Mail", '📬': "Mail", '📭': "Mail", '📠': "Fax",
	'⚠': "Warning", '❗': "!", '❕': "!", '‼': "!!", '❓': "?", '❔': "?", '♀': "female", '♂': "male", '➕': "+", '➖': "-",
}

// groups are ranges of characters with one thing that stands for all: shapes are
// bullets, pictures are nothing.
var groups = []struct {
	from, to rune
	by       string
}{
	{'\u25A0', '\u25FF', "•"},        // geometric shapes
	{'\u2600', '\u26FF', ""},         // weather, signs and such
	{'\u2700', '\u2775', ""},         // dingbats
	{'\u2794', '\u27BF', ""},         // dingbats that point and curl
	{'\u2B00', '\u2BFF', ""},         // stars and further shapes
	{'\u231A', '\u231B', ""},         // watches
	{'\u23E9', '\u23FA', ""},         // clocks and keys of players
	{'\U0001F000', '\U0001F0FF', ""}, // tiles and cards
	{'\U0001F1E6', '\U0001F1FF', ""}, // flags
	{'\U0001F300', '\U0001FAFF', ""}, // pictures, faces, transport
	{'\U000E0000', '\U000E007F', ""}, // tags of flags
}
