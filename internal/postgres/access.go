package postgres

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"duenotice/internal/breach"
)

//go:embed access.sql
var accessSQL string

// codeNoRoles is the refusal of an owner who may not make roles.
const codeNoRoles = "no_roles"

// applyAccess gives roles their rights, unless it was done with this very text:
// doing it again would stop everybody else for a moment. An owner who may not
// make roles, which a server's administrator can do for them (docs/access.md),
// is refused with codeNoRoles.
func applyAccess(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("the database cannot be reached: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // what was to be committed is
	// Roles belong to the whole server: another of its databases may be at them
	// in the same moment, which PostgreSQL does not wait for.
	for attempt := 0; ; attempt++ {
		err := applyAccessOnce(ctx, conn)
		if err == nil {
			return nil
		}
		var failed *pgconn.PgError
		passes := errors.As(err, &failed) && (failed.Message == "tuple concurrently updated" || failed.Code == "23505")
		switch {
		case passes && attempt < 10:
		case failed != nil && failed.Code == "42501":
			return breach.Refuse(codeNoRoles, "Let the server's administrator make them once, as docs/access.md shows.",
				"the database's roles cannot be made by this login: %s", failed.Message)
		default:
			return fmt.Errorf("the rights in the database cannot be set: %w", err)
		}
	}
}

func applyAccessOnce(ctx context.Context, conn *pgx.Conn) error {
	wanted := accessSum()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		// One after the other, by a lock that only the tables' owner can take.
		if _, err := tx.Exec(ctx, "LOCK TABLE access_rules IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		var applied string
		err := tx.QueryRow(ctx, "SELECT coalesce(max(sha256), '') FROM access_rules").Scan(&applied)
		if err != nil || applied == wanted {
			return err
		}
		if _, err := tx.Exec(ctx, accessSQL); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "DELETE FROM access_rules"); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO access_rules VALUES ($1)", wanted)
		return err
	})
}

// accessSum tells one text of access.sql from another.
func accessSum() string {
	sum := sha256.Sum256([]byte(accessSQL))
	return hex.EncodeToString(sum[:])
}
