package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/civil"
)

func TestAddDaysCountsTheDayOfTheEventAsDayZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, want string
		days             int
	}{
		{"sixty days from the EHR incident", "2026-03-16", "2026-05-15", 60},
		{"sixty days from New Year's Day", "2026-01-01", "2026-03-02", 60},
		{"sixty days across a leap day", "2024-01-01", "2024-03-01", 60},
		{"sixty days after the end of a year before a leap year", "2023-12-31", "2024-02-29", 60},
		{"sixty days after the end of an ordinary year", "2024-12-31", "2025-03-01", 60},
		{"no days", "2026-03-16", "2026-03-16", 0},
		{"a day back over a year end", "2026-01-01", "2025-12-31", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from := civil.MustParse(c.from)
			got := from.AddDays(c.days)
			require.Equal(t, c.want, got.String())
			require.Equal(t, c.days, got.DaysSince(from))
		})
	}
}

func TestParseRefusesDaysThatDoNotExist(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "01/02/2026", "", "46000", "2026-03-16T00:00:00Z"} {
		_, err := civil.Parse(s)
		require.Error(t, err, s)
	}
	leap, err := civil.Parse("2024-02-29")
	require.NoError(t, err)
	require.Equal(t, "February 29, 2024", leap.Long())
}

func TestAnniversaryOfLeapDayComesOnMarchFirst(t *testing.T) {
	t.Parallel()
	require.Equal(t, "2026-03-01", civil.MustParse("2008-02-29").AddYears(18).String())
	require.Equal(t, "2028-02-29", civil.MustParse("2008-02-29").AddYears(20).String())
}

func TestBusinessDaysSkipWeekendsAndObservedHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, want string
		days             int
	}{
		{"across Thanksgiving", "2026-11-24", "2026-11-30", 3},
		{"across Christmas on a Friday", "2026-12-24", "2026-12-28", 1},
		{"Independence Day on a Saturday is observed on Friday", "2026-07-02", "2026-07-06", 1},
		{"New Year's Day on a Saturday is observed in the old year", "2021-12-30", "2022-01-03", 1},
		{"Juneteenth on a Sunday is observed on Monday", "2022-06-17", "2022-06-21", 1},
		{"Juneteenth was no holiday in 2020", "2020-06-18", "2020-06-19", 1},
		{"fifteen days of California's clinics rule", "2026-11-02", "2026-11-24", 15},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, civil.MustParse(c.from).AddBusinessDays(c.days).String())
		})
	}
}

func TestDayEndsInItsOwnZone(t *testing.T) {
	t.Parallel()
	ny, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	require.Equal(t, "2026-05-16T04:00:00Z", civil.MustParse("2026-05-15").End(ny).UTC().Format(time.RFC3339))
	spring := civil.MustParse("2026-03-08")
	require.Equal(t, 23*time.Hour, spring.End(ny).Sub(spring.Start(ny)), "the day the clocks go forward")
}

func TestNoDateIsNull(t *testing.T) {
	t.Parallel()
	b, err := json.Marshal(struct{ A, B civil.Date }{B: civil.MustParse("2026-05-15")})
	require.NoError(t, err)
	require.JSONEq(t, `{"A":null,"B":"2026-05-15"}`, string(b))
	var back struct{ A, B civil.Date }
	require.NoError(t, json.Unmarshal(b, &back))
	require.True(t, back.A.IsZero())
	require.Equal(t, "2026-05-15", back.B.String())
	require.Error(t, json.Unmarshal([]byte(`{"A":"2026-02-30"}`), &back))
	require.Equal(t, back.B, civil.Later(back.A, back.B))
	require.Equal(t, back.B, civil.Earlier(back.A, back.B))
}

// TestADayBeginsWithItsFirstInstant where the clock changes at midnight: there is no
// midnight, or there are two, or a whole day is left out.
func TestADayBeginsWithItsFirstInstant(t *testing.T) {
	t.Parallel()
	changes := 0
	for _, name := range []string{
		"America/Santiago", "America/Asuncion", "Asia/Beirut", "Africa/Cairo", "America/Havana", "Asia/Gaza", "Atlantic/Azores", "America/Scoresbysund",
		"America/Sao_Paulo", "Asia/Amman", "Asia/Tehran", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Honolulu",
	} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		for day := civil.MustParse("2006-01-01"); day.Before(civil.MustParse("2031-01-01")); day = day.AddDays(1) {
			start := day.Start(zone)
			if of := civil.OfTime(start); of != day {
				require.True(t, of.After(day), "%s begins on %s in %s", day, of, name)
				require.Equal(t, day.AddDays(1).Start(zone), start, "%s was left out in %s", day, name)
			}
			require.True(t, civil.OfTime(start.Add(-time.Nanosecond)).Before(day), "%s has begun before %s in %s", day, start, name)
			require.Equal(t, day.AddDays(1).Start(zone), day.End(zone))
			if start.Hour() != 0 {
				changes++
			}
		}
	}
	require.Positive(t, changes, "no day without a midnight was looked at")
}
