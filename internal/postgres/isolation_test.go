package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// tables are all tables and views there are.
func tables(t *testing.T, address string) []string {
	t.Helper()
	rows, err := testkit.Pool(t, address).Query(t.Context(),
		"SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1")
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(names), 20)
	return names
}

// mayRead is which tables a session may read at all; rows are a matter of scope.
var mayRead = func() map[access.Role][]string {
	all := []string{"incident", "practice", "practice_count", "counting_group", "findings_list", "practice_file", "obligation", "obligation_change",
		"obligation_stage", "outbox", "mail_run", "mail_run_practice", "batch", "act", "approval", "person_role", "ledger", "ledger_anchor",
		"decision", "decision_incident", "returned_letter", "trouble", "worker_sign", "release", "account", "dispute", "page_signed", "post_batch", "post_piece", "posting_state", "posting_look", "page_server", "address_check"}
	return map[access.Role][]string{
		access.Officer:  append([]string{"reveal", "finding", "master_key", "incident_key", "page_practice", "page_answer"}, all...),
		access.Approver: all,
		access.Counsel:  append([]string{"reveal"}, all...),
		access.Operator: append([]string{"master_key", "incident_key"}, all...),
		access.Practice: {"incident", "practice", "practice_count", "practice_file", "account", "obligation", "obligation_change", "obligation_stage",
			"outbox", "act", "approval", "ledger", "finding", "incident_key", "master_key", "person_role",
			"counting_group", "mail_run", "mail_run_practice", "batch", "returned_letter", "findings_list", "trouble", "worker_sign", "release", "dispute", "post_batch", "post_piece", "address_check", "posting_state", "posting_look"},
	}
}()

// noPractice are readable tables of which a practice sees nothing.
var noPractice = []string{"counting_group", "mail_run", "mail_run_practice", "batch", "returned_letter", "findings_list", "trouble", "post_batch", "post_piece", "address_check"}

func TestSessionOfOneRoleReadsItsOwnAndNothingElse(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	foreign := foreignPractices(t, address)
	for _, role := range access.Roles {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			conn := personal(t, address, role)
			// As it is, and after setting everything that the program's sessions set.
			for _, settings := range []string{"SELECT 1",
				"SELECT set_config('duenotice.incident', '*', false), set_config('duenotice.practice', '', false)",
				"SELECT set_config('duenotice.incident', '" + otherIncident + "', false), set_config('duenotice.practice', '" + otherIncident + ":foreign-1', false)",
			} {
				_, err := conn.Exec(t.Context(), settings)
				require.NoError(t, err)
				for _, table := range tables(t, address) {
					readsItsOwn(t, conn, role, table, foreign)
				}
			}
			// With row-level security switched off there is an error, not the rows.
			_, err := conn.Exec(t.Context(), "SET row_security = off")
			require.NoError(t, err)
			_, err = conn.Exec(t.Context(), "SELECT * FROM practice")
			require.ErrorContains(t, err, "row-level security")
		})
	}
}

func readsItsOwn(t *testing.T, conn *pgx.Conn, role access.Role, table string, foreign map[int]string) {
	t.Helper()
	var copied strings.Builder
	_, copyErr := conn.PgConn().CopyTo(t.Context(), &copied, "COPY (SELECT * FROM "+table+") TO STDOUT")
	rows, err := conn.Query(t.Context(), "SELECT to_jsonb(x) FROM "+table+" x")
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowTo[map[string]any])
	if !slices.Contains(mayRead[role], table) {
		require.ErrorContains(t, err, "permission denied", "%s reads %s", role, table)
		require.ErrorContains(t, copyErr, "permission denied", "%s copies %s", role, table)
		return
	}
	require.NoError(t, err, "%s reads %s", role, table)
	require.NoError(t, copyErr)
	for _, row := range found {
		text := fmt.Sprint(row)
		require.NotContains(t, strings.ToLower(text), "foreign", "%s in %s", role, table)
		if id, ok := row["practice_id"].(float64); ok {
			require.NotEqual(t, otherIncident, foreign[int(id)], "%s in %s", role, table)
			if role == access.Practice {
				require.Equal(t, "own", foreign[int(id)], "in %s", table)
			}
		}
		if role == access.Practice {
			require.NotContains(t, text, "neighbour", "in %s", table)
		}
	}
	require.NotContains(t, strings.ToLower(copied.String()), "foreign", "%s copies %s", role, table)
	mayBeEmpty := (role == access.Practice && slices.Contains(noPractice, table)) || (role == access.Officer && table == "finding")
	require.Equal(t, mayBeEmpty, len(found) == 0, "%s sees %d rows of %s", role, len(found), table)
}

