package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"duenotice/internal/authority"
	"duenotice/internal/stack"
)

// Servers is a PostgreSQL and a Temporal server for tests, each started when it
// is first asked for and kept nowhere.
type Servers struct {
	progress func(string)

	folder   lazy[string]
	postgres lazy[string]
	temporal lazy[temporalAt]
	objects  lazy[ObjectStore]
	// stopObjects ends the object store, nil where none was started.
	stopObjects func() error
	release     func() // gives up the lock that says we are alive
}

// NewServers starts nothing yet. progress receives one line per step; nil drops
// them. Stop must be called in the end.
func NewServers(progress func(string)) *Servers { return &Servers{progress: progress} }

// DatabaseURL is the address of the PostgreSQL server, with a user who may
// create databases. An error says what to install.
func (s *Servers) DatabaseURL(ctx context.Context) (string, error) {
	if given := os.Getenv("DUENOTICE_TEST_DATABASE_URL"); given != "" {
		return given, nil
	}
	return s.postgres.get(func() (string, error) {
		dir, err := s.dir(ctx)
		if err != nil {
			return "", err
		}
		p, err := stack.StartPostgres(ctx, dir, stack.PostgresOptions{Throwaway: true, Progress: s.progress})
		if err != nil {
			return "", err
		}
		return p.URL("postgres"), nil
	})
}

// temporalAt is where a Temporal server is and what to speak to it with.
type temporalAt struct {
	address      string
	certificates authority.Folder
}

// Temporal is host:port of the Temporal server, and the folder with its certificates.
func (s *Servers) Temporal(ctx context.Context) (address string, certificates authority.Folder, err error) {
	if given := os.Getenv("DUENOTICE_TEST_TEMPORAL_ADDRESS"); given != "" {
		return given, authority.Folder(os.Getenv("DUENOTICE_TEST_TEMPORAL_CERTIFICATES")), nil
	}
	at, err := s.temporal.get(func() (temporalAt, error) {
		dir, err := s.dir(ctx)
		if err != nil {
			return temporalAt{}, err
		}
		t, err := stack.StartTemporal(ctx, dir, stack.TemporalOptions{Throwaway: true, Progress: s.progress})
		if err != nil {
			return temporalAt{}, err
		}
		return temporalAt{address: t.Address, certificates: t.Certificates}, nil
	})
	return at.address, at.certificates, err
}

// Stop ends the servers and removes what they kept.
func (s *Servers) Stop(ctx context.Context) error {
	dir, err := s.folder.get(func() (string, error) { return "", nil })
	if err != nil || dir == "" {
		return nil // none was started
	}
	defer s.release()
	var objects error
	if s.stopObjects != nil {
		objects = s.stopObjects()
	}
	return errors.Join(objects, stack.Remove(ctx, dir, nil))
}

// dir is the folder of these servers. It is locked for as long as we live.
func (s *Servers) dir(ctx context.Context) (string, error) {
	return s.folder.get(func() (string, error) {
		all := filepath.Join(os.TempDir(), "duenotice-test-"+strconv.Itoa(os.Geteuid()))
		if err := os.MkdirAll(all, 0o711); err != nil {
			return "", err
		}
		// Sweeping and making a folder take turns, or one not yet locked would be swept.
		unlock, err := stack.Lock(ctx, filepath.Join(all, "lock"), nil)
		if err != nil {
			return "", err
		}
		defer unlock()
		sweep(ctx, all)
		dir, err := os.MkdirTemp(all, "servers-")
		if err != nil {
			return "", err
		}
		// PostgreSQL, run as another user than root, has to pass through.
		if err := os.Chmod(dir, 0o711); err != nil {
			return "", err
		}
		release, ok, err := stack.TryLock(filepath.Join(dir, "alive"))
		if err != nil || !ok {
			return "", errors.Join(fmt.Errorf("cannot lock %s", dir), err)
		}
		s.release = release
		return dir, nil
	})
}

// sweep stops and removes the servers of test programs that were killed and
// could not do it themselves.
func sweep(ctx context.Context, all string) {
	found, err := filepath.Glob(filepath.Join(all, "servers-*"))
	if err != nil {
		return
	}
	for _, dir := range found {
		if unlock, ok, err := stack.TryLock(filepath.Join(dir, "alive")); ok && err == nil {
			_ = stack.Remove(ctx, dir, nil) // what stays is swept next time
			unlock()
		}
	}
}

// lazy is a value made when it is first asked for.
type lazy[T any] struct {
	once  sync.Once
	value T
	err   error
}

func (l *lazy[T]) get(create func() (T, error)) (T, error) {
	l.once.Do(func() { l.value, l.err = create() })
	return l.value, l.err
}
