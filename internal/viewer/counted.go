package viewer

import (
	"sync"
	"time"
)

// logEvery is how often one kind of thing that strangers can cause is logged.
const logEvery = time.Minute

// counted keeps a log from being filled by what anybody can cause as often as they
// like: the first is logged, and after that one line a minute with how many there
// were since the line before.
type counted struct {
	mu     sync.Mutex
	since  time.Time
	missed int
}

// again counts one more. It returns how many a line shall speak of, 0 for no line now.
func (c *counted) again(now time.Time) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.missed++
	if !c.since.IsZero() && now.Sub(c.since) < logEvery {
		return 0
	}
	count := c.missed
	c.since, c.missed = now, 0
	return count
}
