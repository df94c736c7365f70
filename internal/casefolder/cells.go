package casefolder

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cellText is a cell as it is read: without the space around it.
func cellText(cell []byte) string { return strings.TrimSpace(string(cell)) }

// checkCell looks at one cell of a known column and returns the rule it breaks,
// with a message that does not repeat it; "" when the cell is fine. raw is the
// cell as it stands in the file, s without the space around it. One cell breaks
// one rule: the first that explains what the others would only echo.
func checkCell(col *column, raw, s string) (rule, message string) {
	ascii, clean, number := survey(s)
	if !ascii {
		if rule, message = checkUnicode(s); rule != "" {
			return rule, col.name + " " + message
		}
	}
	switch {
	case !clean:
		return ruleControl, col.name + " holds a line break or another control character"
	case looksLikeFormula(raw, s, col.holds):
		return ruleFormula, fmt.Sprintf("%s starts with a character that makes it a formula in a spreadsheet", col.name)
	case lostLetters(s, col.holds):
		return ruleLostLetters, col.name + " has question marks where letters were"
	}
	if what := damagedBySpreadsheet(s, col); what != "" {
		return ruleSpreadsheet, col.name + " holds " + what
	}
	if isPlaceholder(s) {
		return rulePlaceholder, col.name + " still is the placeholder of the template"
	}
	if number >= 9 || !ascii {
		if rule = smuggled(s, col.holds); rule != "" {
			return rule, col.name + smuggledMessage(rule)
		}
	}
	if len(s) > col.most && utf8.RuneCountInString(s) > col.most {
		return ruleTooLong, fmt.Sprintf("%s has more than %d characters", col.name, col.most)
	}
	return "", ""
}

func smuggledMessage(rule string) string {
	if rule == ruleSSN {
		return " holds something shaped like a Social Security number"
	}
	return " holds something shaped like a payment card number"
}

// survey goes through a cell once, for what the checks need to know.
func survey(s string) (ascii, clean bool, number int) {
	ascii, clean = true, true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
		case c >= '0' && c <= '9':
			number++
		case c < ' ' || c == 0x7f:
			clean = false
		}
	}
	return ascii, clean, number
}

// checkUnicode refuses what is not text: bytes that are not UTF-8, the
// replacement character another program left in place of a letter, letters that
// were decoded twice, control characters, and the marks that turn the direction
// of text on a letter.
func checkUnicode(s string) (rule, message string) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) {
		return ruleUTF8, "holds letters that are not valid UTF-8"
	}
	if decodedTwice(s) {
		return ruleDecodedTwice, "holds two or three letters in place of one: the text was decoded twice"
	}
	for _, r := range s {
		if r >= utf8.RuneSelf && isControlRune(r) {
			return ruleControl, "holds an invisible control character"
		}
	}
	return "", ""
}

func isControlRune(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return false
}

// isPlaceholder reports a value of the template that was never replaced.
func isPlaceholder(s string) bool {
	return len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>'
}

// looksLikeFormula: a spreadsheet would compute such a cell instead of showing
// it (CWE-1236). A telephone number may start with + and a digit, space or bracket.
func looksLikeFormula(raw, s string, holds content) bool {
	if raw != "" && (raw[0] == '\t' || raw[0] == '\r') {
		return true
	}
	switch s[0] {
	case '=', '-', '@':
		return true
	case '+':
		return holds != telephone || len(s) < 2 || !strings.ContainsRune("0123456789 (", rune(s[1]))
	}
	// Full-width =, +, - and @ are formulas to some East Asian spreadsheets.
	for _, wide := range []string{"\uff1d", "\uff0b", "\uff0d", "\uff20"} {
		if s[0] == wide[0] && strings.HasPrefix(s, wide) {
			return true
		}
	}
	return false
}

// isNumber reports one digit or more and nothing else.
func isNumber(s string) bool { return s != "" && digitsIn(s) == len(s) }
