package postgres_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func migrate(url string) error { return postgres.Migrate(context.Background(), url) }

// open returns a store on an empty database of its own, and its address.
func open(t testing.TB, options ...postgres.Option) (*postgres.Store, string) {
	t.Helper()
	url := testkit.Migrated(t, migrate)
	return openAt(t, url, append([]postgres.Option{postgres.WithMaster(masterOf("test"))}, options...)...), url
}

// openAt returns a store on a database that is there.
func openAt(t testing.TB, url string, options ...postgres.Option) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, options...)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return store
}

// sameKey has the hashes of all incidents compare.
func sameKey() postgres.Option { return postgres.WithDataKey(bytes.Repeat([]byte{7}, 32)) }

// masterOf returns master keys of the given names, the newest first; the same
// name is the same key.
func masterOf(names ...string) datakey.Master {
	return datakey.NewRing("key file of the test", func() (*keyring.Ring, error) { return keyring.Parse(keyLines(names...)) })
}

func keyLines(names ...string) []byte {
	var lines []byte
	for _, name := range names {
		secret := sha256.Sum256([]byte(name))
		lines = fmt.Appendf(lines, "%s %s\n", name, base64.StdEncoding.EncodeToString(secret[:]))
	}
	return lines
}
