package app

import (
	"log/slog"

	"go.temporal.io/sdk/interceptor"
)

// Noticing is the worker's interceptor over a store of the test's own.
func Noticing(store troubleStore) interceptor.WorkerInterceptor {
	return &noticing{store: store, log: slog.New(slog.DiscardHandler)}
}

// PageServer is pageServer.
var PageServer = pageServer
