// Package civil has dates without clocks or time zones, and the ways the law counts them.
//
// Breach law counts in civil days: the day of an event is day 0 and "no later
// than 60 calendar days after discovery" ends with the 60th day that follows,
// weekend or not. Nothing in this package reads a clock or a machine's zone.
package civil

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a day of the proleptic Gregorian calendar. The zero Date means
// "no date" and is written as null in JSON and SQL.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// layout is ISO 8601's calendar date, the only form accepted or written.
const layout = "2006-01-02"

// Of returns the date with the given parts; parts out of range are carried, as by time.Date.
func Of(year int, month time.Month, day int) Date {
	return OfTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// OfTime returns the calendar day that t falls on in t's own location.
func OfTime(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Parse reads YYYY-MM-DD. A day that does not exist, such as 2026-02-29, is an error.
func Parse(s string) (Date, error) {
	if d, ok := parsePlain(s); ok {
		return d, nil
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date in the form YYYY-MM-DD", s)
	}
	return OfTime(t), nil
}

// parsePlain reads what time.Parse would, in a tenth of the time: lists have millions of
// days. It may give up on any text.
func parsePlain(s string) (d Date, ok bool) {
	if len(s) != len(layout) || s[4] != '-' || s[7] != '-' {
		return d, false
	}
	var n [3]int
	for i, part := range [...]string{s[:4], s[5:7], s[8:]} {
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return d, false
			}
			n[i] = 10*n[i] + int(c-'0')
		}
	}
	// Later days of a month are those that need a calendar.
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 28 {
		return d, false
	}
	return Date{n[0], time.Month(n[1]), n[2]}, true
}

// MustParse is Parse for constants and tests; it panics on a bad date.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// IsZero reports whether d is "no date".
func (d Date) IsZero() bool { return d == Date{} }

// String writes YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Long writes the date as letters do: January 2, 2006.
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	return d.midnightUTC().Format("January 2, 2006")
}

// AddDays returns the date n calendar days later (earlier when n is negative).
func (d Date) AddDays(n int) Date { return OfTime(d.midnightUTC().AddDate(0, 0, n)) }

// AddYears returns the same day n years later. The anniversary of February 29
// in a year without one is March 1, so that a person is never treated as older
// a day too early.
func (d Date) AddYears(n int) Date { return OfTime(d.midnightUTC().AddDate(n, 0, 0)) }

// AddMonths returns the same day n months later, or that month's last day when
// it has no such day: a month from January 31 ends on February 28 or 29.
func (d Date) AddMonths(n int) Date {
	later := Of(d.Year, d.Month+time.Month(n), 1)
	if last := Of(later.Year, later.Month+1, 1).AddDays(-1); d.Day > last.Day {
		return last
	}
	return later.AddDays(d.Day - 1)
}

// DaysSince returns the number of calendar days from earlier to d.
func (d Date) DaysSince(earlier Date) int {
	return int(d.midnightUTC().Sub(earlier.midnightUTC()) / (24 * time.Hour))
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Compare returns -1, 0 or 1 as d is before, on or after other.
func (d Date) Compare(other Date) int { return d.midnightUTC().Compare(other.midnightUTC()) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnightUTC().Weekday() }

// Later returns the later of two dates; "no date" is earlier than every date.
func Later(a, b Date) Date {
	if a.IsZero() || (!b.IsZero() && b.After(a)) {
		return b
	}
	return a
}

// Earlier returns the earlier of two dates; "no date" is later than every date.
func Earlier(a, b Date) Date {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// Start returns the first instant of the day in the given zone. Where the clocks go
// forward at midnight, as in Santiago, that is one o'clock; where they go back over it, as
// in Havana, the earlier of two midnights; and a day that a zone left out begins with the
// next one.
func (d Date) Start(zone *time.Location) time.Time {
	// Of what the clocks skip or show twice, time.Date returns an instant on either side.
	midnight := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
	changed, changes := midnight.ZoneBounds()
	if OfTime(midnight).Before(d) {
		return changes
	}
	if changed.IsZero() || OfTime(changed.Add(-time.Nanosecond)).Before(d) {
		if OfTime(midnight.Add(-time.Nanosecond)).Before(d) {
			return midnight
		}
		return changed // it was skipped, and this is an hour after the change
	}
	_, offset := changed.Add(-time.Nanosecond).Zone()
	return d.midnightUTC().Add(-time.Duration(offset) * time.Second).In(zone)
}

// End returns the first instant after the day in the given zone: something
// done before it was done in time.
func (d Date) End(zone *time.Location) time.Time { return d.AddDays(1).Start(zone) }

func (d Date) midnightUTC() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// MarshalJSON writes "YYYY-MM-DD", or null for the zero Date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON writes; "" is the zero Date too.
func (d *Date) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" || s == `""` {
		*d = Date{}
		return nil
	}
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return fmt.Errorf("%s is not a date in the form \"YYYY-MM-DD\"", s)
	}
	parsed, err := Parse(s[1 : len(s)-1])
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the date as an SQL date, the zero Date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.midnightUTC(), nil
}

// Scan reads an SQL date; NULL is the zero Date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = OfTime(v)
		return nil
	case string:
		parsed, err := Parse(v)
		if err != nil {
			return err
		}
		*d = parsed
		return nil
	default:
		return fmt.Errorf("cannot read a %T as a date", src)
	}
}
