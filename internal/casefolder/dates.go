package casefolder

import (
	"strings"

	"duenotice/internal/civil"
)

// earliestYear is the first year a date of a case may have: nobody whose
// record is in an electronic system was born before, and a slip such as
// 0202-03-16 is caught.
const earliestYear = 1850

// readDate reads a date; rule and message say what is wrong with it, without
// repeating it. An empty text is no date.
func readDate(s string) (day civil.Date, rule, message string) {
	if s == "" {
		return civil.Date{}, "", ""
	}
	day, err := civil.Parse(s)
	switch {
	case err == nil && day.Year < earliestYear:
		return civil.Date{}, ruleDate, "is a date before 1850"
	case err == nil:
		return day, "", ""
	case isSerialDate(s):
		return civil.Date{}, ruleSerialDate, "is a spreadsheet's day number, not a date"
	case inDateForm(s):
		return civil.Date{}, ruleDate, "is a day that does not exist"
	}
	return civil.Date{}, ruleDate, "is not a date in the form YYYY-MM-DD"
}

// isSerialDate recognises the number of days since 1899-12-30 by which
// spreadsheets keep dates, with or without a time of day.
func isSerialDate(s string) bool {
	whole, part, timed := strings.Cut(s, ".")
	return isNumber(whole) && len(whole) <= 6 && (!timed || isNumber(part))
}

func inDateForm(s string) bool {
	return len(s) == 10 && s[4] == '-' && s[7] == '-' && isNumber(s[:4]) && isNumber(s[5:7]) && isNumber(s[8:])
}
