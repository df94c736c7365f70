package postgres_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// somebodyElse is what a session tries to write itself down as, wherever it may
// write at all.
const somebodyElse = "Somebody Else"

// writable are the tables that sessions of people may add rows to, each with a row
// of their own incident as a statement may have it. Whoever lets people write into
// another table says here what of it is content and what says who wrote it.
var writable = map[string]struct{ content, who map[string]string }{
	"person_role": {
		content: map[string]string{"identity": "'db:new'", "name": "'New Person'", "role": "'counsel'", "incident_id": "''", "practice_key": "''", "granted": "true"},
		who:     map[string]string{"who": "", "by_identity": "", "login": "", "at": "'2001-01-01'", "seq": "9000000000"},
	},
	"reveal": {
		content: map[string]string{"incident_id": "'OWN-2026-03'", "practice_key": "'own'",
			"practice_id": "(SELECT id FROM practice WHERE practice_key = 'own')", "person_key": "'x'", "reason": "'because'"},
		who: map[string]string{"who": "", "by_identity": "", "login": "", "at": "'2001-01-01'", "seq": "9000000000", "in_transaction": "'3'"},
	},
	"person_search": {
		content: map[string]string{"incident_id": "'OWN-2026-03'", "name_hash": "gen_random_uuid()", "reason": "'because'"},
		who:     map[string]string{"who": "", "by_identity": "", "login": "", "at": "'2001-01-01'", "seq": "9000000000", "in_transaction": "'3'"},
	},
	"act_request": {
		content: map[string]string{"incident_id": "'OWN-2026-03'", "practice_key": "'own'", "request_sha256": "'x'"},
		who:     map[string]string{"account": "", "login": "", "at": "'2001-01-01'", "seq": "9000000000"},
	},
	"page_code": {
		content: map[string]string{"practice_id": "(SELECT id FROM practice WHERE practice_key = 'own')", "proof_sha256": "decode(repeat('ab', 32), 'hex')",
			"wrapped": "'x'", "way": "'telephone'", "until": "now() + interval '1 hour'"},
		who: map[string]string{"who": "", "by_identity": "", "made_at": "'2001-01-01'", "used_at": "'2001-01-01'", "voided_at": "'2001-01-01'", "id": "9000000000"},
	},
}

// TestNobodyWritesAsSomebodyElse: a person's own login writes into every table that
// it may write into, and names somebody else in every column that says who, when or
// in which order. It is refused, or the row says whose session it was.
func TestNobodyWritesAsSomebodyElse(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	owner := testkit.Pool(t, address)
	tried := map[string]int{}
	for _, role := range access.Roles {
		conn := personal(t, address, role)
		var login string
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT session_user").Scan(&login))
		if role == access.Officer {
			everywhere(t, address, login)
		}
		for _, table := range tables(t, address) {
			var may bool
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT has_any_column_privilege($1, 'INSERT')", table).Scan(&may))
			if !may {
				continue
			}
			row, known := writable[table]
			require.True(t, known, "%s may write into %s: say in this test which columns say who wrote it", role, table)
			require.ElementsMatch(t, columnsOf(t, address, table), append(slices.Collect(maps.Keys(row.content)), slices.Collect(maps.Keys(row.who))...), table)
			for column, value := range row.who {
				if value == "" {
					value = "'" + somebodyElse + "'"
				}
				for _, overriding := range []string{"", "OVERRIDING SYSTEM VALUE "} {
					statement := insertion(table, row.content, column, value, overriding)
					_, err := conn.Exec(t.Context(), statement)
					if column != "who" && table+column != "person_roleat" {
						require.Error(t, err, statement)
					} else if err == nil {
						tried[table]++
					}
				}
			}
			_, _ = conn.Exec(t.Context(), insertion(table, row.content, "", "", "")) // written or refused: looked at below
			var forged int
			require.NoError(t, owner.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" x WHERE to_jsonb(x)::text ~ '"+somebodyElse+"|2001-01-01'").Scan(&forged))
			require.Zero(t, forged, "%s wrote %s as somebody else", role, table)
		}
	}
	require.Equal(t, []string{"page_code", "person_role", "person_search", "reveal"}, slices.Sorted(maps.Keys(tried)), "an officer's own rows are written, under their own name")
	var whose string
	require.NoError(t, owner.QueryRow(t.Context(), `SELECT string_agg(DISTINCT (by_identity = 'db:' || login AND who = login)::text, ' ')
		FROM reveal WHERE reason = 'because'`).Scan(&whose))
	require.Equal(t, "true", whose)
	var told int
	require.NoError(t, owner.QueryRow(t.Context(), "SELECT count(*) FROM ledger WHERE body LIKE '%because%' AND body NOT LIKE '%"+somebodyElse+"%'").Scan(&told))
	require.Equal(t, 6, told, "three looks at a row and three for a name")
}

