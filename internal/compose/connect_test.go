package compose_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// withCertificates is a listener in front of a server that shows the certificate
// of a folder and asks for the caller's, as Temporal does in its container.
func withCertificates(t *testing.T, dir string, server testkit.TemporalServer) net.Listener {
	t.Helper()
	f := authority.Folder(dir)
	pair, err := tls.LoadX509KeyPair(f.Cert(authority.System), f.Key(authority.System))
	require.NoError(t, err)
	known, err := os.ReadFile(f.CA())
	require.NoError(t, err)
	callers := x509.NewCertPool()
	require.True(t, callers.AppendCertsFromPEM(known))
	behind, err := server.Certificates.TLS(authority.Command)
	require.NoError(t, err)
	behind.NextProtos = []string{"h2"}
	front, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2"}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: callers,
	})
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
				secure, ok := outside.(*tls.Conn)
				if !ok || secure.HandshakeContext(t.Context()) != nil {
					return // as the server does, it speaks to nobody without a certificate
				}
				inside, err := tls.Dial("tcp", server.Address, behind)
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
	c["TEMPORAL_ADDRESS"] = withCertificates(t, at["/run/temporal-tls"], server).Addr().String()
	c["TEMPORAL_NAMESPACE"] = server.Namespace
	temporal, err := app.DialTemporal(t.Context(), c.config(t), nil)
	require.NoError(t, err)
	temporal.Close()

	c["TEMPORAL_ADDRESS"] = withCertificates(t, mounted(t)["/run/temporal-tls"], server).Addr().String()
	_, err = app.DialTemporal(t.Context(), c.config(t), nil)
	require.ErrorContains(t, err, "certificate")
}
