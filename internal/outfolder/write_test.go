package outfolder_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/outfolder"
)

func TestWriteFileLeavesAPrivateFileInPrivateFolders(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	path := filepath.Join(root, "EX-1", "practices", "P1", "people.csv")
	w, err := outfolder.WriteFile(path, []byte("one\n"))
	require.NoError(t, err)
	sum := sha256.Sum256([]byte("one\n"))
	require.Equal(t, outfolder.Written{Path: path, SHA256: hex.EncodeToString(sum[:]), Bytes: 4}, w)

	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "one\n", string(content))
	require.Equal(t, fs.FileMode(0o600), mode(t, path))
	for _, dir := range []string{"EX-1", "EX-1/practices", "EX-1/practices/P1"} {
		require.Equal(t, fs.FileMode(0o700), mode(t, filepath.Join(root, dir)), dir)
	}
	requireOnly(t, filepath.Dir(path), "people.csv")
}

func TestTheSameContentTwiceTouchesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "summary.json")
	first, err := outfolder.WriteFile(path, []byte("same"))
	require.NoError(t, err)
	long := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	require.NoError(t, os.Chtimes(path, long, long))

	again, err := outfolder.WriteFile(path, []byte("same"))
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, long, modTime(t, path), "rewritten by WriteFile")

	f, err := outfolder.Create(path)
	require.NoError(t, err)
	_, err = f.Write([]byte("same"))
	require.NoError(t, err)
	streamed, err := f.Commit()
	require.NoError(t, err)
	require.Equal(t, first, streamed)
	require.Equal(t, long, modTime(t, path), "rewritten by Commit")
	requireOnly(t, filepath.Dir(path), "summary.json")
}

func TestChangedContentReplacesTheFileWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notice.pdf")
	for _, content := range []string{"a long first version", "short", "shore", ""} {
		_, err := outfolder.WriteFile(path, []byte(content))
		require.NoError(t, err)
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, content, string(got))
	}
}

func TestAFileAppearsOnlyAtCommit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "letters.pdf")
	_, err := outfolder.WriteFile(path, []byte("earlier"))
	require.NoError(t, err)

	f, err := outfolder.Create(path)
	require.NoError(t, err)
	big := make([]byte, 1<<20)
	for i := range big {
		big[i] = byte(i)
	}
	for rest := big; len(rest) > 0; rest = rest[1<<10:] {
		_, err = f.Write(rest[:1<<10])
		require.NoError(t, err)
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "earlier", string(got))

	w, err := f.Commit()
	require.NoError(t, err)
	sum := sha256.Sum256(big)
	require.Equal(t, hex.EncodeToString(sum[:]), w.SHA256)
	require.Equal(t, int64(len(big)), w.Bytes)
	got, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, big, got)
	require.Equal(t, fs.FileMode(0o600), mode(t, path))

	f.Abort()
	require.NoError(t, f.Close())
	require.FileExists(t, path, "Abort after Commit took the file away")
	_, err = f.Write([]byte("late"))
	require.ErrorIs(t, err, os.ErrClosed)
	_, err = f.Commit()
	require.ErrorIs(t, err, os.ErrClosed)
}

func TestAnAbortedFileLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := outfolder.Create(filepath.Join(dir, "letters.pdf"))
	require.NoError(t, err)
	_, err = f.Write([]byte("half"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	requireOnly(t, dir)
}

func TestSomethingInTheWayIsNotOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	precious := filepath.Join(dir, "precious")
	require.NoError(t, os.WriteFile(precious, []byte("keep"), 0o600))
	link := filepath.Join(dir, "people.csv")
	require.NoError(t, os.Symlink(precious, link))
	_, err := outfolder.WriteFile(link, []byte("people"))
	require.ErrorContains(t, err, "no ordinary file")

	_, err = outfolder.WriteFile(filepath.Join(precious, "people.csv"), []byte("people"))
	require.ErrorContains(t, err, "in the way of a folder")

	kept, err := os.ReadFile(precious)
	require.NoError(t, err)
	require.Equal(t, "keep", string(kept))
	requireOnly(t, dir, "people.csv", "precious")
}

func TestManyWritersOfOneFileLeaveOneWholeFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "deep", "er", "pieces.csv")
	versions := [][]byte{make([]byte, 100_000), make([]byte, 90_000)}
	versions[1][0] = 1
	var group sync.WaitGroup
	failed := make(chan error, 16)
	for i := range 16 {
		group.Go(func() {
			_, err := outfolder.WriteFile(path, versions[i%2])
			failed <- err
		})
	}
	group.Wait()
	for range 16 {
		require.NoError(t, <-failed)
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, versions, got)
	requireOnly(t, filepath.Dir(path), "pieces.csv")
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}

func modTime(t *testing.T, path string) time.Time {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.ModTime().UTC()
}

func requireOnly(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	require.Equal(t, want, names)
}
