package stack_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
)

// A browser sends a page's cookie to every port of its name, also to one of
// another account. Nobody else knows this stack's name.
func TestEachStacksPageHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name, err := stack.UIName(dir)
	require.NoError(t, err)
	require.Regexp(t, `^[a-z2-7]{26}\.localhost$`, name, "130 bits, below the name that browsers take for this machine")
	again, err := stack.UIName(dir)
	require.NoError(t, err)
	require.Equal(t, name, again, "a browser stays logged in over a restart")
	other, err := stack.UIName(t.TempDir())
	require.NoError(t, err)
	require.NotEqual(t, name, other)
	kept := filepath.Join(dir, "worker", "ui-name.json")
	info, err := os.Stat(kept)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	for _, damaged := range []string{`"evil.example"`, `""`, `{`, `"127.0.0.1"`} {
		require.NoError(t, os.WriteFile(kept, []byte(damaged), 0o600))
		name, err := stack.UIName(dir)
		require.NoError(t, err)
		require.Regexp(t, `^[a-z2-7]{26}\.localhost$`, name)
	}
}

// A program at the other loopback address would be found by browsers instead of the page.
func TestAPortIsFreeAtBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	other, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no IPv6")
	}
	defer func() { require.NoError(t, other.Close()) }()
	taken := other.Addr().(*net.TCPAddr).Port
	found, err := stack.Ports(t.Context(), 1, []int{taken})
	require.NoError(t, err)
	require.NotEqual(t, taken, found[0])
}
