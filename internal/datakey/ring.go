package datakey

import (
	"context"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"

	"duenotice/internal/keyring"
)

// NewRing is a Master whose keys load returns: a key file's, or an environment
// secret's. load is called for every operation, each of which is rare, so that a
// key added to the file counts without a restart. source says to a person where
// the keys are.
func NewRing(source string, load func() (*keyring.Ring, error)) Master { return &ring{source, load} }

type ring struct {
	source string
	load   func() (*keyring.Ring, error)
}

func (r *ring) Source() string { return r.source }

func (r *ring) Newest(context.Context) (string, error) {
	keys, err := r.load()
	if err != nil {
		return "", err
	}
	return keys.Newest(), nil
}

func (r *ring) Wrap(_ context.Context, name string, secret, owner []byte) ([]byte, error) {
	cipher, err := r.cipher(name)
	if err != nil {
		return nil, err
	}
	return cipher.Encrypt(secret, owner)
}

func (r *ring) Unwrap(_ context.Context, name string, wrapped, owner []byte) ([]byte, error) {
	cipher, err := r.cipher(name)
	if err != nil {
		return nil, err
	}
	secret, err := cipher.Decrypt(wrapped, owner)
	if err != nil {
		return nil, ErrWrongMaster
	}
	return secret, nil
}

func (r *ring) cipher(name string) (*subtle.AESGCM, error) {
	keys, err := r.load()
	if err != nil {
		return nil, err
	}
	if !keys.Has(name) {
		return nil, ErrNoMaster
	}
	key, err := keys.Derive(name, keyring.AtRest)
	if err != nil {
		return nil, err
	}
	return subtle.NewAESGCM(key)
}
