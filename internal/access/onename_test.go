package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

// TestOneIdentityHasOneName where two people are needed, but for the account that the
// worker runs under, which everybody shares on a machine of one account.
func TestOneIdentityHasOneName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who          access.Identity
		before, name string
		code         string
	}{
		{"os:ben", "Ben Okafor", "Ben Okafor", ""},
		{"os:ben", "Ben Okafor", "okafor, ben", ""},
		{"os:ben", "Ben Okafor", "Ada Rivera", "one_identity"},
		{"db:duenotice", "Ben Okafor", "Ada Rivera", "one_identity"},
		{"os:duenotice", "Ben Okafor", "Ada Rivera", ""},
	} {
		require.Equal(t, c.code, codeOf(access.OneName("os:duenotice", c.who, c.before, c.name)), "%+v", c)
	}
	require.True(t, access.TakesTwo(casebook.ActApprove))
	require.True(t, access.TakesTwo(casebook.ActAssess))
	require.False(t, access.TakesTwo(casebook.ActRecord))
}
