package outfolder_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/outfolder"
)

// writerEnv makes this test program the process that is killed in the middle of a file.
const writerEnv = "OUTFOLDER_TEST_WRITER"

func TestMain(m *testing.M) {
	path := os.Getenv(writerEnv)
	if path == "" {
		os.Exit(m.Run())
	}
	f, err := outfolder.Create(path)
	if err == nil {
		_, err = f.Write(make([]byte, 1<<20))
	}
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	_, _ = os.Stdout.WriteString("writing\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(2)
}

func TestCleanTempsTellsAKilledWriterFromALivingOne(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	batch := filepath.Join(root, "EX-1", "mail", "run-001-batch-0001")
	_, err := outfolder.WriteFile(filepath.Join(batch, "manifest.json"), []byte("{}"))
	require.NoError(t, err)

	writer := exec.CommandContext(t.Context(), os.Args[0])
	writer.Env = append(os.Environ(), writerEnv+"="+filepath.Join(batch, "letters.pdf"))
	writer.Stderr = os.Stderr
	stdin, err := writer.StdinPipe()
	require.NoError(t, err)
	defer func() { _ = stdin.Close() }()
	stdout, err := writer.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, writer.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "writing\n", line)

	removed, err := outfolder.CleanTemps(root)
	require.NoError(t, err)
	require.Zero(t, removed, "took a file from a living process")
	entries, err := os.ReadDir(batch)
	require.NoError(t, err)
	require.Len(t, entries, 2)

	require.NoError(t, writer.Process.Kill())
	_ = writer.Wait()
	removed, err = outfolder.CleanTemps(root)
	require.NoError(t, err)
	require.Equal(t, 1, removed)
	requireOnly(t, batch, "manifest.json")
}

func TestCleanTempsLeavesAFileOfThisProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "letters.pdf")
	f, err := outfolder.Create(path)
	require.NoError(t, err)
	defer f.Abort()
	removed, err := outfolder.CleanTemps(dir)
	require.NoError(t, err)
	require.Zero(t, removed)
	_, err = f.Commit()
	require.NoError(t, err)
	require.FileExists(t, path)
}

func TestCleanTempsOfNoFolderIsNothing(t *testing.T) {
	t.Parallel()
	removed, err := outfolder.CleanTemps(filepath.Join(t.TempDir(), "never", "made"))
	require.NoError(t, err)
	require.Zero(t, removed)
}
