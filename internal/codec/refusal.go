package codec

import (
	"errors"
	"fmt"
	"time"
)

// ErrMoved is a payload of ours that was given to something that it was not made for.
var ErrMoved = errors.New("a payload was made for something else")

// ErrMissing is a payload that is not there where one has to be.
var ErrMissing = errors.New("a payload is missing")

// Refusal is a payload that was not believed. It holds no content.
type Refusal struct {
	// Used is where it was given to.
	Used Place
	// Made is where it belongs, where that is known: it is zero unless Reason is ErrMoved.
	Made Place
	// Reason is ErrMoved, ErrMissing, ErrNotEncrypted, ErrForged or, outside a worker, ErrUnknownKey.
	Reason error
	// At is when the workflow was told of it, by its own time: the same whenever its
	// history is read. Zero where it was not a workflow that refused it.
	At time.Time
	// Replayed: a workflow refuses it again whenever its history is read.
	Replayed bool
}

// Error says where the payload was used and why it was not believed.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("what came through Temporal as %s is refused: %v", r.Used, r.Reason)
	if r.Made != (Place{}) {
		text += ", " + r.Made.String()
	}
	return text
}

// Unwrap returns the reason.
func (r *Refusal) Unwrap() error { return r.Reason }
