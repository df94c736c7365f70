package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"duenotice/internal/authority"
	"duenotice/internal/breach"
	"duenotice/internal/codec"
	"duenotice/internal/door"
	"duenotice/internal/logging"
	"duenotice/internal/postgres"
	"duenotice/internal/seeing"
	"duenotice/internal/viewer"
)

// Viewer serves the pages that officers open, behind one sign-in: the board, and the
// one on which they read Temporal's UI.
type Viewer struct {
	Config Config
	// Log receives structured lines; nil means standard error.
	Log io.Writer
	// Now tells the time; nil means the machine's clock.
	Now func() time.Time
	// Seeing is where a worker that serves the page beside its queues shows how it does;
	// nil makes one of its own by the configuration.
	Seeing *seeing.Seeing
	// Times bound how long whoever reaches the pages may take.
	Times Times
}

// Run serves the page until ctx ends. It brings the database up to date first.
func (v *Viewer) Run(ctx context.Context) (err error) {
	logger, closeLog, err := v.logger()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	seen, stop, err := openSeeing(ctx, v.Config.Seeing, "board", logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	v.Seeing = seen
	ready := seen.Health.Part("")
	if err := v.Config.RequireDatabase(); err != nil {
		return err
	}
	if v.Config.UIListen == "" {
		return breach.Refuse("no_ui", "Set DUENOTICE_UI_LISTEN and DUENOTICE_TEMPORAL_UI, and DUENOTICE_UI_UPSTREAM for Temporal's own UI: see docs/deployment.md.",
			"it is not said where the pages shall be")
	}
	if err := v.Config.Migrate(ctx); err != nil {
		return err
	}
	store, err := postgres.Open(ctx, v.Config.DatabaseURL, postgres.InEnvironment(v.Config.Environment))
	if err != nil {
		return err
	}
	defer store.Close()
	ready.Ask(told(store.CheckTables))
	looking, done := context.WithCancel(ctx)
	defer done()
	go pulsing(looking, seen, "database", store.CheckTables)
	return v.serve(ctx, store, logger)
}

// Check asks the viewer that serves on this machine whether it does.
func (v *Viewer) Check(ctx context.Context) error {
	_, port, err := net.SplitHostPort(v.Config.UIListen)
	if err != nil {
		return breach.Refuse("ui_listen", "Set DUENOTICE_UI_LISTEN to HOST:PORT.", "%q is not a place to listen at", v.Config.UIListen)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("127.0.0.1", port)+door.HealthPath, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the page for Temporal's UI is not served: %w", err)
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("something else than the page for Temporal's UI answers on port %s: %s", port, answer.Status)
	}
	return nil
}

// logger logs each login and decoding, unless the configuration wants less.
func (v *Viewer) logger() (*slog.Logger, func() error, error) {
	options := v.Config.Log
	options.Level = cmp.Or(options.Level, "info")
	logger, closeLog, err := logging.New(options, cmp.Or[io.Writer](v.Log, os.Stderr))
	if err != nil {
		return nil, nil, err
	}
	return v.Config.named(logger), closeLog, nil
}

func (v *Viewer) serve(ctx context.Context, store *postgres.Store, logger *slog.Logger) error {
	front, pages, release, err := v.front(store, logger)
	if err != nil {
		return err
	}
	defer release()
	listeners, err := v.listen(ctx, front.Address)
	if err != nil {
		return err
	}
	handler := front.Handler(pages)
	if v.Seeing != nil {
		handler = v.Seeing.Web(handler, officersParts)
	}
	server := pageServer(handler, v.Times)
	served := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { served <- server.Serve(netutil.LimitListener(l, maxConnections)) }()
	}
	waiting := len(listeners)
	select {
	case err = <-served:
		waiting--
	case <-ctx.Done():
	}
	err = errors.Join(err, server.Close()) // a browser's page can be loaded again
	for range waiting {
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}
	return err
}

// listen takes the page's port.
func (v *Viewer) listen(ctx context.Context, at *url.URL) ([]net.Listener, error) {
	return listenAt(ctx, v.Config.UIListen, at)
}

// front is the door, and the pages behind it. release gives back what they hold.
func (v *Viewer) front(store *postgres.Store, logger *slog.Logger) (front *door.Door, pages http.Handler, release func(), err error) {
	now := v.Now
	if now == nil {
		now = time.Now
	}
	at, err := address("DUENOTICE_TEMPORAL_UI", v.Config.TemporalUI)
	if err != nil {
		return nil, nil, nil, err
	}
	front = &door.Door{Address: at, Store: store, Ways: []door.Way{{Title: "Board", Path: boardPath}}, Zone: v.Config.Zone, Now: now, Log: logger}
	if front.Provider, err = v.Config.Provider(); err != nil {
		// A link still opens the page, and doctor says the same.
		logger.Error("nobody signs in with the provider of identities", slog.Any("error", err))
	}
	behind := http.NewServeMux()
	board := v.board(now, logger)
	behind.Handle(boardPath, board.Handler())
	if v.Config.UIUpstream == "" {
		behind.Handle("GET /{$}", http.RedirectHandler(boardPath, http.StatusSeeOther))
		return front, behind, board.Close, nil
	}
	temporal, err := v.temporalUI(front, store, logger)
	if err != nil {
		board.Close()
		return nil, nil, nil, err
	}
	front.Ways = append(front.Ways, door.Way{Title: "Temporal UI", Path: "/"})
	board.Menu = append(board.Menu, link("Temporal UI", "/"))
	behind.Handle("/", temporal.Handler())
	return front, behind, board.Close, nil
}

func (v *Viewer) temporalUI(front *door.Door, store *postgres.Store, logger *slog.Logger) (*viewer.Viewer, error) {
	sealed, err := codec.NewReading(v.Config.Keyring)
	if err != nil {
		return nil, err
	}
	page := &viewer.Viewer{Door: front, Codec: sealed, PlaceOf: codec.WorkflowOf, Store: store, Now: front.Now, Log: logger}
	if page.UI, err = address("DUENOTICE_UI_UPSTREAM", v.Config.UIUpstream); err != nil {
		return nil, err
	}
	if page.UI.Scheme == "https" && v.Config.Certificates != "" {
		// The stack's own UI shows itself to the viewer's certificate and to nobody else.
		as, err := v.Config.Certificates.TLS(authority.Viewer)
		if err != nil {
			return nil, err
		}
		page.Transport = &http.Transport{TLSClientConfig: as, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute}
	}
	return page, nil
}

func address(setting, text string) (*url.URL, error) {
	u, err := door.ParseAddress(text)
	if err != nil {
		return nil, breach.Refuse("ui_address", "Write it as http://HOST:PORT.", "%s: %s", setting, err)
	}
	return u, nil
}

// beside serves the page beside a worker until stop is called. That it cannot,
// because another program has its port, is said and tried again: the worker has
// days to watch.
func (v *Viewer) beside(ctx context.Context, store *postgres.Store) (stop func() error, err error) {
	const pause = 5 * time.Second
	logger, closeLog, err := v.logger()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var serving sync.WaitGroup
	serving.Go(func() {
		for ctx.Err() == nil {
			if err := v.serve(ctx, store, logger); err != nil {
				logger.Error("the page for Temporal's UI is not served", slog.Any("error", err))
			}
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	})
	return func() error {
		cancel()
		serving.Wait()
		return closeLog()
	}, nil
}
