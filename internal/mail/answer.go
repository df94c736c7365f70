package mail

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	// defaultReset is waited when a 429 does not say how long, or says what
	// cannot be: SendGrid's limits are per minute at most.
	defaultReset = time.Minute
	// longestReset bounds what is believed, since a reset time in milliseconds
	// would park the message for ever.
	longestReset = 24 * time.Hour
	// maxReason bounds what of an answer is repeated in an error.
	maxReason = 400
)

// resetTime reads when the rate limit ends: X-RateLimit-Reset, SendGrid's own,
// in Unix seconds, or Retry-After (RFC 9110 section 10.2.3) from something in
// front of it. Of two, the later.
func resetTime(header http.Header, now time.Time) time.Time {
	var at time.Time
	consider := func(t time.Time) {
		if t.After(now) && t.After(at) {
			at = t
		}
	}
	if s, err := strconv.ParseInt(strings.TrimSpace(header.Get("X-RateLimit-Reset")), 10, 64); err == nil {
		consider(time.Unix(s, 0).UTC())
	}
	after := strings.TrimSpace(header.Get("Retry-After"))
	if s, err := strconv.ParseInt(after, 10, 32); err == nil {
		consider(now.Add(time.Duration(s) * time.Second))
	} else if t, err := http.ParseTime(after); err == nil {
		consider(t)
	}
	if at.IsZero() {
		return now.Add(defaultReset)
	}
	if latest := now.Add(longestReset); at.After(latest) {
		return latest
	}
	return at
}

// reason picks the words out of a SendGrid error body, or as much as is fit to
// print of any other.
func reason(body string) string {
	var answer struct {
		Errors []struct {
			Message string `json:"message"`
			Field   string `json:"field"`
		} `json:"errors"`
	}
	if json.Unmarshal([]byte(body), &answer) == nil && len(answer.Errors) > 0 {
		var parts []string
		for _, e := range answer.Errors {
			if e.Field != "" {
				e.Message += " (" + e.Field + ")"
			}
			parts = append(parts, e.Message)
		}
		body = strings.Join(parts, "; ")
	}
	if body = oneLine(body); body == "" {
		return "it gave no reason"
	}
	return body
}

// oneLine makes foreign text safe for a log line: one line, printable, short.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))), " ")
	if runes := []rune(s); len(runes) > maxReason {
		s = string(runes[:maxReason]) + "..."
	}
	return s
}
