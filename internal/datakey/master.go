package datakey

import (
	"context"
	"errors"
)

// Master wraps data keys under master keys that it knows by name. The key file
// is one (NewFile), any KMS that Tink has a client for another (NewKMS).
//
// It is safe for use by many goroutines, and answers as its source is now: a
// name that came after the process began is found.
type Master interface {
	// Newest is the name of the master key that new data keys are wrapped with.
	Newest(ctx context.Context) (string, error)
	// Wrap encrypts a data key under the named master key for one owner, which
	// Unwrap must be given again: a wrapped key cannot be passed off as another's.
	Wrap(ctx context.Context, name string, secret, owner []byte) ([]byte, error)
	// Unwrap decrypts what Wrap made. Its errors are ErrNoMaster when there is
	// no master key of the name, ErrWrongMaster when there is another one
	// under it, or what kept it from answering.
	Unwrap(ctx context.Context, name string, wrapped, owner []byte) ([]byte, error)
	// Source says to a person where the master keys are: "key file /etc/...".
	Source() string
}

var (
	// ErrNoMaster says that there is no master key of that name.
	ErrNoMaster = errors.New("there is no master key of that name")
	// ErrWrongMaster says that the master key of that name is not the one that wrapped it.
	ErrWrongMaster = errors.New("the master key of that name is another one")
)
