package app

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"
)

// Times bound how long whoever reaches a page may take. Zero fields stand for the
// usual times.
type Times struct {
	// Header is for a request's headers, Request for all of it, usually 10 and 30 seconds.
	Header, Request time.Duration
	// Proof is for a request with a proof, of a practice that has a session: ten megabytes
	// come over a slow line too. It is usually 3 minutes, and pages.Server bounds how many
	// such requests there are at once.
	Proof time.Duration
	// Answer is until a request is answered, usually 2 minutes, and Idle how long a
	// connection is kept without one, usually a minute.
	Answer, Idle time.Duration
}

// usual is what stands for zero. Temporal's UI asks for news of a workflow with
// requests that its server answers within half a minute.
func (t Times) usual() Times {
	return Times{
		Header: cmp.Or(t.Header, 10*time.Second), Request: cmp.Or(t.Request, 30*time.Second), Proof: cmp.Or(t.Proof, 3*time.Minute),
		Answer: cmp.Or(t.Answer, 2*time.Minute), Idle: cmp.Or(t.Idle, time.Minute),
	}
}

// Limits on the connections of a page.
const (
	maxConnections     = 200
	maxPageConnections = 1000 // of the practices' pages
	maxHeader          = 32 << 10
)

// pageServer cuts off who takes for ever: a page is served beside the worker,
// whose connections and memory it uses, or to everybody.
func pageServer(handler http.Handler, times Times) *http.Server {
	times = times.usual()
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: times.Header, ReadTimeout: times.Request, WriteTimeout: times.Answer, IdleTimeout: times.Idle, MaxHeaderBytes: maxHeader,
		// What it would write, of requests that are none, anybody can cause without end.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}
