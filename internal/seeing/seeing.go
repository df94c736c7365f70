package seeing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	export "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/logging"
)

// Seeing is what is seen of one process. One with nothing to show is as good as any
// other to write to, and costs next to nothing.
type Seeing struct {
	// Health says whether the process is stuck or ready.
	Health *Health

	options  Options
	token    string
	log      *slog.Logger
	registry *prometheus.Registry
	metrics  *sdkmetric.MeterProvider // nil: no numbers are wanted
	traces   *sdktrace.TracerProvider // nil: no traces are wanted
	numbers  *numbers
	requests requests
}

// scope is what our own numbers and spans are called in OpenTelemetry.
const scope = "duenotice"

// Open makes what is seen of a program, which service names: worker, board or pages. The
// options have been checked. It opens no port and asks nobody anything: Serve does, and
// what is sent to OTLP goes out from then on by itself.
func Open(ctx context.Context, options Options, service string, logger *slog.Logger) (_ *Seeing, err error) {
	s := &Seeing{Health: NewHealth(time.Now), options: options, log: logger, registry: prometheus.NewRegistry()}
	if !options.Wanted() {
		return s, nil
	}
	if options.Listen != "" && options.TokenFile != "" {
		if s.token, err = readToken(options.TokenFile); err != nil {
			return nil, err
		}
	}
	as := resource.NewSchemaless(attribute.String("service.name", "duenotice-"+service))
	reader, err := export.New(export.WithRegisterer(s.registry), export.WithoutScopeInfo(), export.WithoutTargetInfo())
	if err != nil {
		return nil, err
	}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	settings := []sdkmetric.Option{sdkmetric.WithResource(as), sdkmetric.WithReader(reader), sdkmetric.WithView(durations)}
	if options.OTLP != "" {
		// What goes wrong while sending would else be written to standard error, past the log.
		otel.SetErrorHandler(otel.ErrorHandlerFunc(s.notSent))
		sender, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(pathOf(options.OTLP, "/v1/metrics")))
		if err != nil {
			return nil, fmt.Errorf("numbers cannot be sent: %w", err)
		}
		settings = append(settings, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(sender)))
		spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(pathOf(options.OTLP, "/v1/traces")))
		if err != nil {
			return nil, fmt.Errorf("traces cannot be sent: %w", err)
		}
		s.traces = sdktrace.NewTracerProvider(sdktrace.WithResource(as), sdktrace.WithBatcher(listed{spans}))
	}
	s.metrics = sdkmetric.NewMeterProvider(settings...)
	meter := s.metrics.Meter(scope)
	if s.numbers, err = newNumbers(meter); err != nil {
		return nil, err
	}
	s.requests, err = newRequests(meter)
	return s, err
}

// shortest is the least number of characters of a token: below that it could be guessed.
const shortest = 16

func readToken(path string) (string, error) {
	word, err := givenfile.ReadPassword(path)
	if err != nil {
		return "", fmt.Errorf("what readers of the metrics have to show: %w", err)
	}
	token := strings.TrimSpace(string(word))
	if len(token) < shortest {
		return "", breach.Refuse("metrics_token", "Write a long random word into it, such as openssl rand -hex 24 prints.", "the token of the metrics in %s is shorter than %d characters", path, shortest)
	}
	return token, nil
}

// Flush sends what was not sent yet and goes on, for a process that is about to be replaced.
func (s *Seeing) Flush(ctx context.Context) (err error) {
	if s.traces != nil {
		err = s.traces.ForceFlush(ctx)
	}
	if s.metrics != nil {
		err = errors.Join(err, s.metrics.ForceFlush(ctx))
	}
	return err
}

// Wanted reports whether anything is shown.
func (s *Seeing) Wanted() bool { return s.options.Wanted() }

// Close sends what was not sent yet, for as long as ctx lasts.
func (s *Seeing) Close(ctx context.Context) (err error) {
	if s.traces != nil {
		err = s.traces.Shutdown(ctx)
	}
	if s.metrics != nil {
		err = errors.Join(err, s.metrics.Shutdown(ctx))
	}
	return err
}

// notSent says in the log that something could not be sent. A collector that is away is
// no reason to stop anything.
func (s *Seeing) notSent(err error) {
	s.log.Warn("traces or numbers could not be sent", slog.String("error", logging.Scrub(err.Error())))
}

func (s *Seeing) tracer() trace.Tracer {
	if s.traces == nil {
		return noop.NewTracerProvider().Tracer(scope)
	}
	return s.traces.Tracer(scope)
}

// durations gives what is measured in seconds steps from a hundredth to an hour: those
// of OpenTelemetry are for milliseconds, and a queue can stand for long.
func durations(i sdkmetric.Instrument) (sdkmetric.Stream, bool) {
	if i.Kind != sdkmetric.InstrumentKindHistogram {
		return sdkmetric.Stream{}, false
	}
	return sdkmetric.Stream{
		Name: i.Name, Description: i.Description, Unit: i.Unit,
		Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: []float64{0.01, 0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600}},
	}, true
}

// attributesOf are labels as OpenTelemetry has them, without those that say nothing.
func attributesOf(pairs ...string) metric.MeasurementOption {
	var list []attribute.KeyValue
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, attribute.String(pairs[i], pairs[i+1]))
		}
	}
	return metric.WithAttributes(list...)
}
