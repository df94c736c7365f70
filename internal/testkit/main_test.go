package testkit_test

import (
	"flag"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

func TestTestsThatWaitRunManyAtOnceUnlessSomebodySaysHowMany(t *testing.T) {
	t.Parallel()
	parse := func(args ...string) int {
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		many := flags.Int("test.parallel", runtime.GOMAXPROCS(0), "")
		require.NoError(t, flags.Parse(args))
		testkit.ManyAtOnce(flags)
		return *many
	}
	require.Greater(t, parse(), runtime.GOMAXPROCS(0))
	require.Equal(t, 1, parse("-test.parallel=1"), "one after the other, as somebody asked")
}
