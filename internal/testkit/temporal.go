package testkit

import (
	"crypto/rand"
	"log/slog"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"

	"duenotice/internal/stack"
)

// TemporalServer is a namespace on a real Temporal server.
type TemporalServer struct {
	// Address is host:port.
	Address string
	// Namespace is the test's own and was empty: workflow IDs and task queues need
	// no care for other tests.
	Namespace string
}

// Temporal makes a namespace for the test that has these search attributes, each
// given as "Name=Type".
func Temporal(t testing.TB, searchAttributes ...string) TemporalServer {
	t.Helper()
	address, err := servers(t).TemporalAddress(t.Context())
	if err != nil {
		t.Fatalf("testkit: this test needs a Temporal server: %v", err)
	}
	s := TemporalServer{Address: address, Namespace: "test-" + strings.ToLower(rand.Text()[:16])}
	if err := stack.MakeNamespace(t.Context(), s.Address, s.Namespace, searchAttributes); err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return s
}

// Client connects to the namespace with these options and closes the connection
// after the test. Without a logger in them the SDK is silent.
func (s TemporalServer) Client(t testing.TB, o client.Options) client.Client {
	t.Helper()
	o.HostPort, o.Namespace = s.Address, s.Namespace
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
