package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// A person's own login can raise every time limit of its session, and wait with a
// transaction open for as long as it likes. The worker looks after that instead
// (docs/adr/0172).
const (
	// sessionsEach is how many sessions one login of a person may have.
	sessionsEach = 10
	// mayBlock is how long a transaction may hold what somebody else waits for.
	mayBlock = 10 * time.Second
	// mayIdle is how long a transaction may be open while its session does nothing.
	mayIdle = time.Minute
	// mayTake is how long a transaction may take: status of the largest incident takes seconds.
	mayTake = 10 * time.Minute
)

// EndedSession is a session of a person's own login that stood in others' way.
type EndedSession struct {
	Login string
	Why   string
	// Ended is false where the tables' owner may not end it: OpenDoors says so too.
	Ended bool
}

// KeepPeopleApart gives people's logins their limits, and ends sessions of theirs
// that hold what others wait for, leave a transaction open, take longer than
// anything needs, or are more than one login may have.
func (s *Store) KeepPeopleApart(ctx context.Context) ([]EndedSession, error) {
	return s.keepPeopleApart(ctx, mayBlock, mayIdle, mayTake)
}

func (s *Store) keepPeopleApart(ctx context.Context, block, idle, take time.Duration) ([]EndedSession, error) {
	if may, err := s.may(ctx, "limit_people(integer)"); err != nil || !may {
		return nil, err
	}
	if _, err := s.pool.Exec(ctx, "SELECT limit_people($1)", sessionsEach); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, "SELECT name, why, ended FROM end_idle_people($1, $2, $3, $4)", block, idle, take, sessionsEach)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[EndedSession])
}

// OpenDoors returns what the database leaves open that only its administrator can
// close: OpenFunctions, OpenCode, OpenSessions, or the name of a person's login that
// may take every connection there is. A practice's session is told nothing.
func (s *Store) OpenDoors(ctx context.Context) ([]string, error) {
	if may, err := s.may(ctx, "open_doors()"); err != nil || !may {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, "SELECT door FROM open_doors() ORDER BY 1")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// What OpenDoors returns beside logins.
const (
	// OpenFunctions are functions of PostgreSQL that fill its disk or hold its locks.
	OpenFunctions = "functions"
	// OpenCode is that every login may run code of its own.
	OpenCode = "code"
	// OpenSessions is that sessions which stand in others' way cannot be ended.
	OpenSessions = "sessions"
)

// may reports whether the store may call a function of access.sql, which is not
// there where roles could not be made.
func (s *Store) may(ctx context.Context, function string) (may bool, err error) {
	return may, s.pool.QueryRow(ctx, "SELECT coalesce(has_function_privilege(to_regprocedure('public.' || $1), 'EXECUTE'), false)", function).Scan(&may)
}
