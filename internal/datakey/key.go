package datakey

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// size of data keys and of the keys made from them, in bytes.
const size = 32

// Generate returns a new data key.
func Generate() []byte {
	secret := make([]byte, size)
	_, _ = rand.Read(secret) // documented never to fail
	return secret
}

// Key is one incident's data key, ready for use by many goroutines at a time.
type Key struct {
	cipher tink.AEAD
	lookup []byte
}

// New makes a data key ready for use. Encryption and lookups get keys of their
// own from it (HKDF, RFC 5869), so that neither says anything about the other.
func New(secret []byte) (*Key, error) {
	if len(secret) != size {
		return nil, fmt.Errorf("a data key has %d bytes, not %d", size, len(secret))
	}
	sealing, err := hkdf.Expand(sha256.New, secret, "duenotice findings 1", size)
	if err != nil {
		return nil, err
	}
	lookup, err := hkdf.Expand(sha256.New, secret, "duenotice lookups 1", size)
	if err != nil {
		return nil, err
	}
	cipher, err := subtle.NewAESGCM(sealing)
	if err != nil {
		return nil, fmt.Errorf("a data key cannot be used: %w", err)
	}
	return &Key{cipher: cipher, lookup: lookup}, nil
}

// ErrAltered is what was not sealed by this key for this place: another key,
// another place, or bytes that changed since.
var ErrAltered = errors.New("the encrypted record is not what was written there")

// Seal encrypts plain for one place, which binding names: nobody can open it as
// another place's. Sealing the same twice gives different bytes.
func (k *Key) Seal(plain, binding []byte) ([]byte, error) { return k.cipher.Encrypt(plain, binding) }

// Open decrypts what was sealed for the place that binding names, or returns
// ErrAltered.
func (k *Key) Open(sealed, binding []byte) ([]byte, error) {
	plain, err := k.cipher.Decrypt(sealed, binding)
	if err != nil {
		return nil, ErrAltered // Tink's error says no more, by design
	}
	return plain, nil
}

// Hasher returns what hashes texts for comparison. The key makes it useless to
// guess names and addresses and see whose hash comes out.
func (k *Key) Hasher() *Hasher { return &Hasher{mac: hmac.New(sha256.New, k.lookup)} }

// Hasher makes keyed hashes, for one goroutine at a time.
type Hasher struct {
	mac hash.Hash
	sum [sha256.Size]byte
}

// Sum128 is HMAC-SHA-256 cut to 128 bits: enough that two different texts never
// meet by chance, and half the room.
func (h *Hasher) Sum128(text []byte) [16]byte {
	h.mac.Reset()
	h.mac.Write(text)
	return [16]byte(h.mac.Sum(h.sum[:0]))
}
