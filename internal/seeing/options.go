package seeing

import (
	"net"
	"net/netip"
	"net/url"

	"duenotice/internal/breach"
)

// Options say what of a program is seen, and where. The zero value shows nothing, opens
// no port and no connection.
type Options struct {
	// Listen is the HOST:PORT with /metrics, /healthz and /readyz; "" opens none.
	Listen string
	// TokenFile holds what a reader of /metrics has to show; "" asks for nothing, which
	// is for loopback only.
	TokenFile string
	// OTLP is the address to which traces and numbers are sent, such as
	// https://collector.example.com:4318; "" sends nothing.
	OTLP string
}

// Names are what the settings of Options are called where they are set, for whoever
// reads a refusal.
type Names struct{ Listen, TokenFile, OTLP string }

// Wanted reports whether anything is to be seen.
func (o Options) Wanted() bool { return o.Listen != "" || o.OTLP != "" }

// Check refuses a listener that others than this machine's reach without a token (code
// "metrics_listen") and an address to which data would travel in clear ("otlp_endpoint").
func (o Options) Check(name Names) error {
	if o.Listen != "" {
		host, _, err := net.SplitHostPort(o.Listen)
		here, parsed := netip.ParseAddr(host)
		switch {
		case err != nil || host == "" || host != "localhost" && parsed != nil:
			// Without a host Go would listen on every address of the machine.
			return breach.Refuse("metrics_listen", "Write it as ADDRESS:PORT, such as 127.0.0.1:9464.", "%s: %q is not a place to listen at", name.Listen, o.Listen)
		case host != "localhost" && !here.Unmap().IsLoopback() && o.TokenFile == "":
			return breach.Refuse("metrics_listen", "Set "+name.TokenFile+" to a file with a long random word, which Prometheus shows as a bearer token, or listen on 127.0.0.1.",
				"%s: whoever reaches %s would read how incidents stand", name.Listen, o.Listen)
		}
	}
	if o.OTLP == "" {
		return nil
	}
	u, err := url.Parse(o.OTLP)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return breach.Refuse("otlp_endpoint", "Write it as https://HOST:PORT; what it has to be shown goes into OTEL_EXPORTER_OTLP_HEADERS.", "%s is not an address to send traces to", name.OTLP)
	}
	here, _ := netip.ParseAddr(u.Hostname())
	if u.Scheme == "http" && u.Hostname() != "localhost" && !here.Unmap().IsLoopback() {
		return breach.Refuse("otlp_endpoint", "Use https, or a collector on this machine.", "%s: traces would travel to %s in clear", name.OTLP, u.Host)
	}
	return nil
}
