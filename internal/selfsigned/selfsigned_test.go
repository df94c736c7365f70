package selfsigned_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/selfsigned"
)

var now = time.Now()

func ensure(t *testing.T, dir string, at time.Time, hosts ...string) bool {
	t.Helper()
	made, err := selfsigned.Ensure(dir, hosts, at)
	require.NoError(t, err)
	return made
}

// dial speaks to a server with dir's certificate, trusting what trust holds, and
// expects it to be host.
func dial(t *testing.T, dir, trust, host string) error {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, selfsigned.CertFile), filepath.Join(dir, selfsigned.KeyFile))
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	known, err := os.ReadFile(filepath.Join(trust, selfsigned.CertFile))
	require.NoError(t, err)
	require.True(t, roots.AppendCertsFromPEM(known))
	conn, err := tls.Dial("tcp", server.Listener.Addr().String(), &tls.Config{RootCAs: roots, ServerName: host})
	if err != nil {
		return err
	}
	return conn.Close()
}

func TestItProvesThisServerAndNoOther(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	require.True(t, ensure(t, dir, now, "temporal", "127.0.0.1"))
	require.True(t, ensure(t, other, now, "temporal"))
	require.NoError(t, dial(t, dir, dir, "temporal"))
	require.NoError(t, dial(t, dir, dir, "127.0.0.1"))
	require.Error(t, dial(t, dir, dir, "elsewhere"))
	require.Error(t, dial(t, other, dir, "temporal"), "somebody else's of the same name")

	key, err := os.Stat(filepath.Join(dir, selfsigned.KeyFile))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o400), key.Mode().Perm())
}

func TestItIsMadeAgainOnlyWhenItMustBe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.True(t, ensure(t, dir, now, "temporal"))
	require.False(t, ensure(t, dir, now, "temporal"))
	require.False(t, ensure(t, dir, now.AddDate(3, 11, 0), "temporal"))
	require.True(t, ensure(t, dir, now.AddDate(4, 1, 0), "temporal"), "less than a year is left")
	require.True(t, ensure(t, dir, now, "temporal"), "the clock was wrong then")
	require.True(t, ensure(t, dir, now, "temporal", "127.0.0.1"), "for another host too")

	// Half of a pair, as a crash between the two files leaves it.
	other := t.TempDir()
	require.True(t, ensure(t, other, now, "temporal", "127.0.0.1"))
	require.NoError(t, os.Rename(filepath.Join(other, selfsigned.KeyFile), filepath.Join(dir, selfsigned.KeyFile)))
	require.True(t, ensure(t, dir, now, "temporal", "127.0.0.1"))
	require.NoError(t, dial(t, dir, dir, "temporal"))
	_, err := selfsigned.Ensure(dir, nil, now.AddDate(9, 0, 0))
	require.Error(t, err)
}
