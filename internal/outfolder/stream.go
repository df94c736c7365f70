package outfolder

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
)

// bufferSize is how much is gathered before it is hashed and written: letters
// arrive in many small pieces.
const bufferSize = 256 << 10

// File is a file being written. It is hashed as it grows and appears under its
// name at Commit; until then a reader sees the earlier file or none.
type File struct {
	path   string
	temp   *os.File
	buffer *bufio.Writer
	hash   hash.Hash
	bytes  int64
}

// Create begins the file at path, making the folders it needs. The caller
// defers Abort and calls Commit at the end.
func Create(path string) (*File, error) {
	dir := filepath.Dir(path)
	if err := makeFolder(dir); err != nil {
		return nil, fmt.Errorf("make the folder of %s: %w", path, err)
	}
	temp, err := createTemp(dir)
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", path, err)
	}
	f := &File{path: path, temp: temp, hash: sha256.New()}
	f.buffer = bufio.NewWriterSize(hashing{f}, bufferSize)
	return f, nil
}

// hashing is the lower end of the buffer: the disk first, then the hash, so
// that the hash is of what was written.
type hashing struct{ f *File }

func (h hashing) Write(p []byte) (int, error) {
	n, err := h.f.temp.Write(p)
	h.f.hash.Write(p[:n])
	h.f.bytes += int64(n)
	return n, err
}

// Write adds p to the file.
func (f *File) Write(p []byte) (int, error) {
	if f.temp == nil {
		return 0, fmt.Errorf("write to %s: %w", f.path, os.ErrClosed)
	}
	n, err := f.buffer.Write(p)
	if err != nil {
		return n, fmt.Errorf("write to %s: %w", f.path, err)
	}
	return n, nil
}

// Commit puts the content on the disk and gives it its name. An earlier file
// with the same content is left alone. After an error nothing has changed
// under the name, unless it was the last sync of the folder that failed; then
// committing the same content again is right too.
func (f *File) Commit() (Written, error) {
	if f.temp == nil {
		return Written{}, fmt.Errorf("commit %s: %w", f.path, os.ErrClosed)
	}
	defer f.Abort()
	if err := f.buffer.Flush(); err != nil {
		return Written{}, fmt.Errorf("write to %s: %w", f.path, err)
	}
	w := Written{Path: f.path, SHA256: hex.EncodeToString(f.hash.Sum(nil)), Bytes: f.bytes}
	same, err := w.isThere()
	if err != nil {
		return Written{}, err
	}
	if same {
		return w, nil
	}
	if err := f.temp.Sync(); err != nil {
		return Written{}, fmt.Errorf("put %s on the disk: %w", f.path, err)
	}
	if err := os.Rename(f.temp.Name(), f.path); err != nil {
		return Written{}, fmt.Errorf("name %s: %w", f.path, err)
	}
	// The name is given; what Abort would remove is gone, and closing the file
	// gives up the lock.
	closing := f.temp.Close()
	f.temp = nil
	if err := errors.Join(closing, syncFolder(filepath.Dir(f.path))); err != nil {
		return Written{}, fmt.Errorf("put the name of %s on the disk: %w", f.path, err)
	}
	return w, nil
}

// Sum is the SHA-256 of what was written so far.
func (f *File) Sum() (string, error) {
	if err := f.buffer.Flush(); err != nil {
		return "", fmt.Errorf("write to %s: %w", f.path, err)
	}
	return hex.EncodeToString(f.hash.Sum(nil)), nil
}

// Abort forgets the file. After Commit it does nothing.
func (f *File) Abort() {
	if f.temp == nil {
		return
	}
	// Removed while the lock is held, so that CleanTemps cannot take hold of
	// it between. A failure leaves a temporary file for CleanTemps, no more.
	_ = os.Remove(f.temp.Name())
	_ = f.temp.Close()
	f.temp = nil
}

// Close is Abort for those who want an io.WriteCloser: without a Commit
// nothing is kept.
func (f *File) Close() error {
	f.Abort()
	return nil
}
