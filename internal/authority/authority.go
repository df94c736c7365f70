// Package authority makes the certificates of one stack: an authority of its own,
// and below it a certificate for the server and for each role in which anybody
// calls it. Who has a role's key is that role; who has none is nobody, also on the
// same machine.
//
// A folder holds ca.pem and ca-key.pem, and for each role ROLE.pem and
// ROLE-key.pem. The folder is its owner's alone, and so is each key in it.
package authority

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Role is what a certificate says of its holder: its subject's common name. What
// each may call is decided by the engine (engine/roles.go).
type Role string

// The roles of a stack.
const (
	// System is Temporal's server, to its clients and among its parts.
	System Role = "system"
	// Worker is Duenotice's worker.
	Worker Role = "worker"
	// Command is Duenotice's command line.
	Command Role = "command"
	// Viewer is Temporal's UI, and the page in front of it.
	Viewer Role = "viewer"
	// Operator sets the server up, and is the only one who can end a workflow from outside.
	Operator Role = "operator"
)

// Roles are all of them.
func Roles() []Role { return []Role{System, Worker, Command, Viewer, Operator} }

// ServerName is what clients expect the server's certificate to be for.
const ServerName = "temporal"

const (
	// lasts is longer than an incident is open; renewBefore leaves a year in which
	// some start of the stack makes a new one.
	lasts       = 5 * 365 * 24 * time.Hour
	renewBefore = 365 * 24 * time.Hour
	// authorityLasts is longer than anybody runs one stack: a new authority would
	// make strangers of whoever has a certificate of the old one.
	authorityLasts = 40 * 365 * 24 * time.Hour
)

// Folder holds an authority and its certificates.
type Folder string

// CA is the path of the authority's certificate, by which the server is known.
func (f Folder) CA() string { return filepath.Join(string(f), "ca.pem") }

// Cert is the path of a role's certificate.
func (f Folder) Cert(role Role) string { return filepath.Join(string(f), string(role)+".pem") }

// Key is the path of its key.
func (f Folder) Key(role Role) string { return filepath.Join(string(f), string(role)+"-key.pem") }

// Ensure makes what is missing in the folder: the authority, and a certificate for
// each role where there is none, or one that is good for less than a year. hosts
// are the server's names and addresses beside ServerName. It reports which roles
// have a new one; both sides read theirs at each handshake. An error leaves
// nothing that the next try would take for whole.
func (f Folder) Ensure(hosts []string, now time.Time) (renewed []Role, err error) {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return nil, fmt.Errorf("the folder for certificates cannot be made: %w", err)
	}
	if err := os.Chmod(string(f), 0o700); err != nil {
		return nil, fmt.Errorf("the folder for certificates cannot be closed to others: %w", err)
	}
	ca, made, err := f.authority(now)
	if err != nil {
		return nil, err
	}
	hosts = append([]string{ServerName}, hosts...)
	for _, role := range Roles() {
		names := hosts
		if role != System {
			names = nil
		}
		if !made && f.good(role, ca.leaf, names, now) {
			continue
		}
		if err := f.issue(ca, role, names, now); err != nil {
			return renewed, fmt.Errorf("the certificate of the role %s cannot be made: %w", role, err)
		}
		renewed = append(renewed, role)
	}
	return renewed, nil
}

// TLS is how a client in this role speaks to the server, and knows it. The files
// are read at each handshake, so that a renewed certificate is taken up.
func (f Folder) TLS(role Role) (*tls.Config, error) {
	known, err := os.ReadFile(f.CA())
	if err != nil {
		return nil, fmt.Errorf("the authority of the stack's certificates cannot be read: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(known) {
		return nil, fmt.Errorf("%s holds no certificate", f.CA())
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: roots, ServerName: ServerName,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(f.Cert(role), f.Key(role))
			if err != nil {
				return nil, fmt.Errorf("the certificate of the role %s cannot be read: %w", role, err)
			}
			return &pair, nil
		},
	}, nil
}

// Until says until when every certificate in the folder is good. Of one that was
// shared there are some roles only.
func (f Folder) Until() (time.Time, error) {
	var until time.Time
	for _, role := range Roles() {
		pair, err := tls.LoadX509KeyPair(f.Cert(role), f.Key(role))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return until, fmt.Errorf("the certificate of the role %s cannot be read: %w", role, err)
		}
		if until.IsZero() || pair.Leaf.NotAfter.Before(until) {
			until = pair.Leaf.NotAfter
		}
	}
	if until.IsZero() {
		return until, fmt.Errorf("there is no certificate in %s", f)
	}
	return until, nil
}

// ID tells one authority from another: what was begun with another one knows nobody
// of this, and has to be started again.
func (f Folder) ID() (string, error) {
	known, err := os.ReadFile(f.CA())
	if err != nil {
		return "", fmt.Errorf("the authority of the stack's certificates cannot be read: %w", err)
	}
	sum := sha256.Sum256(known)
	return hex.EncodeToString(sum[:6]), nil
}

// Renews tells whether Ensure would make certificates anew that are good until then.
func Renews(until, now time.Time) bool { return until.Sub(now) < renewBefore }

// signer is the authority with its key.
type signer struct {
	leaf *x509.Certificate
	key  *ecdsa.PrivateKey
}

func (f Folder) caKey() string { return filepath.Join(string(f), "ca-key.pem") }

// authority is the one of the folder, made where there is none or half of one.
func (f Folder) authority(now time.Time) (ca signer, made bool, err error) {
	if pair, err := tls.LoadX509KeyPair(f.CA(), f.caKey()); err == nil {
		key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
		if ok && pair.Leaf.IsCA && !now.Before(pair.Leaf.NotBefore) && pair.Leaf.NotAfter.Sub(now) > lasts {
			return signer{leaf: pair.Leaf, key: key}, false, nil
		}
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Authority of one Duenotice stack"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(authorityLasts),
		KeyUsage: x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
	}
	key, err := newKey()
	if err != nil {
		return signer{}, false, err
	}
	cert, err := sign(template, signer{leaf: template, key: key}, key)
	if err != nil {
		return signer{}, false, fmt.Errorf("the authority cannot be made: %w", err)
	}
	leaf, err := x509.ParseCertificate(cert)
	if err != nil {
		return signer{}, false, err
	}
	return signer{leaf: leaf, key: key}, true, writePair(f.CA(), f.caKey(), cert, key)
}

// good tells whether a role's certificate is whole, of this authority, for these
// hosts, and not about to end.
func (f Folder) good(role Role, ca *x509.Certificate, hosts []string, now time.Time) bool {
	pair, err := tls.LoadX509KeyPair(f.Cert(role), f.Key(role))
	if err != nil || now.Before(pair.Leaf.NotBefore) || Renews(pair.Leaf.NotAfter, now) || pair.Leaf.CheckSignatureFrom(ca) != nil {
		return false
	}
	return pair.Leaf.Subject.CommonName == string(role) &&
		!slices.ContainsFunc(hosts, func(host string) bool { return pair.Leaf.VerifyHostname(host) != nil })
}

func (f Folder) issue(ca signer, role Role, hosts []string, now time.Time) error {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: string(role)},
		// A clock that is set back by a little makes no stranger of anybody.
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lasts),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, BasicConstraintsValid: true,
	}
	if len(hosts) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	key, err := newKey()
	if err != nil {
		return err
	}
	cert, err := sign(template, ca, key)
	if err != nil {
		return err
	}
	return writePair(f.Cert(role), f.Key(role), cert, key)
}
