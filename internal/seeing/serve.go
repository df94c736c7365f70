package seeing

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/expfmt"
	"golang.org/x/net/netutil"
)

// Where a process is asked.
const (
	MetricsPath = "/metrics"
	HealthPath  = "/healthz"
	ReadyPath   = "/readyz"
)

// Limits on who asks: it is served beside days that are to be watched.
const (
	maxAsking  = 16
	askingTime = 15 * time.Second
)

// Serve opens the port that was asked for, if one was, and answers there until stop is
// called. That it cannot is an error: whoever asked for it would believe that all is well.
func (s *Seeing) Serve(ctx context.Context) (stop func() error, err error) {
	if s.options.Listen == "" {
		return func() error { return nil }, nil
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", s.options.Listen)
	if err != nil {
		return nil, fmt.Errorf("metrics and health cannot be served: %w", err)
	}
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: askingTime, ReadTimeout: askingTime, WriteTimeout: askingTime, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // of requests that are none
	}
	var serving sync.WaitGroup
	var ended error
	serving.Go(func() { ended = server.Serve(netutil.LimitListener(l, maxAsking)) })
	return func() error {
		err := server.Close()
		serving.Wait()
		if errors.Is(ended, http.ErrServerClosed) {
			return err
		}
		return errors.Join(err, ended)
	}, nil
}

// Handler answers at the three paths and at no other.
func (s *Seeing) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+HealthPath, func(w http.ResponseWriter, _ *http.Request) { say(w, "healthy", "stuck", s.Health.Stuck()) })
	mux.HandleFunc("GET "+ReadyPath, func(w http.ResponseWriter, r *http.Request) {
		say(w, "ready", "not ready", s.Health.Ready(r.Context()))
	})
	mux.HandleFunc("GET "+MetricsPath, s.expose)
	return mux
}

func say(w http.ResponseWriter, well, ill string, why []string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	if len(why) == 0 {
		fmt.Fprintln(w, well)
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for _, reason := range why {
		fmt.Fprintf(w, "%s: %s\n", ill, strings.Join(strings.Fields(reason), " "))
	}
}

func (s *Seeing) expose(w http.ResponseWriter, r *http.Request) {
	if !s.may(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "Show the token of the metrics.", http.StatusUnauthorized)
		return
	}
	found, err := s.registry.Gather()
	if err != nil {
		// Some numbers would be missing, and an alarm on one of them would stay quiet.
		s.log.Error("the metrics could not be gathered", slog.Any("error", err))
		http.Error(w, "The metrics could not be gathered; the log says why.", http.StatusInternalServerError)
		return
	}
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	w.Header().Set("Content-Type", string(format))
	encoder := expfmt.NewEncoder(w, format)
	for _, family := range found {
		if err := encoder.Encode(family); err != nil {
			return // whoever asked has gone
		}
	}
}

// may tells whether a reader of the metrics showed the token, in a time that tells
// nothing of how much of it was right.
func (s *Seeing) may(r *http.Request) bool {
	if s.token == "" {
		return true
	}
	shown, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	ours, theirs := sha256.Sum256([]byte(s.token)), sha256.Sum256([]byte(shown))
	return is && subtle.ConstantTimeCompare(ours[:], theirs[:]) == 1
}
