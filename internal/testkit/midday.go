package testkit

import (
	"fmt"
	"sync"
	"time"

	"duenotice/internal/civil"
)

// midday is a zone in which it was between noon and one when it was first asked for.
var midday = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation(middayOf(time.Now()))
	if err != nil {
		panic(err) // zones are part of what every program of this module has
	}
	return zone
})

// middayOf names that zone for an instant. The signs of these names are those of
// POSIX: Etc/GMT+5 is five hours behind Greenwich.
func middayOf(now time.Time) string {
	return fmt.Sprintf("Etc/GMT%+d", now.UTC().Hour()-12)
}

// Zone names a time zone for the officers of a test that runs on the machine's
// clock: it is about noon there, so that no midnight comes between what the test
// calls today and what the worker does, at whatever hour the test runs.
func Zone() string { return midday().String() }

// Today is the day in Zone.
func Today() civil.Date { return civil.OfTime(time.Now().In(midday())) }
