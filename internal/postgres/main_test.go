package postgres_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func migrate(url string) error { return postgres.Migrate(context.Background(), url) }

// open returns a store on an empty database of its own, and its address.
func open(t testing.TB) (*postgres.Store, string) {
	t.Helper()
	url := testkit.Migrated(t, migrate)
	store, err := postgres.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return store, url
}
