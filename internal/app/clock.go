package app

import (
	"context"
	"time"

	"duenotice/internal/breach"
)

// clockApart is how far the worker's clock and the database's may be apart. Two machines
// that keep the time differ by less than a second.
const clockApart = time.Minute

// clockStore tells the database's time.
type clockStore interface {
	Clock(ctx context.Context) (time.Time, error)
}

// sameClock refuses, with code "clock_apart", a worker whose clock and the database's are
// apart. What it does would be of times that have not come, in a ledger whose other times
// are the database's, and no evidence would verify; and around midnight it would be of
// another day than the law counts.
func sameClock(ctx context.Context, store clockStore, now func() time.Time) error {
	before := now()
	there, err := store.Clock(ctx)
	if err != nil {
		return err
	}
	// The database was asked between the two, however long the answer took.
	if max(before.Sub(there), there.Sub(now())) <= clockApart {
		return nil
	}
	return breach.Refuse("clock_apart", "Let both machines keep the time (timedatectl, chrony), then it goes on by itself. Which of the two is right nobody can tell from here.",
		"it is %s by this worker's clock and %s by the database's", before.UTC().Format(time.DateTime), there.UTC().Format(time.DateTime))
}
