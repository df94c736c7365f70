package mailsink_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mailsink"
)

const whole = `{"from":{"email":"privacy@example.org"},"subject":"Notice","personalizations":[{"to":[{"email":"office@example.org"}],"custom_args":{"id":"1"}}],` +
	`"content":[{"type":"text/plain","value":"We found a breach."}],"headers":{"Message-ID":"<1@example.org>"},` +
	`"attachments":[{"content":"JVBERg==","type":"application/pdf","filename":"notice.pdf","disposition":"attachment"}]}`

func start(t *testing.T) *mailsink.Sink {
	t.Helper()
	sink, err := mailsink.Start(t.Context(), "SG.test", time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	return sink
}

func send(t *testing.T, sink *mailsink.Sink, method, path, key, kind, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, sink.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", kind)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode, string(content)
}

func TestARequestIsLookedAtAsTheProviderWould(t *testing.T) {
	t.Parallel()
	sink := start(t)
	post := func(body string) (int, string) {
		return send(t, sink, http.MethodPost, "/v3/mail/send", "SG.test", "application/json", body)
	}
	for name, c := range map[string]struct{ from, to, why string }{
		"no sender":              {`"from":{"email":"privacy@example.org"},`, "", "from.email"},
		"two addresses":          {"office@example.org", "a@example.org, b@example.org", "personalizations.0.to.0.email"},
		"no recipient":           {`[{"to":[{"email":"office@example.org"}],"custom_args":{"id":"1"}}]`, "[]", "personalizations"},
		"no subject":             {`"Notice"`, `" "`, "The subject is required"},
		"no text":                {"We found a breach.", "", "content.0.value"},
		"HTML alone":             {"text/plain", "text/html", "text/plain first"},
		"a header of its own":    {"Message-ID", "DKIM-Signature", "DKIM-Signature"},
		"no base64":              {"JVBERg==", "%PDF", "attachments.0.content"},
		"a type with parameters": {"application/pdf", "text/calendar; charset=utf-8", "The attachment type cannot contain"},
		"a name of two lines":    {"notice.pdf", `a\r\nb`, "attachments.0.filename"},
		"an unknown setting":     {`"subject"`, `"sandbox":true,"subject"`, "sandbox"},
		"no JSON":                {"{", "", "Bad Request"},
		"arguments too large":    {`"id":"1"`, `"id":"` + strings.Repeat("x", 10_000) + `"`, "custom_args"},
	} {
		code, body := post(strings.Replace(whole, c.from, c.to, 1))
		require.Equal(t, http.StatusBadRequest, code, name)
		require.Contains(t, body, c.why, name)
	}
	for name, c := range map[string]struct {
		method, path, key, kind string
		code                    int
	}{
		"another key":   {http.MethodPost, "/v3/mail/send", "SG.other", "application/json", http.StatusUnauthorized},
		"another page":  {http.MethodPost, "/v3/mail", "SG.test", "application/json", http.StatusNotFound},
		"a look":        {http.MethodGet, "/v3/mail/send", "SG.test", "application/json", http.StatusMethodNotAllowed},
		"another form":  {http.MethodPost, "/v3/mail/send", "SG.test", "text/plain", http.StatusBadRequest},
		"what is right": {http.MethodPost, "/v3/mail/send", "SG.test", "application/json", http.StatusAccepted},
	} {
		code, _ := send(t, sink, c.method, c.path, c.key, c.kind, whole)
		require.Equal(t, c.code, code, name)
	}
	require.Len(t, sink.Taken(), 1)
	require.Equal(t, []byte("%PDF"), sink.Taken()[0].Attachments["notice.pdf"])
}

func TestAnswersComeInTheOrderInWhichTheyWereToldAndThenItTakes(t *testing.T) {
	t.Parallel()
	sink := start(t)
	sink.Next("office@example.org", mailsink.Limited(time.Minute), mailsink.Refused("Not today.", "to"))
	var codes []int
	for range 3 {
		code, _ := send(t, sink, http.MethodPost, "/v3/mail/send", "SG.test", "application/json", whole)
		codes = append(codes, code)
	}
	require.Equal(t, []int{http.StatusTooManyRequests, http.StatusBadRequest, http.StatusAccepted}, codes)
	require.Equal(t, map[string]int{"office@example.org": 3}, sink.Attempts())
	require.Len(t, sink.To("office@example.org"), 1)
	require.Empty(t, sink.To("nobody@example.org"))
}

// TestWhatIsGivenAwayIsNotKept, and is given once, in order, with an id of its own.
func TestWhatIsGivenAwayIsNotKept(t *testing.T) {
	t.Parallel()
	sink := start(t)
	var given []mailsink.Message
	sink.Give(func(m mailsink.Message) { given = append(given, m) })
	for range 2 {
		code, _ := send(t, sink, http.MethodPost, "/v3/mail/send", "SG.test", "application/json", whole)
		require.Equal(t, http.StatusAccepted, code)
	}
	require.Empty(t, sink.Taken())
	require.Len(t, given, 2)
	require.Equal(t, "office@example.org", given[1].To)
	require.NotEqual(t, given[0].ProviderID, given[1].ProviderID)
}
