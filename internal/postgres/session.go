package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/access"
	"duenotice/internal/postgres/sqlgen"
)

// Every connection of a Store works under one of the roles of access.sql and
// within a scope. What a role may not touch, or what lies outside the scope,
// PostgreSQL itself keeps back, whatever the statement says.

const (
	rolePrefix = "duenotice_"
	engineRole = "engine"
)

// As has the store work in a person's role and within its reach; without it the
// store is the engine, which works on everything. It changes nothing for a
// person's own database login, whose role and reach the database knows.
func As(scope access.Scope) Option { return func(s *Store) { s.as = scope } }

// For has the store find out on its first connection whose login it has, when the
// program is run by the account, and work as decide says; decide's error ends
// Open. A database without tables has no roles yet.
func For(account string, decide func(Login) (access.Scope, error)) Option {
	return func(s *Store) { s.account, s.decide = account, decide }
}

// Who is whose login the store has; only a store opened For somebody knows.
func (s *Store) Who() Login { return s.who }

// welcome is done once on each connection: the first learns whose it is.
func (s *Store) welcome(ctx context.Context, conn *pgx.Conn) error {
	s.meeting.Lock()
	defer s.meeting.Unlock()
	if s.decide == nil {
		return s.enter(ctx, conn)
	}
	if err := checkEnvironment(ctx, conn, s.environment); err != nil {
		return err
	}
	who, err := look(ctx, conn, s.account)
	if err != nil {
		return err
	}
	scope, err := s.decide(who)
	if err != nil {
		return err
	}
	s.who, s.as, s.identity, s.decide = who, scope, who.Identity, nil
	return s.enter(ctx, conn)
}

// enter takes the store's role on a new connection. A database whose roles could
// not be made has none to take: doctor says so (RolesEnforced).
func (s *Store) enter(ctx context.Context, conn *pgx.Conn) error {
	scope := s.as
	if scope.Role == "" {
		scope = access.Scope{Role: engineRole, Incidents: []string{access.EveryIncident}}
	}
	_, err := conn.Exec(ctx, `SELECT set_config('duenotice.incident', $2, false), set_config('duenotice.practice', $3, false),
		set_config('duenotice.identity', $4, false),
		CASE WHEN to_regrole($1) IS NOT NULL AND pg_has_role(session_user, to_regrole($1)::oid, 'MEMBER') THEN set_config('role', $1, false) END`,
		rolePrefix+string(scope.Role), strings.Join(scope.Incidents, ","), strings.Join(scope.Practices, ","), string(s.identity))
	if err != nil || scope.Role == engineRole {
		return err
	}
	_, err = conn.Exec(ctx, personsTimes)
	return err
}

// personsTimes are those of limit_people for a command that somebody gave with the
// program's login: one that was stopped in the middle must not hold what the worker
// waits for.
const personsTimes = "SET statement_timeout = '5min'; SET idle_in_transaction_session_timeout = '1min'; SET lock_timeout = '1min'"

// inNameOf runs do in one transaction of somebody: of whom the store was opened
// For, else of identity. The database writes down whose it is, and no statement.
func (s *Store) inNameOf(ctx context.Context, identity access.Identity, do func(q *sqlgen.Queries) error) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := q.SayWhose(ctx, string(identity)); err != nil {
			return err
		}
		return do(q)
	})
}

// RolesEnforced reports whether the store works in one of the roles, which
// cannot bypass what they are kept from.
func (s *Store) RolesEnforced(ctx context.Context) (bool, error) {
	var enforced bool
	err := s.pool.QueryRow(ctx, `SELECT current_user LIKE 'duenotice\_%' OR to_regrole('duenotice_app') IS NOT NULL
		AND NOT pg_has_role(session_user, 'duenotice_app', 'MEMBER')`).Scan(&enforced)
	return enforced, err
}

// Login is who a database login is.
type Login struct {
	// Identity is the login's, or, where the login is the program's and anybody may
	// come with it, the account's that the program was run by.
	Identity access.Identity
	// Program says that the login is the program's.
	Program bool
	// Grants are all there are, or of a person's own login those that it holds.
	Grants []access.Grant
}

// Open reports whether everybody may do everything: nobody holds a role.
func (l Login) Open() bool { return l.Program && access.Open(l.Grants) }

// look asks a connection that is nobody's in particular yet, and leaves it the engine's.
func look(ctx context.Context, conn *pgx.Conn, account string) (who Login, err error) {
	var login string
	var tables bool
	err = conn.QueryRow(ctx, `SELECT session_user, to_regclass('public.person_role') IS NOT NULL,
		to_regrole('duenotice_app') IS NULL OR pg_has_role(session_user, to_regrole('duenotice_app')::oid, 'MEMBER')`).
		Scan(&login, &tables, &who.Program)
	if err != nil {
		return who, err
	}
	who.Identity = access.OfLogin(login)
	if who.Program {
		who.Identity = access.OfAccount(account)
	}
	if !tables {
		return who, nil
	}
	if err := new(Store).enter(ctx, conn); err != nil {
		return who, err
	}
	who.Grants, err = readGrants(ctx, sqlgen.New(conn))
	return who, err
}
