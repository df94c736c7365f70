// Package codec encrypts what passes through Temporal: inputs, results, updates,
// queries, summaries, failures. None of it may hold patient data anyway; the
// codec is the second wall behind the first, and keeps keys, counts and dates
// from whoever can read Temporal's database or page.
//
// A payload is sealed with AES-256-GCM (NIST SP 800-38D) under a key derived for
// this one purpose from the newest master key; its metadata is authenticated
// with it. The metadata says where the payload belongs (Place), and that is compared
// where the payload is used: whoever reaches Temporal can copy a payload, and would
// else make the program do with it what it was not made for (ADR 0165). A payload
// that is not encrypted, not by a key of the ring, or in another place is refused and
// never taken for what it says.
//
// The place is known to the SDK in part (namespace, workflow, activity), to its
// interceptors for the rest (names, identities, and which of input and result it is).
// So a client and a worker need both, and Apply and ApplyToWorker set both.
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

// Metadata of an encrypted payload, readable by everybody; place.go has the rest.
const (
	// Encoding is the value of the metadata field "encoding".
	Encoding = "binary/encrypted"
	// KeyField names the master key.
	KeyField = "encryption-key-id"
	// CipherField names the cipher and the version of this format.
	CipherField = "encryption-cipher"
	// Cipher is the only one there is: the nonce (96 random bits), then the sealed
	// payload with its own metadata, then the tag.
	Cipher = "AES-256-GCM/2"
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

// Codec seals and opens payloads. It is safe for use by many goroutines.
type Codec struct {
	ring *ring
	// clear passes unencrypted payloads on when decoding.
	clear bool
	// note is told of each payload that is refused; nil tells nobody.
	note func(*Refusal)
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

// Telling is the codec that tells note of each payload it refuses where it is used.
// note must not block for a Refusal that is Replayed: a workflow waits for it. It may
// be told of the same one many times, by many goroutines.
func (c *Codec) Telling(note func(*Refusal)) *Codec {
	return &Codec{ring: c.ring, clear: c.clear, note: note}
}

// Seal encrypts a payload with the newest key, for one place.
func (c *Codec) Seal(place Place, p *commonpb.Payload) (*commonpb.Payload, error) {
	keys := c.ring.now.Load()
	plain, err := proto.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("a payload cannot be encrypted: %w", err)
	}
	out := &commonpb.Payload{Metadata: map[string][]byte{
		converter.MetadataEncoding: []byte(Encoding), KeyField: []byte(keys.newest), CipherField: []byte(Cipher),
	}}
	place.mark(out.Metadata)
	out.Data = keys.aead[keys.newest].Seal(nil, nil, plain, authenticated(out)) //nolint:gosec // G407: this AEAD makes a random nonce itself, and is given none
	return out, nil
}

// Open decrypts a payload with whichever key of the ring it names, and returns the
// place that it was made for, which the caller compares. The errors are
// ErrNotEncrypted, ErrUnknownKey and ErrForged; none holds any content.
func (c *Codec) Open(p *commonpb.Payload) (*commonpb.Payload, Place, error) {
	if string(p.GetMetadata()[converter.MetadataEncoding]) != Encoding {
		return nil, Place{}, ErrNotEncrypted
	}
	key, err := c.ring.key(string(p.GetMetadata()[KeyField]))
	if err != nil {
		return nil, Place{}, err
	}
	plain, err := key.Open(nil, nil, p.GetData(), authenticated(p))
	if err != nil {
		return nil, Place{}, ErrForged
	}
	out := &commonpb.Payload{}
	if err := proto.Unmarshal(plain, out); err != nil {
		return nil, Place{}, ErrForged // only whoever has the key can get here
	}
	return out, PlaceOf(p), nil
}

// Decode opens payloads for a person to look at, wherever they were found. The
// place each was made for is in its metadata. The errors are Open's.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		out, place, err := c.Open(p)
		switch {
		case errors.Is(err, ErrNotEncrypted) && c.clear:
			opened[i] = p
			continue
		case err != nil:
			return nil, err
		}
		if out.Metadata == nil {
			out.Metadata = map[string][]byte{}
		}
		place.mark(out.Metadata)
		opened[i] = out
	}
	return opened, nil
}

// Encode seals what Decode opened, each for the place that its metadata says.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	sealed := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		bare := proto.CloneOf(p)
		for _, field := range []string{NamespaceField, WorkflowField, PurposeField, NameField, OfField} {
			delete(bare.Metadata, field)
		}
		var err error
		if sealed[i], err = c.Seal(PlaceOf(p), bare); err != nil {
			return nil, err
		}
	}
	return sealed, nil
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
