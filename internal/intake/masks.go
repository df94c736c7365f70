package intake

import (
	"strings"
	"unicode/utf8"

	"duenotice/internal/intake/profile"
	"duenotice/internal/intake/rows"
)

// maskColumn counts cells that are filled, and those that hold a sign in place of a value.
type maskColumn struct{ filled, masked int }

// maskedColumns are those in which a program that masks has counts or signs.
var maskedColumns = []string{"last_name", "first_name", profile.FullName, "birth_date", "address1", "city", "zip", "email", "phone"}

func (t *table) surveyMasks(row *rows.Row) {
	for _, column := range maskedColumns {
		at, ok := t.match.Columns[column]
		if !ok {
			continue
		}
		s := cell(row, at)
		if s == "" {
			continue
		}
		m := t.masks[column]
		if m == nil {
			m = &maskColumn{}
			t.masks[column] = m
		}
		m.filled++
		if isMask(column, s) {
			m.masked++
		}
	}
}

// isMask reports a count, yes or no, or signs where a value should be.
func isMask(column, s string) bool {
	switch strings.ToLower(strings.Trim(s, "[]<>() ")) {
	case "y", "n", "yes", "no", "true", "false", "redacted", "masked", "hidden", "removed", "confidential":
		return true
	}
	short := 3
	if column == "zip" { // 907 is what a spreadsheet leaves of 00907
		short = 2
	}
	if len(s) <= short && strings.Trim(s, "0123456789") == "" {
		return true
	}
	if strings.Contains(s, "**") || strings.Contains(s, "••") || strings.Contains(s, "##") {
		// Words between stars say that there is no value, and hide none.
		signs := strings.Count(s, "*") + strings.Count(s, "•") + strings.Count(s, "#")
		return 2*signs >= utf8.RuneCountInString(s)
	}
	return strings.Contains(strings.ToUpper(s), "XX") && strings.Trim(s, "xX-/ .0123456789") == ""
}
