package logging_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/logging"
)

func TestABurstIsTwoLines(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)
	var c logging.Counted
	require.Zero(t, c.Rest(now), "there was nothing")
	require.Equal(t, 1, c.Again(now))
	for range 9 {
		require.Zero(t, c.Again(now.Add(time.Second)))
	}
	require.Zero(t, c.Rest(now.Add(59*time.Second)))
	require.Equal(t, 9, c.Rest(now.Add(time.Minute)))
	require.Zero(t, c.Rest(now.Add(time.Hour)), "and each is told once")
	require.Equal(t, 1, c.Again(now.Add(time.Hour)))
}
