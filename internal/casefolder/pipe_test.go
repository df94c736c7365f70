//go:build unix

package casefolder_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

// TestAPipeInACaseIsRefused instead of being waited for, and a link to an ordinary
// file is followed: whoever prepares a case may keep its lists elsewhere.
func TestAPipeInACaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, casefolder.WriteTemplate(dir))
	today := civil.MustParse("2026-11-28")
	for _, name := range []string{casefolder.IncidentFile, casefolder.PracticesFile, casefolder.FindingsFile} {
		path := filepath.Join(dir, name)
		elsewhere := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.Rename(path, elsewhere))
		require.NoError(t, syscall.Mkfifo(path, 0o600))
		_, _, err := casefolder.Read(t.Context(), dir, today, nil)
		refused(t, err)
		_, err = casefolder.IsBounces(path)
		refused(t, err)
		_, _, err = casefolder.ReadList(t.Context(), path, nil, casefolder.ListOptions{}, today, nil)
		refused(t, err)
		_, _, err = casefolder.ReadReturns(t.Context(), path, casefolder.ListOptions{}, today, nil, nil)
		refused(t, err)
		_, _, err = casefolder.ReadBounces(t.Context(), path, casefolder.ListOptions{}, today, nil)
		refused(t, err)
		require.NoError(t, os.Remove(path))
		require.NoError(t, os.Symlink(elsewhere, path))
		_, _, err = casefolder.Read(t.Context(), dir, today, nil)
		require.NoError(t, err)
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	_, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
}
