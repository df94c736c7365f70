package seeing

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"google.golang.org/grpc"
)

// OfClient has a client of Temporal, and the workers made of it, count what they do and
// trace it, as far as that is wanted. What is traced puts the trace's number into the
// headers of workflows, in clear; a header that says something else is not looked at.
func (s *Seeing) OfClient(o *client.Options) error {
	if s.metrics != nil {
		o.MetricsHandler = opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
			Meter: s.metrics.Meter("temporal-sdk-go"), UseMonotonicCounters: true,
			// A number that cannot be counted is no reason to fail a step.
			OnError: func(err error) { s.log.Warn("a number of Temporal's client cannot be counted", slog.Any("error", err)) },
		})
	}
	if s.traces == nil {
		return nil
	}
	tracing, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{
		Tracer: s.tracer(), TextMapPropagator: propagation.TraceContext{}, DisableBaggage: true,
		// Anybody who reaches Temporal can write a header. One that cannot be read would
		// else fail the workflow's task, again and again.
		AllowInvalidParentSpans: true,
	})
	if err != nil {
		return err
	}
	// Within those that keep a panic's text from getting out.
	o.Interceptors = append(o.Interceptors, tracing)
	return nil
}

// Polls knows whether this process asks Temporal for work: a server that answers does not
// show that somebody works. The zero value has not asked yet.
type Polls struct {
	mu       sync.Mutex
	open     int
	began    time.Time
	answered time.Time
}

// OfClient lets p see the calls for workflow tasks of the workers that are made of the client.
func (p *Polls) OfClient(o *client.Options) {
	o.ConnectionOptions.DialOptions = append(o.ConnectionOptions.DialOptions, grpc.WithChainUnaryInterceptor(p.see))
}

func (p *Polls) see(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	if _, is := request.(*workflowservice.PollWorkflowTaskQueueRequest); !is {
		return invoke(ctx, method, request, reply, conn, options...)
	}
	p.note(1, false)
	err := invoke(ctx, method, request, reply, conn, options...)
	p.note(-1, err == nil)
	return err
}

func (p *Polls) note(open int, answered bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open += open
	if open > 0 {
		p.began = time.Now()
	}
	if answered {
		p.answered = time.Now()
	}
}

// pollLimit is longer than Temporal keeps a call for work open.
const pollLimit = 90 * time.Second

// Polling reports whether a call for work is open, or was answered lately.
func (p *Polls) Polling() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open > 0 && time.Since(p.began) < pollLimit || !p.answered.IsZero() && time.Since(p.answered) < pollLimit
}
