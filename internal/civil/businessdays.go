package civil

import "time"

// AddBusinessDays returns the n-th business day after d. Business days leave
// out Saturdays, Sundays and United States federal holidays (5 U.S.C. 6103) as
// observed: a holiday on a Saturday is observed the Friday before, one on a
// Sunday the Monday after (5 U.S.C. 6103(b); Executive Order 11582).
func (d Date) AddBusinessDays(n int) Date {
	for n > 0 {
		d = d.AddDays(1)
		if d.IsBusinessDay() {
			n--
		}
	}
	return d
}

// IsBusinessDay reports whether d is neither on a weekend nor an observed federal holiday.
func (d Date) IsBusinessDay() bool {
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !d.IsFederalHoliday()
}

// IsFederalHoliday reports whether a federal holiday is observed on d.
func (d Date) IsFederalHoliday() bool {
	// New Year's Day on a Saturday is observed in the year before.
	for _, h := range append(federalHolidays(d.Year), federalHolidays(d.Year + 1)[0]) {
		if observed(h) == d {
			return true
		}
	}
	return false
}

// federalHolidays lists one year's holidays of 5 U.S.C. 6103(a), New Year's
// Day first. Juneteenth counts from 2021 (Public Law 117-17).
func federalHolidays(year int) []Date {
	days := []Date{
		Of(year, time.January, 1),
		nthWeekday(year, time.January, time.Monday, 3),
		nthWeekday(year, time.February, time.Monday, 3),
		lastMonday(year, time.May),
		Of(year, time.July, 4),
		nthWeekday(year, time.September, time.Monday, 1),
		nthWeekday(year, time.October, time.Monday, 2),
		Of(year, time.November, 11),
		nthWeekday(year, time.November, time.Thursday, 4),
		Of(year, time.December, 25),
	}
	if year >= 2021 {
		days = append(days, Of(year, time.June, 19))
	}
	return days
}

func observed(d Date) Date {
	switch d.Weekday() {
	case time.Saturday:
		return d.AddDays(-1)
	case time.Sunday:
		return d.AddDays(1)
	}
	return d
}

func nthWeekday(year int, month time.Month, day time.Weekday, n int) Date {
	first := Of(year, month, 1)
	offset := (int(day) - int(first.Weekday()) + 7) % 7
	return first.AddDays(offset + 7*(n-1))
}

func lastMonday(year int, month time.Month) Date {
	last := Of(year, month+1, 1).AddDays(-1)
	return last.AddDays(-((int(last.Weekday()) - int(time.Monday) + 7) % 7))
}
