package mail_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
)

func sendGridAt(t *testing.T, url string, client *http.Client) mail.Sender {
	t.Helper()
	sender, err := mail.NewSendGrid(apiKey, url, clock, client)
	require.NoError(t, err)
	return sender
}

func TestTheRequestSendGridGets(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("X-Message-Id", "provider-id-1")
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	sender := sendGridAt(t, server.URL, nil)
	require.Equal(t, "sendgrid", sender.Name())

	m := withAttachments()
	receipt, err := sender.Send(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, mail.Receipt{Outcome: mail.Accepted, ProviderID: "provider-id-1", Status: 202}, receipt)
	require.Equal(t, http.MethodPost, got.Method)
	require.Equal(t, "/v3/mail/send", got.URL.Path)
	require.Equal(t, "Bearer "+apiKey, got.Header.Get("Authorization"))
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))

	off := map[string]any{"enable": false}
	var sent map[string]any
	require.NoError(t, json.Unmarshal(body, &sent))
	require.Equal(t, map[string]any{
		"from":     map[string]any{"name": "Example Health Cloud, Inc.", "email": "privacy@example.org"},
		"reply_to": map[string]any{"name": "Example Health Cloud, Inc.", "email": "answers@example.org"},
		"subject":  m.Subject,
		"personalizations": []any{map[string]any{
			"to":          []any{map[string]any{"name": m.To.Name, "email": "officer@practice.example.org"}},
			"custom_args": map[string]any{"duenotice_message_id": messageID},
		}},
		"content": []any{map[string]any{"type": "text/plain", "value": m.Text}},
		"headers": map[string]any{"Message-ID": "<" + messageID + "@example.org>"},
		"attachments": []any{
			map[string]any{"filename": "notice.pdf", "type": "application/pdf", "disposition": "attachment",
				"content": base64.StdEncoding.EncodeToString(m.Attachments[0].Content)},
			map[string]any{"filename": "Fristen für Łódź.ics", "type": "text/calendar", "disposition": "attachment",
				"content": base64.StdEncoding.EncodeToString(m.Attachments[1].Content)},
		},
		"tracking_settings": map[string]any{
			"click_tracking":        map[string]any{"enable": false, "enable_text": false},
			"open_tracking":         off,
			"subscription_tracking": off,
			"ganalytics":            off,
		},
	}, sent)
}

