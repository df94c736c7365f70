package givenfile_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/givenfile"
)

func TestSumIsOfTheContent(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "list.csv")
	sum, err := givenfile.Sum(path)
	require.NoError(t, err)
	require.Empty(t, sum, "there is none")
	require.NoError(t, os.WriteFile(path, []byte("abc"), 0o600))
	sum, err = givenfile.Sum(path)
	require.NoError(t, err)
	require.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sum)
	_, err = givenfile.Sum(t.TempDir())
	require.Error(t, err, "a folder")
}

func TestReadingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	src := givenfile.UntilDone(ctx, strings.NewReader("abcdef"))
	head := make([]byte, 3)
	_, err := io.ReadFull(src, head)
	require.NoError(t, err)
	require.Equal(t, "abc", string(head))
	cancel()
	_, err = src.Read(head)
	require.ErrorIs(t, err, context.Canceled)
}