// foreignPractices says of each practice's id whose it is: "own", "neighbour" or otherIncident.
func foreignPractices(t *testing.T, address string) map[int]string {
	t.Helper()
	rows, err := testkit.Pool(t, address).Query(t.Context(),
		"SELECT id, CASE WHEN incident_id = $1 THEN incident_id ELSE practice_key END FROM practice", otherIncident)
	require.NoError(t, err)
	whose := map[int]string{}
	var id int
	var owner string
	_, err = pgx.ForEachRow(rows, []any{&id, &owner}, func() error { whose[id] = owner; return nil })
	require.NoError(t, err)
	return whose
}

func TestSessionOfOneRoleChangesNothingThatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	owner := testkit.Pool(t, address)
	for _, role := range access.Roles {
		t.Run(string(role), func(t *testing.T) {
			conn := personal(t, address, role)
			for _, table := range tables(t, address) {
				for _, statement := range []string{
					"DELETE FROM " + table, "TRUNCATE " + table, "INSERT INTO " + table + " SELECT * FROM " + table,
					"COPY " + table + " FROM '/etc/passwd'", "ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY", "DROP TABLE " + table,
					"CREATE POLICY mine ON " + table + " USING (true)", "CREATE TRIGGER mine BEFORE UPDATE ON " + table + " EXECUTE FUNCTION refuse_change()",
				} {
					_, err := conn.Exec(t.Context(), statement)
					require.Error(t, err, "%s: %s", role, statement)
				}
			}
			for _, statement := range []string{
				"UPDATE act SET who = 'x'", "UPDATE approval SET who = 'x'", "UPDATE person_role SET role = 'officer'", "UPDATE reveal SET reason = 'x'",
				"UPDATE incident SET phase = 'closed'", "UPDATE practice SET phase = 'starting'", "UPDATE finding SET sealed = ''",
				"INSERT INTO finding_rows SELECT * FROM finding", "CREATE TABLE mine (x int)", "CREATE TEMPORARY TABLE mine (x int)",
				"CREATE FUNCTION mine() RETURNS void LANGUAGE sql AS ''", "CREATE VIEW mine AS SELECT * FROM finding_rows", "CREATE SCHEMA mine",
				"SELECT learn_sizes()", "SELECT rewrite_incident_keys()", "INSERT INTO ledger (incident_id, practice_key, body) VALUES ('x', '', '{}')",
				"INSERT INTO act (incident_id, id, practice_key, kind, who, at, terms) SELECT id, 'x', '', 'record', 'x', now(), '{}' FROM incident",
				"INSERT INTO approval SELECT id, 'x', 'x', 'x', now(), 'x' FROM practice", "UPDATE practice SET delegation = 'none'", "UPDATE incident SET facts = '{}'",
				"INSERT INTO act_request (incident_id, practice_key, request_sha256, account) VALUES ('FOREIGN-2026-03', 'foreign-1', 'x', 'x')",
				"INSERT INTO act_request (incident_id, practice_key, request_sha256, account, login) VALUES ('OWN-2026-03', 'own', 'x', 'x', 'somebody')",
				"INSERT INTO person_role (identity, name, role, incident_id, practice_key, granted, who, by_identity, at) VALUES ('db:' || session_user, 'x', 'officer', '', '', true, 'x', 'x', now())",
				"INSERT INTO person_role (identity, name, role, incident_id, practice_key, granted, who, by_identity, at) VALUES ('db:' || session_user, 'x', 'counsel', 'FOREIGN-2026-03', '', true, 'x', 'x', now())",
				"INSERT INTO reveal (incident_id, practice_key, practice_id, person_key, reason, who, by_identity) SELECT incident_id, 'own', id, 'x', 'x', 'x', 'x' FROM practice WHERE practice_key <> 'own'",
				"SELECT pg_read_file('/etc/passwd')", "COPY (SELECT 1) TO PROGRAM 'cat'", "SELECT lo_import('/etc/passwd')",
				"ALTER ROLE CURRENT_USER BYPASSRLS", "SET session_replication_role = replica", "DO $$ BEGIN PERFORM set_config('role', 'duenotice_engine', false); END $$",
			} {
				_, err := conn.Exec(t.Context(), statement)
				require.Error(t, err, "%s: %s", role, statement)
			}
		})
	}
	var changed int
	require.NoError(t, owner.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM practice WHERE delegation <> 'all')
		+ (SELECT count(*) FROM incident WHERE facts = '{}')`).Scan(&changed))
	require.Zero(t, changed)
}

func TestNobodyBecomesSomebodyElse(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	for _, role := range access.Roles {
		conn := personal(t, address, role)
		for _, other := range append(slices.Clone(access.Roles), "engine", "app") {
			if other == role {
				continue
			}
			_, err := conn.Exec(t.Context(), "SET ROLE duenotice_"+string(other))
			require.ErrorContains(t, err, "permission denied to set role", "%s as %s", role, other)
			_, err = conn.Exec(t.Context(), "SET SESSION AUTHORIZATION duenotice_"+string(other))
			require.ErrorContains(t, err, "permission denied", "%s as %s", role, other)
			_, err = conn.Exec(t.Context(), "GRANT duenotice_"+string(other)+" TO CURRENT_USER")
			require.Error(t, err, "%s as %s", role, other)
		}
		var owner string
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT tableowner FROM pg_tables WHERE tablename = 'finding'").Scan(&owner))
		_, err := conn.Exec(t.Context(), "SET ROLE "+owner)
		require.ErrorContains(t, err, "permission denied to set role")
	}
}

// An error or a statistic may tell what a row says without showing it.
func TestErrorsAndStatisticsTellNothing(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	_, err := testkit.Pool(t, address).Exec(t.Context(), "ANALYZE")
	require.NoError(t, err)
	conn := personal(t, address, access.Practice)
	for _, statement := range []string{
		"SELECT * FROM practice WHERE practice_key::int > 0", "SELECT * FROM finding WHERE person_key::int > 0",
		"SELECT * FROM act WHERE who::int > 0", "SELECT * FROM incident WHERE id::date > now()",
	} {
		_, err := conn.Exec(t.Context(), statement)
		require.Error(t, err)
		require.NotContains(t, strings.ToLower(err.Error()), "foreign", statement)
		require.NotContains(t, err.Error(), "neighbour", statement)
	}
	require.NotContains(t, statistics(t, conn), "neighbour")
	for _, role := range access.Roles {
		told := statistics(t, personal(t, address, role))
		for _, word := range []string{"patient", "foreign", "os:ada", "db:"} {
			require.NotContains(t, told, word, role)
		}
	}
}

// statistics are all values that PostgreSQL's statistics show a session of our tables.
func statistics(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var all string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT coalesce(lower(string_agg(told, ' ')), '') FROM (
		SELECT coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '') || coalesce(most_common_elems::text, '') AS told FROM pg_stats
		WHERE schemaname = 'public' UNION ALL SELECT coalesce(most_common_vals::text, '') FROM pg_stats_ext WHERE schemaname = 'public') x`).Scan(&all))
	return all
}

