package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"duenotice/internal/logging"
	"duenotice/internal/seeing"
)

// Workers serves several environments in one process, each with a Worker of its
// own: its database, its connection to Temporal, its keys, its queues, its folder.
type Workers struct {
	// Names are the environments.
	Names []string
	// Load reads the configuration of one. It is read again whenever the
	// environment is tried again, so that a mended one is taken up.
	Load func(environment string) (Config, error)
	// LogOptions say how all of them log.
	LogOptions logging.Options
	// Seeing says what of the process is shown, of all environments together.
	Seeing seeing.Options
	// Log receives structured lines where LogOptions name no file; nil means standard error.
	Log io.Writer
	// Now tells the time; nil means the machine's clock.
	Now func() time.Time
	// Build is what the program was built from, as --version says it.
	Build string
}

// again is how long an environment that cannot be served rests.
const again = 15 * time.Second

// Run works in every environment until ctx ends, and then returns nil. One that
// cannot be served, because a server is away, a file is missing or its database is
// another one's, is reported and tried again, and keeps nobody from watching the
// days of the others.
func (w *Workers) Run(ctx context.Context) (err error) {
	giveRoom()
	stream := &oneAtATime{to: cmp.Or[io.Writer](w.Log, os.Stderr)}
	logger, closeLog, err := logging.New(w.LogOptions, stream)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	seen, stop, err := openSeeing(ctx, w.Seeing, "worker", logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	var serving sync.WaitGroup
	for _, name := range w.Names {
		serving.Go(func() { w.serve(ctx, name, stream, seen, Config{Environment: name}.named(logger)) })
	}
	serving.Wait()
	return nil
}

func (w *Workers) serve(ctx context.Context, name string, stream io.Writer, seen *seeing.Seeing, logger *slog.Logger) {
	ready := seen.Health.Part(name)
	for {
		err := w.once(ctx, name, stream, seen)
		ready.NotReady(whyEnded(err))
		if ctx.Err() != nil {
			if err != nil && !errors.Is(err, context.Canceled) {
				logger.Error("the environment was not left in good order", slog.Any("error", err))
			}
			return
		}
		logger.Error("the environment is not served; it is tried again", slog.Any("error", err))
		select {
		case <-ctx.Done():
			return
		case <-time.After(again):
		}
	}
}

func (w *Workers) once(ctx context.Context, name string, stream io.Writer, seen *seeing.Seeing) error {
	config, err := w.Load(name)
	if err != nil {
		return err
	}
	config.Log = w.LogOptions
	return (&Worker{Config: config, Log: stream, Now: w.Now, Seeing: seen, Build: w.Build}).Run(ctx)
}

// oneAtATime keeps the lines of several logs apart.
type oneAtATime struct {
	mu sync.Mutex
	to io.Writer
}

func (o *oneAtATime) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.to.Write(p)
}
