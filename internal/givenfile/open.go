package givenfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"duenotice/internal/breach"
)

// maxSecret bounds what is read of a file that may be neither a key nor a password, in bytes.
const maxSecret = 64 << 10

// Open opens a file for reading that somebody hands over. A link is followed; what
// it leads to must be a regular file, else it is refused with code "not_a_file". The
// caller closes it. One that is missing is an error that is fs.ErrNotExist.
func Open(path string) (*os.File, error) {
	file, err := open(path, 0)
	if err != nil {
		return nil, err
	}
	if _, err := regular(file, path); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Read is the content of a file that Open opens.
func Read(path string) ([]byte, error) {
	file, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	return io.ReadAll(file)
}

// OpenKey opens a key file: regular, named itself and not through a link, of this
// account or of root, and such that nobody else may read or write it. It is refused
// with code "key_file", "key_file_owner" or "key_file_open". The caller closes it.
func OpenKey(path string) (*os.File, error) {
	return openSecret(path, secret{"the key file", "key_file", 0o077})
}

// ReadKey is the content of a file that OpenKey opens, of 64 KiB at most.
func ReadKey(path string) ([]byte, error) {
	file, err := OpenKey(path)
	if err != nil {
		return nil, err
	}
	return readSecret(file, path)
}

// ReadPassword is the content of a file with a password, which may be one that a
// machine's own group reads, as containers hand secrets over; else as ReadKey, with
// codes that begin with "secret_file".
func ReadPassword(path string) ([]byte, error) {
	file, err := openSecret(path, secret{"the file with a secret", "secret_file", 0o027})
	if err != nil {
		return nil, err
	}
	return readSecret(file, path)
}

// StillNamed reports whether a path still leads to the open file, and not through a
// link: only then may the file be replaced under that name.
func StillNamed(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Lstat(path)
	return err == nil && os.SameFile(opened, named)
}

// secret is a kind of file that is kept from others.
type secret struct {
	what, code string
	// forbidden are the permissions that nobody may have.
	forbidden fs.FileMode
}

func openSecret(path string, kind secret) (*os.File, error) {
	file, err := open(path, noFollow)
	if isLink(err) {
		itself, errLink := filepath.EvalSymlinks(path)
		if errLink != nil {
			itself = "the file itself"
		}
		return nil, breach.Refuse(kind.code, "Name "+itself+": a link can be turned to another file.", "%s %s is a symbolic link", kind.what, path)
	}
	if err != nil {
		return nil, err
	}
	info, err := regular(file, path)
	if refusal, ok := breach.AsRefusal(err); ok {
		refusal.Code = kind.code
	}
	if err == nil {
		err = kept(info, path, kind)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func regular(file *os.File, path string) (fs.FileInfo, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("%s cannot be looked at: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, notAFile(path)
	}
	return info, nil
}

func notAFile(path string) error {
	return breach.Refuse("not_a_file", "Give the path of an ordinary file; what comes through a pipe is written into one first.",
		"%s is not an ordinary file", path)
}

// kept refuses a secret that is another account's, or that others may use. Root's own
// are taken because an administrator puts keys into place; root itself takes nobody
// else's, who could have put it there for root to find.
func kept(info fs.FileInfo, path string, kind secret) error {
	if owner, known := ownerOf(info); known && owner != 0 && owner != os.Geteuid() {
		return breach.Refuse(kind.code+"_owner", "Give the file to the account that runs Duenotice.", "%s %s belongs to another account", kind.what, path)
	}
	if info.Mode().Perm()&kind.forbidden != 0 {
		return breach.Refuse(kind.code+"_open", "chmod 600 "+path, "others than its owner may use %s %s (%04o)", kind.what, path, info.Mode().Perm())
	}
	return nil
}

func readSecret(file *os.File, path string) ([]byte, error) {
	defer func() { _ = file.Close() }() // only read
	content, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err == nil && len(content) > maxSecret {
		err = fmt.Errorf("%s is longer than %d bytes, and no file with a key or a password is", path, maxSecret)
	}
	return content, err
}
