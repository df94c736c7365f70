package stack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// databaseUser owns the cluster; programUser is how the program works in it:
	// a member of what internal/postgres/access.sql gives rights to, and no more.
	databaseUser = "duenotice"
	programUser  = "duenotice_program"
	programRole  = "duenotice_app"
	databaseName = "duenotice"
	// startLimit bounds the wait for a server. PostgreSQL after a crash replays its
	// log first, which takes minutes for a large one.
	startLimit = 5 * time.Minute
	postgres   = "postgres"
)

// PostgresOptions says how a private PostgreSQL is run.
type PostgresOptions struct {
	// Throwaway is for tests: nothing is kept safe from a crash of the machine,
	// which makes it several times as fast.
	Throwaway bool
	// Progress receives one line per step; nil drops them.
	Progress func(string)
}

func (o PostgresOptions) progress(line string) {
	if o.Progress != nil {
		o.Progress(line)
	}
}

// Postgres is a running private PostgreSQL.
type Postgres struct {
	proc     *proc
	port     int
	password string
}

// URL is the address of the database of this name for its owner, with the password.
func (p *Postgres) URL(database string) string { return p.urlFor(databaseUser, database) }

// ProgramURL is the address for the login that owns nothing.
func (p *Postgres) ProgramURL(database string) string { return p.urlFor(programUser, database) }

