package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/logging"
	"duenotice/internal/pages"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/seeing"
)

// PagesConfig is all that the server of the practices' pages is told. It reads no
// duenotice.yaml: what is in there belongs to the worker.
type PagesConfig struct {
	// Address is where practices reach it, Listen the HOST:PORT where it listens.
	Address, Listen string
	// DatabaseURL is for its own login, a member of duenotice_page and of nothing else.
	DatabaseURL string
	// Certificate and Key are files in PEM, "" where TLS ends at a proxy or on loopback.
	Certificate, Key string
	// Proxy are the addresses of the proxies that are believed.
	Proxy []netip.Prefix
	// Scan is the program that looks at each file that a practice sends; nil for none.
	Scan []string
	// Forget is after how long without a practice the server begins anew, to forget what
	// it unsealed; 0 stands for forgetAfter.
	Forget time.Duration
	Log    logging.Options
	// Seeing is what is shown of the server to who runs it.
	Seeing seeing.Options

	// sockets are those of the process before, "" for none.
	sockets string
}

// notThePages are variables that lead to patients, with the one thing that they give. A
// name that ends in * stands for all that begin so.
var notThePages = []struct{ name, gives string }{
	{"DUENOTICE_KEY_FILE", "the key file"}, {"DUENOTICE_KEY_TEXT", "the master keys"}, {"DUENOTICE_EVIDENCE_KEY_FILE", "the key of the evidence"},
	{"DUENOTICE_DATABASE_URL", "the worker's database login"}, {"DUENOTICE_OWNER_DATABASE_URL", "the database owner's login"},
	{"DUENOTICE_TEMPORAL_CERTIFICATES", "certificates for Temporal"}, {"TEMPORAL_*", "the way to Temporal"},
	{"DUENOTICE_CONFIG", "the worker's configuration"}, {"SENDGRID_*", "the e-mail account"}, {"PG*", "another database login"},
}

// LoadPagesConfig is ReadPagesConfig for the server itself. It refuses with code
// "pages_reach" an environment or a working folder from which more could be reached than
// a page: whoever breaks in would reach it too.
func LoadPagesConfig(environ []string) (PagesConfig, error) {
	if err := onlyPages(variables(environ)); err != nil {
		return PagesConfig{}, err
	}
	return ReadPagesConfig(environ)
}

func variables(environ []string) map[string]string {
	env := map[string]string{}
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); value != "" {
			env[name] = value
		}
	}
	return env
}

// ReadPagesConfig reads what the pages' server is told from its environment, each as
// NAME=VALUE.
func ReadPagesConfig(environ []string) (c PagesConfig, err error) {
	env := variables(environ)
	c = PagesConfig{
		Address: env["DUENOTICE_PAGES_ADDRESS"], Listen: env["DUENOTICE_PAGES_LISTEN"], DatabaseURL: env["DUENOTICE_PAGES_DATABASE_URL"],
		Certificate: env["DUENOTICE_PAGES_CERTIFICATE"], Key: env["DUENOTICE_PAGES_KEY"], Scan: strings.Fields(env["DUENOTICE_PAGES_SCAN"]),
		Log:     logging.Options{Level: env["DUENOTICE_LOG_LEVEL"], Format: env["DUENOTICE_LOG_FORMAT"], File: env["DUENOTICE_LOG_FILE"]},
		Seeing:  seeing.Options{Listen: env[pagesSeeingNames.Listen], TokenFile: env[pagesSeeingNames.TokenFile], OTLP: env[pagesSeeingNames.OTLP]},
		sockets: env[socketsVariable],
	}
	if err := c.Seeing.Check(pagesSeeingNames); err != nil {
		return c, err
	}
	if c.DatabaseURL == "" {
		if c.DatabaseURL, err = secret("DUENOTICE_PAGES_DATABASE_URL_FILE", env["DUENOTICE_PAGES_DATABASE_URL_FILE"]); err != nil {
			return c, err
		}
	}
	if text := env["DUENOTICE_PAGES_FORGET"]; text != "" {
		if c.Forget, err = time.ParseDuration(text); err != nil || c.Forget <= 0 {
			return c, breach.Refuse("pages_forget", "Give a time such as 30s or 2m; without it a minute is meant.", "DUENOTICE_PAGES_FORGET: %q is no length of time", text)
		}
	}
	for _, text := range strings.FieldsFunc(env["DUENOTICE_PAGES_PROXY"], func(r rune) bool { return r == ',' || r == ' ' }) {
		prefix, err := parsePrefix(text)
		if err != nil {
			return c, breach.Refuse("pages_proxy", "Give addresses such as 10.0.0.5 or 10.0.0.0/24, between commas.", "DUENOTICE_PAGES_PROXY: %q is no address", text)
		}
		c.Proxy = append(c.Proxy, prefix)
	}
	return c, c.check()
}

