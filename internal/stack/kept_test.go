package stack_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
)

// A database that had to move out of the state folder is named with what is to be kept.
func TestWhatIsKeptOutsideOfTheStateFolderIsNamed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "postgres"), 0o700))
	kept, err := stack.Kept(dir)
	require.NoError(t, err)
	require.Equal(t, []string{dir}, kept)
	const home = "/var/lib/duenotice/0123456789ab-1"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "postgres", "location"), []byte(home+"\n"), 0o600))
	kept, err = stack.Kept(dir)
	require.NoError(t, err)
	require.Equal(t, []string{dir, home}, kept)
}
