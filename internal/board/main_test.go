package board_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func migrate(url string) error { return postgres.Migrate(context.Background(), url) }
func openAt(t testing.TB, url string, options ...postgres.Option) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, append([]postgres.Option{postgres.WithMaster(masterOfTest())}, options...)...)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return store
}

func masterOfTest() datakey.Master {
	secret := sha256.Sum256([]byte("test"))
	line := fmt.Appendf(nil, "test %s\n", base64.StdEncoding.EncodeToString(secret[:]))
	return datakey.NewRing("key file of the test", func() (*keyring.Ring, error) { return keyring.Parse(line) })
}

func writeFile(path string, content []byte) error { return os.WriteFile(path, content, 0o600) }
