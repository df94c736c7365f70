//go:build unix

package givenfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// noFollow has a link as the path's last part not be followed.
const noFollow = syscall.O_NOFOLLOW

// open opens a file for reading. Without O_NONBLOCK a pipe that nobody writes to
// would be waited for; of a regular file the flag says nothing.
func open(path string, flags int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC|flags, 0)
	if errors.Is(err, syscall.ENXIO) { // a socket
		return nil, notAFile(path)
	}
	return file, err
}

// isLink reports an error of open because the path is a link and noFollow was given.
func isLink(err error) bool { return errors.Is(err, syscall.ELOOP) }

// ownerOf is the account that a file belongs to, by number.
func ownerOf(info fs.FileInfo) (uid int, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(stat.Uid), true
}
