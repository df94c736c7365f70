package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// listenAt takes the port for a page that browsers know by the address at. Browsers look for a name below localhost at both loopback
// addresses, so there both are taken: a neighbour who had the other one would be
// sent the login's cookie. A machine without IPv6 has no other one.
func listenAt(ctx context.Context, listen string, at *url.URL) (listeners []net.Listener, err error) {
	defer func() {
		if err != nil {
			for _, l := range listeners {
				err = errors.Join(err, l.Close())
			}
		}
	}()
	var config net.ListenConfig
	first, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return nil, err
	}
	listeners = append(listeners, first)
	own, ok := first.Addr().(*net.TCPAddr)
	name := at.Hostname()
	if !ok || !own.IP.Equal(net.IPv4(127, 0, 0, 1)) || (name != "localhost" && !strings.HasSuffix(name, ".localhost")) {
		return listeners, nil
	}
	other, err := config.Listen(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(own.Port)))
	switch {
	case errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT):
		return listeners, nil
	case err != nil:
		return listeners, fmt.Errorf("another program has the page's port at the other loopback address, where browsers would find it instead: %w", err)
	}
	return append(listeners, other), nil
}
