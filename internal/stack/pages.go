package stack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The server of the practices' pages, and its login in the database.
const (
	pages     = "pages"
	pagesUser = "duenotice_pages"
	pagesRole = "duenotice_page"
)

// pagesVariables begin what the pages' server is told by whoever starts the stack.
const pagesVariables = "DUENOTICE_PAGES_"

// PagesURL is the address for the login of the practices' pages.
func (p *Postgres) PagesURL(database string) string { return p.urlFor(pagesUser, database) }

// admitPages makes the pages' login, which can do nothing until the tables are there and
// then what its role may.
func (p *Postgres) admitPages(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.URL(databaseName))
	if err != nil {
		return fmt.Errorf("the pages' login cannot be made: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, fmt.Sprintf(`DO $$ BEGIN
		IF to_regrole('%[2]s') IS NULL THEN CREATE ROLE %[2]s NOLOGIN NOINHERIT; END IF;
		IF to_regrole('%[1]s') IS NULL THEN CREATE ROLE %[1]s INHERIT IN ROLE %[2]s; END IF;
		ALTER ROLE %[1]s LOGIN PASSWORD '%[3]s';
		GRANT CONNECT ON DATABASE %[4]s TO %[1]s;
	END $$`, pagesUser, pagesRole, p.passwordOf(pagesUser), databaseName))
	if err != nil {
		return fmt.Errorf("the pages' login cannot be made: %w", err)
	}
	return nil
}

// placePages says where the pages are: where the environment says, or on this machine
// under a name of their own that nobody can guess, on the port that they had last.
func (i *Info) placePages(ctx context.Context, f folder, database *Postgres) error {
	told := map[string]string{}
	for _, v := range os.Environ() {
		if name, value, _ := strings.Cut(v, "="); strings.HasPrefix(name, pagesVariables) && value != "" {
			told[name] = value
		}
	}
	found := f.keptPorts(pages)
	if _, ok := f.running(pages); !ok || found[0] == 0 {
		var err error
		if found, err = f.choosePorts(ctx, pages, 1); err != nil {
			return err
		}
	}
	if told["DUENOTICE_PAGES_LISTEN"] == "" {
		told["DUENOTICE_PAGES_LISTEN"] = address(found[0])
	}
	if told["DUENOTICE_PAGES_ADDRESS"] == "" {
		name, err := f.localName(pages, "name.json")
		if err != nil {
			return err
		}
		told["DUENOTICE_PAGES_ADDRESS"] = "http://" + net.JoinHostPort(name, strconv.Itoa(found[0]))
	}
	told["DUENOTICE_PAGES_DATABASE_URL"] = database.PagesURL(databaseName)
	i.PagesAddress, i.PagesEnv = told["DUENOTICE_PAGES_ADDRESS"], nil
	for name, value := range told {
		i.PagesEnv = append(i.PagesEnv, name+"="+value)
	}
	slices.Sort(i.PagesEnv)
	i.WorkerEnv = append(i.WorkerEnv, "DUENOTICE_PAGES_ADDRESS="+i.PagesAddress)
	return nil
}

// runPages starts the pages' server and waits until it serves. It runs in a folder of its
// own with nothing in its environment but what it is told: nothing there leads to a key
// or to Temporal.
func (i *Info) runPages(ctx context.Context, f folder, ready func(context.Context, *Info) (bool, error), progress func(string)) error {
	h := sha256.New()
	for _, v := range slices.Concat(i.PagesArgs, i.PagesEnv) {
		fmt.Fprintf(h, "%d:%s", len(v), v)
	}
	wanted := hex.EncodeToString(h.Sum(nil)[:8])
	running, ok := f.running(pages)
	if ok && running.Wanted != wanted {
		progress("Replacing the server of the practices' pages: it is of another build or has other settings")
		if err := stopWorker(ctx, running); err != nil {
			return err
		}
		ok = false
	}
	if !ok {
		for _, p := range f.strays(ctx, []string{pages}, f.isProgram(i.PagesArgs)) {
			if err := stopWorker(ctx, p); err != nil {
				return err
			}
		}
		progress("Starting the server of the practices' pages")
		if _, err := f.start(spec{name: pages, args: i.PagesArgs, env: i.PagesEnv, dir: f.path(pages), wanted: wanted}); err != nil {
			return err
		}
	}
	if ready == nil {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("the server of the practices' pages took too long to start"))
	defer cancel()
	return poll(ctx, func(ctx context.Context) (bool, error) {
		if _, ok := f.running(pages); !ok {
			return false, fmt.Errorf("the server of the practices' pages ended while starting; %s", logTail(f.log(pages)))
		}
		return ready(ctx, i)
	})
}

// isProgram matches a process of this folder's own program by its command line, which is
// only sure when the program itself lies in the folder's bin/.
func (f folder) isProgram(wanted []string) func(args []string) bool {
	return func(args []string) bool {
		return len(args) > 0 && len(wanted) > 0 && filepath.Dir(args[0]) == f.path("bin") && slices.Equal(args[1:], wanted[1:])
	}
}

// PagesRunning tells whether the server of the practices' pages runs.
func (i *Info) PagesRunning() bool {
	_, ok := folder(i.Dir).running(pages)
	return ok
}
