package compose_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/selfsigned"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// withTLS is a listener in front of a server that shows the certificate of dir,
// as Temporal does in its container.
func withTLS(t *testing.T, dir, server string) net.Listener {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, selfsigned.CertFile), filepath.Join(dir, selfsigned.KeyFile))
	require.NoError(t, err)
	front, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2"}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = front.Close() })
	go func() {
		for {
			outside, err := front.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				continue
			}
			go func() {
				defer func() { _ = outside.Close() }()
				inside, err := net.Dial("tcp", server)
				if err != nil {
					return
				}
				defer func() { _ = inside.Close() }()
				go func() { _, _ = io.Copy(inside, outside) }()
				_, _ = io.Copy(outside, inside)
			}()
		}
	}()
	return front
}

// The worker's own settings, with the address alone changed, reach a real
// Temporal by TLS; with another certificate in the volume they do not.
func TestTheWorkersSettingsReachTemporalByTLS(t *testing.T) {
	t.Parallel()
	server := testkit.Temporal(t, temporalx.SearchAttributes()...)
	at := mounted(t)
	c := containerOf(t, project(t).Services["worker"], at)
	c["TEMPORAL_ADDRESS"] = withTLS(t, at["/run/temporal-tls"], server.Address).Addr().String()
	c["TEMPORAL_NAMESPACE"] = server.Namespace
	temporal, err := app.DialTemporal(t.Context(), c.config(t), nil)
	require.NoError(t, err)
	temporal.Close()

	c["TEMPORAL_ADDRESS"] = withTLS(t, mounted(t)["/run/temporal-tls"], server.Address).Addr().String()
	_, err = app.DialTemporal(t.Context(), c.config(t), nil)
	require.ErrorContains(t, err, "certificate")
}
