package outfolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Temporary files begin with tempPrefix, which no name of the contract does.
const tempPrefix = ".duenotice-part-"

// Unfinished reports whether path is of a file that is being written.
func Unfinished(path string) bool { return isTemp(filepath.Base(path)) }

func isTemp(name string) bool { return strings.HasPrefix(name, tempPrefix) }

// createTemp makes a temporary file in dir and locks it. The lock says that
// its writer lives: the kernel gives it up when the process dies, however it
// dies, and so a crashed run's files can be told from a running one's.
func createTemp(dir string) (*os.File, error) {
	for {
		f, err := os.CreateTemp(dir, tempPrefix+"*")
		if err != nil {
			return nil, err
		}
		held, err := lock(f)
		if err != nil {
			return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
		if held && isStill(f) {
			return f, nil
		}
		// CleanTemps of another process saw the file before it was locked and
		// has removed it or is about to: take another.
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

// lock takes the file's lock if nobody holds it.
func lock(f *os.File) (held bool, err error) {
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, syscall.EINTR):
			return false, fmt.Errorf("lock %s: %w", f.Name(), err)
		}
	}
}

// isStill reports whether f is still what its name leads to.
func isStill(f *os.File) bool {
	open, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(f.Name())
	return err == nil && os.SameFile(open, named)
}

// CleanTemps removes what crashed runs left half-written in dir and below, and
// says how many there were. Files another process is still writing are left. A
// dir that does not exist holds nothing.
func CleanTemps(dir string) (removed int, err error) {
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() || !isTemp(entry.Name()) {
			return nil
		}
		gone, err := removeIfDead(path)
		if gone {
			removed++
		}
		return err
	})
	if err != nil {
		return removed, fmt.Errorf("clean up after a crashed run: %w", err)
	}
	return removed, nil
}

func removeIfDead(path string) (bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	held, err := lock(f)
	if err != nil || !held || !isStill(f) {
		return false, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	return true, nil
}
