package board

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// A room is the database as one role with one reach sees it: a pool of connections, and
// what was counted through it. Everybody of the same role and reach is in the same room,
// and nobody else is.
type room struct {
	store     *postgres.Store
	incidents kept[[]postgres.IncidentRow]
	boards    kept[casebook.Board]
	used      time.Time
}

// rooms are those that somebody was in lately.
type rooms struct {
	mu     sync.Mutex
	of     map[string]*room
	closed bool
}

// mostRooms are kept; an installation has a handful of roles and reaches. The one that
// nobody was in for longest makes place for another.
const mostRooms = 32

var errClosed = errors.New("the board is closed")

// in is the room of a scope, opened when nobody was in it before.
func (r *rooms) in(ctx context.Context, scope access.Scope, open func(context.Context, access.Scope) (*postgres.Store, error)) (*room, error) {
	key := fmt.Sprintf("%q", scope)
	found, err := r.known(key)
	if found != nil || err != nil {
		return found, err
	}
	// Without the lock: a database that is away must not keep who asks for another room.
	store, err := open(ctx, scope)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if found = r.of[key]; found != nil || r.closed {
		defer store.Close() // another request was quicker
	}
	switch {
	case r.closed:
		return nil, errClosed
	case found == nil:
		r.makePlace()
		found = &room{store: store}
		r.of[key] = found
	}
	found.used = time.Now()
	return found, nil
}

func (r *rooms) known(key string) (*room, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errClosed
	}
	if r.of == nil {
		r.of = map[string]*room{}
	}
	found := r.of[key]
	if found != nil {
		found.used = time.Now()
	}
	return found, nil
}

func (r *rooms) makePlace() {
	if len(r.of) < mostRooms {
		return
	}
	var oldest string
	for key, room := range r.of {
		if oldest == "" || room.used.Before(r.of[oldest].used) {
			oldest = key
		}
	}
	// Beside the lock: it waits for whoever reads there.
	go r.of[oldest].close()
	delete(r.of, oldest)
}

func (r *rooms) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for key, room := range r.of {
		room.close()
		delete(r.of, key)
	}
}

func (r *room) close() {
	r.incidents.close()
	r.boards.close()
	r.store.Close()
}
