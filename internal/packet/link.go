package packet

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// secretSize is the length in bytes of what cannot be guessed.
const secretSize = 32

// Link is the secret in the address of a practice's page. It opens nothing
// without a code or a passkey.
type Link struct{ secret [secretSize]byte }

// NewLink makes a link that nobody had before.
func NewLink() (l Link) {
	_, _ = rand.Read(l.secret[:]) // documented never to fail
	return l
}

// ErrLink is a text that is no link. The text is not repeated: most of one may be true.
var ErrLink = errors.New("this is no link to a practice's page")

// ParseLink reads what String wrote.
func ParseLink(text string) (l Link, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != secretSize {
		return Link{}, ErrLink
	}
	copy(l.secret[:], b)
	return l, nil
}

// String is the link as part of an address: 43 letters, digits, - and _.
func (l Link) String() string { return base64.RawURLEncoding.EncodeToString(l.secret[:]) }

// SHA256 is how the database knows the link.
func (l Link) SHA256() []byte {
	sum := sha256.Sum256(append([]byte("duenotice page link\n"), l.secret[:]...))
	return sum[:]
}
