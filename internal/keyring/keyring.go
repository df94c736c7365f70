// Package keyring holds the master keys: named secrets from a file that only
// its owner can read. Nothing is ever encrypted with a master key itself. Each
// use has a sub-key of its own, derived with HKDF-SHA256 (RFC 5869) from the
// master key and the name of the use, so that what one part of the program holds
// opens nothing of another part.
//
// The newest key encrypts; the older ones stay to decrypt what they once
// encrypted. A key that is taken out of the file is gone, and with it whatever
// only it can open.
package keyring

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"

	"duenotice/internal/breach"
)

// Purpose names one use of the keys. It is part of the derivation: a new format
// is a new purpose, and two uses never share one.
type Purpose string

// The uses there are.
const (
	// TemporalPayloads encrypts what passes through Temporal.
	TemporalPayloads Purpose = "duenotice/temporal-payloads/v1"
	// AtRest wraps the keys of the incidents in the database.
	AtRest Purpose = "duenotice/at-rest/v1"
)

// KeySize is the length of master keys and of derived keys, in bytes: AES-256.
const KeySize = 32

// Ring is one or more master keys, the newest first. Nothing that prints,
// formats, logs or marshals a Ring shows more than the keys' names.
type Ring struct{ keys []key }

type key struct {
	name   string
	secret []byte
}

// Newest is the name of the key that encrypts.
func (r *Ring) Newest() string { return r.keys[0].name }

// Names are the names of all keys, the newest first.
func (r *Ring) Names() []string {
	names := make([]string, len(r.keys))
	for i, k := range r.keys {
		names[i] = k.name
	}
	return names
}

// Has reports whether there is a key of this name.
func (r *Ring) Has(name string) bool { return slices.Contains(r.Names(), name) }

// SharesWith reports whether a key of the other ring is in this one, under
// whatever name.
func (r *Ring) SharesWith(other *Ring) bool {
	return slices.ContainsFunc(other.keys, func(k key) bool { return r.holds(k.secret) })
}

// Derive returns the sub-key of a key for one purpose, KeySize bytes, always the
// same ones. A name that is not in the ring is refused with code "unknown_key".
func (r *Ring) Derive(name string, purpose Purpose) ([]byte, error) {
	i := slices.IndexFunc(r.keys, func(k key) bool { return k.name == name })
	if i < 0 {
		return nil, breach.Refuse("unknown_key", "Put that key back into the key file, below the newest one.",
			"the key %q is not in the key file", name)
	}
	return hkdf.Key(sha256.New, r.keys[i].secret, nil, string(purpose), KeySize)
}

// String names the keys.
func (r *Ring) String() string { return fmt.Sprintf("keys %q", r.Names()) }

// Format is String for every verb, also those that would look inside.
func (r *Ring) Format(s fmt.State, _ rune) { fmt.Fprint(s, r.String()) }

// LogValue names the keys in a log.
func (r *Ring) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalText names the keys in JSON and whatever else is made of text.
func (r *Ring) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