// TestEveryColumnOfWhoIsTheSessions: a table that says who did something is one of
// these, and whoever adds another decides here how the database knows.
func TestEveryColumnOfWhoIsTheSessions(t *testing.T) {
	t.Parallel()
	rows, err := testkit.Pool(t, testkit.Migrated(t, migrate)).Query(t.Context(), `SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
			AND a.attname ~ '^(who|login|account|person|name|.*identity.*|.*by_whom|.*_by)$' ORDER BY 1`)
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.ElementsMatch(t, []string{
		// Filled by the database from the session.
		"person_role.by_identity", "person_role.login", "person_role.who", "reveal.by_identity", "reveal.login", "reveal.who", "person_search.by_identity", "person_search.login", "person_search.who",
		"act_request.account", "act_request.login", "door_link.identity", "page_code.who", "page_code.by_identity",
		// Checked: only an identity that asked for an act there.
		"act.identity",
		// Written by the engine alone, of an act or a command it was given.
		"act.who", "approval.who", "approval.person", "findings_list.by_whom", "address_check.by_whom", "incident.loaded_by", "payload_view.who",
		// Written by the page and by commands with the program's login, of whoever signed in there.
		"door_link.who", "door_session.who", "door_session.identity", "door_passkey.who", "door_passkey.identity", "door_event.who", "door_event.identity", "door_event.by_whom",
		// Of whom or what the row is, and not who wrote it.
		"person_role.identity", "person_role.name", "batch.name", "master_key.name", "environment.name", "goose_lock.locked_by", "page_part.name", "page_passkey.name", "dispute.solved_by",
	}, found)
}

