package app_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"duenotice/internal/app"
	"duenotice/internal/authority"
)

// elsewhere is a server of somebody's own. refusal is what it says to a caller
// whom its TLS lets in.
type elsewhere struct {
	workflowservice.UnimplementedWorkflowServiceServer
	refusal error
}

func (elsewhere) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{}, nil
}

func (e elsewhere) DescribeNamespace(context.Context, *workflowservice.DescribeNamespaceRequest) (*workflowservice.DescribeNamespaceResponse, error) {
	return &workflowservice.DescribeNamespaceResponse{}, e.refusal
}

// serveElsewhere serves it with the certificates of a folder.
func serveElsewhere(t *testing.T, f authority.Folder, asks tls.ClientAuthType, refusal error) (address string) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(f.Cert(authority.System), f.Key(authority.System))
	require.NoError(t, err)
	known, err := os.ReadFile(f.CA())
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(known))
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, ClientAuth: asks, ClientCAs: roots,
	})))
	workflowservice.RegisterWorkflowServiceServer(server, elsewhere{refusal: refusal})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

// A server that is not the stack's has to be as safe: it proves which it is, and
// asks who comes.
func TestAServerThatAsksNobodyWhoTheyAreIsRefused(t *testing.T) {
	t.Parallel()
	f := authority.Folder(t.TempDir())
	_, err := f.Ensure([]string{"127.0.0.1"}, time.Now())
	require.NoError(t, err)
	settings := func(address string) map[string]string {
		return map[string]string{
			"TEMPORAL_ADDRESS": address, "TEMPORAL_TLS": "true", "TEMPORAL_TLS_SERVER_CA_CERT_PATH": f.CA(), "TEMPORAL_TLS_SERVER_NAME": authority.ServerName,
			"TEMPORAL_TLS_CLIENT_CERT_PATH": f.Cert(authority.Command), "TEMPORAL_TLS_CLIENT_KEY_PATH": f.Key(authority.Command),
		}
	}
	refusal := dialError(t, settings(serveElsewhere(t, f, tls.NoClientCert, nil)))
	require.NotNil(t, refusal)
	require.Equal(t, "open_server", refusal.Code)
	require.Contains(t, refusal.Error(), "whoever reaches it could start, answer and end what runs there")

	// One that takes a certificate and does not need it.
	refusal = dialError(t, settings(serveElsewhere(t, f, tls.VerifyClientCertIfGiven, nil)))
	require.NotNil(t, refusal)
	require.Equal(t, "open_server", refusal.Code)

	for what, address := range map[string]string{
		"by certificate":     serveElsewhere(t, f, tls.RequireAndVerifyClientCert, nil),
		"by something else":  serveElsewhere(t, f, tls.NoClientCert, status.Error(codes.PermissionDenied, "no key")),
		"by a key in a call": serveElsewhere(t, f, tls.NoClientCert, status.Error(codes.Unauthenticated, "no key")),
	} {
		config, err := app.LoadConfig(surroundings(t, settings(address)), t.TempDir())
		require.NoError(t, err)
		connected, err := app.DialTemporal(t.Context(), config, nil)
		require.NoError(t, err, "a server that asks %s", what)
		connected.Close()
	}
}
