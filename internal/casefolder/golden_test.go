package casefolder_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/messages.txt anew")

// TestMessages holds every message in the words it has, so that a change of
// words is seen by the person who reviews it. After a wanted change run
// go test ./internal/casefolder -run TestMessages -update.
func TestMessages(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range allSpoiled() {
		if len(c.want) == 0 {
			continue
		}
		f := wholeFolder()
		c.spoil(f)
		_, _, problems := f.read(t)
		fmt.Fprintf(&b, "# %s\n", c.name)
		for _, p := range problems {
			fmt.Fprintf(&b, "%s %s (%s): %s. %s\n", p.Severity, place(p), p.PracticeKey, p.Message, p.Fix)
		}
	}
	path := filepath.Join("testdata", "messages.txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}
