// Package selfsigned makes the certificate with which Temporal proves to the
// programs on the same host that it is Temporal. It signs itself: whoever has the
// file cert.pem trusts this one server and no other, and there is no authority
// whose key could be stolen.
package selfsigned

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// CertFile is the certificate's name in its folder. Everybody may read it.
	CertFile = "cert.pem"
	// KeyFile is its key's, which the owner alone may read.
	KeyFile = "key.pem"
	// lasts is longer than an incident is open; renewBefore leaves a year in which
	// some start of the services makes a new one.
	lasts       = 5 * 365 * 24 * time.Hour
	renewBefore = 365 * 24 * time.Hour
)

// Ensure makes a certificate for these hosts in dir, unless there is one that is
// for them and good for another year. It reports whether it made one.
func Ensure(dir string, hosts []string, now time.Time) (made bool, err error) {
	if good(dir, hosts, now) {
		return false, nil
	}
	cert, key, err := newPair(hosts, now)
	if err != nil {
		return false, fmt.Errorf("the certificate cannot be made: %w", err)
	}
	// The key first: a certificate without its key is made again the next time.
	if err := write(filepath.Join(dir, KeyFile), key, 0o400); err != nil {
		return false, err
	}
	return true, write(filepath.Join(dir, CertFile), cert, 0o444)
}

func good(dir string, hosts []string, now time.Time) bool {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, CertFile), filepath.Join(dir, KeyFile))
	if err != nil || now.Before(pair.Leaf.NotBefore) || pair.Leaf.NotAfter.Sub(now) < renewBefore {
		return false
	}
	return !slices.ContainsFunc(hosts, func(host string) bool { return pair.Leaf.VerifyHostname(host) != nil })
}

func newPair(hosts []string, now time.Time) (certPEM, keyPEM []byte, err error) {
	if len(hosts) == 0 {
		return nil, nil, errors.New("it is for no host")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: hosts[0]},
		// The clocks of two containers on one host are one clock; of two hosts, nearly.
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lasts),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}

// write puts the file there whole or not at all.
func write(path string, content []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when it was renamed
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
