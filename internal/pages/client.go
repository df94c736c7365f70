package pages

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// client is whose guesses are counted together: the address that a request came from.
// What a header says of it is believed of a proxy that was named, and from there on
// back to the first address that is no proxy's. Of IPv6 it is the network, of which
// everybody has plenty of addresses.
func (s *Server) client(r *http.Request) string {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	at := from.Addr().Unmap()
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, one := range slices.Backward(said) {
		if !s.proxied(at) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(one))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	if at.Is6() {
		if network, err := at.WithZone("").Prefix(64); err == nil {
			return network.String()
		}
	}
	return at.String()
}

func (s *Server) proxied(at netip.Addr) bool {
	return slices.ContainsFunc(s.Proxy, func(p netip.Prefix) bool { return p.Contains(at) })
}
