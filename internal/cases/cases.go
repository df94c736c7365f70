// Package cases has inputs that once went wrong, one case folder each below
// testdata, with a SOURCE.txt that names the public report it was made after and
// says what right is. Each stands for a kind of mistake and is a test in the
// package whose subject it is.
package cases

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// Folder returns the path of a copy of the case, which the test may change and
// which is gone with it.
func Folder(t testing.TB, name string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	source := filepath.Join(filepath.Dir(here), "testdata", name)
	_, err := os.Stat(filepath.Join(source, "SOURCE.txt"))
	require.NoError(t, err, "no case of that name")
	copied := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.CopyFS(copied, os.DirFS(source)))
	return copied
}
