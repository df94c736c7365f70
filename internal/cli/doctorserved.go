package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"duenotice/internal/app"
	"duenotice/internal/civil"
	"duenotice/internal/pages"
	"duenotice/internal/postgres"
)

const (
	// pageLimit is how long the practices' pages may take to answer.
	pageLimit = 5 * time.Second
	// renewBefore is how many days before its end a certificate is spoken of: a
	// certificate that is renewed by itself has been renewed by then.
	renewBefore = 14
)

// served says whether the practices' pages are served: when their server last said so in
// the database, and what answers at the address that practices were told.
func (e *examination) served(ctx context.Context, store *postgres.Store, config app.Config) {
	const what = "practices' pages"
	if config.PagesAddress == "" {
		e.good(what, "none are set up; practices get their papers as folders (DUENOTICE_PAGES_ADDRESS)")
		return
	}
	seen, err := store.PagesSeen(ctx)
	if err != nil {
		e.bad(what, err, "start a worker, which brings the tables up to date")
		return
	}
	last := "their server was never heard of"
	if !seen.IsZero() {
		last = "their server was last heard of on " + seen.In(config.Zone).Format("2006-01-02 at 15:04:05 MST")
	}
	serves, err := store.PagesServe(ctx, app.PagesLost)
	if err != nil {
		e.bad(what, err, "")
		return
	}
	certificate, err := healthAt(ctx, config.PagesAddress)
	switch {
	case !serves:
		e.bad(what, errors.New(config.PagesAddress+" is not served: "+last), app.PagesTodo)
		return
	case err != nil:
		// A firewall may let practices in and not this machine.
		e.note(what, config.PagesAddress+" cannot be reached from here: "+err.Error()+"; "+last,
			"open it where practices are; if it is not reached there either, look at the proxy or DNS in front of it")
		return
	}
	e.good(what, config.PagesAddress+" answers; "+last)
	if certificate != nil {
		e.certificate(config, certificate)
	}
}

// certificate says how old the pages' certificate is, when it ends, and whether a browser
// would take it.
func (e *examination) certificate(config app.Config, shown []*x509.Certificate) {
	const what = "pages' certificate"
	today, day := e.p.today(config), func(at time.Time) civil.Date { return civil.OfTime(at.In(config.Zone)) }
	leaf := shown[0]
	left := day(leaf.NotAfter).DaysSince(today)
	text := fmt.Sprintf("%s old, good through %s", count(today.DaysSince(day(leaf.NotBefore)), "day", "days"), day(leaf.NotAfter))
	address, err := url.Parse(config.PagesAddress)
	if err != nil {
		e.bad(what, err, "")
		return
	}
	between := x509.NewCertPool()
	for _, c := range shown[1:] {
		between.AddCert(c)
	}
	_, err = leaf.Verify(x509.VerifyOptions{DNSName: address.Hostname(), Intermediates: between, CurrentTime: e.p.Now()})
	var unknown x509.UnknownAuthorityError
	switch {
	case errors.As(err, &unknown):
		e.note(what, text+"; nobody that this machine trusts has signed it", "see that practices' browsers trust it: they show a warning in place of the page else")
	case err != nil:
		e.bad(what, fmt.Errorf("%s; every browser refuses it: %w", text, err), "renew it, for the name in DUENOTICE_PAGES_ADDRESS (docs/deployment.md)")
	case left < renewBefore:
		e.note(what, text, "renew it: browsers refuse the pages once it is over (docs/deployment.md)")
	default:
		e.good(what, text)
	}
}

// healthAt asks the pages' server at its address whether it serves, and returns the
// certificates that it shows, its own first; none where the address is without TLS. They
// are returned and not judged: one that is over is to be looked at too.
func healthAt(ctx context.Context, address string) ([]*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(address, "/")+pages.HealthPath, nil)
	if err != nil {
		return nil, err
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // G402: nothing is sent, and the caller judges the certificate
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	if err != nil {
		return nil, err
	}
	if err := answer.Body.Close(); err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusNoContent {
		return nil, fmt.Errorf("something else answers there, with %s", answer.Status)
	}
	if answer.TLS == nil {
		return nil, nil
	}
	return answer.TLS.PeerCertificates, nil
}