func TestWhatTheProviderAnswersDecidesWhatHappensNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header map[string]string
		body   string
		want   error
	}{
		"400 in SendGrid's form": {status: 400, body: `{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"},{"message":"second"}]}`,
			want: &mail.Rejected{Status: 400, Reason: "Does not contain a valid address. (personalizations.0.to.0.email); second"}},
		"401 with the key repeated": {status: 401, body: "the key " + apiKey + " is wrong",
			want: &mail.Stopped{Status: 401, Reason: "the key [key] is wrong", Advice: "check SENDGRID_API_KEY"}},
		"413 with a page": {status: 413, body: "<html>\r\n<h1>Too\x1b[31m large</h1>",
			want: &mail.Rejected{Status: 413, Reason: "<html> <h1>Too [31m large</h1>"}},
		"403 with nothing": {status: 403, want: &mail.Stopped{Status: 403, Reason: "it gave no reason", Advice: "check that the key may send mail and that DUENOTICE_MAIL_FROM is a sender SendGrid has verified"}},
		"422 with a long page": {status: 422, body: strings.Repeat("é", 100_000),
			want: &mail.Rejected{Status: 422, Reason: strings.Repeat("é", 400) + "..."}},
		"429 with the reset time": {status: 429, header: map[string]string{"X-RateLimit-Reset": fmt.Sprint(now.Unix() + 37)},
			want: &mail.Later{At: now.Add(37 * time.Second)}},
		"429 with Retry-After in seconds": {status: 429, header: map[string]string{"Retry-After": "120"},
			want: &mail.Later{At: now.Add(2 * time.Minute)}},
		"429 with Retry-After as a date": {status: 429, header: map[string]string{"Retry-After": now.Add(90 * time.Second).Format(http.TimeFormat)},
			want: &mail.Later{At: now.Add(90 * time.Second)}},
		"429 with both, the later wins": {status: 429, header: map[string]string{"X-RateLimit-Reset": fmt.Sprint(now.Unix() + 10), "Retry-After": "20"},
			want: &mail.Later{At: now.Add(20 * time.Second)}},
		"429 with a reset time gone by": {status: 429, header: map[string]string{"X-RateLimit-Reset": fmt.Sprint(now.Unix() - 10)},
			want: &mail.Later{At: now.Add(time.Minute)}},
		"429 with a reset time in milliseconds": {status: 429, header: map[string]string{"X-RateLimit-Reset": fmt.Sprint(now.UnixMilli())},
			want: &mail.Later{At: now.Add(24 * time.Hour)}},
		"429 with nonsense": {status: 429, header: map[string]string{"X-RateLimit-Reset": "soon", "Retry-After": "-5"},
			want: &mail.Later{At: now.Add(time.Minute)}},
		"500 after the body was read": {status: 500, body: "oops", want: &mail.Unavailable{Status: 500}},
		"503":                         {status: 503, want: &mail.Unavailable{Status: 503}},
		"a page with 200":             {status: 200, body: "<html>log in to the guest network", want: &mail.OutcomeUnknown{Status: 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				_, _ = io.Copy(io.Discard, r.Body)
				for key, value := range c.header {
					w.Header().Set(key, value)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			}))
			defer server.Close()
			_, err := sendGridAt(t, server.URL, nil).Send(t.Context(), notice())
			require.Equal(t, c.want, err)
			require.NotContains(t, err.Error(), apiKey)
			require.Equal(t, int32(1), calls.Load(), "one attempt, whatever the answer")
		})
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Store(true)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, status)
		}))
		_, err := sendGridAt(t, server.URL, nil).Send(t.Context(), notice())
		server.Close()
		var stopped *mail.Stopped
		require.ErrorAs(t, err, &stopped)
		require.Equal(t, status, stopped.Status)
	}
	require.False(t, reached.Load(), "the key was shown to another host")
}

func TestNothingSpoilsTheHeadersSendGridMakes(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusAccepted)
	}))
	defer server.Close()
	requireRefused(t, sendGridAt(t, server.URL, nil))
	require.Equal(t, int32(1), calls.Load())
}

func TestSendGridCannotSayWhatWasSentBefore(t *testing.T) {
	t.Parallel()
	found, err := sendGridAt(t, "", nil).Outcome(t.Context(), messageID, "EX_P1")
	require.NoError(t, err)
	require.Equal(t, mail.NotKnown, found.Outcome)
}

func TestTheKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	sender := sendGridAt(t, "https://api.eu.sendgrid.com", nil)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.Equal(t, "sendgrid at https://api.eu.sendgrid.com", fmt.Sprintf(verb, sender), verb)
		require.NotContains(t, fmt.Sprintf(verb, struct{ s mail.Sender }{sender}), apiKey, verb)
	}
	for _, bad := range []string{"", apiKey + "\n", "a key", "clé"} {
		_, err := mail.NewSendGrid(bad, "", clock, nil)
		require.ErrorContains(t, err, "SENDGRID_API_KEY")
		require.NotContains(t, err.Error(), apiKey)
	}
}

func TestHostsTheKeyMayBeShownTo(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{
		"", "https://api.sendgrid.com", "https://api.eu.sendgrid.com/", "api.eu.sendgrid.com", "https://mail.example.org:8443",
		"http://127.0.0.1:3000", "http://127.9.9.9", "http://[::1]:3000", "http://localhost:3000", "http://[::ffff:127.0.0.1]",
	} {
		_, err := mail.NewSendGrid(apiKey, ok, clock, nil)
		require.NoError(t, err, ok)
	}
	for bad, why := range map[string]string{
		"http://api.sendgrid.com":         "plain http",
		"http://mail-sink:3000":           "plain http",
		"http://10.0.0.1":                 "plain http",
		"http://127.0.0.1.example.org":    "plain http",
		"http://localhost.example.org":    "plain http",
		"ftp://api.sendgrid.com":          "https://",
		"https://user:secret@example.org": "a host alone",
		"https://api.sendgrid.com/v3":     "a host alone",
		"https://api.sendgrid.com?x=1":    "a host alone",
		"https://":                        "is not a URL",
		"https://secret\x7f@example.org":  "is not a URL",
		"://example.org":                  "is not a URL",
	} {
		_, err := mail.NewSendGrid(apiKey, bad, clock, nil)
		require.ErrorContains(t, err, why, bad)
		require.ErrorContains(t, err, "SENDGRID_HOST", bad)
		require.NotContains(t, err.Error(), "secret", bad)
	}
}

