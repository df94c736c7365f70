package codec

import (
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"sync/atomic"

	"duenotice/internal/keyring"
)

// ring is the keys as they were last read.
type ring struct {
	now atomic.Pointer[ciphers]
	// read reads them again; nil for keys that stay as they are.
	read func() (*keyring.Ring, error)
}

// ciphers are a key ring's keys, ready for use.
type ciphers struct {
	newest string
	aead   map[string]cipher.AEAD
}

func ciphersOf(keys *keyring.Ring) (*ciphers, error) {
	c := &ciphers{newest: keys.Newest(), aead: map[string]cipher.AEAD{}}
	for _, name := range keys.Names() {
		key, err := keys.Derive(name, keyring.TemporalPayloads)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		if c.aead[name], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// key returns the key of a name, read anew when it is not known yet.
func (r *ring) key(name string) (cipher.AEAD, error) {
	if key, ok := r.now.Load().aead[name]; ok {
		return key, nil
	}
	unknown := fmt.Errorf("%w: %q", ErrUnknownKey, name)
	if r.read == nil {
		return nil, unknown
	}
	keys, err := r.read()
	if err != nil {
		return nil, fmt.Errorf("%w, which could not be read again: %w", unknown, err)
	}
	c, err := ciphersOf(keys)
	if err != nil {
		return nil, err
	}
	// What it knew before may still be asked for: a key file that lost one meanwhile
	// makes nothing unreadable that could be read.
	for name, key := range r.now.Load().aead {
		if _, ok := c.aead[name]; !ok {
			c.aead[name] = key
		}
	}
	r.now.Store(c)
	if key, ok := c.aead[name]; ok {
		return key, nil
	}
	return nil, unknown
}
