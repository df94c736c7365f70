package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
)

// A database belongs to one environment, or to an installation without
// environments: it says so itself, from its first use on. Two configurations that
// reach it, by whatever names, can therefore not put two environments into it.

// InEnvironment says for which environment the database is opened; without it, or
// with "", for an installation without environments. Open refuses another one's
// database with code "other_environment", and one that is nobody's yet with
// "no_environment_yet": MigrateFor makes it the environment's.
func InEnvironment(name string) Option { return func(s *Store) { s.environment = name } }

// MigrateFor is Migrate for an environment, which then owns the database; "" is an
// installation without environments. Another one's database is left as it is and
// refused with code "other_environment"; nobody's becomes the environment's only
// when its master keys open what is in it, and is else refused as by CheckKeys.
func MigrateFor(ctx context.Context, url, environment string, master datakey.Master) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return errDatabaseURL()
	}
	if err := refusePlaintext(config); err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("the database cannot be reached: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	owner, err := environmentOf(ctx, conn)
	if err != nil {
		return err
	}
	if owner != "" && owner != environment {
		return otherEnvironment(owner, environment)
	}
	if err := Migrate(ctx, url); err != nil {
		return err
	}
	if environment != "" && owner == "" {
		if err := checkOpens(ctx, url, master); err != nil {
			return err
		}
		// Somebody may have been quicker, for another environment: then that stands. A
		// login that may not do this leaves it to the tables' owner.
		_, err := conn.Exec(ctx, "INSERT INTO environment (name) VALUES ($1) ON CONFLICT DO NOTHING", environment)
		if err != nil && !Denied(err) {
			return fmt.Errorf("whose the database is cannot be written into it: %w", err)
		}
	}
	return checkEnvironment(ctx, conn, environment)
}

// checkOpens makes sure that master opens what is in a database that is nobody's
// yet: with other keys it is another environment's from before it had a name.
func checkOpens(ctx context.Context, url string, master datakey.Master) error {
	s, err := Open(ctx, url, WithMaster(master))
	if err != nil {
		return err
	}
	defer s.Close()
	keys, err := s.MasterKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Problem != nil {
			return k.Problem
		}
	}
	return nil
}

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// checkEnvironment refuses a database that is not the environment's.
func checkEnvironment(ctx context.Context, db querier, environment string) error {
	owner, err := environmentOf(ctx, db)
	switch {
	case err != nil:
		return err
	case owner == environment:
		return nil
	case owner == "":
		return breach.Refuse("no_environment_yet", "Start a worker of that environment, with the login that owns the tables: it makes the database its own. See docs/environments.md.",
			"the database is no environment's yet, and so not that of %s", environment)
	}
	return otherEnvironment(owner, environment)
}

// environmentOf is whose the database is: "" while it is nobody's, or that of an
// installation without environments.
func environmentOf(ctx context.Context, db querier) (name string, err error) {
	err = db.QueryRow(ctx, "SELECT coalesce(environment_name(), '')").Scan(&name)
	if stateOf(err) == "42883" {
		return "", nil // there are no tables yet, or old ones
	}
	if err != nil {
		return "", fmt.Errorf("whose the database is cannot be read from it: %w", err)
	}
	return name, nil
}

func otherEnvironment(owner, environment string) error {
	const advice = "See that each environment in duenotice.yaml names its own database."
	if environment == "" {
		return breach.Refuse("other_environment", "Name it with --environment, where it is configured: see docs/environments.md.",
			"the database is that of environment %s, and no environment was named", owner)
	}
	return breach.Refuse("other_environment", advice, "the database is that of environment %s, not of %s", owner, environment)
}

// Denied reports whether the database kept something from whoever asked, by the rights of
// their role or by its rules for rows.
func Denied(err error) bool { return stateOf(err) == "42501" }

func stateOf(err error) string {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return failed.Code
	}
	return ""
}

// Target is where a database URL leads: server and database, without any secret.
// Two that differ can be the same database still, by another name of its server.
func Target(url string) (string, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return "", errDatabaseURL()
	}
	return fmt.Sprintf("%s:%d/%s", strings.ToLower(config.Host), config.Port, config.Database), nil
}
