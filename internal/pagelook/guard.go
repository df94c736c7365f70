package pagelook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"duenotice/internal/breach"
)

// guard says which addresses may be gone to. Whoever can record where a page is must not
// reach with it what only this machine can.
type guard struct {
	own   map[string]bool
	proxy func(*http.Request) (*url.URL, error)
}

// isOwn reports whether the installation named the host.
func (g guard) isOwn(host, port string) bool {
	host = strings.ToLower(host)
	return g.own[host] || g.own[net.JoinHostPort(host, port)]
}

// allows refuses an address that no page for everybody has. To what a name leads is
// looked at again when it is dialled.
func (g guard) allows(u *url.URL) error {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	switch {
	case u.Scheme == "https" && u.User == nil && g.isOwn(u.Hostname(), port):
		return nil
	case !breach.IsPostingURL(u.String()):
		return &NotSeen{Why: "it is, or sends on to, no https address of a named host"}
	case port != "443":
		return &NotSeen{Why: "it is at, or sends on to, a port that is not 443"}
	case inside(u.Hostname()):
		return &NotSeen{Why: "it is, or sends on to, a host that is none of the public internet"}
	}
	return nil
}

// inside reports names that the public internet does not have. Behind a proxy they are
// all that can be looked at here: there the proxy finds out where a name leads.
func inside(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if !strings.Contains(host, ".") {
		return true
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// dial connects to a proxy of the environment, to what the installation named, and else
// to addresses of the public internet alone: looked at when it is known which of a name's
// addresses it is, so that no second answer to the name can be another.
func (g guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: lookLimit}
	if !g.isOwn(host, port) && !g.isProxy(host, port) {
		dialer.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil || !public(to.Addr()) || to.Port() != 443 {
				return &NotSeen{Why: "its name leads to an address that is none of the public internet"}
			}
			return nil
		}
	}
	return dialer.DialContext(ctx, network, address)
}

// isProxy reports whether an address is that of the proxy by which pages are fetched.
func (g guard) isProxy(host, port string) bool {
	at, err := g.proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: "page.example.com"}})
	if err != nil || at == nil {
		return false
	}
	own := at.Port()
	if own == "" {
		own = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[at.Scheme]
	}
	return strings.EqualFold(at.Hostname(), host) && own == port
}

// notPublic are networks that netip has no word for: of carriers, of documents and tests,
// of translations to other networks.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// public reports whether an address is one of the public internet.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, network := range notPublic {
		if network.Contains(a) {
			return false
		}
	}
	return true
}

func tlsConfig(roots *x509.CertPool) *tls.Config {
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

func isCertificate(err error) bool {
	var failed *tls.CertificateVerificationError
	return errors.As(err, &failed)
}
