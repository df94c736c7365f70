package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func TestWhatBecomesOfARowOfALaterList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		known       bool
		before, now string
		want        breach.Later
	}{
		{true, "unknown", "no", breach.LaterLeaves},
		{true, "", "no", breach.LaterLeaves},
		{true, "yes", "no", breach.LaterTakes},
		{true, "no", "no", breach.LaterTakes},
		{true, "unknown", "yes", breach.LaterTakes},
		{true, "yes", "", breach.LaterTakes},
		{false, "", "no", breach.LaterPasses},
		{false, "", "NO", breach.LaterPasses},
		{false, "", "unknown", breach.LaterTakes},
		{false, "", "yes", breach.LaterTakes},
	} {
		require.Equal(t, c.want, breach.OfLaterRow(c.known, c.before, c.now), "%+v", c)
	}
}
