package stack

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Where the engine can keep its state.
const (
	SQLite     = "sqlite"
	PostgreSQL = "postgresql"
)

const (
	// engineUser owns the engine's two databases, and has nothing in the program's.
	engineUser         = "duenotice_temporal"
	engineDatabase     = "temporal"
	visibilityDatabase = "temporal_visibility"
)

// chooseEngine says where the engine of the stack keeps its state: where it was
// asked for, else where it did the last time, else in SQLite. What is in one of them
// does not move to the other: that is refused.
func (f folder) chooseEngine(asked string) (string, error) {
	var before Info
	there := readJSON(f.path("stack.json"), &before)
	if there && before.Engine == "" {
		before.Engine = SQLite // of a version that had no other
	}
	switch {
	case asked != "" && asked != SQLite && asked != PostgreSQL:
		return "", fmt.Errorf("the engine's state can be kept in %s or %s, and not in %q", SQLite, PostgreSQL, asked)
	case there && asked != "" && asked != before.Engine:
		return "", fmt.Errorf("this stack keeps the engine's state in %s, where its workflows are, and they cannot move to %s: "+
			"leave --engine out, or start a stack with a state folder of its own", before.Engine, asked)
	case there:
		return before.Engine, nil
	case asked != "":
		return asked, nil
	}
	return SQLite, nil
}

// admitEngine makes the engine's login and its databases, or gives the login the
// password it must have.
func (p *Postgres) admitEngine(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }() // nothing is under way
	if _, err := conn.Exec(ctx, fmt.Sprintf(`DO $$ BEGIN
		IF to_regrole('%[1]s') IS NULL THEN CREATE ROLE %[1]s; END IF;
		ALTER ROLE %[1]s LOGIN PASSWORD '%[2]s';
	END $$`, engineUser, p.passwordOf(engineUser))); err != nil {
		return fmt.Errorf("the engine's login in the database cannot be made: %w", err)
	}
	for _, database := range []string{engineDatabase, visibilityDatabase} {
		var exists bool
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database).Scan(&exists); err != nil {
			return err
		}
		if !exists {
			if _, err := conn.Exec(ctx, "CREATE DATABASE "+database+" OWNER "+engineUser); err != nil {
				return fmt.Errorf("the engine's database cannot be made: %w", err)
			}
		}
		// Also where a crash came between the two.
		if _, err := conn.Exec(ctx, "REVOKE ALL ON DATABASE "+database+" FROM PUBLIC"); err != nil {
			return fmt.Errorf("the engine's database cannot be closed to others: %w", err)
		}
	}
	return nil
}

func (p *Postgres) engineSettings() *postgresqlSettings {
	return &postgresqlSettings{
		Address: address(p.port), User: engineUser, Password: p.passwordOf(engineUser),
		Database: engineDatabase, Visibility: visibilityDatabase,
	}
}
