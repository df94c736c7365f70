package datakey_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tink-crypto/tink-go/v2/testing/fakekms"

	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
)

func newKey(t *testing.T, secret []byte) *datakey.Key {
	t.Helper()
	key, err := datakey.New(secret)
	require.NoError(t, err)
	return key
}

func TestARecordOpensWithItsKeyInItsPlaceOnly(t *testing.T) {
	t.Parallel()
	secret := datakey.Generate()
	key := newKey(t, secret)
	plain, here := []byte("Zephyrine Vexworthy"), []byte("incident, practice, person")
	sealed, err := key.Seal(plain, here)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "Zephyrine")
	again, err := key.Seal(plain, here)
	require.NoError(t, err)
	require.NotEqual(t, sealed, again)

	opened, err := newKey(t, secret).Open(sealed, here)
	require.NoError(t, err)
	require.Equal(t, plain, opened)
	_, err = newKey(t, datakey.Generate()).Open(sealed, here)
	require.ErrorIs(t, err, datakey.ErrAltered)
	_, err = key.Open(sealed, []byte("another person"))
	require.ErrorIs(t, err, datakey.ErrAltered)
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		_, err = key.Open(changed, here)
		require.ErrorIs(t, err, datakey.ErrAltered, "byte %d", i)
		_, err = key.Open(sealed[:i], here)
		require.ErrorIs(t, err, datakey.ErrAltered, "the first %d bytes", i)
	}
	_, err = datakey.New(secret[1:])
	require.Error(t, err)
}

func TestAHashTellsTheSameTextWithTheSameKeyOnly(t *testing.T) {
	t.Parallel()
	secret := datakey.Generate()
	text := []byte("vexworthy 23220")
	hash := newKey(t, secret).Hasher().Sum128(text)
	hasher := newKey(t, secret).Hasher()
	require.NotEqual(t, hash, hasher.Sum128([]byte("vexworthy 23221")))
	require.Equal(t, hash, hasher.Sum128(text), "also after another text")
	require.NotEqual(t, hash, newKey(t, datakey.Generate()).Hasher().Sum128(text))
	plain := sha256.Sum256(text)
	require.NotEqual(t, plain[:16], hash[:], "it cannot be tried without the key")
}

// ringOf returns keys of the given names; the same name is the same key unless
// salt says otherwise.
func ringOf(salt string, names ...string) func() (*keyring.Ring, error) {
	return func() (*keyring.Ring, error) {
		var lines []byte
		for _, name := range names {
			secret := sha256.Sum256([]byte(salt + name))
			lines = fmt.Appendf(lines, "%s %s\n", name, base64.StdEncoding.EncodeToString(secret[:]))
		}
		return keyring.Parse(lines)
	}
}

// kmsOf returns a KMS with keys of its own.
func kmsOf(t *testing.T, uris ...string) datakey.Master {
	t.Helper()
	client, err := fakekms.NewClient("fake-kms://")
	require.NoError(t, err)
	master, err := datakey.NewKMS(client, uris...)
	require.NoError(t, err)
	return master
}

func newURI(t *testing.T) string {
	t.Helper()
	uri, err := fakekms.NewKeyURI()
	require.NoError(t, err)
	return uri
}

// TestEveryMasterWrapsForOneOwner: the key file and a KMS keep the same promises.
func TestEveryMasterWrapsForOneOwner(t *testing.T) {
	t.Parallel()
	older, newer := newURI(t), newURI(t)
	for name, c := range map[string]struct {
		newest, before datakey.Master
		is, was        string
	}{
		"key file": {datakey.NewRing("key file x", ringOf("", "new", "old")), datakey.NewRing("key file x", ringOf("", "old")), "new", "old"},
		"KMS":      {kmsOf(t, newer, older), kmsOf(t, older), newer, older},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			is, err := c.newest.Newest(ctx)
			require.NoError(t, err)
			require.Equal(t, c.is, is)
			secret, owner := datakey.Generate(), []byte("incident EX-1")
			wrapped, err := c.before.Wrap(ctx, c.was, secret, owner)
			require.NoError(t, err)
			require.NotContains(t, string(wrapped), string(secret))
			opened, err := c.newest.Unwrap(ctx, c.was, wrapped, owner)
			require.NoError(t, err)
			require.Equal(t, secret, opened)
			_, err = c.newest.Unwrap(ctx, c.was, wrapped, []byte("incident EX-2"))
			require.Error(t, err, "a wrapped key cannot be passed off as another incident's")
			_, err = c.newest.Unwrap(ctx, c.is, wrapped, owner)
			require.Error(t, err, "another master key")
			_, err = c.newest.Unwrap(ctx, "nowhere", wrapped, owner)
			require.ErrorIs(t, err, datakey.ErrNoMaster)
			require.NotEmpty(t, c.newest.Source())
		})
	}
}

func TestAKeyFileSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	wrapped, err := datakey.NewRing("", ringOf("", "k")).Wrap(ctx, "k", datakey.Generate(), nil)
	require.NoError(t, err)
	_, err = datakey.NewRing("", ringOf("another file's ", "k")).Unwrap(ctx, "k", wrapped, nil)
	require.ErrorIs(t, err, datakey.ErrWrongMaster)
	gone := errors.New("the file is gone")
	lost := datakey.NewRing("", func() (*keyring.Ring, error) { return nil, gone })
	_, err = lost.Newest(ctx)
	require.ErrorIs(t, err, gone)
	_, err = lost.Wrap(ctx, "k", nil, nil)
	require.ErrorIs(t, err, gone)
	_, err = lost.Unwrap(ctx, "k", wrapped, nil)
	require.ErrorIs(t, err, gone)
}

func TestAKMSWithoutAKeyOfItsOwnIsRefused(t *testing.T) {
	t.Parallel()
	client, err := fakekms.NewClient("fake-kms://")
	require.NoError(t, err)
	_, err = datakey.NewKMS(client)
	require.Error(t, err)
	_, err = datakey.NewKMS(client, "gcp-kms://projects/x")
	require.ErrorContains(t, err, "gcp-kms")
}
