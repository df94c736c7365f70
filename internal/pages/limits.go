package pages

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"duenotice/internal/packet"
)

// Limits within the server. Those on connections, headers and time are of whoever runs it.
const (
	// maxBody is for every form but a proof's, in bytes.
	maxBody = 64 << 10
	// maxProofBody is a proof with the fields around it.
	maxProofBody = packet.MaxAttachment + maxBody
	// triesPerProcessor codes are tried at the same time for each processor. Most of a try
	// is waiting for the database, which on a machine with much to do answers late: with
	// few at a time a thousand practices would wait for each other and not for the machine.
	// So many wrong ones may be past their limit before the first of them is counted.
	triesPerProcessor = 16
	// hashesPerProcessor of them are hashed at the same time, at 8 MiB each: more would only
	// take the processor from those who are in already.
	hashesPerProcessor = 2
	// maxFiles are held in memory at the same time to be taken away or listed, and
	// maxProofs to be taken in.
	maxFiles  = 16
	maxProofs = 8
	// maxWait is how long a request waits for its turn.
	maxWait = 40 * time.Second
	// wrongTakes is the time after which a wrong code is answered. Looking for a link
	// that is nobody's is faster than noting a wrong code, and nobody shall tell them apart.
	wrongTakes = 300 * time.Millisecond
)

// Wrong codes: so many at once, and one more each while.
const (
	wrongPerClient      = 20
	wrongPerClientEvery = 6 * time.Second
	wrongPerLink        = 10
	wrongPerLinkEvery   = 30 * time.Second
)

// guesses counts what went wrong by whose it was. It holds what it saw last only, so
// that nobody fills the memory by coming from many places; the database's own limit
// of tries stands behind it.
type guesses struct {
	every time.Duration
	burst int

	mu          sync.Mutex
	now, before map[string]*rate.Limiter
}

// remembered is how many are remembered in each of the two halves.
const remembered = 20_000

func newGuesses(burst int, every time.Duration) *guesses {
	return &guesses{burst: burst, every: every, now: map[string]*rate.Limiter{}}
}

// tooMany reports whether whose has used up its guesses.
func (g *guesses) tooMany(whose string, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.now[whose]
	if l == nil {
		l = g.before[whose]
	}
	return l != nil && l.TokensAt(now) < 1
}

// wrong counts one.
func (g *guesses) wrong(whose string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.now[whose]
	if l == nil {
		if l = g.before[whose]; l == nil {
			l = rate.NewLimiter(rate.Every(g.every), g.burst)
		}
		if len(g.now) >= remembered {
			g.before, g.now = g.now, map[string]*rate.Limiter{}
		}
		g.now[whose] = l
	}
	l.AllowN(now, 1)
}

// turns lets so many through at the same time.
type turns chan struct{}

// take waits for a turn, and returns what gives it back; ok is false when none came.
func (t turns) take(ctx context.Context) (back func(), ok bool) {
	ctx, cancel := context.WithTimeout(ctx, maxWait)
	defer cancel()
	select {
	case t <- struct{}{}:
		return func() { <-t }, true
	case <-ctx.Done():
		return nil, false
	}
}
