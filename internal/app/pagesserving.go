package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/net/netutil"

	"duenotice/internal/logging"
	"duenotice/internal/pages"
	"duenotice/internal/seeing"
)

const (
	// forgetAfter is how long after the last request of a practice the server begins anew.
	forgetAfter = time.Minute
	// lastWord is how long who is in the middle of a request has before it does. A practice
	// that came in is waited for; strangers who take longer begin again.
	lastWord = 3 * time.Second
	// anewLine is what the log says of it.
	anewLine = "the server of the practices' pages began anew, to forget what it had unsealed"
)

// serving is a pages' server at work.
type serving struct {
	pages   *Pages
	handler http.Handler
	tls     *tls.Config // nil where TLS ends elsewhere or on loopback
	traces  *pages.Traces
	now     func() time.Time
	log     *slog.Logger
	seen    *seeing.Seeing
}

// untilTheEnd serves until ctx ends, and takes this process's place in between.
func (s *serving) untilTheEnd(ctx context.Context, listeners []net.Listener) (err error) {
	kept, err := socketsOf(listeners)
	defer func() { err = errors.Join(err, kept.close()) }()
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	possible := s.pages.Anew
	for {
		forget, err := s.serve(ctx, listeners, possible)
		if !forget || err != nil || ctx.Err() != nil {
			return err
		}
		// A practice may have begun something in the last moment: it is let finish, and the
		// next moment is waited for.
		if s.traces.Nobody() {
			s.flush(ctx)
			err := kept.beginAnew()
			s.log.Warn("the server of the practices' pages could not begin anew; restart it to make it forget what it unsealed", slog.Any("error", err))
			debug.FreeOSMemory()
			possible = false
		}
		if listeners, err = kept.listeners(); err != nil {
			return err
		}
	}
}

// flush sends what is seen of this process before another one takes its place; practices
// wait meanwhile, so it takes half a second at most.
func (s *serving) flush(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	if err := s.seen.Flush(limited); err != nil {
		s.log.Warn("what was seen of the pages' server could not be sent", slog.String("error", logging.Scrub(err.Error())))
	}
}

func (s *serving) server() *http.Server {
	times := s.pages.Times.usual()
	server := pageServer(s.handler, times)
	// A proof's time begins when it is known whose it is, and its answer is written after it.
	server.WriteTimeout = times.Request + times.Proof + times.Answer
	server.TLSConfig = s.tls.Clone()
	return server
}

// serve serves until ctx ends, or until it is time to forget.
func (s *serving) serve(ctx context.Context, listeners []net.Listener, possible bool) (forget bool, err error) {
	server := s.server()
	var open atomic.Int64
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed, http.StateHijacked:
			open.Add(-1)
		case http.StateActive, http.StateIdle:
		}
	}
	served := make(chan error, len(listeners))
	for _, l := range listeners {
		l = netutil.LimitListener(l, maxPageConnections)
		go func() {
			if s.tls != nil { // the certificate is in the configuration
				served <- server.ServeTLS(l, "", "")
				return
			}
			served <- server.Serve(l)
		}()
	}
	waiting := len(listeners)
	select {
	case err = <-served:
		waiting--
	case <-ctx.Done():
	case <-s.forgets(ctx, possible):
		return true, s.quieten(server, &open, listeners, served)
	}
	// Who is in the middle of an answer gets it out.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.pages.Times.usual().Header)
	defer cancel()
	err = errors.Join(err, server.Shutdown(ending))
	for range waiting {
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}
	return false, err
}

// quieten lets nobody in any more and waits for whoever was let in. http.Server.Shutdown
// would close on who was let in and has not asked yet, and those may be sent nothing.
func (s *serving) quieten(server *http.Server, open *atomic.Int64, listeners []net.Listener, served <-chan error) error {
	if err := closeAll(listeners); err != nil {
		return err
	}
	for range listeners {
		if err := <-served; !errors.Is(err, net.ErrClosed) {
			return err
		}
	}
	server.SetKeepAlivesEnabled(false)
	look := time.NewTicker(lastWord / 300)
	defer look.Stop()
	for end := time.After(lastWord); open.Load() > 0; {
		select {
		case <-look.C:
		case <-end:
			return nil
		}
	}
	return nil
}

// forgets is closed when it is time to forget, and never where that is not possible.
func (s *serving) forgets(ctx context.Context, possible bool) <-chan struct{} {
	if !possible {
		return nil
	}
	quiet := s.pages.Config.Forget
	if quiet == 0 {
		quiet = forgetAfter
	}
	due := make(chan struct{})
	go func() {
		looking, done := context.WithCancel(ctx)
		defer done()
		every(looking, min(quiet/4, time.Second), func(context.Context) {
			if looking.Err() == nil && s.traces.Forget(s.now(), quiet) {
				close(due)
				done()
			}
		})
	}()
	return due
}
