//go:build unix

package givenfile_test

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
)

// readers are the three kinds of files, each with the code it refuses with.
var readers = map[string]func(string) ([]byte, error){
	"not_a_file": givenfile.Read, "key_file": givenfile.ReadKey, "secret_file": givenfile.ReadPassword,
}

// TestOnlyAnOrdinaryFileIsRead: what would hang, never end or be no file is
// refused at once, whichever kind of file is asked for.
func TestOnlyAnOrdinaryFileIsRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, socket := filepath.Join(dir, "pipe"), filepath.Join(dir, "s") // a socket's path is about a hundred bytes at most
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	for code, read := range readers {
		for _, path := range []string{pipe, dir} {
			_, err := read(path)
			refused(t, err, code)
			require.ErrorContains(t, err, path)
		}
		_, err := read(socket)
		refused(t, err, "not_a_file")
		_, err = read(filepath.Join(dir, "nothing"))
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	_, err = givenfile.Read("/dev/zero")
	refused(t, err, "not_a_file")
}

// TestASecretIsNamedItself: a link, also one that leads nowhere, could be turned
// to another file by whoever made it. What is merely handed over may be linked to.
func TestASecretIsNamedItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(file, []byte("text"), 0o600))
	require.NoError(t, os.Symlink("file", link))
	require.NoError(t, os.Symlink("nothing", filepath.Join(dir, "lost")))
	for code, read := range readers {
		content, err := read(file)
		require.NoError(t, err)
		require.Equal(t, "text", string(content))
		content, err = read(link)
		if code == "not_a_file" {
			require.NoError(t, err)
			require.Equal(t, "text", string(content))
			continue
		}
		refused(t, err, code)
		_, err = read(filepath.Join(dir, "lost"))
		refused(t, err, code)
	}
}

// TestASecretOthersCanUseIsRefused by the permissions of the file that was opened.
func TestASecretOthersCanUseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("text"), 0o600))
	for mode, by := range map[fs.FileMode][2]bool{
		0o600: {true, true}, 0o400: {true, true}, 0o640: {false, true}, 0o660: {false, false}, 0o604: {false, false}, 0o602: {false, false}, 0o644: {false, false},
	} {
		require.NoError(t, os.Chmod(path, mode))
		_, err := givenfile.ReadKey(path)
		if by[0] {
			require.NoError(t, err, "%o", mode)
		} else {
			refused(t, err, "key_file_open")
		}
		_, err = givenfile.ReadPassword(path)
		if by[1] {
			require.NoError(t, err, "%o", mode)
		} else {
			refused(t, err, "secret_file_open")
		}
	}
}

// TestAnotherAccountsSecretIsRefused, by root too: who put it there could have
// chosen it.
func TestAnotherAccountsSecretIsRefused(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("text"), 0o600))
	require.NoError(t, os.Chown(path, 65534, 65534))
	_, err := givenfile.ReadKey(path)
	refused(t, err, "key_file_owner")
	_, err = givenfile.ReadPassword(path)
	refused(t, err, "secret_file_owner")
	_, err = givenfile.Read(path)
	require.NoError(t, err)
}

// TestWhatIsTooLongIsNoKey, and is not read to its end.
func TestWhatIsTooLongIsNoKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.Truncate(path, 1<<40))
	_, err := givenfile.ReadKey(path)
	require.ErrorContains(t, err, "is longer than")
}

// TestAnotherFileUnderTheNameIsSeen: a file may be replaced only while its name
// still leads to it.
func TestAnotherFileUnderTheNameIsSeen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "file"), filepath.Join(dir, "other")
	require.NoError(t, os.WriteFile(path, []byte("text"), 0o600))
	require.NoError(t, os.WriteFile(other, []byte("text"), 0o600))
	file, err := givenfile.OpenKey(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	require.True(t, givenfile.StillNamed(file, path))
	require.False(t, givenfile.StillNamed(file, other))
	require.NoError(t, os.Rename(path, filepath.Join(dir, "moved")))
	require.False(t, givenfile.StillNamed(file, path))
	require.NoError(t, os.Symlink("moved", path))
	require.False(t, givenfile.StillNamed(file, path), "through a link it is another name")
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, refusal.Code)
}
