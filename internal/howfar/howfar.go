// Package howfar lets work that can take long say how far it is to whoever waits for
// it. The work knows no terminal, and who waits knows nothing of the work.
package howfar

import (
	"context"
	"io"
)

// Teller is told that so much of a total is done, in units of the work's own; a total
// of 0 is not known. It is called often, and by one goroutine at a time.
type Teller func(done, total int)

type key struct{}

// With has the work that is given the context tell.
func With(ctx context.Context, tell Teller) context.Context {
	return context.WithValue(ctx, key{}, tell)
}

// Of returns what is told by work with this context; it may always be called.
func Of(ctx context.Context) Teller {
	if tell, is := ctx.Value(key{}).(Teller); is && tell != nil {
		return tell
	}
	return func(int, int) {}
}

// tellEvery is how many bytes are read before it is told again.
const tellEvery = 1 << 20

// Reader tells of the bytes that are read from r, which has size of them.
func Reader(r io.Reader, size int, tell Teller) io.Reader {
	return &reader{r: r, size: size, tell: tell}
}

type reader struct {
	r                io.Reader
	size, done, told int
	tell             Teller
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.done += n
	if r.done-r.told >= tellEvery {
		r.told = r.done
		r.tell(r.done, r.size)
	}
	return n, err
}
