package testkit

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"

	"duenotice/internal/authority"
	"duenotice/internal/stack"
)

// TemporalServer is a namespace on a real Temporal server.
type TemporalServer struct {
	// Address is host:port.
	Address string
	// Certificates is the folder with a certificate for each role.
	Certificates authority.Folder
	// Namespace is the test's own and was empty: workflow IDs and task queues need
	// no care for other tests.
	Namespace string
}

// Temporal makes a namespace for the test that has these search attributes, each
// given as "Name=Type".
func Temporal(t testing.TB, searchAttributes ...string) TemporalServer {
	t.Helper()
	address, certificates, err := servers(t).Temporal(t.Context())
	if err != nil {
		t.Fatalf("testkit: this test needs a Temporal server: %v", err)
	}
	s := TemporalServer{Address: address, Certificates: certificates, Namespace: "test-" + strings.ToLower(rand.Text()[:16])}
	if err := stack.MakeNamespace(t.Context(), s.Address, s.Certificates, s.Namespace, searchAttributes); err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return s
}

// TemporalOf is the server that an environment names.
func TemporalOf(env map[string]string) TemporalServer {
	return TemporalServer{
		Address: env["TEMPORAL_ADDRESS"], Namespace: env["TEMPORAL_NAMESPACE"], Certificates: authority.Folder(env["DUENOTICE_TEMPORAL_CERTIFICATES"]),
	}
}

// Client connects to the namespace as a worker, with these options, and closes the
// connection after the test. Without a logger in them the SDK is silent.
func (s TemporalServer) Client(t testing.TB, o client.Options) client.Client {
	t.Helper()
	return s.ClientAs(t, authority.Worker, o)
}

// ClientAs is Client in another role.
func (s TemporalServer) ClientAs(t testing.TB, role authority.Role, o client.Options) client.Client {
	t.Helper()
	as, err := s.Certificates.TLS(role)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	o.HostPort, o.Namespace, o.ConnectionOptions.TLS = s.Address, s.Namespace, as
	if o.Logger == nil {
		o.Logger = tlog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	}
	c, err := client.DialContext(t.Context(), o)
	if err != nil {
		t.Fatalf("testkit: cannot connect to Temporal: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}