// TestWhatStopsEveryMessageIsSaidBeforeTheNext: after a key that is wrong the
// other messages are not tried, but one a minute is, to see whether it is mended.
func TestWhatStopsEveryMessageIsSaidBeforeTheNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		header string
		stops  bool
		pause  time.Duration
	}{
		"a wrong key":                    {status: 401, stops: true, pause: time.Minute},
		"a key that may not send":        {status: 403, stops: true, pause: time.Minute},
		"a host that knows no such page": {status: 404, stops: true, pause: time.Minute},
		"a host that points elsewhere":   {status: 302, stops: true, pause: time.Minute},
		"a page of a guest network":      {status: 200, stops: true, pause: time.Minute},
		"a rate limit":                   {status: 429, header: "30", stops: true, pause: 30 * time.Second},
		"a message that is wrong":        {status: 400},
		"an error at the provider":       {status: 500},
		"a message that is taken":        {status: 202},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := c.status
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Retry-After", c.header)
				w.WriteHeader(answer)
			}))
			defer server.Close()
			at := now
			sender, err := mail.NewSendGrid(apiKey, server.URL, func() time.Time { return at }, nil)
			require.NoError(t, err)
			require.NoError(t, sender.Ready(), "nothing is known yet")
			_, sendErr := sender.Send(t.Context(), notice())
			if !c.stops {
				require.NoError(t, sender.Ready())
				return
			}
			require.Equal(t, sendErr, sender.Ready())
			at = now.Add(c.pause)
			require.NoError(t, sender.Ready(), "one may try")
			if c.status != http.StatusTooManyRequests {
				require.Equal(t, sendErr, sender.Ready(), "and only one")
			}
			answer = http.StatusAccepted
			_, err = sender.Send(t.Context(), notice())
			require.NoError(t, err)
			require.NoError(t, sender.Ready(), "it is mended")
		})
	}
}

func TestAHostThatIsNotReachedStopsEveryMessage(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(nil)
	server.Close()
	sender := sendGridAt(t, server.URL, nil)
	_, err := sender.Send(t.Context(), notice())
	requireUnavailable(t, err)
	require.Equal(t, err, sender.Ready())
}

func TestAddressesThatAreNobodys(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"a@example.org", "a@Example.COM", "a@mail.example.net", "a@here.test", "a@x.invalid", "a@foo.example", "a@localhost", "a@example.org."} {
		require.True(t, mail.Nobodys(email), email)
	}
	for _, email := range []string{"a@example.edu", "a@myexample.org", "a@hospital.org", "a@testing", "a@contest"} {
		require.False(t, mail.Nobodys(email), email)
	}
}

// TestWhatTheProviderSaysIsToldApart: it may repeat what it was sent.
func TestWhatTheProviderSaysIsToldApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err          error
		ours, theirs string
	}{
		{&mail.Stopped{Status: 401, Reason: "x", Advice: "check y"}, "the e-mail provider takes no message at all and answered 401 Unauthorized; check y", "x"},
		{&mail.Rejected{Status: 400, Reason: "x"}, "the e-mail provider refused the message with 400 Bad Request", "x"},
		{&mail.Rejected{Reason: "it has no text"}, "the e-mail was not sent: it has no text", ""},
		{&mail.OutcomeUnknown{Err: io.ErrUnexpectedEOF}, "the e-mail was sent and not answered", "unexpected EOF"},
		{&mail.Unavailable{Status: 503}, "the e-mail provider could not take the message: 503 Service Unavailable", ""},
		{io.ErrShortWrite, "short write", ""},
	} {
		ours, theirs := mail.Explain(fmt.Errorf("%w", c.err))
		require.Equal(t, c.theirs, theirs)
		require.Contains(t, c.ours, ours)
	}
}
