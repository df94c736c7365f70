package outfolder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// Folder is where the papers of a database lie ($DUENOTICE_OUT), with one folder per
// incident and the outbox of e-mail that was not sent through a provider: a folder, or
// a bucket that looks like one. Its files are named by their addresses.
type Folder struct {
	place      Place
	recipients Recipients
}

// New returns the output folder at root, of a file system. It touches nothing there.
func New(root string) Folder { return In(disk{root: filepath.Clean(root)}) }

// In returns the outputs in a place.
func In(place Place) Folder { return Folder{place: place} }

// EncryptedFor is the folder with its files of patient data encrypted for recipients.
func (f Folder) EncryptedFor(recipients Recipients) Folder {
	f.recipients = recipients
	return f
}

// Root is the folder's own address.
func (f Folder) Root() string { return f.place.Address("") }

// Ready finds out whether files can be kept here, by a file that it takes away again.
func (f Folder) Ready(ctx context.Context) error { return f.place.Ready(ctx) }

// CleanTemps takes away what crashed runs left half-written, and says how much. What
// somebody is still writing is left.
func (f Folder) CleanTemps(ctx context.Context) (removed int, err error) {
	return f.place.CleanTemps(ctx)
}

// WriteFile puts content at an address. A file that already holds just this is left
// alone, so that running a step twice changes nothing, not even a time. Any other
// content is replaced whole.
func (f Folder) WriteFile(ctx context.Context, address string, content []byte) (Written, error) {
	key, err := f.key(address)
	if err != nil {
		return Written{}, err
	}
	sum := sha256.Sum256(content)
	return Written{Path: address, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(content))}, f.place.Write(ctx, key, content)
}

// Create begins a file that is kept in clear, whoever the folder is encrypted for. The caller defers Abort and calls Commit at the end.
func (f Folder) Create(address string) (Draft, error) {
	key, err := f.key(address)
	if err != nil {
		return nil, err
	}
	return f.place.Create(key)
}

// readTries is how often a file is read whose connection breaks in the middle.
const readTries = 3

// ReadFile is a file's content; fs.ErrNotExist where there is none, ErrDamaged where
// it is not what was written.
func (f Folder) ReadFile(ctx context.Context, address string) (content []byte, err error) {
	key, err := f.key(address)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		content, err = f.read(ctx, key)
		if err == nil || try == readTries || ctx.Err() != nil || errors.Is(err, fs.ErrNotExist) {
			return content, err
		}
	}
}

func (f Folder) read(ctx context.Context, key string) ([]byte, error) {
	file, err := f.place.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	return io.ReadAll(file)
}

// Open reads a file, as Place.Open does.
func (f Folder) Open(ctx context.Context, address string) (io.ReadCloser, error) {
	key, err := f.key(address)
	if err != nil {
		return nil, err
	}
	return f.place.Open(ctx, key)
}

// Find says what a file holds; fs.ErrNotExist where there is none.
func (f Folder) Find(ctx context.Context, address string) (Written, error) {
	key, err := f.key(address)
	if err != nil {
		return Written{}, err
	}
	found, err := f.place.Find(ctx, key)
	return f.written(key, found), err
}

// Exists reports whether a file is there; what is there and no file is an error.
func (f Folder) Exists(ctx context.Context, address string) (bool, error) {
	key, err := f.key(address)
	if err != nil {
		return false, err
	}
	return f.place.Exists(ctx, key)
}

// Each calls do with the address of every file below one, at any depth.
func (f Folder) Each(ctx context.Context, below string, do func(address string) error) error {
	key, err := f.key(below)
	if err != nil {
		return err
	}
	return f.place.Each(ctx, key, func(key string) error { return do(f.place.Address(key)) })
}

// Remove takes files away that may be there.
func (f Folder) Remove(ctx context.Context, addresses ...string) error {
	keys := make([]string, len(addresses))
	for i, address := range addresses {
		key, err := f.key(address)
		if err != nil {
			return err
		}
		keys[i] = key
	}
	return f.place.Remove(ctx, keys...)
}

func (f Folder) written(key string, found Found) Written {
	return Written{Path: f.place.Address(key), SHA256: found.SHA256, Bytes: found.Bytes, Plain: found.Plain}
}

// key is the part of an address below this folder. Addresses come from Incident's
// methods, but also from records and listings: what is not below it, or would leave it,
// is refused here, whatever a place makes of such a name.
func (f Folder) key(address string) (string, error) {
	key, below := f.place.Key(address)
	for part := range strings.SplitSeq(key, "/") {
		below = below && part != "" && part != "." && part != ".." && !strings.ContainsAny(part, "\\\x00")
	}
	if !below {
		return "", fmt.Errorf("%q is not an address in %s", address, f.Root())
	}
	return key, nil
}
