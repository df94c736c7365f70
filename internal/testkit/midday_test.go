package testkit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

func TestItIsNoonInTheZoneAtEveryHour(t *testing.T) {
	t.Parallel()
	for hour := range 24 {
		now := time.Date(2026, 12, 31, hour, 59, 59, 0, time.UTC)
		zone, err := time.LoadLocation(testkit.MiddayOf(now))
		require.NoError(t, err)
		require.Equal(t, 12, now.In(zone).Hour())
	}
	require.Equal(t, testkit.Today().String(), time.Now().In(must(time.LoadLocation(testkit.Zone()))).Format(time.DateOnly))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