// The program's own login can do nothing until it takes a role, and nothing
// outside the scope it takes with it.
func TestProgramsLoginHasNothingOfItsOwn(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	conn, err := pgx.Connect(t.Context(), testkit.ProgramLogin(t, address))
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	var can bool
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user").Scan(&can))
	require.False(t, can)
	for _, table := range tables(t, address) {
		_, err := conn.Exec(t.Context(), "SELECT FROM "+table)
		require.ErrorContains(t, err, "permission denied", table)
	}
	count := func(role, incidents, practices, table string) (n int) {
		t.Helper()
		require.NoError(t, pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), "SELECT set_config('role', $1, true), set_config('duenotice.incident', $2, true), set_config('duenotice.practice', $3, true)",
				role, incidents, practices)
			require.NoError(t, err)
			return tx.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n)
		}))
		return n
	}
	require.Equal(t, 8, count("duenotice_engine", "*", "", "finding"))
	require.Equal(t, 4, count("duenotice_engine", ownIncident, "", "finding"))
	require.Equal(t, 2, count("duenotice_engine", ownIncident, ownIncident+":own", "finding"), "a practice's list cannot have another's people")
	require.Equal(t, 0, count("duenotice_engine", otherIncident, ownIncident+":own", "finding"))
	require.Equal(t, 0, count("duenotice_engine", "", "", "finding"), "no scope is nothing, not everything")
	require.Equal(t, 1, count("duenotice_counsel", ownIncident, "", "incident"))
	require.Equal(t, 0, count("duenotice_practice", "*", "", "practice"), "a practice's session is always for named practices")
	// The scope ends with the transaction.
	_, err = conn.Exec(t.Context(), "SELECT FROM finding")
	require.ErrorContains(t, err, "permission denied")
}

func TestEvidenceIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	rows, err := testkit.Pool(t, address).Query(t.Context(), `SELECT r.rolname || ' ' || t.name || ' ' || p.privilege
		FROM unnest(ARRAY['act', 'approval', 'findings_list', 'obligation_change', 'obligation_stage', 'batch', 'mail_run_practice', 'person_role', 'reveal',
				'decision', 'decision_incident', 'ledger', 'ledger_anchor', 'act_request', 'payload_view', 'door_event', 'removed_finding', 'list_change', 'returned_letter', 'address_check', 'checked_address', 'person_search', 'piece_scan', 'posting_look']) AS t(name),
			unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p(privilege), pg_roles r
		WHERE r.rolname LIKE 'duenotice\_%' AND NOT r.rolcanlogin AND has_table_privilege(r.rolname, t.name, p.privilege)
		UNION ALL SELECT grantee || ' ' || table_name || '.' || column_name FROM information_schema.column_privileges
		WHERE privilege_type = 'UPDATE' AND table_name IN ('act', 'approval', 'person_role', 'reveal', 'ledger', 'act_request') AND grantee LIKE 'duenotice\_%'`)
	require.NoError(t, err)
	may, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, may)
}

// Whoever adds a table decides here who may see it: see access.sql.
func TestEveryTableHasItsRules(t *testing.T) {
	t.Parallel()
	address := testkit.Migrated(t, migrate)
	rows, err := testkit.Pool(t, address).Query(t.Context(), `SELECT relname::text FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity`)
	require.NoError(t, err)
	open, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"goose_db_version", "access_rules", "finding_rows", "incoming_finding", "master_key", "door_link", "door_session", "door_passkey", "door_event", "payload_view", "environment", "worker_sign", "storage", "goose_lock", "group_turn", "answer_turn", "page_server", "release"}, open,
		"name the new table in access.sql, or here when it has nothing of an incident in it")
}

// Through the store too: another incident is not there, for each thing that a person reads.
func TestStoreOfAPersonKnowsOnlyTheirIncidents(t *testing.T) {
	t.Parallel()
	program := testkit.ProgramLogin(t, twoIncidents(t))
	as := func(held access.Scope) *postgres.Store {
		return openAt(t, program, postgres.WithMaster(masterOf("test")), postgres.As(held))
	}
	ctx := t.Context()
	mine := as(access.Scope{Role: access.Counsel, Incidents: []string{ownIncident}})
	list, err := mine.Incidents(ctx, noon)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, ownIncident, list[0].ID)
	_, err = mine.Incident(ctx, otherIncident)
	refused(t, err, "unknown_incident")
	_, err = mine.Practice(ctx, otherIncident, "foreign-1")
	refused(t, err, "unknown_practice")
	_, err = mine.Status(ctx, otherIncident, noon, today)
	refused(t, err, "unknown_incident")
	acts, err := mine.Acts(ctx, otherIncident, "")
	require.NoError(t, err)
	require.Empty(t, acts)
	_, err = mine.Status(ctx, ownIncident, noon, today)
	require.NoError(t, err)
	require.Error(t, mine.People(ctx, ownIncident, "own", func(*breach.Person) error { return nil }), "counsel reads no patients' rows")
	require.Error(t, mine.SetIncidentPhase(ctx, ownIncident, casebook.IncidentRunning, civil.Date{}), "counsel writes nothing")

	practice := as(access.Scope{Role: access.Practice, Incidents: []string{ownIncident}, Practices: []string{ownIncident + ":own"}})
	_, err = practice.Practice(ctx, ownIncident, "neighbour")
	refused(t, err, "unknown_practice")
	_, err = practice.Status(ctx, ownIncident, noon, today)
	require.NoError(t, err)
	people := 0
	require.NoError(t, practice.People(ctx, ownIncident, "own", func(*breach.Person) error { people++; return nil }))
	require.Equal(t, 2, people)
}
