package casebook_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// TestADayCountsAsMissedWhenNoLookFoundTheNotice, in whichever order its looks came.
func TestADayCountsAsMissedWhenNoLookFoundTheNotice(t *testing.T) {
	t.Parallel()
	day := civil.MustParse
	type look struct {
		on    string
		shown bool
	}
	for name, c := range map[string]struct {
		looks  []look
		missed []string
		since  string
	}{
		"always there":                   {[]look{{"2026-05-01", true}, {"2026-05-02", true}}, nil, "2026-05-01"},
		"gone for a day":                 {[]look{{"2026-05-01", true}, {"2026-05-02", false}, {"2026-05-03", true}}, []string{"2026-05-02"}, "2026-05-03"},
		"gone and back on one day":       {[]look{{"2026-05-01", true}, {"2026-05-02", false}, {"2026-05-02", true}}, nil, "2026-05-02"},
		"back and gone again on one day": {[]look{{"2026-05-02", false}, {"2026-05-02", true}, {"2026-05-02", false}}, nil, "2026-05-02"},
		"never there":                    {[]look{{"2026-05-01", false}, {"2026-05-01", false}, {"2026-05-03", false}}, []string{"2026-05-01", "2026-05-03"}, "2026-05-01"},
	} {
		var p casebook.Posting
		for _, l := range c.looks {
			p = p.After(casebook.Look{URL: "https://a.example.org", On: day(l.on), Shown: l.shown})
		}
		var missed []string
		for _, on := range p.Missed {
			missed = append(missed, on.String())
		}
		require.Equal(t, c.missed, missed, name)
		require.Equal(t, c.since, p.Since.String(), name)
		require.Equal(t, !c.looks[len(c.looks)-1].shown, p.Amiss(), name)
	}
	require.False(t, casebook.Posting{}.Amiss(), "nobody looked")
}

func TestALookIsTheSameBytesWhereverTheClockIs(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 1, 12, 0, 0, 1500, time.UTC)
	one, err := casebook.Look{Practice: "P1", At: at}.Encode()
	require.NoError(t, err)
	other, err := casebook.Look{Practice: "P1", At: at.Truncate(time.Microsecond).In(time.FixedZone("x", 3600))}.Encode()
	require.NoError(t, err)
	require.Equal(t, one, other)
}
