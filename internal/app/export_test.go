package app

import (
	"log/slog"
	"time"

	"go.temporal.io/sdk/interceptor"

	"duenotice/internal/codec"
)

// Noticing is the worker's interceptor over a store of the test's own.
func Noticing(store troubleStore) interceptor.WorkerInterceptor {
	return &noticing{store: store, log: slog.New(slog.DiscardHandler)}
}

// Refusals is who the worker's codec tells, over a store and a clock of the test's own.
func Refusals(store refusalStore, now func() time.Time) func(*codec.Refusal) {
	return newRefusals(store, slog.New(slog.DiscardHandler), now).note
}

// NotedAnHour is how many are written down in an hour.
const NotedAnHour = notedAnHour
