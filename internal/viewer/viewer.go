// Package viewer lets a person read Temporal's UI. What passes through Temporal
// is encrypted, so the UI by itself shows ciphertext; the viewer stands in front
// of it, lets in who has logged in with a link of the command line, decodes for
// them under the same address, and writes down each time it did.
//
// It is for looking: whatever would change a workflow is refused. Acts go
// through the command line, where each names its author and leaves evidence.
//
// The UI, its codec server and the login share one origin, so that a cookie
// which no script can read and no other site can use is all the browser needs.
package viewer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/logging"
)

// Store keeps logins and the record of what was looked at.
type Store interface {
	// AddUILink keeps a link that was made.
	AddUILink(ctx context.Context, link casebook.UILink, now time.Time) error
	// OpenUISession makes a session of a link, once, and returns whose it is; ""
	// for a link that is unknown, over or used.
	OpenUISession(ctx context.Context, linkSHA256 string, session casebook.UISession, now time.Time) (who string, err error)
	// UISession returns whose session it is, "" when it is none now.
	UISession(ctx context.Context, sha256 string, now time.Time) (who string, err error)
	// AddPayloadView writes down that somebody had payloads decoded.
	AddPayloadView(ctx context.Context, v casebook.PayloadView) error
}

// Viewer is the page officers open.
type Viewer struct {
	// Address is where officers reach it, such as http://127.0.0.1:8080. A request
	// to any other host name is refused: it comes from a page that made its own
	// name mean this machine.
	Address *url.URL
	// UI is where Temporal's own UI is, which nobody needs to reach but the viewer.
	UI *url.URL
	// Transport carries requests there; nil is the usual one. Where the UI asks for a
	// certificate, this has it.
	Transport http.RoundTripper
	// Codec decodes; its Viewer is used.
	Codec *codec.Codec
	Store Store
	// Now tells the time.
	Now func() time.Time
	// Log receives a structured line for each login and each decoding.
	Log *slog.Logger
}

// Paths of the viewer's own. Temporal's UI has none that begin like them.
const (
	loginPath  = "/duenotice/login"
	codecPath  = "/duenotice/codec"
	decodePath = codecPath + "/decode"
	// HealthPath answers 204 to everybody.
	HealthPath = "/duenotice/health"
)

// Handler serves the viewer.
func (v *Viewer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(HealthPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("GET "+loginPath, v.atHome(http.HandlerFunc(v.login)))
	mux.Handle("POST "+decodePath, v.atHome(v.sameOrigin(v.loggedIn(v.decode))))
	ui := v.proxy()
	mux.Handle("/", v.atHome(v.loggedIn(func(w http.ResponseWriter, r *http.Request, _ string) { ui.ServeHTTP(w, r) })))
	return v.unquoting(mux)
}

// unquoting answers a panic in the server's stead, which would write what it says to
// standard error: what is decoded here is for the eyes of who is logged in.
func (v *Viewer) unquoting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch value := recover(); value {
			case nil:
			case http.ErrAbortHandler: // how a proxy ends an answer that broke off
				panic(value)
			default:
				v.Log.ErrorContext(r.Context(), "a request for the Temporal UI met a fault of the program", slog.Any("error", errors.New(string(logging.Panicked(value)))))
				http.Error(w, "The program has a fault, and its log says where.", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// atHome refuses a request to another host than the viewer's own.
func (v *Viewer) atHome(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(v.hosts(), r.Host) {
			http.Error(w, "This page is at "+v.Address.String(), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hosts are the names the viewer answers to: its own and, where that is a name
// of this machine, the other two.
func (v *Viewer) hosts() []string {
	hosts := []string{v.Address.Host}
	if port := v.Address.Port(); slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, v.Address.Hostname()) && port != "" {
		hosts = append(hosts, "127.0.0.1:"+port, "localhost:"+port, "[::1]:"+port)
	}
	return hosts
}

// sameOrigin refuses what another page's script sends, which the browser says in
// Origin, and what no browser sent.
func (v *Viewer) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != v.Address.Scheme+"://"+r.Host {
			http.Error(w, "Only the page itself may ask this.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ParseAddress reads an address of a configuration: http or https, a host, and
// no path.
func ParseAddress(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("%q is not an address such as http://127.0.0.1:8080", text)
	}
	u.Path = ""
	return u, nil
}
