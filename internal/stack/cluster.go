package stack

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// systemHome is where things go that the user PostgreSQL runs as could not reach
// in the state folder. Only used as root.
const systemHome = "/var/lib/duenotice"

// cluster is a PostgreSQL data folder and what is needed to run it.
type cluster struct {
	folder   folder
	as       *account
	home     string // holds data/; postgres/ in the state folder unless moved
	password string
	bin      binaries
}

func (c *cluster) data() string { return filepath.Join(c.home, "data") }

// prepareCluster finds the folder's cluster, or makes one.
func prepareCluster(ctx context.Context, f folder, o PostgresOptions) (*cluster, error) {
	as, err := postgresAccount()
	if err != nil {
		return nil, err
	}
	c := &cluster{folder: f, as: as, home: f.clusterHome()}
	major := 0
	if version, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION")); err == nil {
		if major, err = strconv.Atoi(strings.TrimSpace(string(version))); err != nil {
			return nil, fmt.Errorf("%s does not hold the data of PostgreSQL 10 or newer", c.data())
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("cannot read the database's folder: %w", err)
	}
	fetched, err := fetchHome(as)
	if err != nil {
		return nil, err
	}
	if c.bin, err = findPostgres(ctx, major, fetchFrom(fetched, ""), o.progress); err != nil {
		return nil, err
	}
	if c.password, err = f.databasePassword(major != 0); err != nil {
		return nil, err
	}
	if major != 0 {
		return c, nil
	}
	if err := c.chooseHome(ctx); err != nil {
		return nil, err
	}
	o.progress(fmt.Sprintf("Making a private PostgreSQL %d cluster", c.bin.major))
	return c, c.init(ctx, o)
}

// DatabaseFolder is where the stack in dir keeps its database: below dir, unless
// PostgreSQL runs as another account that cannot enter there.
func DatabaseFolder(dir string) (string, error) {
	f, err := openFolder(dir)
	return f.clusterHome(), err
}

// clusterHome is the folder in which data/ lives.
func (f folder) clusterHome() string {
	if moved, err := os.ReadFile(f.path("postgres", "location")); err == nil {
		if home := strings.TrimSpace(string(moved)); filepath.Dir(home) == systemHome {
			return home
		}
	}
	return f.path("postgres")
}

// databasePassword returns the cluster's password, made once. existing says that
// there is a cluster already, which then has a password we cannot guess.
func (f folder) databasePassword(existing bool) (string, error) {
	path := f.path("postgres", "password")
	data, err := os.ReadFile(path)
	switch {
	case err == nil && len(strings.TrimSpace(string(data))) > 0:
		return strings.TrimSpace(string(data)), nil
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return "", fmt.Errorf("cannot read the database's password: %w", err)
	case existing:
		return "", fmt.Errorf("the database has a password, and %s, which held it, is gone: put it back from a backup", path)
	}
	password := rand.Text()
	return password, writeFile(path, []byte(password+"\n"), 0o600)
}

// chooseHome moves the cluster out of the state folder when the user it runs as
// cannot enter that. Trying is the only sure test: modes, access lists and mount
// options all have a say.
func (c *cluster) chooseHome(ctx context.Context) error {
	if c.as == nil {
		return nil
	}
	if err := c.command(ctx, c.home, "postgres", "--version").Run(); err == nil {
		return nil
	}
	cannot := func(err error) error {
		return fmt.Errorf("the user %s, whom PostgreSQL has to run as, cannot enter %s, and its data cannot go elsewhere: %w",
			c.as.name, c.folder, err)
	}
	if err := os.MkdirAll(systemHome, 0o711); err != nil {
		return cannot(err)
	}
	// Never one that is there: it belongs to an earlier state folder of this name
	// that was deleted, and may hold somebody's only evidence.
	sum := sha256.Sum256([]byte(c.folder))
	home, err := os.MkdirTemp(systemHome, hex.EncodeToString(sum[:6])+"-")
	if err != nil {
		return cannot(err)
	}
	c.home = home
	return errors.Join(
		os.Chmod(home, 0o711),
		writeFile(filepath.Join(home, "belongs-to"), []byte(string(c.folder)+"\n"), 0o644),
		writeFile(c.folder.path("postgres", "location"), []byte(home+"\n"), 0o644),
	)
}

// init makes the cluster under another name and renames it when it is whole: a
// data folder that is there is one that works.
func (c *cluster) init(ctx context.Context, o PostgresOptions) error {
	fresh, secret := filepath.Join(c.home, "data.new"), filepath.Join(c.home, "secret.new")
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("cannot remove what an interrupted start left: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("cannot make the database's folder: %w", err)
	}
	if err := writeFile(secret, []byte(c.password+"\n"), 0o600); err != nil {
		return fmt.Errorf("cannot pass the database's password on: %w", err)
	}
	defer func() { _ = os.Remove(secret) }()
	if err := errors.Join(c.as.own(fresh), c.as.own(secret)); err != nil {
		return fmt.Errorf("cannot give the database's folder to the user it runs as: %w", err)
	}
	args := []string{
		"--pgdata=" + fresh, "--username=" + databaseUser, "--pwfile=" + secret,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums",
	}
	if o.Throwaway {
		args = append(args, "--no-sync")
	}
	if out, err := c.command(ctx, fresh, "initdb", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("PostgreSQL's initdb failed: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return os.Rename(fresh, c.data())
}

// command runs one of PostgreSQL's programs as the cluster's user.
func (c *cluster) command(ctx context.Context, dir, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.bin.program(program), args...)
	cmd.Dir, cmd.Env = dir, postgresEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as.credential()}
	return cmd
}

// postgresEnv is the environment of PostgreSQL's programs. Nothing of the
// person's own PG... variables, which could point at another server, and plain
// messages, which the reading of the log relies on.
func postgresEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
}
