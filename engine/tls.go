package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.temporal.io/server/common/rpc/encryption"
)

// serverName is the name in the certificate of the server.
const serverName = "temporal"

// certificates are the stack's: its authority, and a pair of files for each role.
// A pair is read at each handshake, so that one that was renewed counts at once.
type certificates struct {
	folder    string
	authority *x509.CertPool
}

func openCertificates(folder string) (*certificates, error) {
	pem, err := os.ReadFile(filepath.Join(folder, "ca.pem"))
	if err != nil {
		return nil, fmt.Errorf("the authority's certificate cannot be read: %w", err)
	}
	c := &certificates{folder: folder, authority: x509.NewCertPool()}
	if !c.authority.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate", filepath.Join(folder, "ca.pem"))
	}
	_, err = c.pair(system)
	return c, err
}

func (c *certificates) pair(of role) (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(c.folder, string(of)+".pem"), filepath.Join(c.folder, string(of)+"-key.pem"))
	if err != nil {
		return nil, fmt.Errorf("the certificate of the role %s: %w", of, err)
	}
	return &pair, nil
}

// server asks whoever calls for a certificate of one of these roles.
func (c *certificates) server(admitted ...role) *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS13,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.pair(system) },
		ClientAuth:     tls.RequireAndVerifyClientCert,
		ClientCAs:      c.authority,
		// Also where a session is resumed, which verifies no chain anew.
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 || !slices.Contains(admitted, roleOf(&state.PeerCertificates[0].Subject)) {
				return errors.New("the certificate is of no role that may call here")
			}
			return nil
		},
	}
}

// client proves to a server of the stack that we have this role.
func (c *certificates) client(as role) *tls.Config {
	return &tls.Config{
		MinVersion:           tls.VersionTLS13,
		RootCAs:              c.authority,
		ServerName:           serverName,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c.pair(as) },
	}
}

// tlsProvider gives Temporal's parts their side of each connection. Among each
// other they admit nobody but themselves: those doors have no authoriser.
type tlsProvider struct{ *certificates }

var _ encryption.TLSConfigProvider = tlsProvider{}

func (p tlsProvider) GetInternodeServerConfig() (*tls.Config, error) { return p.server(system), nil }
func (p tlsProvider) GetInternodeClientConfig() (*tls.Config, error) { return p.client(system), nil }
func (p tlsProvider) GetFrontendServerConfig() (*tls.Config, error)  { return p.server(roles...), nil }
func (p tlsProvider) GetFrontendClientConfig() (*tls.Config, error)  { return p.client(system), nil }

func (p tlsProvider) GetRemoteClusterClientConfig(string) (*tls.Config, error) {
	return p.client(system), nil
}

func (p tlsProvider) GetExpiringCerts(time.Duration) (expiring, expired encryption.CertExpirationMap, err error) {
	return nil, nil, nil
}
