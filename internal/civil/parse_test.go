package civil_test

import (
	"testing"
	"time"

	"duenotice/internal/civil"
)

// FuzzParseIsTimes holds Parse against time.Parse, whose form is the one accepted.
func FuzzParseIsTimes(f *testing.F) {
	for _, s := range []string{"", "2026-02-28", "2026-02-29", "2024-02-29", "0000-01-01", "2026-13-01", "2026-00-10", "2026-10-00", "2026-1-1", "2026-10-1x", "+026-10-11", "2026-04-31", "2026/04/30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := civil.Parse(s)
		at, timeErr := time.Parse("2006-01-02", s)
		if (err == nil) != (timeErr == nil) || err == nil && d != civil.OfTime(at) {
			t.Fatalf("%q is %v (%v), and %v (%v) to package time", s, d, err, at, timeErr)
		}
	})
}
