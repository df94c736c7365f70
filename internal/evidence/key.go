package evidence

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/givenfile"
)

// Key signs evidence. The private half is a file on the officers' machine and
// nowhere else.
type Key struct{ private ed25519.PrivateKey }

// OpenKey reads the private key at path, in PKCS #8 PEM. One that others on the
// machine may use or could have put there is refused (givenfile.OpenKey): evidence
// they could have signed proves nothing.
func OpenKey(path string) (*Key, error) {
	text, err := givenfile.ReadKey(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no private key in PEM", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s is no private key: %w", path, err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s is no Ed25519 key", path)
	}
	return &Key{private}, nil
}

// EnsureKey is OpenKey, and makes a new key when there is none.
func EnsureKey(path string) (*Key, error) {
	key, err := OpenKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	// Whole under another name and then linked, which fails when another process
	// was first: nobody reads half a key, and no key is overwritten.
	temp, err := os.CreateTemp(filepath.Dir(path), ".evidence-key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // linked by then, or of no use
	err = errors.Join(pem.Encode(temp, &pem.Block{Type: "PRIVATE KEY", Bytes: der}), temp.Sync(), temp.Close())
	if err != nil {
		return nil, err
	}
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return OpenKey(path)
}

// Public is the public half in base64, as it stands in the ledger.
func (k *Key) Public() string { return encodePublic(k.public()) }

func (k *Key) public() ed25519.PublicKey {
	return ed25519.PublicKey(k.private[ed25519.PrivateKeySize-ed25519.PublicKeySize:])
}

// PublicPEM is the public half as a file for those who verify.
func (k *Key) PublicPEM() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(k.public())
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// What is signed begins with what it is, so that a signature of one thing can
// never be taken for one of another.
const (
	signManifest  = "duenotice evidence manifest v1\n"
	signTimestamp = "duenotice evidence timestamp v1\n"
)

func (k *Key) sign(what string, content []byte) []byte {
	signature := ed25519.Sign(k.private, append([]byte(what), content...))
	return []byte(base64.StdEncoding.EncodeToString(signature) + "\n")
}

// signed checks a signature file. It takes one form only, so that no byte of it
// can be changed either.
func signed(public ed25519.PublicKey, what string, content, signature []byte) bool {
	raw, err := base64.StdEncoding.Strict().DecodeString(strings.TrimSuffix(string(signature), "\n"))
	return err == nil && base64.StdEncoding.EncodeToString(raw)+"\n" == string(signature) &&
		ed25519.Verify(public, append([]byte(what), content...), raw)
}

func encodePublic(public ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(public) }

// Fingerprint is a public key's SHA-256 in groups, to be read out over the telephone.
func Fingerprint(public string) string {
	sum := sha256.Sum256([]byte(public))
	digits := hex.EncodeToString(sum[:16])
	var groups []string
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}

// ParsePublic reads a public key: PEM, or base64 as it stands in a ledger.
func ParsePublic(text string) (string, error) {
	text = strings.TrimSpace(text)
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if block, _ := pem.Decode([]byte(text)); block != nil {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return "", errors.New("it is a private key: keep it secret, and give the public one")
		}
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return "", fmt.Errorf("it is no public key: %w", err)
		}
		public, ok := parsed.(ed25519.PublicKey)
		if !ok {
			return "", errors.New("it is no Ed25519 key")
		}
		return encodePublic(public), nil
	}
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return "", errors.New("it is no public key in PEM, nor an Ed25519 key in base64")
	}
	return text, nil
}
