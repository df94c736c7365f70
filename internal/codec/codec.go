// Package codec encrypts what passes through Temporal: inputs, results, updates,
// queries, summaries, failures. None of it may hold patient data anyway; the
// codec is the second wall behind the first, and keeps keys, counts and dates
// from whoever can read Temporal's database or page.
//
// A payload is sealed with AES-256-GCM (NIST SP 800-38D) under a key derived for
// this one purpose from the newest master key; its metadata is authenticated
// with it. A payload that is not encrypted, or not by a key of the ring, is
// refused and never taken for what it says.
package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"

	"duenotice/internal/keyring"
)

// Metadata of an encrypted payload, readable by everybody.
const (
	// Encoding is the value of the metadata field "encoding".
	Encoding = "binary/encrypted"
	// KeyField names the master key.
	KeyField = "encryption-key-id"
	// CipherField names the cipher and the version of this format.
	CipherField = "encryption-cipher"
	// Cipher is the only one there is: the nonce (96 random bits), then the sealed
	// payload with its own metadata, then the tag.
	Cipher = "AES-256-GCM/1"
)

// What decoding refuses.
var (
	// ErrNotEncrypted is a payload in clear where none may be.
	ErrNotEncrypted = errors.New("a payload that came through Temporal is not encrypted")
	// ErrUnknownKey is a payload of a key that is not in the key file.
	ErrUnknownKey = errors.New("a payload was encrypted with a key that is not in the key file")
	// ErrForged is a payload that was changed after it was encrypted, or was
	// encrypted by somebody with another key of the same name.
	ErrForged = errors.New("a payload does not decrypt: it was changed, or the key of that name is another one")
)

// Codec is a converter.PayloadCodec. It is safe for use by many goroutines.
type Codec struct {
	ring *ring
	// clear passes unencrypted payloads on when decoding.
	clear bool
}

// New returns the codec of a ring's keys.
func New(keys *keyring.Ring) (*Codec, error) {
	c, err := ciphersOf(keys)
	if err != nil {
		return nil, err
	}
	r := &ring{}
	r.now.Store(c)
	return &Codec{ring: r}, nil
}

// NewReading returns the codec of the keys that read returns. It reads them again
// when a payload names a key it does not know: a key that was put into the key file
// while the program runs is found, and encrypts from then on.
func NewReading(read func() (*keyring.Ring, error)) (*Codec, error) {
	keys, err := read()
	if err != nil {
		return nil, err
	}
	c, err := New(keys)
	if err == nil {
		c.ring.read = read
	}
	return c, err
}

// Viewer is the codec for looking only: payloads that the server or another
// program wrote in clear are passed on as they are, so that one of them does not
// hide the others from a person. No program may act on what it returns.
func (c *Codec) Viewer() *Codec { return &Codec{ring: c.ring, clear: true} }

// Encode encrypts every payload with the newest key.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	keys := c.ring.now.Load()
	sealed := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("a payload cannot be encrypted: %w", err)
		}
		out := &commonpb.Payload{Metadata: map[string][]byte{
			converter.MetadataEncoding: []byte(Encoding), KeyField: []byte(keys.newest), CipherField: []byte(Cipher),
		}}
		out.Data = keys.aead[keys.newest].Seal(nil, nil, plain, authenticated(out)) //nolint:gosec // G407: this AEAD makes a random nonce itself, and is given none
		sealed[i] = out
	}
	return sealed, nil
}

// Decode decrypts payloads with whichever key of the ring each names. The errors
// are ErrNotEncrypted, ErrUnknownKey and ErrForged; none holds any content.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		if string(p.GetMetadata()[converter.MetadataEncoding]) != Encoding {
			if !c.clear {
				return nil, ErrNotEncrypted
			}
			opened[i] = p
			continue
		}
		out, err := c.open(p)
		if err != nil {
			return nil, err
		}
		opened[i] = out
	}
	return opened, nil
}

func (c *Codec) open(p *commonpb.Payload) (*commonpb.Payload, error) {
	key, err := c.ring.key(string(p.GetMetadata()[KeyField]))
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(nil, nil, p.GetData(), authenticated(p))
	if err != nil {
		return nil, ErrForged
	}
	out := &commonpb.Payload{}
	if err := proto.Unmarshal(plain, out); err != nil {
		return nil, ErrForged // only whoever has the key can get here
	}
	return out, nil
}

// authenticated is all of a payload's metadata in an order of its own, each
// name and value with its length before it, so that no two metadata give the
// same bytes.
func authenticated(p *commonpb.Payload) []byte {
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(p.GetMetadata())) {
		for _, part := range [][]byte{[]byte(name), p.GetMetadata()[name]} {
			out = binary.AppendUvarint(out, uint64(len(part)))
			out = append(out, part...)
		}
	}
	return out
}
