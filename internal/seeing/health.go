package seeing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Health says of a process whether it is stuck and whether it is ready. It is safe for
// use by many goroutines.
type Health struct {
	now func() time.Time

	mu     sync.Mutex
	pulses map[string]*pulse
	parts  map[string]*Part

	// asking lets one question be asked at a time: whoever asks meanwhile gets its answer.
	asking sync.Mutex
	asked  time.Time
	answer []string
}

// NewHealth is of a process that has no parts yet, and so is healthy and not ready.
func NewHealth(now func() time.Time) *Health {
	return &Health{now: now, pulses: map[string]*pulse{}, parts: map[string]*Part{}}
}

// pulse is something that a process does again and again.
type pulse struct {
	last  time.Time
	limit time.Duration
}

// Pulse watches something that is done again and again, and returns what is called each
// time it was done, well or not: that nothing comes of it is for Ready to say. Not done
// for longer than limit means that the process is stuck. stop ends the watching.
func (h *Health) Pulse(name string, limit time.Duration) (beat, stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := &pulse{last: h.now(), limit: limit}
	h.pulses[name] = p
	beat = func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		p.last = h.now()
	}
	stop = func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.pulses[name] == p { // else something else of that name began meanwhile
			delete(h.pulses, name)
		}
	}
	return beat, stop
}

// Stuck lists in words what has not been done for too long; nothing in good health.
func (h *Health) Stuck() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var stuck []string
	for name, p := range h.pulses {
		if quiet := h.now().Sub(p.last); quiet > p.limit {
			stuck = append(stuck, fmt.Sprintf("%s: nothing for %s", name, quiet.Round(time.Second)))
		}
	}
	slices.Sort(stuck)
	return stuck
}

// Part is a part of a process that is ready or not: an environment of a worker, or all
// of it.
type Part struct {
	health *Health
	ask    func(context.Context) error
	why    string
}

// Part is the part of a name, "" for the whole process, which is not ready yet.
func (h *Health) Part(name string) *Part {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.parts[name] == nil {
		h.parts[name] = &Part{health: h, why: "it is starting"}
	}
	return h.parts[name]
}

// Ask lets the part be ready while ask returns no error. Its error is shown to whoever
// asks, so it must be fit to be shown. ask is given a context that ends.
func (p *Part) Ask(ask func(context.Context) error) {
	p.health.mu.Lock()
	defer p.health.mu.Unlock()
	p.ask, p.why = ask, ""
}

// NotReady says that the part does not serve, and why.
func (p *Part) NotReady(why string) {
	p.health.mu.Lock()
	defer p.health.mu.Unlock()
	p.ask, p.why = nil, why
}

const (
	// answerFresh is how long an answer is given again, so that who asks without end
	// does not put the servers to work without end.
	answerFresh = time.Second
	// answerLimit is how long all questions of a part may take.
	answerLimit = 8 * time.Second
)

// Ready lists in words what keeps the process from serving; nothing when it is ready.
func (h *Health) Ready(ctx context.Context) []string {
	h.asking.Lock()
	defer h.asking.Unlock()
	if !h.asked.IsZero() && h.now().Sub(h.asked) < answerFresh {
		return h.answer
	}
	// The answer is for everybody who waits, so the end of one request does not end it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerLimit)
	defer cancel()
	h.answer, h.asked = h.notReady(ctx), h.now()
	return h.answer
}

func (h *Health) notReady(ctx context.Context) []string {
	h.mu.Lock()
	parts := make(map[string]Part, len(h.parts))
	for name, p := range h.parts {
		parts[name] = *p
	}
	h.mu.Unlock()
	if len(parts) == 0 {
		return []string{"it is starting"}
	}
	var lock sync.Mutex
	var all sync.WaitGroup
	var reasons []string
	for name, p := range parts {
		all.Go(func() {
			if p.ask != nil {
				if err := p.ask(ctx); err != nil {
					p.why = err.Error()
				}
			}
			if p.why == "" {
				return
			}
			if name != "" {
				p.why = name + ": " + p.why
			}
			lock.Lock()
			defer lock.Unlock()
			reasons = append(reasons, p.why)
		})
	}
	all.Wait()
	slices.Sort(reasons)
	return reasons
}
