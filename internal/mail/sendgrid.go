package mail

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sendgrid/rest"
	"github.com/sendgrid/sendgrid-go"
	sgmail "github.com/sendgrid/sendgrid-go/helpers/mail"
)

// MessageIDArg is the custom argument under which SendGrid's events and
// activity log show our id.
const MessageIDArg = "duenotice_message_id"

const (
	sendGridHost = "https://api.sendgrid.com"
	sendPath     = "/v3/mail/send"
	// defaultTimeout bounds an attempt when the caller brought no client. It is
	// long: giving up after the request went out makes the outcome unknown.
	defaultTimeout = 60 * time.Second
)

type sendGrid struct {
	// request builds the signed request around a body; the key lives in this
	// closure only, so that printing the sender cannot show it.
	request func(body []byte) rest.Request
	// redact takes the key out of what the provider wrote back.
	redact func(string) string
	host   string
	client *rest.Client
	now    func() time.Time
	gate   gate
}

// NewSendGrid returns a sender for SendGrid's v3 API. An empty host is
// SendGrid's own; another is a URL such as https://api.eu.sendgrid.com, with
// plain http only on the loopback interface, since the key travels with every
// request. A nil client is one with a timeout of a minute; one that is given
// lends its timeout and its *http.Transport, and no other kind of transport:
// the sender must see whether bytes were written. The client library's retries
// and global client are not used.
func NewSendGrid(apiKey, host string, now func() time.Time, client *http.Client) (Sender, error) {
	if apiKey == "" || strings.ContainsFunc(apiKey, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the SendGrid key is empty or has characters no key has, such as a space or line break: check SENDGRID_API_KEY")
	}
	base, err := baseURL(host)
	if err != nil {
		return nil, err
	}
	own, err := ownClient(client)
	if err != nil {
		return nil, err
	}
	return &sendGrid{
		request: func(body []byte) rest.Request {
			r := sendgrid.GetRequest(apiKey, sendPath, base)
			r.Method = rest.Post
			r.Body = body
			return r
		},
		redact: func(s string) string { return strings.ReplaceAll(s, apiKey, "[key]") },
		host:   base,
		client: &rest.Client{HTTPClient: own},
		now:    now,
	}, nil
}

func (s *sendGrid) Name() string { return "sendgrid" }

// Format prints where the sender sends to and nothing else, whatever the verb.
func (s *sendGrid) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "sendgrid at "+s.host) }

// Outcome knows nothing: SendGrid has no way to ask for a message by our id
// without the paid activity history, which is minutes behind.
func (s *sendGrid) Outcome(context.Context, string, string) (Receipt, error) { return Receipt{}, nil }

// Ready says what stopped the last message, until it is time to try again.
func (s *sendGrid) Ready() error { return s.gate.ready(s.now()) }

// Send makes one attempt, and remembers what stops every message.
func (s *sendGrid) Send(ctx context.Context, m Message) (Receipt, error) {
	if err := m.check(false); err != nil {
		return Receipt{}, err
	}
	receipt, err := s.send(ctx, m)
	s.gate.note(err, s.now())
	return receipt, err
}

func (s *sendGrid) send(ctx context.Context, m Message) (Receipt, error) {
	ctx, wire := watchWire(ctx)
	response, err := s.client.SendWithContext(ctx, s.request(sgmail.GetRequestBody(m.sendGrid())))
	if response == nil {
		if wire.touched() {
			return Receipt{}, &OutcomeUnknown{Err: err}
		}
		return Receipt{}, &Unavailable{Err: err}
	}
	// A response with an error is one whose body broke off. Its status arrived
	// whole, and says all that is needed.
	return s.read(response)
}

// read turns the provider's answer into a receipt or an error.
func (s *sendGrid) read(r *rest.Response) (Receipt, error) {
	header := http.Header(r.Headers)
	switch {
	case r.StatusCode == http.StatusAccepted:
		return Receipt{Outcome: Accepted, ProviderID: s.redact(oneLine(header.Get("X-Message-Id"))), Status: r.StatusCode}, nil
	case r.StatusCode == http.StatusTooManyRequests:
		return Receipt{}, &Later{At: resetTime(header, s.now())}
	case r.StatusCode >= 500:
		return Receipt{}, &Unavailable{Status: r.StatusCode}
	case slices.Contains(everyMessage, r.StatusCode):
		return Receipt{}, &Stopped{Status: r.StatusCode, Reason: s.redact(reason(r.Body)), Advice: s.advice(r.StatusCode)}
	case r.StatusCode >= 400:
		return Receipt{}, &Rejected{Status: r.StatusCode, Reason: s.redact(reason(r.Body))}
	case r.StatusCode >= 300:
		// Following it would show the key to another host.
		return Receipt{}, &Stopped{Status: r.StatusCode, Reason: "it points to another address", Advice: s.advice(r.StatusCode)}
	default:
		// Some page in between, perhaps: only 202 means that a message was taken.
		return Receipt{}, &OutcomeUnknown{Status: r.StatusCode}
	}
}