func columnsOf(t *testing.T, address, table string) []string {
	t.Helper()
	rows, err := testkit.Pool(t, address).Query(t.Context(), "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped", table)
	require.NoError(t, err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return columns
}

// insertion adds a row with its content, and one more column unless that is "".
func insertion(table string, content map[string]string, column, value, overriding string) string {
	row := maps.Clone(content)
	if _, ofPerson := writable[table].who["who"]; ofPerson {
		row["who"] = "'me'"
	}
	if table == "person_role" {
		row["at"] = "now()"
	}
	if column != "" {
		row[column] = value
	}
	columns := slices.Sorted(maps.Keys(row))
	values := make([]string, len(columns))
	for i, c := range columns {
		values[i] = row[c]
	}
	return fmt.Sprintf("INSERT INTO %s (%s) %sVALUES (%s)", table, strings.Join(columns, ", "), overriding, strings.Join(values, ", "))
}

// everywhere makes a login an officer for every incident.
func everywhere(t *testing.T, address, login string) {
	t.Helper()
	officer := openAt(t, address, postgres.As(access.Everywhere(access.Officer)))
	_, err := officer.ChangeRole(t.Context(), postgres.RoleChange{
		Grant: access.Grant{Identity: access.OfLogin(login), Name: login, Role: access.Officer}, Granted: true, Who: "Ada", By: "os:ada", At: noon,
	})
	require.NoError(t, err)
}

// TestASessionOfTheProgramIsWhoItSays: with the program's login, which several may
// share, a row is of whom the session was opened for.
func TestASessionOfTheProgramIsWhoItSays(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	as := func(postgres.Login) (access.Scope, error) { return access.Everywhere(access.Officer), nil }
	ada := openAt(t, url, postgres.WithMaster(masterOf("test")), postgres.For("ada", as))
	ask := casebook.Reveal{IncidentID: incidentID, PracticeKey: "P1", PersonKey: "a", Reason: "Call of 3 April", Who: "Ben", Identity: "os:ben"}
	_, err := ada.ChangeRole(t.Context(), postgres.RoleChange{
		Grant: access.Grant{Identity: "os:ada", Name: "Ada", Role: access.Officer}, Granted: true, Who: "Ada", By: "os:ada", At: noon,
	})
	require.NoError(t, err)
	_, err = ada.Reveal(t.Context(), ask)
	require.NoError(t, err)
	looks, err := ada.Reveals(t.Context(), incidentID)
	require.NoError(t, err)
	require.Len(t, looks, 1)
	require.Equal(t, []string{"os:ada", "Ada"}, []string{looks[0].Identity, looks[0].Who})
}

// TestALookThatIsUndoneShowsNothing: the row is not there before the look is
// committed, whatever a session tries in between.
func TestALookThatIsUndoneShowsNothing(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	conn := personal(t, address, access.Officer)
	look := `INSERT INTO reveal (incident_id, practice_key, practice_id, person_key, reason, who)
		SELECT incident_id, practice_key, id, 'own-p1', 'because', 'x' FROM practice WHERE practice_key = 'own'`
	seen := func() (n int) {
		t.Helper()
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM finding").Scan(&n))
		return n
	}
	for _, script := range [][]string{{"BEGIN", look}, {"BEGIN", look, "SAVEPOINT s"}, {"BEGIN", "SAVEPOINT s", look, "RELEASE s"}} {
		for _, statement := range script {
			_, err := conn.Exec(t.Context(), statement)
			require.NoError(t, err, statement)
		}
		require.Zero(t, seen(), script)
		_, err := conn.Exec(t.Context(), "ROLLBACK")
		require.NoError(t, err)
		require.Zero(t, seen(), script)
	}
	_, err := conn.Exec(t.Context(), look)
	require.NoError(t, err)
	require.Equal(t, 1, seen())
}

// TestAnActIsOfAnIdentityThatAsked: the worker can make nobody up.
func TestAnActIsOfAnIdentityThatAsked(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	officer := openAt(t, url, postgres.As(access.Everywhere(access.Officer)))
	act := casebook.Act{ID: "a", IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActDelegate, Who: "Ada", Identity: "os:ada", At: noon,
		Delegate: &casebook.DelegateTerms{Delegation: "all"}}
	_, err := store.ActOnPractice(t.Context(), act, allowed)
	require.ErrorContains(t, err, "asked for no act there")
	require.NoError(t, officer.RequestAct(t.Context(), act, "ada"))
	fresh, err := store.ActOnPractice(t.Context(), act, allowed)
	require.NoError(t, err)
	require.True(t, fresh)
}

// TestALinkIsForWhoeverAsksForIt: each request of its session is judged by it.
func TestALinkIsForWhoeverAsksForIt(t *testing.T) {
	t.Parallel()
	_, url := open(t)
	ada := openAt(t, url, postgres.For("ada", func(postgres.Login) (access.Scope, error) { return access.Scope{}, nil }))
	require.NoError(t, ada.AddSignInLink(t.Context(), casebook.SignInLink{SHA256: "x", Who: "Ben", Identity: "os:ben", Until: noon}, noon))
	var identity string
	require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(), "SELECT identity FROM door_link").Scan(&identity))
	require.Equal(t, "os:ada", identity)
}
