package forgetful_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit/forgetful"
)

// TestWhatIsSyncedStays, and what is not is as it was before.
func TestWhatIsSyncedStays(t *testing.T) {
	t.Parallel()
	d := forgetful.Mount(t)
	path := func(name string) string { return filepath.Join(d.Dir, name) }
	write := func(name, content string, sync bool) {
		t.Helper()
		file, err := os.OpenFile(path(name), os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o640)
		require.NoError(t, err)
		_, err = file.WriteString(content)
		require.NoError(t, err)
		if sync {
			require.NoError(t, file.Sync())
		}
		require.NoError(t, file.Close())
	}
	over := func(name, content string, at int64, sync bool) {
		t.Helper()
		file, err := os.OpenFile(path(name), os.O_RDWR, 0)
		require.NoError(t, err)
		_, err = file.WriteAt([]byte(content), at)
		require.NoError(t, err)
		if sync {
			require.NoError(t, file.Sync())
		}
		require.NoError(t, file.Close())
	}
	syncFolder := func(name string) {
		t.Helper()
		folder, err := os.Open(path(name))
		require.NoError(t, err)
		require.NoError(t, folder.Sync())
		require.NoError(t, folder.Close())
	}
	is := func(name, content string) {
		t.Helper()
		got, err := os.ReadFile(path(name))
		require.NoError(t, err)
		require.Equal(t, content, string(got), name)
	}

	write("named", "empty, since its name alone was synced", false)
	require.NoError(t, os.MkdirAll(path("a/b"), 0o750))
	write("a/b/synced", "kept with its folders", true)
	write("rewritten", strings.Repeat("old ", 20000), true)
	over("rewritten", "new", 40000, false)
	write("patched", strings.Repeat("old ", 20000), true)
	over("patched", "new ", 40000, true)
	over("patched", "gone", 8, false)
	write("cut", "0123456789", true)
	require.NoError(t, os.Truncate(path("cut"), 3))
	write("grown", "0123456789", true)
	require.NoError(t, os.Truncate(path("grown"), 3))
	over("grown", "x", 5, true)
	write("removed", "comes back", true)
	syncFolder(".")
	require.NoError(t, os.Remove(path("removed")))
	write("later", "and this name was not", false)
	write("part", "renamed and its folder not synced", true)
	require.NoError(t, os.Rename(path("part"), path("whole")))
	require.NoError(t, os.Mkdir(path("c"), 0o700))
	write("c/part", "renamed and its folder synced", true)
	require.NoError(t, os.Rename(path("c/part"), path("c/whole")))
	syncFolder("c")
	require.NoError(t, os.Chmod(path("cut"), 0o600))
	require.NoError(t, os.Chown(path("a/b/synced"), 12345, 54321))

	for range 2 { // the second finds it as the first left it
		d.PowerLoss()
		require.NoFileExists(t, path("later"))
		is("named", "")
		is("a/b/synced", "kept with its folders")
		is("rewritten", strings.Repeat("old ", 20000))
		is("patched", strings.Repeat("old ", 10000)+"new "+strings.Repeat("old ", 9999))
		is("cut", "0123456789")
		is("grown", "012\x00\x00x")
		is("removed", "comes back")
		require.NoFileExists(t, path("whole"))
		is("part", "renamed and its folder not synced")
		require.NoFileExists(t, path("c/part"))
		is("c/whole", "renamed and its folder synced")
		info, err := os.Stat(path("cut"))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}
	write("later", "settled", false)
	require.NoError(t, os.Remove(path("removed")))
	d.Settle()
	d.PowerLoss()
	is("later", "settled")
	require.NoFileExists(t, path("removed"))
}

// TestAnInodeNumberThatIsUsedAgainIsAnotherFile: what the first had is not the second's.
func TestAnInodeNumberThatIsUsedAgainIsAnotherFile(t *testing.T) {
	t.Parallel()
	d := forgetful.Mount(t)
	for n := range 50 {
		name := filepath.Join(d.Dir, "file")
		file, err := os.Create(name)
		require.NoError(t, err)
		if n == 0 {
			_, err = file.WriteString("first")
			require.NoError(t, err)
			require.NoError(t, file.Sync())
		}
		require.NoError(t, file.Close())
		if n < 49 {
			require.NoError(t, os.Remove(name))
		}
	}
	d.Settle()
	d.PowerLoss()
	content, err := os.ReadFile(filepath.Join(d.Dir, "file"))
	require.NoError(t, err)
	require.Empty(t, content)
}
