package cli_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/authority"
)

func TestCertificatesAreMadeAndShared(t *testing.T) {
	t.Parallel()
	all, worker := t.TempDir(), t.TempDir()
	args := []string{"certificate", all, "temporal", "127.0.0.1", "--share", "worker=" + worker, "--share=command=" + worker}
	made := terminal{}.run(t, args...)
	require.Equal(t, 0, made.code, made.err)
	require.Contains(t, made.out, "New certificates are in "+all)
	require.Contains(t, made.out, "The role worker has its certificate in "+worker)
	for _, role := range []authority.Role{authority.Worker, authority.Command} {
		_, err := authority.Folder(worker).TLS(role)
		require.NoError(t, err)
		require.FileExists(t, authority.Folder(worker).Key(role))
	}
	require.NoFileExists(t, authority.Folder(worker).Key(authority.Operator))
	require.NoFileExists(t, filepath.Join(worker, "ca-key.pem"))

	again := terminal{}.run(t, args...)
	require.Equal(t, 0, again.code)
	require.Empty(t, again.out, "nothing was missing")
	require.NotEqual(t, 0, terminal{}.run(t, "certificate", all, "temporal", "--share", "everybody="+worker).code)
	require.NotEqual(t, 0, terminal{}.run(t, "certificate", all).code)
}
