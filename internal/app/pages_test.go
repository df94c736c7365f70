package app_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

var pagesTold = []string{
	"DUENOTICE_PAGES_ADDRESS=http://pages.localhost:8090", "DUENOTICE_PAGES_LISTEN=127.0.0.1:8090",
	"DUENOTICE_PAGES_DATABASE_URL=postgres://duenotice_pages:hunter2@127.0.0.1/duenotice", "PATH=/usr/bin", "HOME=/nowhere",
}

// Whatever leads to a patient keeps the pages' server from starting, one by one.
func TestThePagesServerStartsWithNothingButItsOwn(t *testing.T) {
	t.Parallel()
	_, err := app.LoadPagesConfig(pagesTold)
	require.NoError(t, err)
	for variable, code := range map[string]string{
		"DUENOTICE_KEY_FILE=/keys": "pages_reach", "DUENOTICE_KEY_TEXT=k": "pages_reach", "DUENOTICE_EVIDENCE_KEY_FILE=/key": "pages_reach",
		"DUENOTICE_DATABASE_URL=postgres://program@/x": "pages_reach", "DUENOTICE_OWNER_DATABASE_URL=postgres://owner@/x": "pages_reach",
		"DUENOTICE_TEMPORAL_CERTIFICATES=/tls": "pages_reach", "TEMPORAL_ADDRESS=temporal:7233": "pages_reach", "TEMPORAL_API_KEY=k": "pages_reach",
		"TEMPORAL_TLS_CLIENT_KEY_DATA=k": "pages_reach", "DUENOTICE_CONFIG=/etc/duenotice.yaml": "pages_reach", "SENDGRID_API_KEY=k": "pages_reach",
		"PGPASSWORD=x": "pages_reach", "DUENOTICE_SOME_LATER_KEY=x": "pages_reach",
		"DUENOTICE_PAGES_LISTEN=0.0.0.0:8090": "pages_tls", "DUENOTICE_PAGES_LISTEN=8090": "pages_listen", "DUENOTICE_PAGES_ADDRESS=ftp://x": "pages_address",
		"DUENOTICE_PAGES_ADDRESS=https://x/p": "pages_address", "DUENOTICE_PAGES_CERTIFICATE=/cert.pem": "pages_tls", "DUENOTICE_PAGES_PROXY=proxy": "pages_proxy",
		// Practices would come to the proxy without TLS.
		"DUENOTICE_PAGES_PROXY=10.0.0.5": "pages_address",
	} {
		_, err := app.LoadPagesConfig(append(append([]string{}, pagesTold...), variable))
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%s: %v", variable, err)
		require.Equal(t, code, refusal.Code, variable)
		require.NotContains(t, err.Error(), "hunter2")
	}
	_, err = app.LoadPagesConfig(append(append([]string{}, pagesTold...), "DUENOTICE_KEY_FILE="))
	require.NoError(t, err, "an empty variable gives nothing")
	behind, err := app.LoadPagesConfig(append(append([]string{}, pagesTold...),
		"DUENOTICE_PAGES_ADDRESS=https://notice.example.com", "DUENOTICE_PAGES_LISTEN=0.0.0.0:8090", "DUENOTICE_PAGES_PROXY=10.0.0.5, 10.1.0.0/16"))
	require.NoError(t, err)
	require.Len(t, behind.Proxy, 2)
}

// pagesServed runs the pages' server until the test ends.
func pagesServed(t *testing.T, config app.PagesConfig) *app.Pages {
	t.Helper()
	server := &app.Pages{Config: config, Log: t.Output()}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	testkit.Await(t, func() bool { return server.Check(t.Context()) == nil })
	return server
}

func freeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

func TestThePagesAreServedAndSaySo(t *testing.T) {
	t.Parallel()
	owner := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	store, err := postgres.Open(t.Context(), testkit.ProgramLogin(t, owner))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	serve, err := store.PagesServe(t.Context(), time.Minute)
	require.NoError(t, err)
	require.False(t, serve)

	listen := freeAddress(t)
	config := app.PagesConfig{Address: "http://" + listen, Listen: listen, DatabaseURL: testkit.Login(t, owner, "duenotice_page")}
	config.DatabaseURL = testkit.ProgramLogin(t, owner)
	refusal, ok := breach.AsRefusal((&app.Pages{Config: config, Log: t.Output()}).Run(t.Context()))
	require.True(t, ok)
	require.Equal(t, "page_login", refusal.Code, "the program's own login can do more")

	config.DatabaseURL = testkit.Login(t, owner, "duenotice_page")
	pagesServed(t, config)
	testkit.Await(t, func() bool {
		serve, err := store.PagesServe(t.Context(), time.Minute)
		require.NoError(t, err)
		return serve
	})
	serve, err = store.PagesServe(t.Context(), -time.Second)
	require.NoError(t, err)
	require.False(t, serve, "a sign that is too old is none")
}

// writeCertificate makes a certificate of its own for 127.0.0.1 and returns its number.
func writeCertificate(t *testing.T, certificate, key string, number int64) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "pages"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(secret)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	require.NoError(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	at := time.Now().Add(time.Duration(number) * time.Second) // whatever the file system's clock can tell apart
	require.NoError(t, os.Chtimes(certificate, at, at))
}

func TestARenewedCertificateNeedsNoRestart(t *testing.T) {
	t.Parallel()
	owner := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	certificate, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	writeCertificate(t, certificate, key, 1)
	listen := freeAddress(t)
	server := pagesServed(t, app.PagesConfig{
		Address: "https://" + listen, Listen: listen, DatabaseURL: testkit.Login(t, owner, "duenotice_page"), Certificate: certificate, Key: key,
	})
	shown := func() int64 {
		trusted := x509.NewCertPool()
		content, err := os.ReadFile(certificate)
		require.NoError(t, err)
		trusted.AppendCertsFromPEM(content)
		conn, err := (&tls.Dialer{Config: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}).DialContext(t.Context(), "tcp", listen)
		require.NoError(t, err)
		defer func() { require.NoError(t, conn.Close()) }()
		return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	require.EqualValues(t, 1, shown())
	writeCertificate(t, certificate, key, 2)
	require.EqualValues(t, 2, shown())
	require.NoError(t, server.Check(t.Context()))
	// In clear it answers nobody.
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listen+"/health", nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusBadRequest, answer.StatusCode)
	// A certificate that is being written leaves the one before.
	good, err := os.ReadFile(certificate)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(certificate, good[:40], 0o600))
	conn, err := (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(t.Context(), "tcp", listen)
	require.NoError(t, err)
	require.EqualValues(t, 2, conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.Int64())
	require.NoError(t, conn.Close())
}