func parsePrefix(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Prefix(address.BitLen())
	}
	return netip.ParsePrefix(text)
}

// onlyPages refuses what leads further than to the pages.
func onlyPages(env map[string]string) error {
	const advice = "Start it with an environment of its own, which has DUENOTICE_PAGES_ variables and no secret of the worker (docs/deployment.md)."
	for name := range env {
		for _, more := range notThePages {
			start, several := strings.CutSuffix(more.name, "*")
			if name == more.name || several && strings.HasPrefix(name, start) {
				return breach.Refuse("pages_reach", advice, "the pages' server would have %s (%s), and whoever breaks into it too", more.gives, name)
			}
		}
		// Whatever a later program calls a key of its own.
		if strings.HasPrefix(name, "DUENOTICE_") && strings.Contains(name, "KEY") && name != "DUENOTICE_PAGES_KEY" {
			return breach.Refuse("pages_reach", advice, "the pages' server would have a key (%s), and whoever breaks into it too", name)
		}
	}
	if _, err := os.Stat(ConfigFile); err == nil {
		return breach.Refuse("pages_reach", "Start it in a folder of its own.", "the worker's %s lies in the folder in which the pages' server was started", ConfigFile)
	}
	return nil
}

// check refuses what cannot be served, and pages that would travel in clear.
func (c PagesConfig) check() error {
	address, err := parsePagesAddress(c.Address)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return breach.Refuse("pages_listen", "Set DUENOTICE_PAGES_LISTEN to HOST:PORT.", "%q is not a place to listen at", c.Listen)
	}
	here, _ := netip.ParseAddr(host)
	switch {
	case c.DatabaseURL == "":
		return breach.Refuse("pages_database", "Set DUENOTICE_PAGES_DATABASE_URL to the database with the login of the pages alone (docs/deployment.md).", "the pages' server has no database")
	case (c.Certificate == "") != (c.Key == ""):
		return breach.Refuse("pages_tls", "Set both DUENOTICE_PAGES_CERTIFICATE and DUENOTICE_PAGES_KEY.", "a certificate and its key go together")
	case c.Certificate != "" && len(c.Proxy) > 0:
		return breach.Refuse("pages_tls", "Take away DUENOTICE_PAGES_CERTIFICATE and _KEY, or DUENOTICE_PAGES_PROXY.", "TLS ends either here or at the proxy")
	case (c.Certificate != "" || len(c.Proxy) > 0) && address.Scheme != "https":
		return breach.Refuse("pages_address", "Set DUENOTICE_PAGES_ADDRESS to https://HOST.", "practices are reached by TLS, and %q is without", c.Address)
	case c.Certificate == "" && len(c.Proxy) == 0 && !here.IsLoopback():
		return breach.Refuse("pages_tls", "Set DUENOTICE_PAGES_CERTIFICATE and DUENOTICE_PAGES_KEY, or DUENOTICE_PAGES_PROXY to the proxy at which TLS ends; without TLS it listens on this machine only.",
			"at %s the pages would travel in clear", c.Listen)
	}
	return nil
}

// Pages is the server of the practices' pages.
type Pages struct {
	Config PagesConfig
	// Log receives structured lines where the configuration names no file; nil means standard error.
	Log io.Writer
	// Now tells the time; nil means the machine's clock.
	Now func() time.Time
	// Times bound how long whoever reaches the pages may take.
	Times Times
	// Anew lets it take its own place to forget what it unsealed. It is for a process that
	// is this server and nothing else.
	Anew bool
}

// pagesSign is how often it says that it serves.
const pagesSign = 5 * time.Second

