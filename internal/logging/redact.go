package logging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
)

// Redacted stands where something was taken out.
const Redacted = "[redacted]"

// Redacting passes records on to next without what may be a secret or say who
// somebody is. Texts and errors are scrubbed. A value under a name that is not
// known is left out, and so is every value that is neither a text, a number, a
// time nor an error: what is in it nobody has looked at.
func Redacting(next slog.Handler) slog.Handler { return redacting{next} }

type redacting struct{ next slog.Handler }

func (h redacting) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h redacting) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Scrub(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(attribute(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func (h redacting) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = attribute(a)
	}
	return redacting{h.next.WithAttrs(clean)}
}

func (h redacting) WithGroup(name string) slog.Handler { return redacting{h.next.WithGroup(name)} }

// known are the names under which something is logged: Temporal's SDK's and ours.
var known = map[string]bool{}

func init() {
	for name := range strings.FieldsSeq(`
		namespace taskqueue workerid workerpid workertype workflowtype workflowid runid activityid activitytype attempt
		error stacktrace cause signalname queryname queryid updatename updateid seqid eventid taskid childworkflowid
		childrunid childworkflowtype parentclosepolicy timerid timeout duration latency queue buildid reason
		startedeventid previousstartedeventid lasthandledeventid numberofpollers workflowtaskstartedeventid
		environment incident practice obligation rule batch count run stage phase kind listen who address keys name status level
		panicerror panicstack method path pid port took login why ended`) {
		known[name] = true
	}
}

func attribute(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		group := value.Group()
		clean := make([]slog.Attr, len(group))
		for i, in := range group {
			clean[i] = attribute(in)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	}
	if !known[strings.ToLower(a.Key)] {
		return slog.String(a.Key, Redacted)
	}
	switch value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, Scrub(value.String()))
	case slog.KindAny:
		return slog.String(a.Key, text(value.Any()))
	default:
		return slog.Attr{Key: a.Key, Value: value}
	}
}

// text is what may be said of a value that is not of a simple kind.
func text(v any) string {
	switch v := v.(type) {
	case error:
		return Scrub(WithoutRows(v))
	case nil:
		return ""
	default:
		return fmt.Sprintf("%s %T", Redacted, v)
	}
}

// rowless are the classes of a database's errors (PostgreSQL, appendix A) that
// tell of connections, logins, objects and the server, and cannot quote a row.
var rowless = []string{"08", "28", "3D", "3F", "40", "42", "53", "55", "57", "58"}

// WithoutRows is an error's text without what the database said of it beyond its
// code, where that could quote the value of a column. Whatever is shown, logged or
// handed to Temporal of an error that may be the database's goes through it.
func WithoutRows(err error) string {
	text := err.Error()
	var database interface {
		error
		SQLState() string
	}
	if errors.As(err, &database) && !slices.ContainsFunc(rowless, func(class string) bool { return strings.HasPrefix(database.SQLState(), class) }) {
		text = strings.ReplaceAll(text, database.Error(), "the database's error "+database.SQLState())
	}
	return text
}

// patterns are the shapes of what must not be in a log. Dates are left: nearly
// all of them are deadlines.
var patterns = []struct {
	shape *regexp.Regexp
	with  string
}{
	{regexp.MustCompile(`(?i)(\b[a-z][a-z0-9+.-]*://)[^/\s"'@]*(?:@[^/\s"'@]*)*@`), "${1}" + Redacted + "@"},
	{regexp.MustCompile(`(?i)\b(password|passwd|pwd|secret|token|api[_-]?key)(["']?\s*[=:]\s*)('[^']*'|"[^"]*"|[^\s,;&"']+)`), "${1}${2}" + Redacted},
	{regexp.MustCompile(`(?i)\b(bearer|basic)\s+[a-z0-9._~+/-]+=*`), "${1} " + Redacted},
	{regexp.MustCompile(`\bSG\.[A-Za-z0-9_.-]+`), Redacted},
	{regexp.MustCompile(`AGE-SECRET-KEY-[A-Z0-9]+`), Redacted},
	{regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`), Redacted},
	// Social Security, telephone, card and account numbers.
	{regexp.MustCompile(`\b\d{3}-\d{2}-\d{4}\b`), Redacted},
	{regexp.MustCompile(`(?:\+1[ .-]?)?(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b`), Redacted},
	{regexp.MustCompile(`\b\d(?:[ -]?\d){12,18}\b`), Redacted},
	// A number and a street: "12 Elm Street", "4 North 5th Ave".
	{regexp.MustCompile(`(?i)\b\d{1,6}(?: [\p{L}0-9'.-]+){1,4} (?:st|street|ave|avenue|rd|road|blvd|boulevard|ln|lane|dr|drive|ct|court|pl|place|way|ter|terrace|hwy|highway|pkwy|parkway|cir|circle)\b`), Redacted},
}

// Scrub takes out of a text what looks like a secret or a person: credentials,
// e-mail and street addresses, telephone, Social Security and card numbers.
func Scrub(text string) string {
	for _, p := range patterns {
		text = p.shape.ReplaceAllString(text, p.with)
	}
	return text
}
