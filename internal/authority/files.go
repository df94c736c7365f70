package authority

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
)

func newKey() (*ecdsa.PrivateKey, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// sign makes the certificate of key, signed by ca, which may be the same.
func sign(template *x509.Certificate, ca signer, key *ecdsa.PrivateKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	return x509.CreateCertificate(rand.Reader, template, ca.leaf, &key.PublicKey, ca.key)
}

// writePair writes the key first: a certificate without its key, as a crash
// between the two leaves it, is made again the next time.
func writePair(certPath, keyPath string, cert []byte, key *ecdsa.PrivateKey) error {
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := write(keyPath, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o400); err != nil {
		return err
	}
	return write(certPath, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o444)
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

// Share puts into another folder what one role needs: the authority's certificate,
// and the role's with its key. The folder is somebody else's to read, whose account
// is not known here: who has the folder has the role. It reports whether anything
// was new.
func (f Folder) Share(role Role, with Folder) (changed bool, err error) {
	// The certificate last, as in writePair.
	for _, path := range []struct{ from, to string }{{f.CA(), with.CA()}, {f.Key(role), with.Key(role)}, {f.Cert(role), with.Cert(role)}} {
		content, err := os.ReadFile(path.from)
		if err != nil {
			return changed, err
		}
		if before, err := os.ReadFile(path.to); err == nil && bytes.Equal(before, content) {
			continue
		}
		if err := write(path.to, content, 0o444); err != nil {
			return changed, err
		}
		changed = true
	}
	return changed, nil
}
