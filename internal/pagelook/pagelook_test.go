package pagelook_test

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/pagelook"
	"duenotice/internal/posting"
)

// site serves a handler by https on this machine, and returns its address.
func site(t *testing.T, handler http.HandlerFunc) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, roots
}

func noProxy(*http.Request) (*url.URL, error) { return nil, nil }

// own is a Looker that may go to the server.
func own(server *httptest.Server, roots *x509.CertPool) *pagelook.Looker {
	return pagelook.New(pagelook.Options{Own: []string{server.Listener.Addr().String()}, Roots: roots, Proxy: noProxy})
}

func why(t *testing.T, err error) *pagelook.NotSeen {
	t.Helper()
	var not *pagelook.NotSeen
	require.ErrorAs(t, err, &not)
	return not
}

func TestAPageIsReadWithNothingOfOurs(t *testing.T) {
	t.Parallel()
	server, roots := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "b", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
			http.Redirect(w, r, "/", http.StatusFound)
		default:
			if len(r.Cookies()) > 0 || r.Header.Get("Authorization") != "" || r.Method != http.MethodGet {
				w.WriteHeader(http.StatusTeapot)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
			_, _ = w.Write([]byte("<p>Caf\xe9 Notice</p>"))
		}
	})
	page, err := own(server, roots).Look(t.Context(), server.URL+"/moved")
	require.NoError(t, err)
	require.Equal(t, posting.OfText("Café notice"), page.Words)
	require.Len(t, page.SHA256, 64)
}

func TestWhatIsNoPageIsSaidWithItsReason(t *testing.T) {
	t.Parallel()
	server, roots := site(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone":
			http.NotFound(w, r)
		case "/long":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(strings.Repeat("long ", 1<<20)))
		case "/picture":
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write([]byte("notice"))
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/plain":
			http.Redirect(w, r, "http://page.example.com/", http.StatusFound)
		case "/meta":
			http.Redirect(w, r, "https://169.254.169.254/latest", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, "https://database.internal/", http.StatusFound)
		}
	})
	look := own(server, roots)
	for path, reason := range map[string]string{
		"/gone": "answers 404 Not Found", "/long": "longer than 4 million bytes", "/picture": "no page of text", "/round": "more than 5 times",
		"/plain": "no https address", "/meta": "no https address", "/inside": "none of the public internet",
	} {
		_, err := look.Look(t.Context(), server.URL+path)
		not := why(t, err)
		require.Contains(t, not.Why, reason, path)
		require.False(t, not.Unreached, path)
		require.NotContains(t, not.Why, "127.0.0.1", "what leads somewhere is not repeated")
	}
	server.Close()
	_, err := look.Look(t.Context(), server.URL)
	require.True(t, why(t, err).Unreached)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = look.Look(ended, server.URL)
	require.ErrorIs(t, err, context.Canceled, "that we were stopped says nothing of the page")
}

func TestACertificateThatBrowsersRefuseIsNoPage(t *testing.T) {
	t.Parallel()
	server, _ := site(t, func(http.ResponseWriter, *http.Request) {})
	_, err := own(server, x509.NewCertPool()).Look(t.Context(), server.URL)
	require.Contains(t, why(t, err).Why, "certificate")
}

// TestNobodyReachesThisMachineOrItsNetworkByAnAddress: neither by a number, nor by a name
// that leads there, nor by another way of writing either.
func TestNobodyReachesThisMachineOrItsNetworkByAnAddress(t *testing.T) {
	t.Parallel()
	reached := false
	server, roots := site(t, func(http.ResponseWriter, *http.Request) { reached = true })
	port := server.URL[strings.LastIndex(server.URL, ":")+1:]
	look := pagelook.New(pagelook.Options{Roots: roots, Proxy: noProxy})
	for _, address := range []string{
		server.URL, "https://127.0.0.1", "https://localhost:" + port, "https://localhost", "https://localhost.", "https://[::1]", "https://2130706433",
		"https://0x7f.1", "https://10.0.0.8", "https://169.254.169.254/latest/meta-data", "https://[fd00:ec2::254]", "https://metadata.google.internal",
		"https://postgres", "https://router.local", "http://page.example.com", "https://user:secret@page.example.com", "https://page.example.com:8443",
		"ftp://page.example.com", "file:///etc/passwd", "https://", "https://page.localhost",
	} {
		_, err := look.Look(t.Context(), address)
		require.NotEmpty(t, why(t, err).Why, address)
	}
	require.False(t, reached)
}

// TestBehindAProxyNamesInsideAreRefusedToo: the proxy is gone to, wherever it is, and
// never with a name that only the network inside knows.
func TestBehindAProxyNamesInsideAreRefusedToo(t *testing.T) {
	t.Parallel()
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.Host)
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(proxy.Close)
	at, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	look := pagelook.New(pagelook.Options{Proxy: http.ProxyURL(at)})
	for _, address := range []string{"https://page.example.com/notice", "https://database.internal", "https://127.0.0.1"} {
		_, err := look.Look(t.Context(), address)
		var not *pagelook.NotSeen
		require.ErrorAs(t, err, &not, address)
	}
	require.Equal(t, []string{"CONNECT page.example.com:443"}, asked)
}
