package datakey

import (
	"context"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/core/registry"
)

// NewKMS is a Master whose keys stay in a KMS. uris name its keys as client
// understands them, newest first; all but the first are only read with. Tink
// keeps clients for AWS, Google Cloud and HashiCorp Vault; docs/keys.md says
// how one is put in.
func NewKMS(client registry.KMSClient, uris ...string) (Master, error) {
	if len(uris) == 0 {
		return nil, fmt.Errorf("a KMS without the name of a key")
	}
	for _, uri := range uris {
		if !client.Supported(uri) {
			return nil, fmt.Errorf("the KMS has no keys of the form %s", uri)
		}
	}
	return &kms{client: client, uris: uris}, nil
}

type kms struct {
	client registry.KMSClient
	uris   []string
}

func (k *kms) Newest(context.Context) (string, error) { return k.uris[0], nil }

func (k *kms) Source() string { return "KMS" }

func (k *kms) Wrap(_ context.Context, name string, secret, owner []byte) ([]byte, error) {
	cipher, err := k.client.GetAEAD(name)
	if err != nil {
		return nil, fmt.Errorf("KMS key %s: %w", name, err)
	}
	return cipher.Encrypt(secret, owner)
}

// Unwrap asks the KMS for any name it supports, listed or not: what wrapped a
// key once may still be there. A KMS does not say apart that a key is gone from
// that it is refused, so its own error is passed on.
func (k *kms) Unwrap(_ context.Context, name string, wrapped, owner []byte) ([]byte, error) {
	if !k.client.Supported(name) {
		return nil, ErrNoMaster
	}
	cipher, err := k.client.GetAEAD(name)
	if err != nil {
		return nil, fmt.Errorf("KMS key %s: %w", name, err)
	}
	secret, err := cipher.Decrypt(wrapped, owner)
	if err != nil {
		return nil, fmt.Errorf("KMS key %s: %w", name, err)
	}
	return secret, nil
}
