package postgres_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheAdministratorClosesWhatTheOwnerWould: the container's first start and the
// administrator's guide close the functions that access.sql closes for an owner who
// may.
func TestTheAdministratorClosesWhatTheOwnerWould(t *testing.T) {
	t.Parallel()
	read := func(path ...string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(path...))
		require.NoError(t, err)
		return string(b)
	}
	functions := regexp.MustCompile(`f\.proname ~ '(\^\(lo_.*?)'`)
	block := regexp.MustCompile(`(?s)GRANT pg_signal_backend.*?lo_.*?\\gexec`)
	closed := functions.FindStringSubmatch(read("access.sql"))
	require.NotNil(t, closed)
	guide := block.FindString(read("..", "..", "docs", "access.md"))
	require.Contains(t, guide, "'"+closed[1]+"'")
	require.Equal(t, guide, block.FindString(read("..", "compose", "postgresql", "10-databases.sh")))
}
