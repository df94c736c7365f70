package access_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

var grants = []access.Grant{
	{Identity: "os:ada", Name: "Ada Rivera", Role: access.Officer},
	{Identity: "os:ben", Name: "Ben Okafor", Role: access.Approver, IncidentID: "EX-1"},
	{Identity: "db:cleo", Name: "Cleo Marsh", Role: access.Counsel},
	{Identity: "os:root", Name: "Op One", Role: access.Operator},
	{Identity: "db:clerk", Name: "Dee Clerk", Role: access.Practice, IncidentID: "EX-1", PracticeKey: "harbor"},
}

func TestMay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who                      access.Identity
		name                     string
		permission               access.Permission
		incident, practice, code string
		role                     access.Role
	}{
		{"os:ada", "Ada Rivera", casebook.ActHold, "EX-1", "", "", access.Officer},
		{"os:ada", " ada  rivera", casebook.ActRecord, "EX-2", "bay", "", access.Officer},
		{"os:ada", "Ada Rivera", casebook.ActApprove, "EX-1", "", "not_allowed", ""},
		{"os:ada", "Ben Okafor", casebook.ActHold, "EX-1", "", "not_you", ""},
		{"os:ada", "Ada Rivera", "no_such_deed", "EX-1", "", "not_allowed", ""},
		{"os:ben", "Ben Okafor", casebook.ActApprove, "EX-1", "bay", "", access.Approver},
		{"os:ben", "Ben Okafor", casebook.ActApprove, "EX-2", "", "not_allowed", ""},
		{"os:ben", "", access.Read, "", "", "", access.Approver},
		{"os:ben", "", access.Read, "EX-2", "", "not_allowed", ""},
		{"os:ben", "", access.GiveRoles, "", "", "not_allowed", ""},
		{"db:cleo", "", access.Read, "EX-2", "", "", access.Counsel},
		{"db:cleo", "", access.SeePeople, "EX-2", "", "not_allowed", ""},
		{"db:cleo", "Cleo Marsh", casebook.ActAssess, "EX-2", "bay", "not_allowed", ""},
		{"os:cleo", "", access.Read, "EX-2", "", "not_allowed", ""},
		{"os:root", "", access.KeepKeys, "", "", "", access.Operator},
		{"os:root", "Op One", casebook.ActShred, "EX-1", "", "not_allowed", ""},
		{"db:clerk", "Dee Clerk", casebook.ActDelegate, "EX-1", "harbor", "", access.Practice},
		{"db:clerk", "Dee Clerk", casebook.ActDelegate, "EX-1", "bay", "not_allowed", ""},
		{"db:clerk", "Dee Clerk", casebook.ActRecord, "EX-1", "", "not_allowed", ""},
		{"db:clerk", "", access.Read, "EX-1", "", "", access.Practice},
		{"db:clerk", "", access.Read, "EX-1", "bay", "not_allowed", ""},
	} {
		role, err := access.May(grants, c.who, c.name, c.permission, c.incident, c.practice)
		require.Equal(t, c.role, role, "%+v", c)
		require.Equal(t, c.code, codeOf(err), "%+v", c)
	}
	require.Equal(t, access.Scope{Role: access.Practice, Incidents: []string{"EX-1"}, Practices: []string{"EX-1:harbor"}},
		access.Reach(grants, "db:clerk", access.Practice))
	require.Equal(t, access.Everywhere(access.Officer), access.Reach(grants, "os:ada", access.Officer))
	require.Empty(t, access.Reach(grants, "os:ben", access.Officer).Incidents)
}

func codeOf(err error) string {
	if refusal, ok := breach.AsRefusal(err); ok {
		return refusal.Code
	}
	return ""
}

func TestChangesThatMayNotBe(t *testing.T) {
	t.Parallel()
	ada, ben := grants[0], grants[1]
	for _, c := range []struct {
		there   []access.Grant
		change  access.Grant
		granted bool
		code    string
	}{
		{nil, ada, true, ""},
		{nil, ben, true, "no_officer"},
		{nil, access.Grant{Identity: "os:eve", Name: "Eve", Role: access.Officer}, true, "no_officer"},
		{grants[:1], ben, true, ""},
		{grants, ada, false, "last_officer"},
		{grants, ben, false, ""},
		{append([]access.Grant{{Identity: "oidc:eve", Name: "Eve", Role: access.Officer}}, ada), ada, false, "last_officer"},
		{append([]access.Grant{{Identity: "oidc:eve", Name: "Eve", Role: access.Officer}}, ada), access.Grant{Identity: "oidc:eve", Name: "Eve", Role: access.Officer}, false, ""},
		{grants, access.Grant{Identity: "os:ada", Name: "Ann Other", Role: access.Approver}, true, "same_person"},
		{grants, access.Grant{Identity: "ada", Name: "Ada", Role: access.Officer}, true, "no_identity"},
		{grants, access.Grant{Identity: "os:x", Name: " ", Role: access.Officer}, true, "no_name"},
		{grants, access.Grant{Identity: "os:x", Name: "X", Role: "king"}, true, "unknown_role"},
		{grants, access.Grant{Identity: "os:x", Name: "X", Role: access.Practice, IncidentID: "EX-1"}, true, "no_practice"},
		{grants, access.Grant{Identity: "os:x", Name: "X", Role: access.Counsel, IncidentID: "EX-1", PracticeKey: "bay"}, true, "practice"},
	} {
		require.Equal(t, c.code, codeOf(access.Change(c.there, c.change, c.granted, "os:ada")), "%+v", c)
	}
}

func TestIncidentsAreThoseOfEveryRoleThatAllowsIt(t *testing.T) {
	t.Parallel()
	const ada, ben, cleo, dee = access.Identity("os:ada"), access.Identity("os:ben"), access.Identity("os:cleo"), access.Identity("db:dee")
	require.Equal(t, []string{access.EveryIncident}, access.Incidents(nil, ada, access.Watch), "while nobody holds a role")
	require.Empty(t, access.Incidents(nil, "oidc:ada@example.org", access.Watch), "whom a provider knows reaches no database, and everybody is somebody's employee")
	grants := []access.Grant{
		{Identity: ada, Role: access.Officer}, {Identity: ada, Role: access.Counsel, IncidentID: "EX-1"},
		{Identity: cleo, Role: access.Counsel, IncidentID: "EX-1"}, {Identity: cleo, Role: access.Approver, IncidentID: "EX-1"},
		{Identity: cleo, Role: access.Operator, IncidentID: "EX-2"}, {Identity: dee, Role: access.Practice, IncidentID: "EX-1", PracticeKey: "P1"},
	}
	require.Equal(t, []string{access.EveryIncident}, access.Incidents(grants, ada, access.Watch))
	require.Equal(t, []string{"EX-1", "EX-2"}, access.Incidents(grants, cleo, access.Watch))
	require.Equal(t, []string{"EX-1"}, access.Incidents(grants, cleo, access.Prove))
	require.Empty(t, access.Incidents(grants, dee, access.Watch), "a practice watches nothing")
	require.Empty(t, access.Incidents(grants, ben, access.Watch), "who holds no role")
}
