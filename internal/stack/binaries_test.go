package stack_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
)

func TestInstalledPostgresIsPreferred(t *testing.T) {
	t.Parallel()
	found, err := stack.FindPostgres(t.Context(), 0, neverFetch(t), func(string) {})
	require.NoError(t, err)
	major, ok := stack.PostgresVersionOf(t.Context(), stack.PostgresDir(found))
	require.True(t, ok)
	require.GreaterOrEqual(t, major, 14)
}

func neverFetch(t *testing.T) stack.Fetcher {
	t.Helper()
	return stack.FetcherFunc(func(context.Context, int) error {
		t.Error("fetched")
		return errors.New("not asked for")
	})
}

func TestWhereNoPostgresFitsOneSentenceSaysWhatToInstall(t *testing.T) {
	t.Parallel()
	offline := stack.FetcherFunc(func(context.Context, int) error { return errors.New("the repository does not answer") })
	_, err := stack.FindPostgres(t.Context(), 11, offline, func(string) {})
	require.EqualError(t, err, "the data was made by PostgreSQL 11, which is not installed, and fetching it failed "+
		"(the repository does not answer): install it (on Debian or Ubuntu: apt-get install postgresql-11; "+
		"on macOS: brew install postgresql@11) and run this again")
}

func TestCommandThatIsGivenUpFetchesNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := stack.FindPostgres(ctx, 0, neverFetch(t), func(string) {})
	require.ErrorIs(t, err, context.Canceled)
}

func TestNoPostgresAtAll(t *testing.T) {
	t.Parallel()
	require.EqualError(t, stack.NoPostgresError(0, errors.New("offline")), "PostgreSQL is not installed, and fetching it failed (offline): "+
		"install it (on Debian or Ubuntu: apt-get install postgresql; on macOS: brew install postgresql@17) and run this again")
}

// The client packages put pg_config and psql in place, and no server.
func TestFolderWithoutServerIsNoPostgres(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "psql"), []byte("#!/bin/sh\n"), 0o755))
	_, ok := stack.PostgresVersionOf(t.Context(), dir)
	require.False(t, ok)
}

// repository serves one archive as Maven's repository does. Its programs refuse
// to do anything, as the real ones do for root.
func repository(t *testing.T, programs []byte) (address string, requests *int) {
	t.Helper()
	var jar bytes.Buffer
	z := zip.NewWriter(&jar)
	w, err := z.Create("postgres-linux-x86_64.txz")
	require.NoError(t, err)
	_, err = w.Write(programs)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	sum := sha256.Sum256(jar.Bytes())
	requests = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*requests++
		switch {
		case !strings.Contains(r.URL.Path, "/18."):
			http.NotFound(w, r)
		case strings.HasSuffix(r.URL.Path, ".sha256"):
			_, _ = w.Write([]byte(hex.EncodeToString(sum[:])))
		default:
			_, _ = w.Write(jar.Bytes())
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func TestFetchedProgramsAreKept(t *testing.T) {
	t.Parallel()
	programs, err := os.ReadFile("testdata/postgres-programs.txz")
	require.NoError(t, err)
	address, requests := repository(t, programs)
	home := t.TempDir()
	fetch := stack.FetchFrom(home, address)

	got, err := fetch(t.Context(), 0)
	require.NoError(t, err)
	major, ok := stack.PostgresVersionOf(t.Context(), stack.PostgresDir(got))
	require.True(t, ok)
	require.Equal(t, 18, major)
	require.Equal(t, 2, *requests, "the archive and its checksum")

	again, err := fetch(t.Context(), 18)
	require.NoError(t, err)
	require.Equal(t, got, again)
	require.Equal(t, 2, *requests, "fetched once")
}

func TestFetchThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, programs := range map[string][]byte{"an archive that is none": []byte("not an archive"), "an empty archive": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _ := repository(t, programs)
			home := t.TempDir()
			_, err := stack.FetchFrom(home, address)(t.Context(), 0)
			require.Error(t, err)
			left, err := filepath.Glob(filepath.Join(home, "*", "bin"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
	t.Run("a version that is not on offer", func(t *testing.T) {
		t.Parallel()
		_, err := stack.FetchFrom(t.TempDir(), "http://127.0.0.1:1")(t.Context(), 9)
		require.EqualError(t, err, "version 9 is not on offer")
	})
}

func TestProgramThatIsBuiltAlreadyIsNotBuiltAgain(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "duenotice-engine")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755))
	got, err := stack.BuildOnce(t.Context(), program, func(line string) { t.Error(line) })
	require.NoError(t, err)
	require.Equal(t, program, got)
}
