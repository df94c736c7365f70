package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// TryLock takes an exclusive lock on path and returns the function that gives it
// back; ok is false when somebody else holds it. The kernel drops the lock when
// its holder dies, so a crash leaves nothing to clean, and a lock that can be
// had tells that whoever held it is gone.
func TryLock(path string) (unlock func(), ok bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o711); err != nil {
		return nil, false, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, err
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == nil:
		return func() { _ = f.Close() }, true, nil // closing gives the lock back; nothing was written
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return nil, false, f.Close()
	default:
		return nil, false, errors.Join(fmt.Errorf("cannot lock %s: %w", path, err), f.Close())
	}
}

// Lock is TryLock that waits. waiting is called once when it has to.
func Lock(ctx context.Context, path string, waiting func()) (unlock func(), err error) {
	err = poll(ctx, func(context.Context) (ok bool, err error) {
		unlock, ok, err = TryLock(path)
		if !ok && err == nil && waiting != nil {
			waiting()
			waiting = nil
		}
		return ok, err
	})
	return unlock, err
}

// pollEvery is how often poll asks. Short, because it adds to every start.
const pollEvery = 25 * time.Millisecond

// poll calls ask until it says done, fails, or ctx ends.
func poll(ctx context.Context, ask func(context.Context) (done bool, err error)) error {
	ticker := time.NewTicker(pollEvery)
	defer ticker.Stop()
	for {
		done, err := ask(ctx)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}
