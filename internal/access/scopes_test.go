package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
)

// TestTheBoardIsOpenedInTheRoleOfTheIncident: what somebody is in one incident they are
// not in another, and who answers for a practice has no board.
func TestTheBoardIsOpenedInTheRoleOfTheIncident(t *testing.T) {
	t.Parallel()
	grants := []access.Grant{
		{Identity: "os:ada", Name: "Ada Rivera", Role: access.Officer, IncidentID: "EX-1"},
		{Identity: "os:ada", Name: "Ada Rivera", Role: access.Counsel},
		{Identity: "os:dee", Name: "Dee Clerk", Role: access.Practice, IncidentID: "EX-1", PracticeKey: "P1"},
		{Identity: "os:ola", Name: "Ola Keeper", Role: access.Operator, IncidentID: "EX-2"},
	}
	officer, counsel := access.Scope{Role: access.Officer, Incidents: []string{"EX-1"}}, access.Everywhere(access.Counsel)
	require.Equal(t, []access.Scope{officer, counsel}, access.Scopes(grants, "os:ada", access.Board))
	require.Empty(t, access.Scopes(grants, "os:dee", access.Board))
	require.Empty(t, access.Scopes(grants, "os:nobody", access.Board))
	require.Equal(t, []access.Scope{access.Everywhere(access.Officer)}, access.Scopes(nil, "os:nobody", access.Board))

	for _, c := range []struct {
		who      access.Identity
		incident string
		is       access.Scope
		code     string
	}{
		{"os:ada", "EX-1", officer, ""},
		{"os:ada", "EX-2", counsel, ""},
		{"os:ola", "EX-2", access.Scope{Role: access.Operator, Incidents: []string{"EX-2"}}, ""},
		{"os:ola", "EX-1", access.Scope{}, "not_allowed"},
		{"os:dee", "EX-1", access.Scope{}, "not_allowed"},
	} {
		scope, err := access.ScopeIn(grants, c.who, access.Board, c.incident)
		require.Equal(t, c.code, codeOf(err), "%+v", c)
		require.Equal(t, c.is, scope, "%+v", c)
	}
}
