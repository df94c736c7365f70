package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"duenotice/internal/seeing"
)

// seeingNames are the settings of what is shown of worker and board, pagesSeeingNames
// those of the practices' pages, which take nothing of the worker's.
var (
	seeingNames      = seeing.Names{Listen: "DUENOTICE_METRICS_LISTEN", TokenFile: "DUENOTICE_METRICS_TOKEN_FILE", OTLP: "DUENOTICE_OTLP_ENDPOINT"}
	pagesSeeingNames = seeing.Names{Listen: "DUENOTICE_PAGES_METRICS_LISTEN", TokenFile: "DUENOTICE_PAGES_METRICS_TOKEN_FILE", OTLP: "DUENOTICE_PAGES_OTLP_ENDPOINT"}
)

// officersParts are the first parts of the paths behind the officers' sign-in: the door's
// own pages, the board and Temporal's UI.
var officersParts = []string{"duenotice", "board", "namespaces", "api", "_app"}

const (
	// signStuck is how long a sign of life may take: it is given every quarter of a minute,
	// and asking servers that do not answer takes ten seconds.
	signStuck = 2 * time.Minute
	// lastWords is how long what was seen last may take to be sent when the program ends.
	lastWords = 3 * time.Second
)

// openSeeing begins to show how a program does, at the place that options say, until stop
// is called.
func openSeeing(ctx context.Context, options seeing.Options, service string, logger *slog.Logger) (seen *seeing.Seeing, stop func() error, err error) {
	seen, err = seeing.Open(ctx, options, service, logger)
	if err != nil {
		return nil, nil, err
	}
	served, err := seen.Serve(ctx)
	if err != nil {
		return nil, nil, errors.Join(err, seen.Close(ctx))
	}
	return seen, func() error {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
		defer cancel()
		if err := seen.Close(last); err != nil {
			// A collector that is away is no failure of the program.
			what, _ := Explain(err)
			logger.Warn("what was seen last could not be sent", slog.String("error", what))
		}
		return served()
	}, nil
}

// told has a question answered in words that may be shown to whoever asks: what is wrong,
// and what to do.
func told(ask func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if err := ask(ctx); err != nil {
			what, todo := Explain(err)
			return errors.New(what + ". " + todo)
		}
		return nil
	}
}

// whyEnded says in such words why something does not serve any more.
func whyEnded(err error) string {
	if err == nil {
		return "it has ended"
	}
	what, _ := Explain(err)
	return "it has ended: " + what
}

// pulsing asks something again and again until ctx ends, so that a program that gets no
// answer at all, not even an error, is known to be stuck.
func pulsing(ctx context.Context, seen *seeing.Seeing, name string, ask func(context.Context) error) {
	beat, stop := seen.Health.Pulse(name, signStuck)
	defer stop()
	every(ctx, signEvery, func(ctx context.Context) {
		limited, cancel := context.WithTimeout(ctx, askLimit)
		defer cancel()
		_ = ask(limited) // whether it is ready is another question
		beat()
	})
}

// showCertificate shows how long the certificate of the practices' pages is good, until
// ctx ends. Others renew it, and it is looked at again every minute.
func (p *Pages) showCertificate(ctx context.Context, seen *seeing.Seeing, now func() time.Time, logger *slog.Logger) {
	if p.Config.Certificate == "" || !seen.Wanted() {
		return
	}
	every(ctx, showEvery, func(context.Context) {
		pair, err := tls.LoadX509KeyPair(p.Config.Certificate, p.Config.Key)
		if err != nil {
			logger.Warn("the pages' certificate cannot be read", slog.Any("error", err))
			return
		}
		seen.Show("", seeing.Reading{At: now(), Until: map[string]time.Time{"pages": pair.Leaf.NotAfter}})
	})
}
