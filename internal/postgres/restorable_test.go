package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

// TestNoCheckAsksWhoseSessionItIs: a backup is restored in one session, its rows are of
// many, and pg_restore has a table's checks before its rows. What depends on the session
// is set by a trigger, which pg_restore has after them.
func TestNoCheckAsksWhoseSessionItIs(t *testing.T) {
	t.Parallel()
	var asking *string
	require.NoError(t, testkit.Pool(t, testkit.Migrated(t, migrate)).QueryRow(t.Context(), `SELECT string_agg(conname, ', ') FROM pg_constraint
		WHERE contype = 'c' AND pg_get_constraintdef(oid) ~* '(session_user|current_user|current_role|current_setting|pg_backend_pid|inet_)'`).Scan(&asking))
	require.Nil(t, asking)
}
