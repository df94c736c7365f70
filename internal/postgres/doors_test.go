package postgres_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// What PostgreSQL gives every login beside tables is closed to people's.

func TestNothingBesideTablesIsOpenToPeople(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	store := openAt(t, address)
	for _, role := range access.Roles {
		conn := personal(t, address, role)
		for _, statement := range []string{
			// Large objects: room on the disk, and rows that no policy guards.
			"SELECT lo_create(0)", "SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'x')", "SELECT lo_put(1, 0, 'x')", "SELECT lo_get(1)",
			"SELECT lo_open(1, 131072)", "SELECT lo_unlink(1)", "SELECT lo_export(1, '/tmp/x')", "SELECT lowrite(0, 'x')", "SELECT loread(0, 1)", "SELECT FROM pg_largeobject",
			// Locks that are nobody's table, and time.
			"SELECT pg_advisory_lock(1)", "SELECT pg_advisory_lock(1, 2)", "SELECT pg_try_advisory_lock(1)", "SELECT pg_advisory_xact_lock(1)",
			"SELECT pg_advisory_lock_shared(1)", "SELECT pg_try_advisory_xact_lock_shared(1, 2)", "SELECT pg_sleep(0.001)", "SELECT pg_sleep_for('1 ms')",
			// What others do.
			"SELECT FROM pg_stat_activity", "SELECT FROM pg_stat_get_activity(NULL)", "SELECT FROM pg_locks", "SELECT pg_stat_get_backend_activity(1)",
			"SELECT n_live_tup FROM pg_stat_user_tables", "SELECT FROM pg_statistic", "SELECT FROM pg_statistic_ext_data", "SELECT FROM pg_authid", "SELECT FROM pg_user_mapping",
			"SELECT pg_stat_reset()", "SELECT pg_ls_dir('.')", "SELECT pg_read_binary_file('PG_VERSION')", "SELECT FROM pg_hba_file_rules",
			// The log and the write-ahead log, which are others' disk too.
			"SELECT pg_logical_emit_message(false, 'x', 'x')", "SELECT pg_export_snapshot()", "SELECT pg_create_logical_replication_slot('x', 'pgoutput')",
			"SELECT pg_switch_wal()", "CHECKPOINT", "SELECT pg_reload_conf()", "ALTER SYSTEM SET log_statement = 'all'", "SET log_statement = 'all'", "SET temp_file_limit = -1",
			// Code and places of one's own.
			"DO $$ BEGIN NULL; END $$", "CREATE TEMPORARY TABLE mine (x int)", "CREATE TABLE mine (x int)", "CREATE SEQUENCE mine", "CREATE TYPE mine AS (x int)",
			"CREATE EXTENSION dblink", "CREATE EXTENSION postgres_fdw", "CREATE EXTENSION pg_trgm", "CREATE SERVER mine FOREIGN DATA WRAPPER x", "CREATE PUBLICATION mine",
			"CREATE SUBSCRIPTION mine CONNECTION 'host=127.0.0.1' PUBLICATION x", "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION refuse_change()",
			"SELECT dblink('host=127.0.0.1', 'SELECT 1')", "LOAD 'auto_explain'",
			// The engine's own.
			"SELECT end_idle_people('0s', '0s', '0s', 0)", "SELECT limit_people(1000)", "INSERT INTO group_turn VALUES ('OWN-2026-03', 'own')", "SELECT FROM goose_lock",
			"ALTER ROLE CURRENT_USER CONNECTION LIMIT -1", "ALTER ROLE CURRENT_USER SUPERUSER",
		} {
			_, err := conn.Exec(t.Context(), statement)
			require.Error(t, err, "%s: %s", role, statement)
		}
		_, err := conn.Exec(t.Context(), "SELECT open_doors()")
		require.Equal(t, role == access.Practice, err != nil, "a practice is not told which logins there are")
	}
	_, err := store.KeepPeopleApart(t.Context()) // gives them their limits
	require.NoError(t, err)
	open, err := store.OpenDoors(t.Context())
	require.NoError(t, err)
	require.Empty(t, open)
	var extensions string
	require.NoError(t, testkit.Pool(t, address).QueryRow(t.Context(), "SELECT string_agg(extname, ' ') FROM pg_extension").Scan(&extensions))
	require.Equal(t, "plpgsql", extensions)
}

// TestWhatTheAdministratorHasToCloseIsSaid: an owner who is no superuser cannot
// close PostgreSQL's own functions, nor limit or end the sessions of logins that are
// not its own.
func TestWhatTheAdministratorHasToCloseIsSaid(t *testing.T) {
	t.Parallel()
	address := testkit.Migrated(t, migrate)
	_, err := testkit.Pool(t, address).Exec(t.Context(), "GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC; GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")
	require.NoError(t, err)
	login := nameIn(t, testkit.Login(t, address, "duenotice_counsel"))
	open, err := openAt(t, address).OpenDoors(t.Context())
	require.NoError(t, err)
	require.Contains(t, open, postgres.OpenFunctions)
	require.Contains(t, open, postgres.OpenCode)
	require.Contains(t, open, login)
}

