//go:build linux || darwin

package app

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// beginAnew puts this program in the place of itself: the same process by its number and
// its birth, so that whoever watches it sees no other, with memory in which nothing ever
// was. It returns only with an error, and then all goes on as before.
func (s sockets) beginAnew() error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	var numbers []string
	for _, file := range s {
		// Not by Fd, which makes the socket wait for others: listeners may go on with it.
		raw, err := file.SyscallConn()
		if err != nil {
			return err
		}
		var kept error
		if err := raw.Control(func(fd uintptr) {
			numbers = append(numbers, strconv.Itoa(int(fd)))
			_, kept = unix.FcntlInt(fd, unix.F_SETFD, 0)
		}); err != nil {
			return err
		}
		if kept != nil {
			return fmt.Errorf("a socket cannot be kept: %w", kept)
		}
	}
	return syscall.Exec(program, os.Args, namingSockets(os.Environ(), numbers))
}

// noDump keeps the system from writing this process's memory to a file when it fails.
func noDump() error {
	return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
