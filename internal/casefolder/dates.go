package casefolder

import (
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// earliestYear is the first year a date of a case may have: nobody whose
// record is in an electronic system was born before, and a slip such as
// 0202-03-16 is caught.
const earliestYear = 1850

// placeholderDates are what programs write where they know no date: the first or
// last day they can hold, or what is quickly typed.
var placeholderDates = map[string]bool{
	"0001-01-01": true, "1111-11-11": true, "1753-01-01": true, "1800-01-01": true, "1899-12-30": true, "1899-12-31": true,
	"1900-01-01": true, "1901-01-01": true, "2222-02-22": true, "2999-12-31": true, "3000-01-01": true, "4712-12-31": true,
	"9999-01-01": true, "9999-09-09": true, "9999-12-30": true, "9999-12-31": true,
}

// dateFault is what is wrong with a date.
type dateFault uint8

const (
	dateFine dateFault = iota
	dateTooEarly
	datePlaceholder
	dateWord
	dateSaysYes
	datePartial
	dateTimed
	dateSerial
	dateNoSuchDay
	dateForm
)

// readDate reads a date and says what is wrong with it. An empty text is no date.
func readDate(s string) (civil.Date, dateFault) {
	if s == "" {
		return civil.Date{}, dateFine
	}
	day, err := civil.Parse(s)
	switch {
	case placeholderDates[s]:
		return civil.Date{}, datePlaceholder
	case err == nil && day.Year < earliestYear:
		return civil.Date{}, dateTooEarly
	case err == nil:
		return day, dateFine
	}
	return civil.Date{}, faultOf(s)
}

func faultOf(s string) dateFault {
	switch {
	case breach.SaysNoPlace(s): // UNKNOWN, N/A, 0000-00-00: the same words stand for no date
		return dateWord
	case saysYes(s):
		return dateSaysYes
	case isPartialDate(s):
		return datePartial
	case isSerialDate(s):
		return dateSerial
	case len(s) > 10 && (s[10] == ' ' || s[10] == 'T') && isDay(s[:10]):
		return dateTimed
	case inDateForm(s):
		return dateNoSuchDay
	}
	return dateForm
}

func isDay(s string) bool { _, err := civil.Parse(s); return err == nil }

func saysYes(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "t", "1", "deceased", "dead", "died", "no", "n", "false", "f", "alive", "living":
		return true
	}
	return false
}

// isPartialDate reports a year, a year and month, and such with zeros for the rest.
func isPartialDate(s string) bool {
	if len(s) < 4 || !isNumber(s[:4]) || s[:4] < "1850" || s[:4] > "2199" {
		return false
	}
	rest := s[4:]
	switch len(rest) {
	case 0:
		return true
	case 3:
		return rest[0] == '-' && isNumber(rest[1:]) && rest[1:] <= "12"
	}
	return inDateForm(s) && (rest[1:3] == "00" || rest[4:] == "00")
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

// rule is the rule that the fault breaks.
func (f dateFault) rule() string {
	switch f {
	case dateFine:
		return ""
	case datePlaceholder, dateWord:
		return ruleNoDate
	case dateSerial:
		return ruleSerialDate
	}
	return ruleDate
}

// message says what is wrong, without repeating it.
func (f dateFault) message() string {
	return [...]string{
		dateTooEarly: "is a date before 1850", datePlaceholder: "is a date that programs write where they know none",
		dateWord: "holds a word or zeros where they stand for no date", dateSaysYes: "answers a question and is no date",
		datePartial: "is a year or a month alone, not a date", dateTimed: "has a time of day behind its date",
		dateSerial: "is a spreadsheet's day number, not a date", dateNoSuchDay: "is a day that does not exist",
		dateForm: "is not a date in the form YYYY-MM-DD",
	}[f]
}

// fix says what to do about it, which depends on what the date is of.
func (f dateFault) fix(name string) string {
	dead := "When the person is dead and the day of death is not known write " + breach.DayUnknown + "; leave the cell empty for the living."
	switch {
	case name == "deceased_date" && (f == datePartial || f == dateSaysYes || f == dateWord || f == datePlaceholder):
		return dead
	case name == "birth_date" && f == datePartial:
		return "Ask for the day. If nobody knows it: leave the cell empty for an adult; for somebody who may be under 18 write the last day of that year or month, " +
			"so that the letter goes to a parent or guardian. Never let a spreadsheet make a date of it."
	case f == datePartial:
		return "Write the day, or leave the cell empty when it is not known. Never let a spreadsheet make a date of it."
	case f == dateTimed:
		return "Keep the first ten characters: the date without its time."
	}
	return texts[f.rule()].fix
}