// everyMessage are the answers that any message would get: they are about the
// key, what it may do, the sender or the address that was asked.
var everyMessage = []int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusProxyAuthRequired, http.StatusGone, http.StatusMisdirectedRequest,
}

// advice says what to look at after an answer that any message would get.
func (s *sendGrid) advice(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "check SENDGRID_API_KEY"
	case http.StatusForbidden:
		return "check that the key may send mail and that DUENOTICE_MAIL_FROM is a sender SendGrid has verified"
	}
	return "check that SENDGRID_HOST, " + s.host + ", is a host that speaks SendGrid's v3 API"
}

// sendGrid is the message in the provider's form.
func (m Message) sendGrid() *sgmail.SGMailV3 {
	to := sgmail.NewPersonalization()
	to.AddTos(sgmail.NewEmail(m.To.Name, m.To.Email))
	to.SetCustomArg(MessageIDArg, m.ID)
	v3 := sgmail.NewV3Mail().
		SetFrom(sgmail.NewEmail(m.From.Name, m.From.Email)).
		AddPersonalizations(to).
		AddContent(sgmail.NewContent("text/plain", m.Text)).
		SetHeader("Message-ID", m.messageID()).
		// Links and an invisible picture that report back have no place in a
		// legal notice, and would tell the provider who read it.
		SetTrackingSettings(sgmail.NewTrackingSettings().
			SetClickTracking(sgmail.NewClickTrackingSetting().SetEnable(false).SetEnableText(false)).
			SetOpenTracking(sgmail.NewOpenTrackingSetting().SetEnable(false)).
			SetSubscriptionTracking(sgmail.NewSubscriptionTrackingSetting().SetEnable(false)).
			SetGoogleAnalytics(sgmail.NewGaSetting().SetEnable(false)))
	v3.Subject = m.Subject
	if m.ReplyTo != (Address{}) {
		v3.SetReplyTo(sgmail.NewEmail(m.ReplyTo.Name, m.ReplyTo.Email))
	}
	for _, a := range m.Attachments {
		v3.AddAttachment(sgmail.NewAttachment().
			SetContent(base64.StdEncoding.EncodeToString(a.Content)).
			SetType(bareType(a.ContentType)).
			SetFilename(a.Name).
			SetDisposition("attachment"))
	}
	return v3
}

// bareType is a content type without its parameters: SendGrid refuses the whole message
// where there is a semicolon in one.
func bareType(contentType string) string {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return contentType // check refused it before
	}
	return kind
}

// messageID is the Message-ID header: our id at the sender's domain.
func (m Message) messageID() string {
	if m.From.Email == "" {
		return "<" + m.ID + "@duenotice.invalid>"
	}
	domain := m.From.Email[strings.LastIndexByte(m.From.Email, '@')+1:]
	return "<" + m.ID + "@" + domain + ">"
}

// baseURL checks the host and puts it in the form the client library wants.
func baseURL(host string) (string, error) {
	if host == "" {
		return sendGridHost, nil
	}
	if !strings.Contains(host, "://") {
		host = "https://" + host
	}
	u, err := url.Parse(host)
	// The URL is not repeated in these errors: it may hold a password.
	if err != nil || u.Hostname() == "" {
		return "", errors.New("SENDGRID_HOST is not a URL such as " + sendGridHost)
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return "", errors.New("SENDGRID_HOST must be a scheme and a host alone, such as " + sendGridHost + ", without path, user or question mark")
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && isLoopback(u.Hostname()):
	case u.Scheme == "http":
		return "", fmt.Errorf("SENDGRID_HOST: plain http to %s would show the key to the network; use https (http is for 127.0.0.1, ::1 and localhost)", u.Hostname())
	default:
		return "", errors.New("SENDGRID_HOST must begin with https://")
	}
	return u.Scheme + "://" + u.Host, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
