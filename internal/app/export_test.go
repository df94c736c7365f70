package app

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/interceptor"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/postgres"
)

// Noticing is the worker's interceptor over a store of the test's own.
func Noticing(store troubleStore) interceptor.WorkerInterceptor {
	return &noticing{store: store, log: slog.New(slog.DiscardHandler)}
}

// Refusals is who the worker's codec tells, over a store and a clock of the test's own.
func Refusals(store refusalStore, now func() time.Time) func(*codec.Refusal) {
	note, _ := HearRefusals(store, now)
	return note
}

// HearRefusals is Refusals with the loop that writes down what workflows refuse.
func HearRefusals(store refusalStore, now func() time.Time) (note func(*codec.Refusal), hear func(context.Context)) {
	r := newRefusals(store, slog.New(slog.DiscardHandler), now)
	return r.note, r.hear
}

// NotedAnHour is how many are written down in an hour.
const NotedAnHour = notedAnHour

// PageServer is pageServer.
var PageServer = pageServer

// SealPackets seals all packets that wait, as the worker's keeper does.
func SealPackets(ctx context.Context, store *postgres.Store, steps *activities.Activities, now func() time.Time) error {
	return sealPackets(ctx, store, steps, noticing{store: store, log: slog.New(slog.DiscardHandler)}, now)
}

// SameClock is the comparison of a clock with a database's.
var SameClock = sameClock

// NoteFailure writes down that a step failed, as the worker's interceptor does.
func NoteFailure(ctx context.Context, store troubleStore, t casebook.Trouble, err error) {
	n := noticing{store: store, log: slog.New(slog.DiscardHandler)}
	n.note(ctx, t, err)
}

// PrintedEvery is how often printed letters are listed at least.
const PrintedEvery = printedEvery

// PrintedLook says by batches that the database knows, how many are to be taken over, and
// the time, whether it has to be looked again which letters lie printed, after a look of before.
func PrintedLook(at time.Time, known []string, adopted int, alarm bool) func(known []string, adopted int, now time.Time) bool {
	return printedLook{at: at, known: known, adopted: adopted, alarm: alarm}.due
}
