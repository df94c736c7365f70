package casefolder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/howfar"
)

// fileSum is what a file held when it was read.
type fileSum struct {
	size   int64
	sha256 string
}

// addTo adds a file to the hash of its folder, so that no two folders with
// different files, sizes or contents come to the same text.
func (s fileSum) addTo(h hash.Hash, name string) {
	fmt.Fprintf(h, "%s %d %s\n", name, s.size, s.sha256)
}

// readFile opens a file for reading only, gives it to read (in order, and for
// reading again at a place) and returns what the file held, to its end even
// when read stopped before it. How many bytes were read is told (howfar).
func readFile(ctx context.Context, path string, read func(src io.Reader, file io.ReaderAt) error) (fileSum, error) {
	file, err := givenfile.Open(path)
	if err != nil {
		return fileSum{}, fmt.Errorf("open the case folder: %w", err)
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return fileSum{}, fmt.Errorf("open the case folder: %w", err)
	}
	tap := &hashingReader{src: howfar.Reader(file, int(info.Size()), howfar.Of(ctx)), hash: sha256.New()}
	if err := read(tap, file); err != nil {
		return fileSum{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if _, err := io.Copy(io.Discard, tap); err != nil {
		return fileSum{}, fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return fileSum{tap.size, hex.EncodeToString(tap.hash.Sum(nil))}, nil
}

// hashingReader hashes and counts what passes through it.
type hashingReader struct {
	src  io.Reader
	hash hash.Hash
	size int64
}

func (r *hashingReader) Read(p []byte) (int, error) {
	n, err := r.src.Read(p)
	r.hash.Write(p[:n])
	r.size += int64(n)
	return n, err
}

// errChanged is a list that is not the one that was checked.
var errChanged = breach.Refuse("list_changed", "Run `duenotice validate` again, then repeat the command; leave the file alone meanwhile.",
	"the list of people was changed after it was checked")

// streamUnchanged streams a list that must have the given hash.
func streamUnchanged(ctx context.Context, path, sha256 string, columns []column, names headerNames, each func(row int, p *breach.Person) error) error {
	sum, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) error { return streamPeople(ctx, src, columns, names, each) })
	if err != nil {
		return err
	}
	if sum.sha256 != sha256 {
		return errChanged
	}
	return nil
}
