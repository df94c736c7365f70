package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// fetcher gets PostgreSQL's programs from elsewhere; major 0 means any version.
type fetcher func(ctx context.Context, major int) (binaries, error)

// fetchable are the versions that embedded-postgres knows.
var fetchable = map[int]embeddedpostgres.PostgresVersion{
	0:  embeddedpostgres.V18,
	14: embeddedpostgres.V14,
	15: embeddedpostgres.V15,
	16: embeddedpostgres.V16,
	17: embeddedpostgres.V17,
	18: embeddedpostgres.V18,
}

// fetchFrom returns the fetcher that keeps what it got below home. repository is
// another Maven repository than the usual one, or empty.
//
// embedded-postgres has no step that only fetches: its Start fetches, unpacks,
// makes a cluster and runs it. We want the unpacked programs, so the cluster is
// one for throwing away, and its failing (always as root) is no failure here.
// Our own code then runs the programs, as the right user and with our settings.
func fetchFrom(home, repository string) fetcher {
	return func(ctx context.Context, major int) (binaries, error) {
		version, ok := fetchable[major]
		if !ok {
			return binaries{}, fmt.Errorf("version %d is not on offer", major)
		}
		dir := filepath.Join(home, "postgresql-"+string(version))
		unlock, err := Lock(ctx, dir+".lock", nil)
		if err != nil {
			return binaries{}, err
		}
		defer unlock()
		if b, ok := binariesIn(ctx, filepath.Join(dir, "bin")); ok {
			return b, nil
		}

		scratch, err := os.MkdirTemp("", "duenotice-postgres-")
		if err != nil {
			return binaries{}, err
		}
		defer func() { _ = os.RemoveAll(scratch) }()
		port, err := ports(ctx, 1, nil)
		if err != nil {
			return binaries{}, err
		}
		config := embeddedpostgres.DefaultConfig().Version(version).BinariesPath(dir).Logger(io.Discard).
			CachePath(filepath.Join(scratch, "archive")).RuntimePath(filepath.Join(scratch, "run")).
			DataPath(filepath.Join(scratch, "data")).Port(uint32(port[0])).StartTimeout(time.Minute)
		if repository != "" {
			config = config.BinaryRepositoryURL(repository)
		}
		started := make(chan error, 1)
		go func() { // Start takes no context
			db := embeddedpostgres.NewDatabase(config)
			err := db.Start()
			if err == nil {
				err = db.Stop()
			}
			started <- err
		}()
		select {
		case err = <-started:
		case <-ctx.Done():
			return binaries{}, context.Cause(ctx)
		}
		b, ok := binariesIn(ctx, filepath.Join(dir, "bin"))
		if !ok {
			return binaries{}, errors.Join(err, os.RemoveAll(dir)) // half an archive would count as a whole one next time
		}
		return b, nil
	}
}

// fetchHome is where fetched programs are kept: the user's cache, or as root a
// folder that the user PostgreSQL runs as can enter.
func fetchHome(as *account) (string, error) {
	if as != nil {
		return systemHome, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep PostgreSQL in: %w", err)
	}
	return filepath.Join(cache, "duenotice"), nil
}
