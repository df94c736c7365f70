package pages

import (
	"sync"
	"time"
)

// Traces says whether the process may have something of a practice's packet in its
// memory: what was freed stays there until it is written over. Whoever runs the server
// begins anew in a clean process when it is time (app.Pages). The zero value is ready.
type Traces struct {
	mu sync.Mutex
	// first and last are the first thing unsealed in this process, and the last; both
	// are zero when nothing was.
	first, last time.Time
	here        int
}

// mostQuiets is how many times its quiet a server that is never quiet keeps what it
// unsealed: then the next moment without a request has to do.
const mostQuiets = 10

// enter notes that something is being unsealed; gone says that its request has ended.
func (t *Traces) enter(now func() time.Time) (gone func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = now()
	if t.first.IsZero() {
		t.first = t.last
	}
	t.here++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.here--
		t.last = now()
	}
}

// Nobody reports whether no request of a practice that came in is under way.
func (t *Traces) Nobody() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.here == 0
}

// Forget reports whether it is time to begin anew: something was unsealed, no request of
// a practice is under way, and the last one ended quiet ago or the first began ten times
// as long ago. Requests of strangers change nothing of it, or they could put it off.
func (t *Traces) Forget(now time.Time, quiet time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.first.IsZero() && t.here == 0 && (now.Sub(t.last) >= quiet || now.Sub(t.first) >= mostQuiets*quiet)
}
