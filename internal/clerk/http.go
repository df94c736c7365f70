package clerk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
)

// HTTP is a clerk without a browser: it reads pages and sends their forms.
type HTTP struct {
	// Transport carries the requests; nil is one that finds names below localhost on
	// this machine, as browsers do (RFC 6761, 6.3), whatever a name server says.
	Transport http.RoundTripper
}

// atHome dials as a browser does.
func atHome(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// Answer implements Clerk.
func (h HTTP) Answer(ctx context.Context, invitation Invitation, answer Answer) error {
	in, err := h.ComeIn(ctx, invitation)
	if err != nil {
		return err
	}
	return in.Answer(ctx, answer)
}

// ComeIn opens a practice's page with the link and the code of its invitation, which
// uses up the code. What comes of it ends with its Answer.
func (h HTTP) ComeIn(ctx context.Context, invitation Invitation) (*Inside, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	in := &Inside{end: func() {}}
	transport := h.Transport
	if transport == nil {
		own := &http.Transport{DialContext: atHome, ForceAttemptHTTP2: true}
		transport, in.end = own, own.CloseIdleConnections
	}
	in.visit = &visit{ctx: ctx, client: &http.Client{Transport: transport, Jar: jar}}
	if err := in.visit.comeIn(invitation); err != nil {
		in.end()
		return nil, err
	}
	return in, nil
}

// Inside is a clerk who came in to their practice's page.
type Inside struct {
	visit *visit
	// end gives up what the visit held open.
	end func()
}

// Waits is how often the clerk was told to give the code again a little later, because
// many were coming in, and did so.
func (in *Inside) Waits() int { return in.visit.waits }

// Answer does what answer says, and leaves.
func (in *Inside) Answer(ctx context.Context, answer Answer) error {
	defer in.end()
	in.visit.ctx = ctx
	return in.visit.answer(answer)
}

func (v *visit) comeIn(invitation Invitation) error {
	if err := v.open(invitation.Page); err != nil {
		return at("opening the page", err)
	}
	for {
		err := v.submit("come-in", url.Values{"code": {invitation.Code}})
		var later *askedToWait
		if err == nil {
			break
		}
		if !errors.As(err, &later) {
			return at("giving the code", err)
		}
		v.waits++
		select {
		case <-time.After(later.wait):
		case <-v.ctx.Done():
			return at("giving the code", err)
		}
	}
	if v.form("come-in") != nil {
		return at("giving the code", errNotIn)
	}
	return nil
}

func (v *visit) answer(answer Answer) error {
	if err := v.open("/files/people.csv"); err != nil {
		return at("taking the list away", err)
	}
	signed := url.Values{"name": {answer.Name}, "title": {answer.Title}}
	if err := v.fill("/answer/received", "received", signed); err != nil {
		return at("saying that the notice is here", err)
	}
	signed.Set("delegation", answer.Delegation)
	if err := v.fill("/answer/delegate", "delegate", signed); err != nil {
		return at("answering who writes to the patients", err)
	}
	if err := v.submit("delegate-sign", url.Values{"agree": {"yes"}}); err != nil {
		return at("signing", err)
	}
	if v.find(byID("state")) == nil {
		return at("signing", errors.New("the page does not say that the answer was received"))
	}
	if err := v.open("/notice"); err != nil {
		return at("looking again", err)
	}
	return at("leaving", v.submit("leave", nil))
}

// askedToWait is a page that says to try again, and after which time. Nothing was done.
type askedToWait struct {
	said string
	wait time.Duration
}

func (a *askedToWait) Error() string { return a.said }

// visit is one clerk's way through the pages.
type visit struct {
	ctx    context.Context
	client *http.Client
	// at is where they are, page what is shown there.
	at   *url.URL
	page *html.Node
	// waits is how often they were asked to come a little later, and did.
	waits int
}

// largest is how much of an answer is read: a list of many patients is large.
const largest = 64 << 20

// open goes to an address, which may be relative to where the clerk is.
func (v *visit) open(address string) error {
	to, err := v.resolve(address)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(v.ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		return err
	}
	return v.do(request)
}

func (v *visit) resolve(address string) (*url.URL, error) {
	if v.at == nil {
		return url.Parse(address)
	}
	return v.at.Parse(address)
}

func (v *visit) do(request *http.Request) error {
	answer, err := v.client.Do(request)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the address has the page's link in it
		}
		return err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, largest))
	if err = errors.Join(err, answer.Body.Close()); err != nil {
		return err
	}
	page := strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html")
	if page {
		v.at = answer.Request.URL
		if v.page, err = html.Parse(bytes.NewReader(body)); err != nil {
			return err
		}
	}
	switch {
	case answer.StatusCode == http.StatusServiceUnavailable && page:
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
			return &askedToWait{fmt.Sprintf("%s: %s", answer.Status, v.said()), time.Duration(seconds) * time.Second}
		}
		fallthrough
	case answer.StatusCode >= http.StatusBadRequest && page:
		return fmt.Errorf("%s: %s", answer.Status, v.said())
	case answer.StatusCode >= http.StatusBadRequest:
		return errors.New(answer.Status)
	}
	return nil
}

// fill opens a page and sends its form.
func (v *visit) fill(path, form string, values url.Values) error {
	if err := v.open(path); err != nil {
		return err
	}
	return v.submit(form, values)
}

// submit sends the form of the page with this id as a browser would, with what it
// holds already and with values.
func (v *visit) submit(id string, values url.Values) error {
	form := v.form(id)
	if form == nil {
		return fmt.Errorf("the page has no form %s: %s", id, v.said())
	}
	filled := url.Values{}
	for n := range form.Descendants() {
		if n.Type == html.ElementNode && n.Data == "input" && attribute(n, "type") == "hidden" {
			filled.Set(attribute(n, "name"), attribute(n, "value"))
		}
	}
	for name, value := range values {
		filled[name] = value
	}
	to, err := v.resolve(attribute(form, "action"))
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(v.ctx, http.MethodPost, to.String(), strings.NewReader(filled.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", to.Scheme+"://"+to.Host)
	return v.do(request)
}

// form is the page's form with an id, or the form that holds the element with it.
func (v *visit) form(id string) *html.Node {
	for n := v.find(byID(id)); n != nil; n = n.Parent {
		if n.Type == html.ElementNode && n.Data == "form" {
			return n
		}
	}
	return nil
}

func (v *visit) find(is func(*html.Node) bool) *html.Node {
	if v.page == nil {
		return nil
	}
	for n := range v.page.Descendants() {
		if is(n) {
			return n
		}
	}
	return nil
}

// said is the page's heading and what it says is wrong.
func (v *visit) said() string {
	var parts []string
	for _, is := range []func(*html.Node) bool{byName("h1"), byID("errors")} {
		if n := v.find(is); n != nil {
			var words []string
			for d := range n.Descendants() {
				if d.Type == html.TextNode {
					words = append(words, strings.Fields(d.Data)...)
				}
			}
			parts = append(parts, strings.Join(words, " "))
		}
	}
	return strings.Join(parts, ": ")
}

func byID(id string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Type == html.ElementNode && attribute(n, "id") == id }
}

func byName(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Type == html.ElementNode && n.Data == name }
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
