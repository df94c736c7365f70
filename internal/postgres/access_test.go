package postgres_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

func TestRolesAreGivenAndKept(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	officer := openAt(t, url, postgres.As(access.Everywhere(access.Officer)))
	change := func(store *postgres.Store, g access.Grant, granted bool) (bool, error) {
		return store.ChangeRole(t.Context(), postgres.RoleChange{Grant: g, Granted: granted, Who: "Ada", By: "os:ada", At: noon})
	}
	ada := access.Grant{Identity: "os:ada", Name: "Ada", Role: access.Officer}
	ben := access.Grant{Identity: "db:ben", Name: "Ben", Role: access.Approver, IncidentID: incidentID}
	_, err := change(officer, ben, true)
	refused(t, err, "no_officer")
	for _, g := range []access.Grant{ada, ben} {
		fresh, err := change(officer, g, true)
		require.NoError(t, err)
		require.True(t, fresh)
		fresh, err = change(officer, g, true)
		require.NoError(t, err)
		require.False(t, fresh)
	}
	counsel := openAt(t, url, postgres.For("ada", func(postgres.Login) (access.Scope, error) { return access.Everywhere(access.Counsel), nil }))
	require.Equal(t, postgres.Login{Identity: "os:ada", Program: true, Grants: []access.Grant{ben, ada}}, counsel.Who())
	require.ErrorContains(t, counsel.SetIncidentPhase(t.Context(), incidentID, casebook.IncidentRunning, civil.Date{}), "permission denied", "it works as was decided")
	_, err = postgres.Open(t.Context(), url, postgres.For("ada", func(postgres.Login) (access.Scope, error) { return access.Scope{}, context.Canceled }))
	require.ErrorIs(t, err, context.Canceled)

	_, err = change(officer, ben, false)
	require.NoError(t, err)
	changes, err := officer.RoleChanges(t.Context())
	require.NoError(t, err)
	require.Len(t, changes, 3)
	require.Equal(t, postgres.RoleChange{Grant: ben, Who: "Ada", By: "os:ada", At: noon}, changes[2])

	// Nobody but an officer for every incident, whoever asks the program to.
	for _, scope := range []access.Scope{{Role: access.Officer, Incidents: []string{incidentID}}, access.Everywhere(access.Counsel), {}} {
		_, err := change(openAt(t, url, postgres.As(scope)), ben, true)
		require.Error(t, err, scope)
	}
}

func TestAnActIsBelievedFromTheSessionThatAskedForIt(t *testing.T) {
	t.Parallel()
	url := testkit.Migrated(t, migrate)
	store := openAt(t, url)
	officer := openAt(t, url, postgres.As(access.Everywhere(access.Officer)))
	act := func(who string) casebook.Act {
		return casebook.Act{ID: "a", IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActDelegate, Who: who, At: noon,
			Delegate: &casebook.DelegateTerms{Delegation: "all"}}
	}
	identity, err := store.Authorise(t.Context(), act("Ada"))
	require.NoError(t, err, "nobody holds a role")
	require.Empty(t, identity)

	for _, g := range []access.Grant{
		{Identity: "os:ada", Name: "Ada", Role: access.Officer}, {Identity: "os:ben", Name: "Ben", Role: access.Approver},
	} {
		_, err := officer.ChangeRole(t.Context(), postgres.RoleChange{Grant: g, Granted: true, Who: "Ada", By: "os:ada", At: noon})
		require.NoError(t, err)
	}
	_, err = store.Authorise(t.Context(), act("Ada"))
	refused(t, err, "no_identity")
	require.NoError(t, officer.RequestAct(t.Context(), act("Ada"), "ben"))
	_, err = store.Authorise(t.Context(), act("Ada"))
	refused(t, err, "not_you")
	require.NoError(t, officer.RequestAct(t.Context(), act("Ben"), "ben"))
	_, err = store.Authorise(t.Context(), act("Ben"))
	refused(t, err, "not_allowed")
	require.NoError(t, officer.RequestAct(t.Context(), act("Ada"), "ada"))
	identity, err = store.Authorise(t.Context(), act("Ada"))
	require.NoError(t, err)
	require.Equal(t, "os:ada", identity)
	other := act("Ada")
	other.Delegate.Delegation = "none"
	_, err = store.Authorise(t.Context(), other)
	refused(t, err, "no_identity")

	again := act("Ada")
	again.ID = "b"
	_, err = store.Authorise(t.Context(), again)
	refused(t, err, "no_identity") // an act of before cannot be had again by whoever saw it

	// A person's own login is who the database says, whatever account it names.
	own := openAt(t, testkit.Login(t, url, "duenotice_officer"))
	_, err = officer.ChangeRole(t.Context(), postgres.RoleChange{Grant: access.Grant{
		Identity: access.OfLogin(loginOf(t, own)), Name: "Eve", Role: access.Officer, IncidentID: incidentID,
	}, Granted: true, Who: "Ada", By: "os:ada", At: noon})
	require.NoError(t, err)
	require.NoError(t, own.RequestAct(t.Context(), other, "ada"))
	_, err = store.Authorise(t.Context(), other)
	refused(t, err, "not_you")
}

