package door

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"duenotice/internal/access"
)

// Claims by which somebody can be known: what the provider alone says. Others, such
// as preferred_username, a person may change to somebody else's.
const (
	ClaimSubject = "sub"
	ClaimEmail   = "email"
	// ClaimObject is Microsoft Entra's, the same in every application of a tenant.
	ClaimObject = "oid"
)

const (
	// providerTime is how long the provider may take for one answer.
	providerTime = 10 * time.Second
	// providerPause is how long a provider that failed is not asked again.
	providerPause = 10 * time.Second
)

// Provider is who says with OpenID Connect who somebody is: authorization code flow
// with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700).
type Provider struct {
	// Issuer is its address, as its tokens name it.
	Issuer string
	// ClientID and Secret are what it knows us by.
	ClientID, Secret string
	// Claim is one of ClaimSubject, ClaimEmail and ClaimObject.
	Claim string

	mu     sync.Mutex
	found  *oidc.Provider
	failed time.Time
	why    error
}

// Check refuses a provider that cannot be asked safely.
func (p *Provider) Check() error {
	u, err := url.Parse(p.Issuer)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("%q is not an address such as https://login.example.org", p.Issuer)
	case !Private(u):
		return fmt.Errorf("%s would be asked in clear: it takes https", p.Issuer)
	case p.ClientID == "":
		return errors.New("it is not said what the provider knows us by, the client's id")
	case p.Secret == "":
		return errors.New("the client's secret is not there")
	case !slices.Contains([]string{ClaimSubject, ClaimEmail, ClaimObject}, p.Claim):
		return fmt.Errorf("nobody is known by the claim %q: it is %s, %s or %s", p.Claim, ClaimSubject, ClaimEmail, ClaimObject)
	}
	return nil
}

// Private reports whether nobody reads along between a browser and an address: by TLS,
// or because it is this machine.
func Private(address *url.URL) bool { return address.Scheme == "https" || loopback(address.Hostname()) }

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (err == nil && address.IsLoopback())
}

// Discover asks the provider where it is asked what
// (https://openid.net/specs/openid-connect-discovery-1_0.html), once it answered no more.
// A provider that is away keeps nobody from coming in by a link.
func (p *Provider) Discover(now time.Time) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if !p.failed.IsZero() && now.Sub(p.failed) < providerPause {
		return nil, p.why
	}
	// Its keys are fetched later with this context too, so no request's will do.
	found, err := oidc.NewProvider(p.asked(context.Background()), p.Issuer)
	if err != nil {
		p.failed, p.why = now, fmt.Errorf("the provider of identities does not say how it is asked: %w", err)
		return nil, p.why
	}
	p.found = found
	return found, nil
}

// asked is a context with a client that does not wait for ever.
func (p *Provider) asked(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{
		Timeout: providerTime,
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: providerTime}).DialContext,
			ForceAttemptHTTP2: true, MaxResponseHeaderBytes: maxBody, IdleConnTimeout: time.Minute,
		},
	})
}

func (p *Provider) client(at *oidc.Provider, back string) *oauth2.Config {
	scopes := []string{oidc.ScopeOpenID}
	if p.Claim == ClaimEmail {
		scopes = append(scopes, "email")
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: at.Endpoint(), RedirectURL: back, Scopes: scopes}
}

// notKnown is why the provider's answer says of nobody who they are, for the record
// and, without what the provider wrote, for the person.
type notKnown struct{ why string }

func (e *notKnown) Error() string { return e.why }

// identity exchanges a code for who it is of.
func (p *Provider) identity(ctx context.Context, code, verifier, nonce, back string, now time.Time) (access.Identity, error) {
	at, err := p.Discover(now)
	if err != nil {
		return "", err
	}
	ctx = p.asked(ctx)
	token, err := p.client(at, back).Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		var answered *oauth2.RetrieveError
		if errors.As(err, &answered) {
			return "", &notKnown{"the provider does not take the code"}
		}
		return "", fmt.Errorf("the provider of identities does not answer: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return "", &notKnown{"the provider sent no ID token"}
	}
	id, err := at.Verifier(&oidc.Config{ClientID: p.ClientID, Now: func() time.Time { return now }}).Verify(ctx, raw)
	if err != nil {
		return "", &notKnown{"the ID token does not verify"}
	}
	if id.Nonce != nonce || nonce == "" {
		return "", &notKnown{"the ID token is of another sign-in"}
	}
	return p.named(ctx, at, token, id)
}

// claims are what is read of who somebody is.
type claims struct {
	Email string `json:"email"`
	// EmailVerified is a boolean, and with some providers a text.
	EmailVerified any    `json:"email_verified"`
	Object        string `json:"oid"`
}

func (p *Provider) named(ctx context.Context, at *oidc.Provider, token *oauth2.Token, id *oidc.IDToken) (access.Identity, error) {
	var said claims
	if err := id.Claims(&said); err != nil {
		return "", &notKnown{"the ID token's claims cannot be read"}
	}
	switch p.Claim {
	case ClaimSubject:
		return access.OfProvider(id.Subject, false), nil
	case ClaimObject:
		if said.Object == "" {
			return "", &notKnown{"the ID token has no oid"}
		}
		return access.OfProvider(said.Object, false), nil
	}
	if said.Email == "" {
		// What a scope asks for stands in the ID token or in an answer of its own (Core 5.4).
		info, err := at.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return "", &notKnown{"the provider does not say more of the person"}
		}
		if info.Subject != id.Subject {
			return "", &notKnown{"the provider speaks of somebody else"}
		}
		if err := info.Claims(&said); err != nil {
			return "", &notKnown{"what the provider says of the person cannot be read"}
		}
	}
	switch {
	case said.Email == "":
		return "", &notKnown{"the provider names no e-mail address"}
	case said.EmailVerified != true && said.EmailVerified != "true":
		return "", &notKnown{"the provider has not verified the e-mail address"}
	}
	return access.OfProvider(said.Email, true), nil
}

// BackAt is the address to which the provider sends people back, which has to be
// registered there.
func BackAt(address *url.URL) string { return address.String() + fromProviderPath }

// Unreached reports whether an error of Discover says that nothing answered, which may
// be so only where it was asked.
func Unreached(err error) bool {
	var away *url.Error
	return errors.As(err, &away)
}
