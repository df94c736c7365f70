package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/pages"
	"duenotice/internal/testkit"
)

func TestDoctorSaysWhatIsWrongWithThePages(t *testing.T) {
	t.Parallel()
	doctor := func(env map[string]string) result {
		return terminal{env: env}.run(t, "doctor")
	}
	r := doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "http://k3x9ab.localhost:8080"})
	require.Contains(t, r.out, "ok     pages: at http://k3x9ab.localhost:8080")
	require.NotContains(t, r.out, "passkeys")
	r = doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "http://127.0.0.1:8080"})
	require.Contains(t, r.out, "NOTE   passkeys: browsers make none for http://127.0.0.1:8080: it is a number")
	r = doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "http://board.example.org"})
	require.Contains(t, r.out, "WRONG  pages: http://board.example.org is without TLS")
	require.Equal(t, 1, r.code)
	require.Contains(t, doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "board"}).out, `WRONG  pages: "board" is not an address`)

	// A provider that answers, one that calls itself otherwise, and one that is away.
	var issuer string
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":"%[1]s/auth","token_endpoint":"%[1]s/token","jwks_uri":"%[1]s/keys","id_token_signing_alg_values_supported":["RS256"]}`, issuer)
	}))
	defer provider.Close()
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("shared secret\n"), 0o600))
	env := map[string]string{
		"DUENOTICE_TEMPORAL_UI": "https://board.example.org", "DUENOTICE_OIDC_ISSUER": provider.URL, "DUENOTICE_OIDC_CLIENT_ID": "duenotice", "DUENOTICE_OIDC_CLIENT_SECRET_FILE": secret,
	}
	issuer = provider.URL
	require.Contains(t, doctor(env).out, "answers; people are known by sub, and it has to know of https://board.example.org/duenotice/oidc/callback")
	issuer = "https://login.example.org"
	require.Contains(t, doctor(env).out, "WRONG  provider of identities")
	env["DUENOTICE_OIDC_ISSUER"] = "http://127.0.0.1:1"
	require.Contains(t, doctor(env).out, "NOTE   provider of identities")
	require.NoError(t, os.Chmod(secret, 0o644))
	r = doctor(env)
	require.Contains(t, r.out, "WRONG  provider of identities")
	require.NotContains(t, r.out, "shared secret")
	env["DUENOTICE_OIDC_CLAIM"] = "preferred_username"
	require.Contains(t, doctor(env).out, `WRONG  configuration: the sign-in with a provider of identities: nobody is known by the claim "preferred_username"`)
}

// TestDoctorSaysWhetherPracticesReachTheirPages: configured and never heard of, heard of
// and reached, reached by a certificate that ends soon, and not reached from here.
func TestDoctorSaysWhetherPracticesReachTheirPages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.env["DUENOTICE_TIMEZONE"] = "UTC"
	owner := testkit.Pool(t, o.env["DUENOTICE_OWNER_DATABASE_URL"])
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, pages.HealthPath, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	o.env["DUENOTICE_PAGES_ADDRESS"] = server.URL
	line := func(words string) {
		t.Helper()
		found := o.do("doctor").out
		require.Contains(t, found, words)
		require.NotContains(t, found, "SQLSTATE")
	}
	delete(o.env, "DUENOTICE_PAGES_ADDRESS")
	line("ok     practices' pages: none are set up")
	o.env["DUENOTICE_PAGES_ADDRESS"] = server.URL
	line("WRONG  practices' pages: " + server.URL + " is not served: their server was never heard of\n       do: See that duenotice-worker pages runs")
	sign := func(ago string) {
		t.Helper()
		_, err := owner.Exec(t.Context(), "UPDATE page_server SET seen_at = clock_timestamp() - $1::interval", ago)
		require.NoError(t, err)
	}
	sign("1 hour")
	line("is not served: their server was last heard of on ")
	sign("1 second")
	line("ok     practices' pages: " + server.URL + " answers; their server was last heard of on ")
	o.env["DUENOTICE_PAGES_ADDRESS"] = "http://127.0.0.1:1"
	line("NOTE   practices' pages: http://127.0.0.1:1 cannot be reached from here")
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	o.env["DUENOTICE_PAGES_ADDRESS"] = other.URL
	line("something else answers there, with 404 Not Found")

	for days, words := range map[int]string{
		60: "nobody that this machine trusts has signed it", -1: "; every browser refuses it: x509: certificate has expired",
	} {
		o.env["DUENOTICE_PAGES_ADDRESS"] = certified(t, days)
		sign("1 second")
		line("pages' certificate: 10 days old, good through " + time.Now().AddDate(0, 0, days).UTC().Format(time.DateOnly))
		line(words)
	}
}

// certified is the address of a server with a certificate of its own that began ten days
// ago and ends in some days.
func certified(t *testing.T, days int) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	made, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().AddDate(0, 0, -10), NotAfter: time.Now().AddDate(0, 0, days),
	}, &x509.Certificate{SerialNumber: big.NewInt(1)}, key.Public(), key)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{made}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}
