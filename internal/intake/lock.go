package intake

import (
	"errors"
	"os"
	"syscall"
)

// lock takes a lock on a file that the system lets go when the process ends, however it
// does. taken is false when another process has it.
func lock(file *os.File) (taken bool, err error) {
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
