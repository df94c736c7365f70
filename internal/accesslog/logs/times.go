package logs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // logs are of machines in every zone, read on machines without zone files
)

// ZoneOf is the zone of a name such as UTC or America/Chicago. Local is refused: what it
// is differs from machine to machine.
func ZoneOf(name string) (*time.Location, error) {
	if name == "" || strings.EqualFold(name, "local") {
		return nil, fmt.Errorf("%q names no zone", name)
	}
	return time.LoadLocation(name)
}

// clock reads a log's times. Most logs have one form of time, which is tried first.
type clock struct {
	zone  *time.Location
	dates string
	// last and lastLocal are the forms that the last times had, with and without an offset.
	last, lastLocal string
}

// The forms of times. Go reads a fraction of a second after any of them.
var (
	withOffset = []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05-07", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05-0700", "02/Jan/2006:15:04:05 -0700", "02-Jan-06 03.04.05 PM -07:00"}
	without    = []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "20060102150405", "02-Jan-06 03.04.05 PM", "02-Jan-2006 15:04:05", "Jan 2, 2006 3:04:05 PM"}
	slashes    = map[string][]string{
		"mdy": {"1/2/2006 15:04:05", "1/2/2006 3:04:05 PM", "1/2/2006 15:04", "1/2/2006 3:04 PM"},
		"dmy": {"2/1/2006 15:04:05", "2/1/2006 3:04:05 PM", "2/1/2006 15:04", "2/1/2006 3:04 PM"},
	}
)

// Earliest and Latest bound the times that are believed.
var (
	Earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	Latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// read is the instant of a text. problem is ProblemTime or ProblemZone; unclear says that
// the zone's clock showed this time twice, or never.
func (c *clock) read(text string) (at time.Time, unclear bool, problem string) {
	text = strings.TrimSpace(text)
	if at, unclear, problem = c.any(text); problem == "" && (at.Before(Earliest) || !at.Before(Latest)) {
		problem = ProblemTime
	}
	return at, unclear, problem
}

func (c *clock) any(text string) (time.Time, bool, string) {
	if c.last != "" {
		if at, err := time.Parse(c.last, text); err == nil {
			return at, false, ""
		}
	}
	if c.lastLocal != "" && c.zone != nil {
		if wall, err := time.Parse(c.lastLocal, text); err == nil {
			return c.instant(wall, "")
		}
	}
	if n := len(text); n == 10 || n == 13 {
		if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
			if n == 13 {
				return time.UnixMilli(seconds), false, ""
			}
			return time.Unix(seconds, 0), false, ""
		}
	}
	if at := strings.LastIndexByte(text, ' '); at > 0 && isAbbreviation(text[at+1:]) {
		return c.named(text[:at], text[at+1:])
	}
	for _, layout := range withOffset {
		if at, err := time.Parse(layout, text); err == nil {
			c.last = layout
			return at, false, ""
		}
	}
	if c.zone == nil {
		if _, _, problem := (&clock{zone: time.UTC, dates: c.dates}).local(text, ""); problem != "" {
			return time.Time{}, false, ProblemTime
		}
		return time.Time{}, false, ProblemZone
	}
	return c.local(text, "")
}

// isAbbreviation reports UTC, EST, CEST; AM and PM are none.
func isAbbreviation(word string) bool {
	if len(word) < 3 || len(word) > 5 {
		return false
	}
	for _, letter := range word {
		if letter < 'A' || letter > 'Z' {
			return false
		}
	}
	return true
}

// named reads a time with the abbreviation of its zone. Only UTC and GMT say by
// themselves what they are: EST is Sydney's as well as New York's, so that the zone has
// to be known, and the abbreviation then tells the two hours of a turned clock apart.
func (c *clock) named(text, abbreviation string) (time.Time, bool, string) {
	if abbreviation == "UTC" || abbreviation == "GMT" {
		return (&clock{zone: time.UTC, dates: c.dates}).local(text, abbreviation)
	}
	if c.zone == nil {
		return time.Time{}, false, ProblemZone
	}
	return c.local(text, abbreviation)
}

// local reads a time of the clock's zone.
func (c *clock) local(text, abbreviation string) (time.Time, bool, string) {
	for _, layouts := range [][]string{without, slashes[c.dates]} {
		for _, layout := range layouts {
			wall, err := time.Parse(layout, text)
			if err != nil {
				continue
			}
			if abbreviation == "" {
				c.lastLocal = layout
			}
			return c.instant(wall, abbreviation)
		}
	}
	return time.Time{}, false, ProblemTime
}

// instant is when the zone's clock showed a time: once, on a turned clock twice, or on
// the other day of the year never. Of two the earlier is taken, unless the abbreviation
// says which it is.
func (c *clock) instant(wall time.Time, abbreviation string) (time.Time, bool, string) {
	if c.zone == time.UTC {
		return wall, false, ""
	}
	var found []time.Time
	first := wall.Add(-15 * time.Hour)
	for _, probe := range []time.Time{first.In(c.zone), wall.Add(15 * time.Hour).In(c.zone)} {
		_, offset := probe.Zone()
		at := wall.Add(-time.Duration(offset) * time.Second).In(c.zone)
		name, really := at.Zone()
		if really != offset || abbreviation != "" && name != abbreviation || len(found) > 0 && found[0].Equal(at) {
			continue
		}
		found = append(found, at)
	}
	switch {
	case len(found) == 1:
		return found[0], false, ""
	case len(found) == 2 && found[1].Before(found[0]):
		return found[1], true, ""
	case len(found) == 2:
		return found[0], true, ""
	case abbreviation != "":
		return time.Time{}, false, ProblemZone // the abbreviation is another zone's
	}
	_, offset := first.In(c.zone).Zone()
	return wall.Add(-time.Duration(offset) * time.Second), true, ""
}