func TestALookAtOnePersonIsInTheChain(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P1", "b"), person("P2", "c")))
	officer := openAt(t, url, postgres.WithMaster(masterOf("test")), postgres.As(access.Everywhere(access.Officer)))
	ask := casebook.Reveal{IncidentID: incidentID, PracticeKey: "P1", PersonKey: "a", Reason: "Call of 3 April", Who: "Ada", Identity: "os:ada"}
	shown, err := officer.Reveal(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, person("P1", "a"), shown)
	for code, bad := range map[string]casebook.Reveal{
		"no_reason":      {IncidentID: incidentID, PracticeKey: "P1", PersonKey: "a", Reason: " ", Who: "Ada"},
		"no_name":        {IncidentID: incidentID, PracticeKey: "P1", PersonKey: "a", Reason: "x", Who: " "},
		"unknown_person": {IncidentID: incidentID, PracticeKey: "P1", PersonKey: "c", Reason: "x", Who: "Ada", Identity: "os:ada"},
	} {
		_, err := officer.Reveal(t.Context(), bad)
		refused(t, err, code)
	}
	var kinds []string
	require.NoError(t, store.Ledger(t.Context(), incidentID, "P1", func(e ledger.Entry) error {
		body, err := e.Decode()
		require.NoError(t, err)
		kinds = append(kinds, body.Kind+" "+body.Who+" "+body.Identity)
		require.NotContains(t, e.Body, `"a"`)
		return nil
	}))
	require.Contains(t, strings.Join(kinds, "\n"), "reveal Ada os:ada\nreveal Ada os:ada")
	looks, err := officer.Reveals(t.Context(), incidentID)
	require.NoError(t, err)
	require.Len(t, looks, 2, "the attempt stays on record")

	// And nothing else of people, for an officer, beside what was asked for.
	require.NoError(t, officer.People(t.Context(), incidentID, "P1", func(p *breach.Person) error {
		require.Equal(t, "a", p.Key)
		return nil
	}))
}

func loginOf(t *testing.T, store *postgres.Store) string {
	t.Helper()
	name, err := store.SessionUser(t.Context())
	require.NoError(t, err)
	return name
}

// An owner who may make no roles finds them made, as docs/access.md has it; the
// program's login then looks whether the tables are what they must be.
func TestAnOwnerWhoMayMakeNoRoles(t *testing.T) {
	t.Parallel()
	admin := testkit.DatabaseURL(t)
	require.NoError(t, migrate(testkit.Migrated(t, migrate)), "the server's roles are there")
	owner := testkit.ProgramLogin(t, admin)
	u, err := url.Parse(owner)
	require.NoError(t, err)
	name := u.User.Username()
	run := func(address, statement string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), address)
		require.NoError(t, err)
		defer func() { _ = conn.Close(context.Background()) }()
		_, err = conn.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	run(admin, "ALTER ROLE "+name+" INHERIT; ALTER DATABASE "+strings.TrimPrefix(u.Path, "/")+" OWNER TO "+name)
	program := testkit.ProgramLogin(t, admin)
	require.Error(t, migrate(program), "it may not make tables")
	require.NoError(t, migrate(owner))
	require.NoError(t, migrate(owner))
	require.NoError(t, migrate(program), "they are what they must be")
	store := openAt(t, program, postgres.WithMaster(masterOf("test")))
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	enforced, err := store.RolesEnforced(t.Context())
	require.NoError(t, err)
	require.True(t, enforced)

	run(owner, "UPDATE access_rules SET sha256 = 'older'")
	refused(t, migrate(program), "old_tables")
	refused(t, migrate(testkit.Login(t, admin, "duenotice_counsel")), "old_tables")
	run(admin, "ALTER DATABASE "+strings.TrimPrefix(u.Path, "/")+" OWNER TO CURRENT_USER; REASSIGN OWNED BY "+name+" TO CURRENT_USER")
}
