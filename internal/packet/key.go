package packet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"golang.org/x/crypto/argon2"
)

// The cost of a code: one pass of Argon2id over 8 MiB. It is paid once for each try, by
// whoever tries and by us. What is recommended for passwords is nearly five times as much,
// because people think those up; a code has its 50 bits (docs/adr/0227).
const (
	codeTimes     = 1
	codeMemoryKiB = 8 << 10
	codeThreads   = 1
)

// SaltSize is the length in bytes of the salt of a practice's codes.
const SaltSize = 16

// NewSalt makes one by chance.
func NewSalt() []byte {
	salt := make([]byte, SaltSize)
	_, _ = rand.Read(salt) // documented never to fail
	return salt
}

// Key is what somebody has who may open a practice's packet: it proves to the
// database that they have it, and unwraps the practice's identity.
type Key struct {
	// Proof is shown to the database, which has its SHA-256 only.
	Proof []byte
	wrap  []byte
}

// FromCode is the key that a link and a code make together. It takes some milliseconds
// of a processor and 8 MiB of memory.
func FromCode(link Link, code Code, salt []byte) Key {
	mac := hmac.New(sha256.New, link.secret[:])
	mac.Write([]byte(code.letters))
	both := argon2.IDKey(mac.Sum(nil), salt, codeTimes, codeMemoryKiB, codeThreads, 2*secretSize)
	return Key{Proof: both[:secretSize], wrap: both[secretSize:]}
}

// Token is what a session's cookie holds.
type Token struct{ secret [secretSize]byte }

// NewToken makes a session's token by chance.
func NewToken() (t Token) {
	_, _ = rand.Read(t.secret[:]) // documented never to fail
	return t
}

// ParseToken reads what String wrote; ok is false for anything else.
func ParseToken(text string) (t Token, ok bool) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != secretSize {
		return Token{}, false
	}
	copy(t.secret[:], b)
	return t, true
}

// String is the token as a cookie's value.
func (t Token) String() string { return base64.RawURLEncoding.EncodeToString(t.secret[:]) }

// Key is the session's.
func (t Token) Key() Key { return derive(t.secret[:], "session") }

// FormSecret is what a form of the session must bring back, so that no other page
// can send it in the practice's name.
func (t Token) FormSecret() string {
	return base64.RawURLEncoding.EncodeToString(expand(t.secret[:], "duenotice page form"))
}

// FromPasskey is the key that a passkey gives: the output of its pseudo-random
// function (WebAuthn Level 3, extension prf), 32 bytes that never leave the
// practice's device but to open its packet.
func FromPasskey(prf []byte) (Key, error) {
	if len(prf) != secretSize {
		return Key{}, errors.New("a passkey's secret has 32 bytes")
	}
	return derive(prf, "passkey"), nil
}

// ProofSHA256 is how the database knows the key.
func (k Key) ProofSHA256() []byte {
	sum := sha256.Sum256(k.Proof)
	return sum[:]
}

// Wrap encrypts the practice's identity with the key, for one practice.
func (k Key) Wrap(identity *Identity, of Practice) ([]byte, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	//nolint:gosec // this AEAD makes its nonce itself, by chance
	return aead.Seal(nil, nil, []byte(identity.x.String()), of.binding("identity")), nil
}

// ErrSealed is what does not open: another key, another practice, or other bytes.
var ErrSealed = errors.New("this does not open the practice's packet")

// Unwrap gives back the identity that Wrap took.
func (k Key) Unwrap(wrapped []byte, of Practice) (*Identity, error) {
	aead, err := k.aead()
	if err != nil {
		return nil, err
	}
	secret, err := aead.Open(nil, nil, wrapped, of.binding("identity"))
	if err != nil {
		return nil, ErrSealed
	}
	return ParseIdentity(string(secret))
}

func (k Key) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.wrap)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func derive(secret []byte, of string) Key {
	return Key{Proof: expand(secret, "duenotice page proof by "+of), wrap: expand(secret, "duenotice page identity by "+of)}
}

// expand is HKDF (RFC 5869) of a secret that is uniformly random already.
func expand(secret []byte, info string) []byte {
	key, err := hkdf.Expand(sha256.New, secret, info, secretSize)
	if err != nil {
		panic(err) // 32 bytes are never too many for SHA-256
	}
	return key
}
