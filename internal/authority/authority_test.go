package authority_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/authority"
)

var now = time.Now()

func ensure(t *testing.T, f authority.Folder, at time.Time, hosts ...string) []authority.Role {
	t.Helper()
	renewed, err := f.Ensure(hosts, at)
	require.NoError(t, err)
	return renewed
}

// call connects a client to the server of a folder, which asks for a certificate,
// and returns who the server takes it for.
func call(t *testing.T, server authority.Folder, client *tls.Config) (string, error) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(server.Cert(authority.System), server.Key(authority.System))
	require.NoError(t, err)
	known, err := os.ReadFile(server.CA())
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(known))
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: roots,
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	type seen struct {
		who string
		err error
	}
	answer := make(chan seen, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			answer <- seen{err: err}
			return
		}
		secure, ok := conn.(*tls.Conn)
		if !ok {
			answer <- seen{err: errors.New("no TLS")}
			return
		}
		err = secure.HandshakeContext(t.Context())
		s := seen{err: err}
		if err == nil {
			s.who = secure.ConnectionState().PeerCertificates[0].Subject.CommonName
		}
		_ = secure.Close()
		answer <- s
	}()
	conn, err := tls.Dial("tcp", listener.Addr().String(), client)
	if conn != nil {
		_ = conn.Close()
	}
	served := <-answer
	return served.who, errors.Join(err, served.err)
}

func TestEachRoleIsKnownByItsCertificate(t *testing.T) {
	t.Parallel()
	ours, other := authority.Folder(t.TempDir()), authority.Folder(t.TempDir())
	require.Equal(t, authority.Roles(), ensure(t, ours, now, "127.0.0.1"))
	ensure(t, other, now, "127.0.0.1")
	for _, role := range authority.Roles() {
		client, err := ours.TLS(role)
		require.NoError(t, err)
		who, err := call(t, ours, client)
		require.NoError(t, err)
		require.Equal(t, string(role), who)
	}
	client, err := ours.TLS(authority.Command)
	require.NoError(t, err)
	_, err = call(t, other, client)
	require.Error(t, err, "another stack's server is not ours")

	stranger, err := other.TLS(authority.Worker)
	require.NoError(t, err)
	stranger.RootCAs = client.RootCAs
	_, err = call(t, ours, stranger)
	require.ErrorContains(t, err, "certificate signed by unknown authority")

	client.GetClientCertificate = nil
	_, err = call(t, ours, client)
	require.ErrorContains(t, err, "client didn't provide a certificate")
}

// Who has a client's certificate cannot stand in for the server.
func TestClientIsNoServer(t *testing.T) {
	t.Parallel()
	f := authority.Folder(t.TempDir())
	ensure(t, f, now, "127.0.0.1")
	for _, role := range authority.Roles() {
		pair, err := tls.LoadX509KeyPair(f.Cert(role), f.Key(role))
		require.NoError(t, err)
		if role == authority.System {
			require.NoError(t, pair.Leaf.VerifyHostname(authority.ServerName))
			require.NoError(t, pair.Leaf.VerifyHostname("127.0.0.1"))
			continue
		}
		require.Error(t, pair.Leaf.VerifyHostname(authority.ServerName), role)
		require.Equal(t, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, pair.Leaf.ExtKeyUsage, role)
	}
}

func TestCertificatesAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tls")
	require.NoError(t, os.Mkdir(dir, 0o777))
	f := authority.Folder(dir)
	ensure(t, f, now)
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	keys, err := filepath.Glob(filepath.Join(dir, "*-key.pem"))
	require.NoError(t, err)
	require.Len(t, keys, len(authority.Roles())+1)
	for _, key := range keys {
		info, err := os.Stat(key)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o400), info.Mode().Perm(), key)
	}
}

func TestCertificatesAreMadeAgainOnlyWhenTheyMustBe(t *testing.T) {
	t.Parallel()
	f := authority.Folder(t.TempDir())
	ensure(t, f, now)
	until, err := f.Until()
	require.NoError(t, err)
	require.WithinDuration(t, now.AddDate(5, 0, 0), until, 48*time.Hour)
	require.False(t, authority.Renews(until, now))
	require.True(t, authority.Renews(until, now.AddDate(4, 1, 0)))
	_, err = authority.Folder(t.TempDir()).Until()
	require.ErrorContains(t, err, "there is no certificate")
	ca, err := os.ReadFile(f.CA())
	require.NoError(t, err)

	require.Empty(t, ensure(t, f, now))
	require.Empty(t, ensure(t, f, now.AddDate(3, 11, 0)))
	later := now.AddDate(4, 1, 0)
	require.Equal(t, authority.Roles(), ensure(t, f, later), "less than a year is left")
	require.Equal(t, []authority.Role{authority.System}, ensure(t, f, later, "127.0.0.1"), "the server for another host too")
	same, err := os.ReadFile(f.CA())
	require.NoError(t, err)
	require.Equal(t, ca, same, "the authority stays: whoever is connected is no stranger after a renewal")

	// Half of a pair, as a crash between the two files leaves it.
	require.NoError(t, os.Remove(f.Cert(authority.Viewer)))
	require.NoError(t, os.Rename(f.Key(authority.Worker), f.Key(authority.Viewer)))
	require.Equal(t, []authority.Role{authority.Worker, authority.Viewer}, ensure(t, f, later, "127.0.0.1"))

	require.NoError(t, os.Remove(f.CA()))
	require.Equal(t, authority.Roles(), ensure(t, f, later, "127.0.0.1"), "a new authority's, all of them")
	require.Equal(t, authority.Roles(), ensure(t, f, now, "127.0.0.1"), "the clock was wrong then")
	client, err := f.TLS(authority.Command)
	require.NoError(t, err)
	_, err = call(t, f, client)
	require.NoError(t, err)
}

func TestWhatIsSharedIsOneRoleAlone(t *testing.T) {
	t.Parallel()
	f, with := authority.Folder(t.TempDir()), authority.Folder(t.TempDir())
	ensure(t, f, now)
	changed, err := f.Share(authority.Worker, with)
	require.NoError(t, err)
	require.True(t, changed)
	client, err := with.TLS(authority.Worker)
	require.NoError(t, err)
	who, err := call(t, f, client)
	require.NoError(t, err)
	require.Equal(t, "worker", who)
	files, err := filepath.Glob(filepath.Join(string(with), "*"))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{with.CA(), with.Cert(authority.Worker), with.Key(authority.Worker)}, files)

	changed, err = f.Share(authority.Worker, with)
	require.NoError(t, err)
	require.False(t, changed)
	ensure(t, f, now.AddDate(4, 1, 0))
	changed, err = f.Share(authority.Worker, with)
	require.NoError(t, err)
	require.True(t, changed, "a renewed certificate")
	_, err = f.Share("nobody", with)
	require.Error(t, err)
}