// TestPeopleLockNothing: no session of a person can take a lock on a table or a row
// that is stronger than reading it.
func TestPeopleLockNothing(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	for _, role := range access.Roles {
		conn := personal(t, address, role)
		for _, table := range tables(t, address) {
			for _, mode := range []string{"ROW SHARE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"} {
				_, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE "+table+" IN "+mode+" MODE NOWAIT; ROLLBACK")
				require.ErrorContains(t, err, "permission denied", "%s locks %s: %s", role, table, mode)
				_, err = conn.Exec(t.Context(), "ROLLBACK")
				require.NoError(t, err)
			}
			for _, rows := range []string{"UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"} {
				_, err := conn.Exec(t.Context(), "SELECT 1 FROM "+table+" FOR "+rows)
				require.ErrorContains(t, err, "permission denied", "%s locks rows of %s: %s", role, table, rows)
			}
		}
	}
}

// TestNobodysAdvisoryLockIsWaitedFor: the program waits for none, so that a server
// whose administrator closed nothing is as good.
func TestNobodysAdvisoryLockIsWaitedFor(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	holder, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	defer func() { _ = holder.Close(context.Background()) }()
	// Every lock that the program ever took, by anybody who reads its source.
	for _, key := range []string{"hashtext('person_role')", "1685414755", "4097083626",
		"hashtextextended('OWN-2026-03 shared', 164105)"} {
		_, err := holder.Exec(t.Context(), "SELECT pg_advisory_lock("+key+")")
		require.NoError(t, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = holder.Exec(ctx, "UPDATE access_rules SET sha256 = 'older'")
	require.NoError(t, err)
	require.NoError(t, postgres.Migrate(ctx, address))
	personal(t, address, access.Counsel) // gives roles
	store := openAt(t, address, postgres.WithMaster(masterOf("test")))
	members := practices("M1", "M2")
	for i := range members {
		members[i].CountingEntity = "shared"
	}
	facts := incident()
	loaded(t, store, caseOf(facts, members, person("M1", "a"), person("M2", "a")))
	_, err = store.LoadList(ctx, incidentID, amendment("list-2", person("M2", "b")))
	require.NoError(t, err)
}

// TestWhatOthersAskIsNotShown on a server whose administrator closed nothing either.
func TestWhatOthersAskIsNotShown(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	owner := testkit.Pool(t, address)
	_, err := owner.Exec(t.Context(), "GRANT EXECUTE ON FUNCTION pg_stat_get_activity(integer) TO PUBLIC")
	require.NoError(t, err)
	for _, role := range access.Roles {
		conn := personal(t, address, role)
		var others, told int
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT count(*), count(*) FILTER (WHERE query NOT IN ('', '<insufficient privilege>') OR client_addr IS NOT NULL OR application_name <> '')
			FROM pg_stat_activity WHERE usename <> session_user AND datname = current_database()`).Scan(&others, &told))
		require.Positive(t, others, "the owner's session is there")
		require.Zero(t, told, role)
	}
}

// TestWhoHoldsUpOthersIsEnded: an officer's session holds the practice's row and its
// chain for as long as it likes, which nothing of its own settings prevents.
func TestWhoHoldsUpOthersIsEnded(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	store := openAt(t, address, postgres.WithMaster(masterOf("test")))
	conn := personal(t, address, access.Officer)
	for _, statement := range []string{
		"SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0", "SET lock_timeout = 0", "BEGIN",
		`INSERT INTO reveal (incident_id, practice_key, practice_id, person_key, reason, who)
			SELECT incident_id, practice_key, id, 'own-p1', 'because', 'x' FROM practice WHERE practice_key = 'own'`,
	} {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	held, err := store.KeepPeopleApartFor(t.Context(), 0, time.Hour, time.Hour)
	require.NoError(t, err)
	require.Empty(t, held, "nobody waits for it yet")

	act := casebook.Act{ID: "late", IncidentID: ownIncident, PracticeKey: "own", Kind: casebook.ActDelegate, Who: "Ada", At: noon, Delegate: &casebook.DelegateTerms{Delegation: "all"}}
	done := make(chan error, 1)
	go func() {
		_, err := store.ActOnPractice(t.Context(), act, func(casebook.Practice) error { return nil })
		done <- err
	}()
	login := conn.Config().User
	testkit.Await(t, func() bool { // the session that holds it is ended
		ended, err := store.KeepPeopleApartFor(t.Context(), 0, time.Hour, time.Hour)
		require.NoError(t, err)
		return slices.Contains(ended, postgres.EndedSession{Login: login, Why: "held what others wait for", Ended: true})
	})
	require.NoError(t, <-done)
	_, err = conn.Exec(t.Context(), "SELECT 1")
	require.Error(t, err)

	// One that does nothing, and one that never comes to an end, stand in the way of
	// what cleans up after everybody.
	for why, limits := range map[string][2]time.Duration{"left a transaction open": {0, time.Hour}, "took too long": {time.Hour, 0}} {
		conn := personal(t, address, access.Counsel)
		_, err := conn.Exec(t.Context(), "BEGIN")
		require.NoError(t, err)
		testkit.Await(t, func() bool {
			ended, err := store.KeepPeopleApartFor(t.Context(), time.Hour, limits[0], limits[1])
			require.NoError(t, err)
			return slices.Contains(ended, postgres.EndedSession{Login: conn.Config().User, Why: why, Ended: true})
		})
	}
}

// TestALoginOfAPersonHasItsLimits, which it cannot raise.
func TestALoginOfAPersonHasItsLimits(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	store := openAt(t, address)
	own := testkit.Login(t, address, "duenotice_counsel")
	var sessions []*pgx.Conn
	connect := func() error {
		conn, err := pgx.Connect(t.Context(), own)
		if err == nil {
			sessions = append(sessions, conn)
			t.Cleanup(func() { _ = conn.Close(context.Background()) })
		}
		return err
	}
	login := nameIn(t, own)
	owner := testkit.Pool(t, address)
	tooMany := postgres.EndedSession{Login: login, Why: "had too many sessions", Ended: true}
	// Logins are the whole server's, where workers of other tests keep people apart as well:
	// one that came in between has done this before us, and it is begun again.
	testkit.Await(t, func() bool {
		for _, conn := range sessions {
			_ = conn.Close(t.Context())
		}
		sessions = nil
		_, err := owner.Exec(t.Context(), "ALTER ROLE "+login+" CONNECTION LIMIT -1")
		require.NoError(t, err)
		for range postgres.SessionsEach + 2 {
			if connect() != nil {
				return false
			}
		}
		ended, err := store.KeepPeopleApart(t.Context())
		require.NoError(t, err)
		mine := slices.DeleteFunc(ended, func(e postgres.EndedSession) bool { return e.Login != login })
		return slices.Equal(mine, []postgres.EndedSession{tooMany, tooMany})
	})
	require.NoError(t, sessions[0].Ping(t.Context()), "the eldest stay")
	testkit.Await(t, func() bool { // no further session is let in
		err := connect()
		var failed *pgconn.PgError
		return errors.As(err, &failed) && strings.Contains(failed.Message, "too many connections for role")
	})
	require.NoError(t, sessions[0].Close(t.Context()))
	var settings []string
	testkit.Await(t, func() bool { // a new session has the limits
		conn, err := pgx.Connect(t.Context(), own)
		if err != nil {
			return false
		}
		defer func() { _ = conn.Close(context.Background()) }()
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT array[current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'),
			current_setting('lock_timeout'), current_setting('idle_session_timeout'), current_setting('temp_file_limit')]`).Scan(&settings))
		return true
	})
	require.Equal(t, []string{"5min", "1min", "1min", "1h", "256MB"}, settings)

	// Who gave a login other limits, keeps them.
	_, err := owner.Exec(t.Context(), "ALTER ROLE "+login+" CONNECTION LIMIT 3; ALTER ROLE "+login+" SET lock_timeout = '1s'")
	require.NoError(t, err)
	_, err = store.KeepPeopleApart(t.Context())
	require.NoError(t, err)
	var limit int
	var all []string
	require.NoError(t, owner.QueryRow(t.Context(), `SELECT r.rolconnlimit, s.setconfig FROM pg_roles r JOIN pg_db_role_setting s ON s.setrole = r.oid
		WHERE r.rolname = $1`, login).Scan(&limit, &all))
	require.Equal(t, 3, limit)
	require.Contains(t, all, "lock_timeout=1s")
}

func nameIn(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.User.Username()
}

// TestACommandThatWasStoppedHoldsNothingForLong: with the program's login, which has
// no limits of its own, whoever works in a person's role has them.
func TestACommandThatWasStoppedHoldsNothingForLong(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	program := testkit.ProgramLogin(t, address)
	for limit, options := range map[string][]postgres.Option{
		"5min 1min 1min": {postgres.As(access.Everywhere(access.Officer))},
		"0 0 0":          nil, // loading a list takes as long as it takes
	} {
		set, err := openAt(t, program, options...).Times(t.Context())
		require.NoError(t, err)
		require.Equal(t, limit, set)
	}
}
