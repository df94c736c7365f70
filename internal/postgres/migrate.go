package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"duenotice/internal/breach"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database at url to the tables this program expects, and to
// the rights on them. Any number of processes may do so at once: one works, the
// others wait for it. A login that does not own the tables, as the program's own
// should not, finds them as they must be or is refused with code "old_tables".
func Migrate(ctx context.Context, url string) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return errDatabaseURL()
	}
	if err := refusePlaintext(config); err != nil {
		return err
	}
	owner, err := ownsTables(ctx, config)
	if err != nil || !owner {
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	oldest, err := oldestBeside(files)
	if err != nil {
		return err
	}
	if newer, err := besideOthers(ctx, config, oldest); err != nil || newer {
		return err
	}
	// A row of a table that only the owner may write: an advisory lock could be held
	// by every login. Asking once a second for five minutes, since whoever is first is
	// done in less; of one that died another takes over.
	locker, err := lock.NewPostgresTableLocker(lock.WithTableLockTimeout(time.Second, 300),
		lock.WithTableLeaseDuration(15*time.Second), lock.WithTableHeartbeatInterval(3*time.Second), lock.WithTableLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithLocker(locker))
	if err != nil {
		return fmt.Errorf("the migrations cannot be read: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("the database cannot be migrated: %w", err)
	}
	if _, err := db.ExecContext(ctx, "UPDATE release SET tables = $1 WHERE tables < $1", oldest); err != nil {
		return fmt.Errorf("the database cannot be told which programs may work with it: %w", err)
	}
	err = applyAccess(ctx, config)
	if refusal, ok := breach.AsRefusal(err); ok && refusal.Code == codeNoRoles {
		// Whoever owns the tables works on as their owner, as everybody did before
		// there were roles; doctor says that the database keeps nobody apart.
		return nil
	}
	return err
}

// besideOthers says whether the tables are of a newer program and stay as they are,
// rights included. It refuses where this program cannot work with them, and where
// workers of an earlier one could not go on with those that this program would make.
func besideOthers(ctx context.Context, config *pgx.ConnConfig, oldest int64) (newer bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, fmt.Errorf("the database cannot be reached: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // nothing was written
	version, there, ok, err := releaseOf(ctx, conn)
	if err != nil || !ok {
		return false, err
	}
	if version > newestMigration() {
		return true, mayWorkBeside(int(there))
	}
	if oldest <= there {
		return false, nil
	}
	return false, endedBefore(ctx, conn, oldest)
}

// ownsTables reports whether the login may change the tables that are there, or
// make them where there are none; it refuses where it may not and would have to.
func ownsTables(ctx context.Context, config *pgx.ConnConfig) (owner bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, fmt.Errorf("the database cannot be reached: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // nothing was written
	var program bool
	err = conn.QueryRow(ctx, `SELECT coalesce(pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass('public.goose_db_version')), 'USAGE'), true),
		to_regrole('duenotice_engine') IS NOT NULL AND pg_has_role(session_user, to_regrole('duenotice_engine')::oid, 'MEMBER')`).Scan(&owner, &program)
	if err != nil || owner {
		return owner, err
	}
	advice := "Give the tables' owner in DUENOTICE_OWNER_DATABASE_URL to a worker, which brings them up to date."
	if !program {
		return false, breach.Refuse("old_tables", advice, "this login may not look whether the database's tables are up to date")
	}
	if _, err := conn.Exec(ctx, "SET ROLE duenotice_engine"); err != nil {
		return false, err
	}
	version, oldest, known, err := releaseOf(ctx, conn)
	if err != nil {
		return false, err
	}
	if known && version > newestMigration() {
		return false, mayWorkBeside(int(oldest))
	}
	var rules string
	if err := conn.QueryRow(ctx, "SELECT coalesce(max(sha256), '') FROM access_rules").Scan(&rules); err != nil {
		return false, err
	}
	if version != newestMigration() || rules != accessSum() {
		return false, breach.Refuse("old_tables", advice, "the database's tables are of another version of this program, and this login may not change them")
	}
	return false, nil
}

// newestMigration is the number its file's name begins with.
func newestMigration() (newest int64) {
	names, _ := fs.Glob(migrations, "migrations/*.sql") // fails for a bad pattern only
	for _, name := range names {
		number, err := goose.NumericComponent(name)
		if err == nil {
			newest = max(newest, number)
		}
	}
	return newest
}
