package seeing

import (
	"context"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// shown are the attributes of a span that leave the process. Workflow IDs are not among
// them, because they hold practices' keys: a run's own ID finds the workflow in Temporal.
var shown = []attribute.Key{"temporalRunID", "temporalActivityID", "http.route", "http.request.method", "http.response.status_code"}

// listed sends spans with what is on the list alone. What somebody put into a span, a
// library or a stranger's header, could be about a person.
type listed struct{ sdktrace.SpanExporter }

func (l listed) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	plain := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		plain[i] = listedSpan{s}
	}
	return l.SpanExporter.ExportSpans(ctx, plain)
}

type listedSpan struct{ sdktrace.ReadOnlySpan }

func (s listedSpan) Attributes() []attribute.KeyValue {
	return slices.DeleteFunc(slices.Clone(s.ReadOnlySpan.Attributes()), func(a attribute.KeyValue) bool { return !slices.Contains(shown, a.Key) })
}

// Status is without the error's text, which may quote a row of the database.
func (s listedSpan) Status() sdktrace.Status {
	return sdktrace.Status{Code: s.ReadOnlySpan.Status().Code}
}

// Events are left out: recorded errors are among them.
func (s listedSpan) Events() []sdktrace.Event { return nil }

func (s listedSpan) Links() []sdktrace.Link {
	links := slices.Clone(s.ReadOnlySpan.Links())
	for i := range links {
		links[i].SpanContext, links[i].Attributes = withoutState(links[i].SpanContext), nil
	}
	return links
}

func (s listedSpan) SpanContext() trace.SpanContext {
	return withoutState(s.ReadOnlySpan.SpanContext())
}

func (s listedSpan) Parent() trace.SpanContext { return withoutState(s.ReadOnlySpan.Parent()) }

// withoutState is without text that whoever called could choose.
func withoutState(c trace.SpanContext) trace.SpanContext { return c.WithTraceState(trace.TraceState{}) }

// pathOf is where one kind of data goes at a collector, as the OTLP exporters' own
// general setting has it.
func pathOf(endpoint, path string) string { return strings.TrimSuffix(endpoint, "/") + path }
