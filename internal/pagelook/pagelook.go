// Package pagelook fetches a page of the internet to see whether a notice is on it. The
// address is what somebody recorded, so it may lead anywhere: only pages of the public
// internet are fetched, and only so much of them, for so long. Nothing of ours goes with
// the request.
package pagelook

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html/charset"

	"duenotice/internal/posting"
)

const (
	// lookLimit is how long a page may take, with all its redirects.
	lookLimit = 20 * time.Second
	// pageLimit is how many bytes of a page are read, unpacked. The home pages of hospitals
	// have up to a million.
	pageLimit = 4 << 20
	// maxRedirects is how often a page may send elsewhere.
	maxRedirects = 5
)

// Page is what was found.
type Page struct {
	Words posting.Words
	// SHA256 is of the bytes as they came.
	SHA256 string
}

// NotSeen is why there is no page to read. It says nothing that the server sent.
type NotSeen struct {
	Why string
	// Unreached: no server answered, which may be for our own network as well as for theirs.
	Unreached bool
}

func (n *NotSeen) Error() string { return n.Why }

// Options are what an installation says of looking.
type Options struct {
	// Own are hosts, as host or host:port, that may be at private addresses and other
	// ports than 443.
	Own []string
	// Roots are who vouches for certificates, nil for those of the machine.
	Roots *x509.CertPool
	// Proxy says through which proxy a request goes; nil is the environment's
	// (HTTPS_PROXY, NO_PROXY).
	Proxy func(*http.Request) (*url.URL, error)
}

// Looker fetches pages. It is safe for use by many at a time.
type Looker struct {
	client *http.Client
	guard  guard
}

// New makes a Looker.
func New(o Options) *Looker {
	g := guard{own: map[string]bool{}, proxy: o.Proxy}
	if g.proxy == nil {
		g.proxy = http.ProxyFromEnvironment
	}
	for _, host := range o.Own {
		g.own[strings.ToLower(host)] = true
	}
	l := &Looker{guard: g}
	transport := &http.Transport{
		Proxy: g.proxy, DialContext: g.dial, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: lookLimit, ResponseHeaderTimeout: lookLimit, MaxResponseHeaderBytes: 64 << 10,
		// Tomorrow is another connection.
		DisableKeepAlives: true,
	}
	if o.Roots != nil {
		transport.TLSClientConfig = tlsConfig(o.Roots)
	}
	l.client = &http.Client{Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return &NotSeen{Why: fmt.Sprintf("it sends on more than %d times", maxRedirects)}
		}
		return g.allows(next.URL)
	}}
	return l
}

// Look fetches the page at an address. That there is none to read, or that it may not be
// fetched, is a *NotSeen; any other error is the context's.
func (l *Looker) Look(ctx context.Context, address string) (Page, error) {
	limited, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	page, err := l.look(limited, address)
	if err != nil && ctx.Err() != nil {
		return Page{}, ctx.Err()
	}
	return page, err
}

func (l *Looker) look(ctx context.Context, address string) (Page, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Page{}, &NotSeen{Why: "its address cannot be read"}
	}
	if err := l.guard.allows(u); err != nil {
		return Page{}, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return Page{}, &NotSeen{Why: "its address cannot be read"}
	}
	request.Header.Set("User-Agent", "Mozilla/5.0 (compatible; duenotice-posting-look)")
	request.Header.Set("Accept", "text/html,application/xhtml+xml,text/plain;q=0.9")
	request.Header.Set("Accept-Language", "en")
	answer, err := l.client.Do(request)
	if err != nil {
		return Page{}, whyNot(err)
	}
	defer func() { _ = answer.Body.Close() }() // only read
	if answer.StatusCode != http.StatusOK {
		return Page{}, &NotSeen{Why: fmt.Sprintf("its server answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))}
	}
	return read(answer)
}

// read reads the words of an answer.
func read(answer *http.Response) (Page, error) {
	body, err := io.ReadAll(io.LimitReader(answer.Body, pageLimit+1))
	if err != nil {
		return Page{}, whyNot(err)
	}
	if len(body) > pageLimit {
		return Page{}, &NotSeen{Why: fmt.Sprintf("it is longer than %d million bytes", pageLimit>>20)}
	}
	given := answer.Header.Get("Content-Type")
	kind, _, err := mime.ParseMediaType(given)
	if err != nil {
		kind = http.DetectContentType(body)
		kind, _, _ = strings.Cut(kind, ";")
	}
	encoding, _, _ := charset.DetermineEncoding(body, given)
	text, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return Page{}, &NotSeen{Why: "its characters cannot be read"}
	}
	sum := sha256.Sum256(body)
	page := Page{SHA256: hex.EncodeToString(sum[:])}
	switch kind {
	case "text/html", "application/xhtml+xml":
		page.Words = posting.OfHTML(string(text))
	case "text/plain":
		page.Words = posting.OfText(string(text))
	default:
		return Page{}, &NotSeen{Why: "it is no page of text or HTML"}
	}
	return page, nil
}

// whyNot says why nothing came, without the address, whose parts an error may repeat.
func whyNot(err error) error {
	var own *NotSeen
	var certificate *x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var hostname x509.HostnameError
	var name *net.DNSError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &certificate), errors.As(err, &invalid), errors.As(err, &hostname), isCertificate(err):
		return &NotSeen{Why: "its certificate is not one that browsers take"}
	case errors.As(err, &name):
		return &NotSeen{Why: "no server is known by its name", Unreached: true}
	case errors.As(err, &timeout) && timeout.Timeout():
		return &NotSeen{Why: fmt.Sprintf("its server does not answer within %d seconds", int(lookLimit.Seconds())), Unreached: true}
	}
	return &NotSeen{Why: "its server cannot be reached, or broke off", Unreached: true}
}
