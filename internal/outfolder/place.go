package outfolder

import (
	"context"
	"errors"
	"io"
)

// Place is where outputs lie: a folder of a file system, or a bucket of an object
// store. A key names a file below it, its parts set apart by slashes, such as
// EX-1/practices/P1/notice.pdf; Folder has checked that it stays below. Whatever the
// place, a reader finds the earlier file or the later one, never a part of one, and
// the same step may be taken twice by two workers on two machines at once.
type Place interface {
	// Address is a key as people and records name it: a path, or s3://BUCKET/KEY. Of ""
	// it is the place itself.
	Address(key string) string
	// Key is the key of an address; false of one that is elsewhere.
	Key(address string) (key string, here bool)
	// Ready finds out by a file of its own, which it takes away again, whether files
	// can be kept here as the program needs it.
	Ready(ctx context.Context) error
	// Create begins a file.
	Create(key string) (Draft, error)
	// Write is Create, Write and Commit of a whole file. One that holds the same is left alone.
	Write(ctx context.Context, key string, content []byte) error
	// CreateOnce writes a small file where there is none; fs.ErrExist where there is
	// one. Of several that do so at the same time one succeeds.
	CreateOnce(ctx context.Context, key string, content []byte) error
	// Find says what a file holds; fs.ErrNotExist where there is none.
	Find(ctx context.Context, key string) (Found, error)
	// Holds reports whether a file is there and holds just this.
	Holds(ctx context.Context, key string, content Content) (bool, error)
	// Exists reports whether a file is there; what is there and no file is an error.
	Exists(ctx context.Context, key string) (bool, error)
	// Open reads a file; fs.ErrNotExist where there is none. Where the place knows what
	// was written, reading ends with ErrDamaged instead of io.EOF if it was not that.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Each calls do for every finished file below a key, at any depth, in the order of
	// their keys. It ends at the first error, with fs.SkipAll as if there were no more.
	Each(ctx context.Context, below string, do func(key string) error) error
	// Remove takes files away that may be there.
	Remove(ctx context.Context, keys ...string) error
	// CleanTemps takes away what crashed runs left half-written, and says how much.
	CleanTemps(ctx context.Context) (removed int, err error)
}

// Found is what a file holds. Plain is what is in it when it is encrypted and the
// place knows that, else nil.
type Found struct {
	Content
	Plain *Content
}

// Draft is a file being written, which nobody sees before Commit.
type Draft interface {
	io.Writer
	// Commit gives the file its name. plain says what is in an encrypted one, nil in
	// one that is not. A file that holds the same is left alone, and then returned: an
	// encrypted one is the same when what is in it is, though its own bytes differ.
	Commit(ctx context.Context, plain *Content) (Found, error)
	// Abort forgets the file. After Commit it does nothing.
	Abort()
}

// ErrDamaged is read at the end of a file that does not hold what was written.
var ErrDamaged = errors.New("the file is not what was written")

// Problem is what keeps files from being written or read, and what a person does
// about it. A step that meets one is tried again.
type Problem struct {
	What, Todo string
	Err        error
}

// Error is What, with the cause where there is one.
func (p *Problem) Error() string {
	if p.Err == nil {
		return p.What
	}
	return p.What + ": " + p.Err.Error()
}

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.Err }
