package postgres

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// Several programs work on the same cases while one takes the other's place. Two
// things decide whether that goes well, and both are decided here: whether an earlier
// program can work with these tables, and from when on new paths of the workflows are
// taken, which an earlier program could not carry on (ADR 0247, 0248).

// quiet is after how long without a sign a worker is taken for gone: longer than it is
// given to come back from a slow disk or a lost connection.
const quiet = 2 * time.Minute

// Sign is what a worker says of itself.
type Sign struct {
	// Worker is its name in the database, and Queue the task queue it works on.
	Worker, Queue string
	// Problem keeps it from working; "" when nothing does.
	Problem string
	// Build is what the program was built from, as --version says it.
	Build string
	// Changes is how many changes of the workflows' course it knows.
	Changes int
}

// Sign is a worker's sign of life. It returns how many changes of the workflows' course
// are taken up, by this worker too: as many as every worker knows that lives. A program
// that does not know all that were taken up before is refused with code
// "newer_workflows", one that cannot work with these tables with "newer_tables".
func (s *Store) Sign(ctx context.Context, sign Sign) (taken int, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		release, err := q.LockRelease(ctx)
		if err != nil {
			return err
		}
		if err := mayWorkBeside(release.Tables); err != nil {
			return err
		}
		if sign.Changes < release.Changes {
			return breach.Refuse("newer_workflows",
				"Start the newer program again; nothing is lost meanwhile. To go back to an earlier one for good, mend forward: release its behaviour as a newer program.",
				"cases are carried on by %d changes of the workflows' course, of which this program knows %d", release.Changes, sign.Changes)
		}
		err = q.SignOfLife(ctx, sqlgen.SignOfLifeParams{
			Worker: sign.Worker, Queue: sign.Queue, Problem: sign.Problem, Build: sign.Build, Tables: int(newestMigration()), Changes: sign.Changes,
		})
		if err != nil {
			return err
		}
		if taken = release.Changes; taken == sign.Changes {
			return nil
		}
		taken, err = q.TakeUpChanges(ctx, quiet.Seconds())
		return err
	})
	return taken, err
}

// Programs returns which programs work on the task queue, the newest first, and how
// many changes of the workflows' course are taken up.
func (s *Store) Programs(ctx context.Context, queue string) (list []casebook.Program, taken int, err error) {
	rows, err := s.q.WorkersAtWork(ctx, sqlgen.WorkersAtWorkParams{Queue: queue, QuietSeconds: quiet.Seconds()})
	if err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		list = append(list, casebook.Program{Build: r.Build, Tables: r.Tables, Changes: r.Changes, Workers: r.Workers})
	}
	taken, err = s.q.TakenUp(ctx)
	return list, taken, err
}

// mayWorkBeside refuses where the tables are too new for this program.
func mayWorkBeside(oldest int) error {
	if own := int(newestMigration()); own < oldest {
		return breach.Refuse("newer_tables", "Start the newer program again. To go back to this one, restore the backup from before the upgrade.",
			"the database's tables are for programs that expect %05d or later, and this one expects %05d", oldest, own)
	}
	return nil
}

// beside is the line of a migration after which programs from before it may go on
// working, and ended the one after which they must not. Without either they must not.
const (
	beside = "-- Earlier programs: may run beside these tables."
	ended  = "-- Earlier programs: have to end first."
)

// oldestBeside is which tables a program must expect at least that works with the
// tables of the migrations in files: the newest migration that earlier programs cannot
// work beside. Before first nobody said so: programs of then do not ask.
func oldestBeside(files fs.FS) (oldest int64, err error) {
	const first = 205
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		number, err := goose.NumericComponent(name)
		if err != nil || number < first {
			continue
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return 0, err
		}
		if !strings.Contains(string(content), "\n"+beside+"\n") {
			oldest = max(oldest, number)
		}
	}
	return oldest, nil
}

// release is what the database says of the programs that may work with it; ok is
// false where its tables are from before it said so.
func releaseOf(ctx context.Context, conn *pgx.Conn) (version, oldest int64, ok bool, err error) {
	var there bool
	err = conn.QueryRow(ctx, "SELECT to_regclass('public.goose_db_version') IS NOT NULL, to_regclass('public.release') IS NOT NULL").Scan(&there, &ok)
	if err != nil || !there {
		return 0, 0, false, err
	}
	if err := conn.QueryRow(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&version); err != nil || !ok {
		return version, 0, false, err
	}
	err = conn.QueryRow(ctx, "SELECT tables FROM release").Scan(&oldest)
	return version, oldest, true, err
}

// endedBefore refuses to change the tables to such that workers who are at work could
// not go on with.
func endedBefore(ctx context.Context, conn *pgx.Conn, oldest int64) error {
	var workers int
	var builds string
	err := conn.QueryRow(ctx, `SELECT count(*), coalesce(string_agg(DISTINCT build, ', '), '') FROM worker_sign
		WHERE NOT ended AND tables < $1 AND seen_at > clock_timestamp() - make_interval(secs => $2)`, oldest, quiet.Seconds()).Scan(&workers, &builds)
	if err != nil || workers == 0 {
		return err
	}
	return breach.Refuse("older_workers", fmt.Sprintf("End them, and start this one again; a worker that is gone without a word counts as ended after %d minutes.", int(quiet.Minutes())),
		"the tables would be changed so that %d workers of an earlier program (%s) could not work with them any more", workers, builds)
}
