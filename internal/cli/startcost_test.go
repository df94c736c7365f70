package cli_test

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// allocatesIn has a copy of the test program say what a command allocates in a process
// that did nothing before, instead of testing.
const allocatesIn = "DUENOTICE_TEST_ALLOCATES_IN"

// TestACommandReadsNoLawUnlessItIsAsked: an officer gives many commands, and reading the
// rulebook's files took most of the processor time of each.
func TestACommandReadsNoLawUnlessItIsAsked(t *testing.T) {
	t.Parallel()
	if words := os.Getenv(allocatesIn); words != "" {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.Zero(t, (terminal{}).run(t, strings.Fields(words)...).code)
		runtime.ReadMemStats(&after)
		t.Logf("allocated:%d", after.TotalAlloc-before.TotalAlloc)
		return
	}
	allocated := func(words string) int {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), allocatesIn+"="+words)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		_, number, found := strings.Cut(string(out), "allocated:")
		require.True(t, found, string(out))
		n, err := strconv.Atoi(strings.TrimSpace(strings.SplitN(number, "\n", 2)[0]))
		require.NoError(t, err)
		return n
	}
	lawful, without := allocated("--version"), allocated("completion bash")
	require.Greater(t, lawful, 10*without, "--version reads the law: %d bytes; completion does not: %d bytes", lawful, without)
}
