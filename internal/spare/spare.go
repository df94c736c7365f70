// Package spare keeps tools that take long to make and that one piece of work at a time
// can use: a compressor with its tables, a typesetter that has read its fonts.
//
// sync.Pool is for what is cheap to make again: it gives up what lies in it whenever
// memory is collected, which is many times a second where papers are made.
package spare

import "runtime"

// Tools are tools of one kind. The zero value cannot be used; see New.
type Tools[T any] struct {
	lying  chan T
	create func() T
}

// New returns tools that create makes, of which as many are kept as can be at work at
// once, and as many again.
func New[T any](create func() T) *Tools[T] {
	return &Tools[T]{lying: make(chan T, 2*runtime.GOMAXPROCS(0)), create: create}
}

// Take returns a tool that nobody else uses, until it is put back.
func (t *Tools[T]) Take() T {
	select {
	case tool := <-t.lying:
		return tool
	default:
		return t.create()
	}
}

// Put lays a tool back; one too many is let go.
func (t *Tools[T]) Put(tool T) {
	select {
	case t.lying <- tool:
	default:
	}
}
