package postgres

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// RefusesPlaintext reports whether the address would be refused, without connecting.
func RefusesPlaintext(t *testing.T, url string) bool {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	return refusePlaintext(config) != nil
}

// FindingColumns are the columns a load writes.
var FindingColumns = findingColumns
