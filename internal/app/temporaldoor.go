package app

import (
	"context"
	"crypto/tls"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"duenotice/internal/breach"
)

// refuseUnprotected refuses to speak in clear, or to a server that does not have
// to prove which it is. That an address is on this machine is no protection: every
// other account of it, and every web page open on it, reaches it too.
func refuseUnprotected(options client.Options) error {
	connection := options.ConnectionOptions
	// The SDK turns TLS on by itself for an API key, unless told not to.
	if connection.TLS == nil && (options.Credentials == nil || connection.TLSDisabled) {
		return breach.Refuse("plaintext", "Start the stack on this machine with up, or give that server certificates and have it ask for the client's, and set TEMPORAL_TLS and its certificates: see docs/deployment.md.",
			"Temporal at %s would be reached without encryption, and could not tell who comes", options.HostPort)
	}
	if connection.TLS != nil && connection.TLS.InsecureSkipVerify {
		return breach.Refuse("unverified", "Give its certificate authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH, and take TEMPORAL_TLS_DISABLE_HOST_VERIFICATION away.",
			"Temporal at %s would not have to prove that it is the one that is meant", options.HostPort)
	}
	return nil
}

// doorLimit is how long a server may take to refuse a stranger.
const doorLimit = 5 * time.Second

// refuseOpenDoor refuses a server that answers a caller who shows neither a
// certificate nor a key: whoever reaches it could start, answer and end what runs
// there. It is asked once we are connected, so that a server which does not speak
// to the stranger at all is one that refuses.
func refuseOpenDoor(ctx context.Context, options client.Options) error {
	stranger := &tls.Config{MinVersion: tls.VersionTLS12}
	if known := options.ConnectionOptions.TLS; known != nil {
		stranger = known.Clone()
		stranger.Certificates, stranger.GetClientCertificate = nil, nil
	}
	conn, err := grpc.NewClient(options.HostPort, grpc.WithTransportCredentials(credentials.NewTLS(stranger)))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing was sent that could be lost
	ctx, cancel := context.WithTimeout(ctx, doorLimit)
	defer cancel()
	// Every server answers everybody about its version and health; this is about a namespace.
	_, err = workflowservice.NewWorkflowServiceClient(conn).DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: options.Namespace})
	switch status.Code(err) {
	case codes.Unavailable, codes.PermissionDenied, codes.Unauthenticated, codes.DeadlineExceeded, codes.Canceled:
		return nil
	default:
		return breach.Refuse("open_server", "Have it ask for client certificates (docs/deployment.md), or start the stack on this machine with up.",
			"Temporal at %s answers a caller who shows no certificate and no key, so whoever reaches it could start, answer and end what runs there", options.HostPort)
	}
}