func (p *Postgres) urlFor(login, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(login, p.passwordOf(login)),
		Host: address(p.port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Stop ends the server, rolling back what is under way, and keeps its data.
func (p *Postgres) Stop(ctx context.Context) error { return stopPostgres(ctx, p.proc) }

func stopPostgres(ctx context.Context, p *proc) error {
	return p.stop(ctx, syscall.SIGINT, time.Minute) // SIGINT is PostgreSQL's "fast" shutdown
}

// StartPostgres runs the private PostgreSQL of the state folder dir, making its
// cluster the first time, and returns once it takes connections and the database
// "duenotice" exists. One that runs already is returned as it is. The caller
// keeps others from doing the same at the same time.
func StartPostgres(ctx context.Context, dir string, o PostgresOptions) (*Postgres, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	if err := f.create(); err != nil {
		return nil, err
	}
	var c *cluster
	running, ok := f.running(postgres)
	if !ok {
		// Not under the limit below: it may have to be fetched first.
		if c, err = prepareCluster(ctx, f, o); err != nil {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("PostgreSQL took too long to start"))
	defer cancel()
	if ok {
		p := &Postgres{proc: running, port: f.keptPorts(postgres)[0]}
		if p.password, err = f.databasePassword(true); err != nil {
			return nil, err
		}
		return p, p.ready(ctx)
	}
	if err := c.clearLeftovers(ctx); err != nil {
		return nil, err
	}
	o.progress("Starting PostgreSQL")
	for {
		p, err := c.startOnce(ctx, o)
		if !errors.Is(err, errTryAgain) {
			return p, err
		}
	}
}

// errTryAgain is for a start that failed for a reason that passes.
var errTryAgain = errors.New("try again")

func (c *cluster) startOnce(ctx context.Context, o PostgresOptions) (*Postgres, error) {
	port, err := c.folder.choosePorts(ctx, postgres, 1)
	if err != nil {
		return nil, err
	}
	log := c.folder.log(postgres)
	from := size(log)
	running, err := c.folder.start(spec{
		name: postgres, args: c.serverArgs(port[0], o.Throwaway), env: postgresEnv(), dir: c.data(), user: c.as,
	})
	if err != nil {
		return nil, err
	}
	p := &Postgres{proc: running, port: port[0], password: c.password}
	if err = p.ready(ctx); err == nil {
		return p, nil
	}
	if running.alive() {
		// Nobody waits for it any more; it must not stay behind unnoticed.
		return nil, errors.Join(err, p.Stop(context.WithoutCancel(ctx)))
	}
	printed := since(log, from)
	for _, passing := range []string{
		"Address already in use", // somebody took the port after we had found it free
		"is still in use",        // children of a killed server, about to notice and end
	} {
		if strings.Contains(printed, passing) && ctx.Err() == nil {
			return nil, errTryAgain
		}
	}
	return nil, err
}

// ready waits until the server takes connections, and makes the database. That
// it is our server and no other's is settled by SCRAM: each side proves to the
// other that it knows the password.
func (p *Postgres) ready(ctx context.Context) error {
	return poll(ctx, func(ctx context.Context) (bool, error) {
		if !p.proc.alive() {
			return false, fmt.Errorf("PostgreSQL ended while starting; %s", logTail(p.proc.folder.log(postgres)))
		}
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		conn, err := pgx.Connect(attempt, p.URL("postgres"))
		if err != nil {
			var refused *pgconn.PgError
			if errors.As(err, &refused) && strings.HasPrefix(refused.Code, "28") {
				return false, fmt.Errorf("PostgreSQL on %s refuses the password in %s: %w",
					address(p.port), p.proc.folder.path("postgres", "password"), err)
			}
			return false, nil
		}
		defer func() { _ = conn.Close(ctx) }()
		var exists bool
		err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", databaseName).Scan(&exists)
		if err == nil && !exists {
			_, err = conn.Exec(ctx, "CREATE DATABASE "+databaseName)
		}
		if err == nil {
			err = p.admitProgram(ctx, conn)
		}
		return err == nil, err
	})
}

// passwordOf derives the program's password from the owner's, so that one secret
// is kept: whoever has the program's does not have the owner's by it.
func (p *Postgres) passwordOf(login string) string {
	if login == databaseUser {
		return p.password
	}
	sum := sha256.Sum256([]byte(login + " " + p.password))
	return hex.EncodeToString(sum[:])
}

// keepsConnections is the first version of PostgreSQL that can keep connections for
// some logins.
const keepsConnections = 16

// admitProgram makes the program's login, or gives it the password it must have.
func (p *Postgres) admitProgram(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, fmt.Sprintf(`DO $$ BEGIN
		IF to_regrole('%[2]s') IS NULL THEN CREATE ROLE %[2]s NOLOGIN NOINHERIT; END IF;
		IF to_regrole('%[1]s') IS NULL THEN CREATE ROLE %[1]s NOINHERIT IN ROLE %[2]s; END IF;
		ALTER ROLE %[1]s LOGIN PASSWORD '%[3]s';
		GRANT CONNECT ON DATABASE %[4]s TO %[1]s;
		IF to_regrole('pg_use_reserved_connections') IS NOT NULL THEN GRANT pg_use_reserved_connections TO %[1]s; END IF;
	END $$`, programUser, programRole, p.passwordOf(programUser), databaseName))
	return err
}

// serverArgs is the server's command line. All settings stand here and none in
// the cluster's own files, so a newer version of this program brings its own.
func (c *cluster) serverArgs(port int, throwaway bool) []string {
	settings := []string{
		"listen_addresses=" + loopback, "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"max_connections=100", "shared_buffers=128MB", "jit=off",
		"timezone=UTC", "log_timezone=UTC", "log_destination=stderr", "logging_collector=off",
		// Errors of statements are not logged at all, and others without detail: their
		// words quote values, and values here are patients'. The worker sees them.
		"log_min_messages=log", "log_min_error_statement=panic", "log_error_verbosity=terse", "log_checkpoints=off",
	}
	if c.bin.major >= keepsConnections {
		// Those that people's own logins cannot take.
		settings = append(settings, "reserved_connections=50")
	}
	if throwaway {
		// Many tests at once, each with a pool of its own.
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=400")
	}
	args := []string{c.bin.program("postgres"), "-D", c.data()}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}

// clearLeftovers ends a server of this cluster that nobody recorded, and removes
// a postmaster.pid whose number a program that is not PostgreSQL has by now:
// PostgreSQL itself would take that program for a server of this cluster. In all
// other cases the file stays, for its second use: it tells the next server about
// children of the last one that are still alive.
func (c *cluster) clearLeftovers(ctx context.Context) error {
	for _, p := range c.folder.strays(ctx, []string{postgres}, isPostgresOf(c.data())) {
		if err := stopPostgres(ctx, p); err != nil {
			return err
		}
	}
	path := filepath.Join(c.data(), "postmaster.pid")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot read what the last PostgreSQL left: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err == nil && identity(pid) != "" && !strings.HasPrefix(programOf(pid), "postgres") {
		return os.Remove(path)
	}
	return nil
}

// isPostgresOf matches the command line of a server of this data folder.
func isPostgresOf(data string) func(args []string) bool {
	return func(args []string) bool {
		return len(args) > 2 && filepath.Base(args[0]) == "postgres" && args[1] == "-D" && args[2] == data
	}
}

// Tool is the path of one of PostgreSQL's own programs, such as pg_dump, of the version
// of this server.
func (p *Postgres) Tool(name string) string {
	return filepath.Join(filepath.Dir(p.proc.Command[0]), name)
}
