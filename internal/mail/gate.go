package mail

import (
	"errors"
	"sync"
	"time"
)

// probeEvery is how often one message is tried while all are stopped.
const probeEvery = time.Minute

// gate remembers what stops every message, so that the others are not tried in
// vain: neither refused one by one nor marked as sent and taken back.
type gate struct {
	mu sync.Mutex
	// reason is what stops them, nil when nothing does; until is when one may try.
	reason error
	until  time.Time
	// single: only one message tries then, to see whether it is mended.
	single bool
}

// note takes over what an attempt told. What is about one message says nothing,
// and what was answered at all opens the gate.
func (g *gate) note(err error, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var (
		stopped     *Stopped
		later       *Later
		unavailable *Unavailable
		unknown     *OutcomeUnknown
	)
	switch {
	case errors.As(err, &stopped):
		g.reason, g.until, g.single = err, now.Add(probeEvery), true
	case errors.As(err, &later):
		g.reason, g.until, g.single = err, later.At, false
	case errors.As(err, &unavailable) && unavailable.Status == 0:
		g.reason, g.until, g.single = err, now.Add(probeEvery), true
	case errors.As(err, &unknown) && unknown.Status != 0:
		// Whatever answered does not speak as SendGrid does: each further message
		// would be one of which nobody knows.
		g.reason, g.until, g.single = err, now.Add(probeEvery), true
	default:
		g.reason = nil
	}
}

// ready returns what stops every message, or nil for whoever may try.
func (g *gate) ready(now time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.reason == nil:
		return nil
	case now.Before(g.until):
		return g.reason
	case g.single:
		g.until = now.Add(probeEvery)
	default:
		g.reason = nil
	}
	return nil
}
