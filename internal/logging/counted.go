package logging

import (
	"sync"
	"time"
)

// logEvery is how often one kind of thing that strangers can cause is logged.
const logEvery = time.Minute

// Counted keeps a log from being filled by what anybody can cause as often as they
// like: the first is logged, and after that one line a minute with how many there
// were since the line before. Its zero value is ready.
type Counted struct {
	mu     sync.Mutex
	since  time.Time
	missed int
}

// Again counts one more. It returns how many a line shall speak of, 0 for no line now.
func (c *Counted) Again(now time.Time) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.missed++
	return c.due(now)
}

// Rest returns how many there were that no line spoke of, once a minute is over: a
// burst that ended would else be told by its first alone.
func (c *Counted) Rest(now time.Time) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.missed == 0 {
		return 0
	}
	return c.due(now)
}

func (c *Counted) due(now time.Time) int {
	if !c.since.IsZero() && now.Sub(c.since) < logEvery {
		return 0
	}
	count := c.missed
	c.since, c.missed = now, 0
	return count
}
