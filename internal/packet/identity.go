package packet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"filippo.io/age"
)

// Practice is whose a packet is.
type Practice struct {
	IncidentID string `json:"incident"`
	Key        string `json:"practice"`
}

// binding names a place that a secret is good for; no key can hold a zero byte.
func (p Practice) binding(what string) []byte {
	return []byte("duenotice page " + what + "\x00" + p.IncidentID + "\x00" + p.Key)
}

// Identity opens what was sealed for it.
type Identity struct{ x *age.X25519Identity }

// NewIdentity makes one by chance.
func NewIdentity() (*Identity, error) {
	x, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	return &Identity{x: x}, nil
}

// ParseIdentity reads what Secret wrote, and repeats none of it in its error.
func ParseIdentity(text string) (*Identity, error) {
	x, err := age.ParseX25519Identity(text)
	if err != nil {
		return nil, ErrSealed
	}
	return &Identity{x: x}, nil
}

// Secret is the identity itself: for sealing under another key, and nothing else.
func (i *Identity) Secret() string { return i.x.String() }

// Recipient is whom to seal for, as text: age1...
func (i *Identity) Recipient() string { return i.x.Recipient().String() }

// place stands in front of what is sealed, so that the packet of one practice, or
// one part of it, cannot be shown as another.
type place struct {
	Practice
	Name string `json:"name"`
}

// Seal encrypts content for a recipient as the part called name of a practice.
func Seal(recipient string, of Practice, name string, content []byte) ([]byte, error) {
	to, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		return nil, fmt.Errorf("the recipient of a packet cannot be read: %w", err)
	}
	head, err := json.Marshal(place{of, name})
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err != nil {
		return nil, err
	}
	for _, b := range [][]byte{head, {'\n'}, content} {
		if _, err := w.Write(b); err != nil {
			return nil, err
		}
	}
	// The last block is written by Close.
	if err := w.Close(); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// Open gives back what Seal took, when it was sealed for this identity as this
// part of this practice; else ErrSealed.
func (i *Identity) Open(sealed []byte, of Practice, name string) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), i.x)
	if err != nil {
		return nil, ErrSealed
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return nil, ErrSealed
	}
	head, content, _ := bytes.Cut(plain, []byte{'\n'})
	want, err := json.Marshal(place{of, name})
	if err != nil || !bytes.Equal(head, want) {
		return nil, ErrSealed
	}
	return content, nil
}
