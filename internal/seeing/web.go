package seeing

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// requests are the numbers of a server of pages.
type requests struct{ seconds metric.Float64Histogram }

func newRequests(meter metric.Meter) (r requests, err error) {
	r.seconds, err = meter.Float64Histogram("duenotice_http_request_duration_seconds",
		metric.WithDescription("How long requests took, by the part of the pages, method and answer."))
	return r, err
}

// Web has the requests to a handler counted and traced, by the first part of their path.
// parts are the ones that are named: what else somebody asks for counts as "other", so
// that no link, key or name in an address is seen.
func (s *Seeing) Web(next http.Handler, parts []string) http.Handler {
	if s.metrics == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		part, method := partOf(r.URL.Path, parts), methodOf(r.Method)
		began := time.Now()
		ctx, span := s.tracer().Start(r.Context(), method+" "+part, trace.WithSpanKind(trace.SpanKindServer), trace.WithNewRoot())
		answer := &counted{ResponseWriter: w, code: http.StatusOK}
		defer func() {
			code := strconv.Itoa(answer.code)
			s.requests.seconds.Record(ctx, time.Since(began).Seconds(), attributesOf("part", part, "method", method, "code", code))
			span.SetAttributes(attribute.String("http.route", part), attribute.String("http.request.method", method), attribute.String("http.response.status_code", code))
			if answer.code >= http.StatusInternalServerError {
				span.SetStatus(codes.Error, "")
			}
			span.End()
		}()
		next.ServeHTTP(answer, r.WithContext(ctx))
	})
}

func partOf(path string, parts []string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case first == "":
		return "/"
	case slices.Contains(parts, first):
		return "/" + first
	}
	return "other"
}

// methodOf is one of the methods that are used: anybody can make one up.
func methodOf(method string) string {
	if slices.Contains([]string{http.MethodGet, http.MethodPost, http.MethodHead}, method) {
		return method
	}
	return "other"
}

// counted is an answer whose status is known.
type counted struct {
	http.ResponseWriter
	code  int
	wrote bool
}

func (c *counted) WriteHeader(code int) {
	if !c.wrote && code >= http.StatusOK { // those before are not the answer
		c.code, c.wrote = code, true
	}
	c.ResponseWriter.WriteHeader(code)
}

func (c *counted) Write(p []byte) (int, error) {
	c.wrote = true
	return c.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what the server gave.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Flush lets a handler that asks for an http.Flusher, as Temporal's UI behind the door
// is, send what it has.
func (c *counted) Flush() {
	if err := http.NewResponseController(c.ResponseWriter).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return // the connection is gone, and the next write says so
	}
}
