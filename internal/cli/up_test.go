package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAStackHasAtLeastOneWorkerAndNotTooMany: nothing is started for another number.
func TestAStackHasAtLeastOneWorkerAndNotTooMany(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"0", "-1", "5", "many"} {
		dir := t.TempDir() + "/state"
		r := terminal{}.runIn(t.Context(), []string{"up", "--dir", dir, "--workers", n})
		require.Equal(t, 2, r.code, "%s\n%s", n, r.err)
		require.Contains(t, r.err, "workers")
		require.NoDirExists(t, dir)
	}
}
