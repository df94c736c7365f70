package temporalx_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/temporalx"
)

// TestTheNearerADayIsTheLargerIsTheShare, and it never becomes an order, which would
// keep others from theirs.
func TestTheNearerADayIsTheLargerIsTheShare(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	for days, weight := range map[int]float32{60: 0, 15: 0, 14: 2, 8: 2, 7: 4, 0: 4, -30: 4} {
		got := temporalx.Near(now.AddDate(0, 0, days), now)
		require.InDelta(t, weight, got.FairnessWeight, 0, "%d days", days)
		require.Zero(t, got.PriorityKey, "%d days", days)
	}
	require.Zero(t, temporalx.Near(time.Time{}, now), "nothing is due")
}
