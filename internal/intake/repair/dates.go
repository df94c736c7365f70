package repair

import (
	"strconv"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

// Order is in which order a date with slashes has its day and month.
type Order string

// The orders. An open one is not known.
const (
	Open Order = ""
	MDY  Order = "mdy"
	DMY  Order = "dmy"
)

// Dates is what is known of the dates of a column.
type Dates struct {
	Order Order
	// Native: dates with slashes are the format's own, and no damage.
	Native bool
	// Serial: the file is a workbook, which keeps dates as day numbers.
	Serial bool
	// Date1904: its day numbers count from 1904.
	Date1904 bool
	// Today bounds the century of a year of two digits.
	Today civil.Date
}

// Evidence is what one date says of the order of its column: MDY, DMY, or Open when it
// could be either or is no date with slashes. slashed reports that it is one and that
// its order matters.
func Evidence(text string) (order Order, slashed bool) {
	first, second, _, ok := slashedParts(strings.TrimSpace(text))
	switch {
	case !ok, first == second:
		return Open, false
	case first > 12 && second <= 12:
		return DMY, true
	case second > 12 && first <= 12:
		return MDY, true
	}
	return Open, true
}

// slashedParts takes 1/2/1980, 01-02-80 and 1.2.1980 apart.
func slashedParts(s string) (first, second int, year string, ok bool) {
	if at := strings.IndexByte(s, ' '); at > 0 && isTime(s[at+1:]) {
		s = s[:at]
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	if len(parts) != 3 || len(s) != len(parts[0])+len(parts[1])+len(parts[2])+2 {
		return 0, 0, "", false
	}
	first, err1 := strconv.Atoi(parts[0])
	second, err2 := strconv.Atoi(parts[1])
	_, err3 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 2 && len(parts[2]) != 4 || first < 0 || second < 0 {
		return 0, 0, "", false
	}
	return first, second, parts[2], true
}

// isTime reports a time of day such as 00:00:00 or 12:00 AM.
func isTime(s string) bool {
	return len(s) >= 4 && strings.ContainsRune(s, ':') && strings.Trim(s, "0123456789:. APMapmZ+-") == ""
}

// Date reads a date in whatever form it is. It returns the date as YYYY-MM-DD, or ""
// where there is none; the repairs by which it was read; and, where it cannot be read
// with certainty, a refusal.
func Date(s string, d Dates) (date string, used []string, refusal string) {
	if s == "" {
		return "", nil, ""
	}
	if day, err := civil.Parse(s); err == nil && !casefolder.SaysNoDate(s) {
		return day.String(), nil, ""
	}
	if casefolder.SaysNoDate(s) || casefolder.IsMissingValue("birth_date", s) {
		return "", []string{NoValue}, ""
	}
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		if day, err := civil.Parse(s[:10]); err == nil {
			inner, more, refusal := Date(day.String(), d)
			return inner, append([]string{TimedDate}, more...), refusal
		}
	}
	if first, second, year, ok := slashedParts(s); ok {
		date, refusal = slashed(first, second, year, d)
		if refusal != "" || d.Native {
			return date, nil, refusal
		}
		return date, []string{SlashedDate}, ""
	}
	if whole, part, _ := strings.Cut(s, "."); isDigits(whole) && (part == "" || isDigits(part)) {
		return numbered(whole, d)
	}
	for _, layout := range []string{"2-Jan-2006", "2-January-2006", "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", "Jan 2 2006", "2006/1/2", "2006.1.2"} {
		if t, err := time.Parse(layout, s); err == nil {
			return civil.Of(t.Year(), t.Month(), t.Day()).String(), []string{WrittenDate}, ""
		}
	}
	if len(s) == 7 && s[4] == '-' && isDigits(s[:4]) && isDigits(s[5:]) {
		return "", nil, DatePartial
	}
	return "", nil, DateBad
}

func slashed(first, second int, year string, d Dates) (string, string) {
	evident, matters := Evidence(strconv.Itoa(first) + "/" + strconv.Itoa(second) + "/2000")
	order := d.Order
	switch {
	case !matters:
		order = MDY // 3/3: either order is the same day
	case evident != Open && order != Open && evident != order:
		return "", DateBad
	case evident != Open:
		order = evident
	case order == Open:
		return "", DateOpen
	}
	month, day := first, second
	if order == DMY {
		month, day = second, first
	}
	y, err := strconv.Atoi(year)
	if err != nil {
		return "", DateBad
	}
	if len(year) == 2 {
		// 80 is 1980 when 2080 has not been; 12 may be a child's or a great-grandmother's.
		if y <= d.Today.Year%100 {
			return "", DateCentury
		}
		y += d.Today.Year/100*100 - 100
	}
	found := civil.Of(y, time.Month(month), day)
	if text := found.String(); month < 1 || month > 12 || int(found.Month) != month || found.Day != day || casefolder.SaysNoDate(text) {
		return "", DateBad
	}
	return found.String(), ""
}

// numbered reads digits alone: 19800102, a spreadsheet's day number, or a year.
func numbered(digits string, d Dates) (string, []string, string) {
	if len(digits) == 8 {
		if day, err := civil.Parse(digits[:4] + "-" + digits[4:6] + "-" + digits[6:]); err == nil {
			return day.String(), []string{WrittenDate}, ""
		}
		return "", nil, DateBad
	}
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil || n < 1 || n > 73050: // 2099-12-31
		return "", nil, DateBad
	case n >= 1850 && n < 2200:
		return "", nil, DatePartial
	}
	base := civil.Of(1899, time.December, 30)
	if d.Date1904 {
		base = civil.Of(1904, time.January, 1)
	} else if n < 61 { // before the 29 February 1900 that spreadsheets count and that never was
		return "", nil, DateBad
	}
	date := base.AddDays(n).String()
	if d.Serial {
		return date, nil, ""
	}
	return date, []string{SerialDate}, ""
}

// Death reads what stands for a day of death and is no date, by the refusal of Date: a
// year, or yes, says that somebody is dead on a day nobody knows (the case folder's word
// for that is unknown); no says nothing.
func Death(text, refused string) (date string, used []string, refusal string) {
	switch strings.ToLower(text) {
	case "y", "yes", "true", "t", "deceased", "dead", "died", "expired":
		return breach.DayUnknown, []string{DeathSaid}, ""
	case "n", "no", "false", "f", "alive", "living":
		return "", []string{DeathSaid}, ""
	}
	if refused == DatePartial {
		return breach.DayUnknown, []string{PartialDate}, ""
	}
	return "", nil, refused
}

// IsAdultBorn reports a year, or a year and a month, of whoever was born then and is of
// age whatever the day was. The letter then speaks to the same person with and without a
// birth date.
func IsAdultBorn(text string, today civil.Date) bool {
	if len(text) < 4 || !isDigits(text[:4]) {
		return false
	}
	year, err := strconv.Atoi(text[:4])
	return err == nil && year >= 1850 && today.Year-year > breach.AgeOfMajority
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
