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

	"golang.org/x/net/netutil"

	"duenotice/internal/breach"
	"duenotice/internal/givenfile"
	"duenotice/internal/logging"
	"duenotice/internal/pages"
	"duenotice/internal/postgres/pagedoor"
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
	Log  logging.Options
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
		Log: logging.Options{Level: env["DUENOTICE_LOG_LEVEL"], Format: env["DUENOTICE_LOG_FORMAT"], File: env["DUENOTICE_LOG_FILE"]},
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
}

// pagesSign is how often it says that it serves.
const pagesSign = 5 * time.Second

// A proof of ten megabytes comes over a slow line too; pages.Server bounds how many do at once.
const (
	proofTime          = 3 * time.Minute
	maxPageConnections = 1000
)

// Run serves the pages until ctx ends.
func (p *Pages) Run(ctx context.Context) (err error) {
	options := p.Config.Log
	options.Level = cmp.Or(options.Level, "info")
	logger, closeLog, err := logging.New(options, cmp.Or[io.Writer](p.Log, os.Stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeLog()) }()
	door, err := pagedoor.Open(ctx, p.Config.DatabaseURL)
	if err != nil {
		return err
	}
	defer door.Close()
	address, err := url.Parse(p.Config.Address)
	if err != nil {
		return err // check refused it
	}
	now := p.Now
	if now == nil {
		now = time.Now
	}
	handler, err := (&pages.Server{Door: door, Address: address, Proxy: p.Config.Proxy, Scan: p.Config.Scan, Log: logger, Now: now}).Handler()
	if err != nil {
		return err
	}
	server := pageServer(handler)
	server.ReadTimeout, server.WriteTimeout = proofTime, proofTime+requestTime
	if p.Config.Certificate != "" {
		certificate := &reloaded{certificate: p.Config.Certificate, key: p.Config.Key, log: logger}
		if _, err := certificate.get(nil); err != nil {
			return err
		}
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certificate.get}
	}
	listeners, err := listenAt(ctx, p.Config.Listen, address)
	if err != nil {
		return err
	}
	served := make(chan error, len(listeners))
	for _, l := range listeners {
		l = netutil.LimitListener(l, maxPageConnections)
		go func() {
			if p.Config.Certificate != "" { // the server fills in a TLSConfig of its own when it serves
				served <- server.ServeTLS(l, "", "")
				return
			}
			served <- server.Serve(l)
		}()
	}
	go every(ctx, pagesSign, func(ctx context.Context) {
		limited, cancel := context.WithTimeout(ctx, askLimit)
		defer cancel()
		if err := door.Serves(limited); err != nil && ctx.Err() == nil {
			logger.Warn("the database could not be told that the pages are served", slog.Any("error", err))
		}
	})
	waiting := len(listeners)
	select {
	case err = <-served:
		waiting--
	case <-ctx.Done():
	}
	// Who is in the middle of an answer gets it out.
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), headerTime)
	defer cancel()
	err = errors.Join(err, server.Shutdown(ending))
	for range waiting {
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}
	return err
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
