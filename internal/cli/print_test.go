package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/cli"
)

func TestNumbersAreGrouped(t *testing.T) {
	t.Parallel()
	for n, text := range map[int]string{0: "0", 999: "999", 1000: "1,000", -45000: "-45,000", 3433965: "3,433,965"} {
		require.Equal(t, text, cli.Number(n))
	}
}

func TestTimesOfDue(t *testing.T) {
	t.Parallel()
	for text, days := range map[string]int{"": 0, "7d": 7, "2w": 14, "30": 30} {
		n, err := cli.DaysOf(text)
		require.NoError(t, err)
		require.Equal(t, days, n)
	}
	for _, text := range []string{"d", "-1d", "7x", "99999d"} {
		_, err := cli.DaysOf(text)
		require.Error(t, err, text)
	}
}
