package board

import (
	"context"
	"errors"
	"sync"
	"time"
)

// kept has numbers that take long to count where there are tens of thousands of
// practices, by what they are of. They are counted by one at a time, beside whoever asks
// for them. What was counted quickly is counted anew nearly each time.
type kept[T any] struct {
	mu       sync.Mutex
	of       map[string]*counted[T]
	counting sync.WaitGroup
	closed   bool
}

type counted[T any] struct {
	value T
	err   error
	// there says that value was counted once; at is when it was begun.
	there bool
	at    time.Time
	took  time.Duration
	// done is closed when what is being counted now is there, and cancel ends that before;
	// nil while nothing is.
	done   chan struct{}
	cancel context.CancelFunc
}

const (
	// restFactor keeps counting to a twentieth of the time, and maxRest is the longest
	// time for which numbers count as of now.
	restFactor = 20
	maxRest    = 30 * time.Second
	// outdated is how old numbers may be that are shown while newer ones are counted.
	outdated = 10 * time.Minute
	// countLimit ends a count that would never.
	countLimit = 2 * time.Minute
)

// errCounting says that there are no numbers yet.
var errCounting = errors.New("the numbers are being counted")

// get returns the numbers of a key: as counted a moment ago; else newly counted, where
// that takes no longer than patience; else earlier ones. Without any it fails with
// errCounting, and they are there soon after.
func (k *kept[T]) get(ctx context.Context, key string, patience time.Duration, count func(context.Context) (T, error)) (T, error) {
	k.mu.Lock()
	c := k.of[key]
	if c == nil {
		if k.of == nil {
			k.of = map[string]*counted[T]{}
		}
		c = &counted[T]{}
		k.of[key] = c
	}
	if c.there && time.Since(c.at) < min(restFactor*c.took, maxRest) {
		defer k.mu.Unlock()
		return c.value, nil
	}
	if c.done == nil && !k.begin(c, count) {
		k.mu.Unlock()
		return c.value, errClosed
	}
	done := c.done
	k.mu.Unlock()

	timer := time.NewTimer(patience)
	defer timer.Stop()
	var ended bool
	select {
	case <-done:
		ended = true
	case <-timer.C:
	case <-ctx.Done():
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case ended && c.err != nil:
		return c.value, c.err
	case c.there && time.Since(c.at) < outdated:
		return c.value, nil
	}
	return c.value, errCounting
}

// begin counts beside the caller, who holds the lock. It is false when all is closed.
func (k *kept[T]) begin(c *counted[T], count func(context.Context) (T, error)) bool {
	if k.closed {
		return false
	}
	// Not the request's: it goes on when whoever asked has left.
	ctx, cancel := context.WithTimeout(context.Background(), countLimit)
	done := make(chan struct{})
	c.done, c.cancel = done, cancel
	k.counting.Go(func() {
		defer cancel()
		began := time.Now()
		value, err := count(ctx)
		k.mu.Lock()
		defer k.mu.Unlock()
		c.err, c.done, c.cancel = err, nil, nil
		if err == nil {
			c.value, c.there, c.at, c.took = value, true, began, time.Since(began)
		}
		close(done)
	})
	return true
}

// close ends what is being counted and waits for its end.
func (k *kept[T]) close() {
	k.mu.Lock()
	k.closed = true
	for _, c := range k.of {
		if c.cancel != nil {
			c.cancel()
		}
	}
	k.mu.Unlock()
	k.counting.Wait()
}