// Run serves the pages until ctx ends. With Anew it takes its own place whenever it is to
// forget what it unsealed, and then never returns.
func (p *Pages) Run(ctx context.Context) (err error) {
	if p.Anew {
		if err := errors.Join(noDump(), closeToOthers()); err != nil {
			return fmt.Errorf("the memory of the pages' server cannot be kept from others: %w", err)
		}
	}
	options := p.Config.Log
	options.Level = cmp.Or(options.Level, "info")
	logger, closeLog, err := logging.New(options, cmp.Or[io.Writer](p.Log, os.Stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	seen, stop, err := openSeeing(ctx, p.Config.Seeing, "pages", logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	ready := seen.Health.Part("")
	door, err := pagedoor.Open(ctx, p.Config.DatabaseURL)
	if err != nil {
		return err
	}
	defer door.Close()
	address, err := url.Parse(p.Config.Address)
	if err != nil {
		return err // check refused it
	}
	s := serving{pages: p, log: logger, seen: seen, traces: &pages.Traces{}, now: p.Now}
	if s.now == nil {
		s.now = time.Now
	}
	s.handler, err = (&pages.Server{
		Door: door, Address: address, Proxy: p.Config.Proxy, Scan: p.Config.Scan, ProofTime: p.Times.usual().Proof, Traces: s.traces, Log: logger, Now: s.now,
	}).Handler()
	if err != nil {
		return err
	}
	s.handler = seen.Web(s.handler, pages.Parts)
	if p.Config.Certificate != "" {
		certificate := &reloaded{certificate: p.Config.Certificate, key: p.Config.Key, log: logger}
		if _, err := certificate.get(nil); err != nil {
			return err
		}
		s.tls = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certificate.get}
	}
	listeners, err := handedOn(p.Config.sockets)
	if err != nil {
		return err
	}
	if len(listeners) > 0 {
		logger.Info(anewLine)
	} else if listeners, err = listenAt(ctx, p.Config.Listen, address); err != nil {
		return err
	}
	ready.Ask(told(door.Check))
	go p.showCertificate(ctx, seen, s.now, logger)
	beat, noMore := seen.Health.Pulse("signs of life", signStuck)
	defer noMore()
	go every(ctx, pagesSign, func(ctx context.Context) {
		defer beat()
		limited, cancel := context.WithTimeout(ctx, askLimit)
		defer cancel()
		if err := door.Serves(limited); err != nil && ctx.Err() == nil {
			logger.Warn("the database could not be told that the pages are served", slog.Any("error", err))
		}
	})
	return s.untilTheEnd(ctx, listeners)
}

// Check asks the server that serves on this machine whether it does.
func (p *Pages) Check(ctx context.Context) error {
	_, port, err := net.SplitHostPort(p.Config.Listen)
	if err != nil {
		return err
	}
	address, err := url.Parse(p.Config.Address)
	if err != nil {
		return err
	}
	scheme, transport := "http", &http.Transport{}
	if p.Config.Certificate != "" {
		trusted := x509.NewCertPool()
		pem, err := givenfile.Read(p.Config.Certificate)
		if err != nil {
			return err
		}
		trusted.AppendCertsFromPEM(pem)
		scheme, transport.TLSClientConfig = "https", &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: trusted, ServerName: address.Hostname()}
	}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort("127.0.0.1", port)+pages.HealthPath, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return fmt.Errorf("the practices' pages are not served: %w", err)
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("something else than the practices' pages answers on port %s: %s", port, answer.Status)
	}
	return nil
}

// parsePagesAddress reads the address of the practices' pages, or refuses it.
func parsePagesAddress(text string) (*url.URL, error) {
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" || strings.Trim(address.Path, "/") != "" || address.RawQuery != "" || address.User != nil {
		return nil, breach.Refuse("pages_address", "Set DUENOTICE_PAGES_ADDRESS to https://HOST, as practices reach it.", "%q is not an address of pages", text)
	}
	return address, nil
}

// pagesURL is the address of the practices' pages, nil where they have none.
func (c Config) pagesURL() (*url.URL, error) {
	if c.PagesAddress == "" {
		return nil, nil //nolint:nilnil // that there are none is no error
	}
	return parsePagesAddress(c.PagesAddress)
}
