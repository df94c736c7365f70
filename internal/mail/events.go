package mail

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Event is what a provider tells of a message after it took it.
type Event struct {
	// Line is where it stands in the export, counted from 1: a line of a CSV, an
	// event of a JSON list.
	Line int
	// Kind is the provider's word: delivered, bounce, dropped, deferred and others.
	Kind string
	At   time.Time
	// MessageID is our own id, ProviderID SendGrid's X-Message-Id; either may be
	// missing. SendGrid names no message in a bounce that comes long after.
	MessageID, ProviderID string
	// Email is the recipient.
	Email string
	// Reason is why it did not arrive, on one line.
	Reason string
}

// Failed reports whether the message did not and will not arrive: it came back, or
// the provider threw it away because one to this address came back before.
func (e Event) Failed() bool {
	return slices.Contains([]string{"bounce", "bounced", "blocked", "dropped", "drop"}, strings.ToLower(e.Kind))
}

// Export is a file of events, and what is known of where it comes from.
type Export struct {
	Events []Event
	// Posts is how many requests of the Event Webhook it consists of, 0 where it is
	// another export, which nobody has signed.
	Posts int
	// Verified: the signature of every one of them was compared, and is right.
	Verified bool
}

// ReadEvents reads SendGrid's events: what its Event Webhook posts, as one JSON list or
// a JSON object or list a line; a CSV of the activity feed; or the webhook's requests
// themselves, as a web server received them, one after another. The signatures of
// requests are compared where there is a key, and one that is not right is an error.
func ReadEvents(r io.Reader, key VerificationKey) (Export, error) {
	content, err := io.ReadAll(r)
	if err != nil {
		return Export{}, err
	}
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimSpace(content)
	var e Export
	switch {
	case len(trimmed) == 0:
		return Export{}, errors.New("it is empty")
	case isPost(trimmed):
		return readPosts(content, key)
	case trimmed[0] == '[' || trimmed[0] == '{':
		e.Events, err = readJSONEvents(trimmed)
	default:
		e.Events, err = readCSVEvents(content)
	}
	return e, err
}

func readJSONEvents(content []byte) ([]Event, error) {
	decoder := json.NewDecoder(bufio.NewReader(bytes.NewReader(content)))
	decoder.UseNumber()
	var events []Event
	for {
		var value any
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, fmt.Errorf("after event %d it is no JSON: %w", len(events), err)
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, item := range list {
			fields, ok := item.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("event %d is no JSON object", len(events)+1)
			}
			e, err := eventOf(func(name string) string { return text(fields[name]) })
			if err != nil {
				return nil, fmt.Errorf("event %d: %w", len(events)+1, err)
			}
			e.Line = len(events) + 1
			events = append(events, e)
		}
	}
}

func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case map[string]any:
		b, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(b)
	}
	return ""
}

func readCSVEvents(content []byte) ([]Event, error) {
	reader := csv.NewReader(bytes.NewReader(content))
	header, err := reader.Read()
	if err != nil {
		return nil, err
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	if !slices.Contains(header, "event") {
		return nil, errors.New("it has no column event, so it is no export of SendGrid's events")
	}
	var events []Event
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		e, err := eventOf(func(name string) string {
			if i := slices.Index(header, name); i >= 0 {
				return strings.TrimSpace(record[i])
			}
			return ""
		})
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		e.Line = line
		events = append(events, e)
	}
}

// eventOf reads one event by the names that SendGrid's forms have for its fields.
func eventOf(field func(string) string) (Event, error) {
	one := func(names ...string) string {
		for _, name := range names {
			if v := field(name); v != "" {
				return v
			}
		}
		return ""
	}
	e := Event{
		Kind: one("event"), Email: one("email", "to_email"), Reason: oneLine(one("reason", "response", "status")),
		MessageID: one(MessageIDArg),
		// What follows the first point names a machine of SendGrid's.
		ProviderID: before(one("sg_message_id", "message_id", "msg_id"), "."),
	}
	if e.Kind == "" {
		return e, errors.New("it has no event")
	}
	if e.MessageID == "" {
		var custom map[string]any
		if json.Unmarshal([]byte(one("unique_args", "custom_args")), &custom) == nil {
			e.MessageID = text(custom[MessageIDArg])
		}
	}
	at := one("timestamp", "processed", "date")
	if seconds, err := strconv.ParseInt(before(at, "."), 10, 64); err == nil {
		e.At = time.Unix(seconds, 0).UTC()
		return e, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, at); err == nil {
			e.At = t.UTC()
			return e, nil
		}
	}
	return e, fmt.Errorf("%q is not a time", oneLine(at))
}

func before(s, sep string) string {
	first, _, _ := strings.Cut(s, sep)
	return first
}
