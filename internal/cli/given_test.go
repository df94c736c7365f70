//go:build unix

package cli_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAPipeGivenAsAFileIsRefused: no command waits for what nobody writes, whatever
// it takes the file for.
func TestAPipeGivenAsAFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	folder := syntheticCase(t, 1, 2)
	for _, args := range [][]string{
		{"plan", folder, "--diff", pipe},
		{"simulate", folder, "--script", pipe},
		{"findings", "import", folder, "--replace", pipe},
		{"verify", pipe, "--without-key"},
		{"verify", "pack.zip", "--key", pipe},
		{"verify", "pack.zip", "--tsa-roots", pipe},
		{"assess", "EX-1", "--practice", "P1", "--conclusion", "low_probability", "--factors", pipe, "--by", "Ada Rivera"},
		{"record", "EX-1", "--practice", "P1", "--fact", "media_sent", "--on", "2026-04-01", "--proof", pipe, "--by", "Ada Rivera"},
		{"record", "EX-1", "--from", pipe, "--by", "Ada Rivera"},
		{"bounces", "EX-1", pipe, "--by", "Ada Rivera"},
	} {
		t.Run(args[0]+args[len(args)-2], func(t *testing.T) {
			t.Parallel()
			done := make(chan result, 1)
			go func() { done <- terminal{}.run(t, args...) }()
			select {
			case r := <-done:
				require.NotZero(t, r.code)
				require.Contains(t, r.err, pipe+" is not an ordinary file")
			case <-time.After(30 * time.Second):
				require.FailNow(t, "it waits for the pipe")
			}
		})
	}
	for name, value := range map[string]string{"DUENOTICE_CONFIG": pipe, "DUENOTICE_OUT_ENCRYPT": pipe} {
		r := terminal{env: map[string]string{name: value, "DUENOTICE_DATABASE_URL": "postgres://x@127.0.0.1:1/x?sslmode=disable"}}.run(t, "status", "EX-1")
		require.NotZero(t, r.code)
		require.Contains(t, r.err, pipe, name)
	}
}
