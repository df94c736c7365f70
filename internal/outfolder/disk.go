package outfolder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/givenfile"
)

// disk is a folder of a file system: this machine's, or one that several machines
// have mounted.
type disk struct{ root string }

// Address is the file's path.
func (d disk) Address(key string) string { return filepath.Join(d.root, filepath.FromSlash(key)) }

// Key is the path as seen from the folder.
func (d disk) Key(address string) (string, bool) {
	key, err := filepath.Rel(d.root, address)
	return filepath.ToSlash(key), err == nil && filepath.IsLocal(key)
}

// Ready writes a file and takes it away, making the folder where it is not there.
func (d disk) Ready(context.Context) error {
	if err := makeFolder(d.root); err != nil {
		return fmt.Errorf("the output folder cannot be made: %w", err)
	}
	probe, err := createTemp(d.root)
	if err != nil {
		return fmt.Errorf("the output folder cannot be written to: %w", err)
	}
	return errors.Join(os.Remove(probe.Name()), probe.Close())
}

// Create begins a file beside its name.
func (d disk) Create(key string) (Draft, error) {
	file, err := Create(d.Address(key))
	if err != nil {
		return nil, err
	}
	return diskDraft{file}, nil
}

// Write writes the file beside its name and names it.
func (d disk) Write(_ context.Context, key string, content []byte) error {
	_, err := WriteFile(d.Address(key), content)
	return err
}

type diskDraft struct{ *File }

// Commit names the file.
func (d diskDraft) Commit(_ context.Context, plain *Content) (Found, error) {
	w, err := d.File.Commit()
	return Found{Content: Content{w.SHA256, w.Bytes}, Plain: plain}, err
}

// CreateOnce links the file under its name, which only one can.
func (d disk) CreateOnce(_ context.Context, key string, content []byte) error {
	path := d.Address(key)
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	temp, err := createTemp(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // linked under its own name by then
	_, err = io.Copy(temp, bytes.NewReader(content))
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	err = os.Link(temp.Name(), path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Lstat(path); there == nil {
			return fs.ErrExist
		}
		err = os.Rename(temp.Name(), path) // a file system without links
	}
	return err
}

// Find reads the file.
func (d disk) Find(_ context.Context, key string) (Found, error) {
	content, err := fingerprint(d.Address(key))
	return Found{Content: content}, err
}

// Holds reads the file when its size is right.
func (d disk) Holds(_ context.Context, key string, content Content) (bool, error) {
	return Written{Path: d.Address(key), SHA256: content.SHA256, Bytes: content.Bytes}.isThere()
}

// Exists looks at the name itself, and not at what a link leads to.
func (d disk) Exists(_ context.Context, key string) (bool, error) {
	info, err := os.Lstat(d.Address(key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for the earlier file: %w", err)
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is in the way and is no ordinary file: move it, then run this again", d.Address(key))
	}
	return true, nil
}

// Open opens an ordinary file.
func (d disk) Open(_ context.Context, key string) (io.ReadCloser, error) {
	return givenfile.Open(d.Address(key))
}

// Each walks the folder.
func (d disk) Each(ctx context.Context, below string, do func(string) error) error {
	return filepath.WalkDir(d.Address(below), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if !entry.Type().IsRegular() || isTemp(entry.Name()) {
			return nil
		}
		key, err := filepath.Rel(d.root, path)
		if err != nil {
			return err
		}
		return do(filepath.ToSlash(key))
	})
}

// Remove takes files away, and syncs the folder they were in.
func (d disk) Remove(_ context.Context, keys ...string) error {
	paths := make([]string, len(keys))
	for i, key := range keys {
		paths[i] = d.Address(key)
	}
	return remove(paths...)
}

// CleanTemps takes away the files of writers that died.
func (d disk) CleanTemps(context.Context) (int, error) { return CleanTemps(d.root) }

// BucketScheme begins the address of a place in an object store.
const BucketScheme = "s3://"

// InBucket reports whether an address, or what DUENOTICE_OUT says, is in a bucket and
// no path of this machine.
func InBucket(address string) bool { return strings.HasPrefix(address, BucketScheme) }
